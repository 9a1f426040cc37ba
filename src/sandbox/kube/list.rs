//! `LIST`: selection, pages, and the envelope around the items.

use serde_json::{Value, json};

use super::query::{Params, Place};
use super::select::{Fields, Labels};
use super::state::{Key, State, as_new_event};
use super::status::Failure;

/// One page of the objects that are meant.
pub(crate) fn page(state: &State, place: &Place, params: &Params) -> Result<Value, Failure> {
    let resource = place.resource;
    let label_text = params.get("labelSelector").unwrap_or_default();
    let field_text = params.get("fieldSelector").unwrap_or_default();
    let labels = Labels::parse(label_text).map_err(Failure::bad_request)?;
    let fields = Fields::parse(field_text, resource).map_err(|why| {
        Failure::bad_request(format!(
            "Unable to find \"{}, Resource={}\" that match label selector \"{label_text}\", field selector \"{field_text}\": {why}",
            resource.api_version(),
            resource.plural
        ))
    })?;
    let after = params.get("continue").map(start).transpose()?;
    let mut items: Vec<(&Key, Value)> = state
        .all(resource)
        .filter(|((ns, _), _)| place.namespace.as_ref().is_none_or(|wanted| ns == wanted))
        .filter(|(key, _)| after.as_ref().is_none_or(|after| *key > after))
        .filter(|(_, object)| labels.matches(&object["metadata"]["labels"]))
        .map(|(key, object)| (key, shown(resource.group, object)))
        .filter(|(_, object)| fields.matches(object))
        .collect();
    let mut meta = json!({ "resourceVersion": state.revision().to_string() });
    // Served from the watch cache, a list ignores its limit, as the real server does.
    let cached = params.get("resourceVersion") == Some("0") && after.is_none();
    if let Some(limit) = params.limit().filter(|_| !cached)
        && items.len() > limit
    {
        let left = items.split_off(limit);
        if let Some((key, _)) = items.last() {
            meta["continue"] = token(state.revision(), key).into();
        }
        if label_text.is_empty() && fields.is_empty() {
            meta["remainingItemCount"] = left.len().into();
        }
    }
    let items: Vec<Value> = items.into_iter().map(|(_, item)| bare(item)).collect();
    Ok(json!({
        "kind": format!("{}List", resource.kind), "apiVersion": resource.api_version(),
        "metadata": meta, "items": items,
    }))
}

/// An object as the API group asked for shows it.
pub(crate) fn shown(group: &str, object: &Value) -> Value {
    if group == "events.k8s.io" {
        as_new_event(object)
    } else {
        object.clone()
    }
}

/// Only what a metadata client asks for.
pub(crate) fn metadata_only(answer: &Value) -> Value {
    let one = |object: &Value| {
        json!({
            "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
            "metadata": object["metadata"],
        })
    };
    match answer["items"].as_array() {
        Some(items) => json!({
            "kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1",
            "metadata": answer["metadata"], "items": items.iter().map(one).collect::<Vec<_>>(),
        }),
        None => one(answer),
    }
}

/// Items of a list carry neither kind nor version.
fn bare(mut item: Value) -> Value {
    if let Some(fields) = item.as_object_mut() {
        fields.remove("kind");
        fields.remove("apiVersion");
    }
    item
}

/// An opaque token that says after which object the next page starts.
fn token(revision: u64, (namespace, name): &Key) -> String {
    let plain = format!("{revision}/{namespace}/{name}");
    plain.bytes().fold(String::new(), |mut hex, byte| {
        for nibble in [byte >> 4, byte & 15] {
            hex.extend(char::from_digit(u32::from(nibble), 16));
        }
        hex
    })
}

fn start(token: &str) -> Result<Key, Failure> {
    let wrong = || Failure::bad_request("continue key is not valid");
    let bytes: Option<Vec<u8>> = (0..token.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(token.get(at..at + 2)?, 16).ok())
        .collect();
    let plain = String::from_utf8(bytes.ok_or_else(wrong)?).map_err(|_| wrong())?;
    let mut parts = plain.splitn(3, '/').skip(1).map(str::to_owned);
    parts.next().zip(parts.next()).ok_or_else(wrong)
}
