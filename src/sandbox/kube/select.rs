//! Label and field selectors: parsing and matching, as the API server does them.

use serde_json::Value;

use super::resource::Resource;

/// One requirement on labels.
#[derive(Debug, PartialEq, Eq)]
enum Requirement {
    In(String, Vec<String>),
    NotIn(String, Vec<String>),
    Exists(String),
    Absent(String),
}

impl Requirement {
    fn holds(&self, labels: &Value) -> bool {
        let get = |key: &String| labels.get(key).and_then(Value::as_str);
        match self {
            Self::In(key, values) => get(key).is_some_and(|v| values.iter().any(|w| w == v)),
            Self::NotIn(key, values) => get(key).is_none_or(|v| values.iter().all(|w| w != v)),
            Self::Exists(key) => get(key).is_some(),
            Self::Absent(key) => get(key).is_none(),
        }
    }
}

/// A parsed `labelSelector`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Labels(Vec<Requirement>);

impl Labels {
    /// Reads `a=b,c!=d,e in (f,g),h notin (i),j,!k`.
    ///
    /// # Errors
    /// The part that is not a requirement.
    pub fn parse(text: &str) -> Result<Self, String> {
        split_outside_parentheses(text)
            .into_iter()
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(requirement)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether an object with these labels is meant.
    pub fn matches(&self, labels: &Value) -> bool {
        self.0.iter().all(|requirement| requirement.holds(labels))
    }
}

fn split_outside_parentheses(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_i32);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn requirement(part: &str) -> Result<Requirement, String> {
    if let Some((key, value)) = part.split_once("!=") {
        return Ok(Requirement::NotIn(key_of(key)?, vec![value.trim().into()]));
    }
    if let Some((key, value)) = part.split_once("==").or_else(|| part.split_once('=')) {
        return Ok(Requirement::In(key_of(key)?, vec![value.trim().into()]));
    }
    if let Some(list) = part.strip_suffix(')') {
        let (head, values) = list.split_once('(').ok_or_else(|| wrong(part))?;
        let values = values.split(',').map(|v| v.trim().to_owned()).collect();
        let head = head.trim();
        if let Some(key) = head.strip_suffix(" notin") {
            return Ok(Requirement::NotIn(key_of(key)?, values));
        }
        let key = head.strip_suffix(" in").ok_or_else(|| wrong(part))?;
        return Ok(Requirement::In(key_of(key)?, values));
    }
    match part.strip_prefix('!') {
        Some(key) => Ok(Requirement::Absent(key_of(key)?)),
        None => Ok(Requirement::Exists(key_of(part)?)),
    }
}

fn key_of(text: &str) -> Result<String, String> {
    let key = text.trim();
    let legal = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    if key.is_empty() || !key.chars().all(legal) {
        return Err(wrong(text));
    }
    Ok(key.to_owned())
}

fn wrong(part: &str) -> String {
    format!("unable to parse requirement: found '{part}', expected: identifier")
}

/// A parsed `fieldSelector`: field, value, and whether they must be equal.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(Vec<(String, String, bool)>);

impl Fields {
    /// Reads `status.phase!=Running,spec.nodeName=node-1`, for that resource.
    ///
    /// # Errors
    /// The field that this resource does not select by.
    pub fn parse(text: &str, resource: &Resource) -> Result<Self, String> {
        let mut fields = Vec::new();
        for part in text.split(',').filter(|part| !part.trim().is_empty()) {
            let (field, value, equal) = if let Some((field, value)) = part.split_once("!=") {
                (field, value, false)
            } else if let Some((field, value)) =
                part.split_once("==").or_else(|| part.split_once('='))
            {
                (field, value, true)
            } else {
                return Err(format!("invalid selector: '{part}'; can't understand"));
            };
            let field = field.trim();
            if !selectable(resource).contains(&field) {
                return Err(format!("field label not supported: {field}"));
            }
            fields.push((field.to_owned(), value.trim().to_owned(), equal));
        }
        Ok(Self(fields))
    }

    /// Whether the object is meant.
    pub fn matches(&self, object: &Value) -> bool {
        self.0
            .iter()
            .all(|(field, value, equal)| (field_of(object, field) == *value) == *equal)
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The fields the API server selects by, from the `*_conversion.go` and strategy files of its
/// source.
fn selectable(resource: &Resource) -> &'static [&'static str] {
    match (resource.group, resource.kind) {
        ("", "Pod") => &[
            "metadata.name",
            "metadata.namespace",
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "spec.hostNetwork",
            "status.phase",
            "status.podIP",
            "status.nominatedNodeName",
        ],
        ("", "Event") => &[
            "metadata.name",
            "metadata.namespace",
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type",
        ],
        ("events.k8s.io", _) => &[
            "metadata.name",
            "metadata.namespace",
            "regarding.kind",
            "regarding.namespace",
            "regarding.name",
            "regarding.uid",
            "regarding.apiVersion",
            "regarding.fieldPath",
            "reason",
            "reportingController",
            "type",
        ],
        ("", "Node") => &["metadata.name", "metadata.namespace", "spec.unschedulable"],
        ("", "Namespace") => &["metadata.name", "metadata.namespace", "status.phase"],
        ("apps", "ReplicaSet") => &["metadata.name", "metadata.namespace", "status.replicas"],
        ("batch", "Job") => &["metadata.name", "metadata.namespace", "status.successful"],
        _ => &["metadata.name", "metadata.namespace"],
    }
}

fn field_of(object: &Value, field: &str) -> String {
    if field == "source" {
        return text(&object["source"]["component"]);
    }
    if field == "status.successful" {
        return text(&object["status"]["succeeded"]);
    }
    let at = field.split('.').fold(object, |value, part| &value[part]);
    match (field, at) {
        ("spec.unschedulable" | "spec.hostNetwork", Value::Null) => "false".to_owned(),
        _ => text(at),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn labels_match_equality_and_sets() {
        let web = json!({"app": "web", "tier": "front"});
        let yes = [
            "",
            "app=web",
            "app==web,tier=front",
            "app in (api, web)",
            "app notin (api),tier",
            "!canary",
            "canary!=yes",
        ];
        let no = [
            "app=api",
            "app!=web",
            "app in (api)",
            "!app",
            "canary",
            "tier notin (front,back)",
        ];
        for text in yes {
            assert!(Labels::parse(text).unwrap().matches(&web), "{text}");
        }
        for text in no {
            assert!(!Labels::parse(text).unwrap().matches(&web), "{text}");
        }
        assert!(Labels::parse("app~web").is_err());
        assert!(Labels::parse("app in web)").is_err());
    }

    #[test]
    fn fields_match_and_refuse_what_the_api_server_refuses() {
        let pods = Resource::at("", "v1", "pods").unwrap();
        let pod = json!({"metadata": {"name": "a"}, "spec": {}, "status": {"phase": "Pending"}});
        let fields = |text: &str| Fields::parse(text, pods);
        assert!(fields("status.phase!=Running").unwrap().matches(&pod));
        assert!(fields("spec.nodeName=").unwrap().matches(&pod));
        assert!(!fields("metadata.name=b").unwrap().matches(&pod));
        assert_eq!(
            fields("status.reason=x").unwrap_err(),
            "field label not supported: status.reason"
        );
    }
}
