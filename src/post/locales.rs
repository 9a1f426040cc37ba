//! The locale files, compiled in. Several files per language so that each family of texts has its
//! place; a test compares this list with the folder, and both languages with each other.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::text::{Language, Wording};

/// The sentences of one language.
pub(super) type Bundle = FluentBundle<FluentResource>;

macro_rules! files {
    ($language:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("locales/", $language, "/", $name, ".ftl")))),*]
    };
}

/// `(file name without .ftl, content)` of the English files.
const EN: &[(&str, &str)] = files!["en": "answer", "causes-container", "causes-delivery",
    "causes-dependency", "causes-monitoring", "causes-node", "causes-performance", "causes-probe", "causes-refused",
    "causes-review", "causes-scheduling", "causes-start", "causes-traffic", "causes-workload", "chart",
    "dashboard", "incident", "labels",
    "ledger", "replies"];
/// The same in French.
const FR: &[(&str, &str)] = files!["fr": "answer", "causes-container", "causes-delivery",
    "causes-dependency", "causes-monitoring", "causes-node", "causes-performance", "causes-probe", "causes-refused",
    "causes-review", "causes-scheduling", "causes-start", "causes-traffic", "causes-workload", "chart",
    "dashboard", "incident", "labels",
    "ledger", "replies"];

/// The files of one language, by name.
pub(super) fn sources(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::En => EN,
        Language::Fr => FR,
    }
}

/// The compiled sentences of one language, built once.
pub(super) fn bundle(language: Language) -> &'static Bundle {
    static EN_BUNDLE: LazyLock<Bundle> = LazyLock::new(|| build(Language::En));
    static FR_BUNDLE: LazyLock<Bundle> = LazyLock::new(|| build(Language::Fr));
    match language {
        Language::En => &EN_BUNDLE,
        Language::Fr => &FR_BUNDLE,
    }
}

/// A file with a mistake keeps its good messages; the tests refuse such a file.
fn build(language: Language) -> Bundle {
    let mut bundle = empty(language);
    for (_, source) in sources(language) {
        let resource = match FluentResource::try_new((*source).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// A bundle that writes as the language does, without a sentence in it.
fn empty(language: Language) -> Bundle {
    let id: LanguageIdentifier = language.code().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![id]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(whole_number));
    if language == Language::Fr {
        bundle.set_transform(Some(french_spaces));
    }
    bundle
}

/// Says the one sentence of a [`Wording`]; `None` when it is not Fluent.
pub(super) fn say_once(
    language: Language,
    resource: String,
    args: &FluentArgs<'_>,
) -> Option<String> {
    let resource = FluentResource::try_new(resource).ok()?;
    let mut bundle = empty(language);
    bundle.add_resource(resource).ok()?;
    let pattern = bundle.get_message(Wording::ID)?.value()?;
    let mut errors = Vec::new();
    let said = bundle.format_pattern(pattern, Some(args), &mut errors);
    Some(said.into_owned())
}

/// French puts a no-break space before two-part punctuation and inside guillemets; the files are
/// written with plain spaces.
fn french_spaces(text: &str) -> Cow<'_, str> {
    if !text.contains([':', ';', '?', '!', '»', '«']) {
        return Cow::Borrowed(text);
    }
    let text = text
        .replace(" :", "\u{a0}:")
        .replace("« ", "«\u{a0}")
        .replace(" »", "\u{a0}»");
    Cow::Owned([" ;", " ?", " !"].iter().fold(text, |text, mark| {
        text.replace(mark, &mark.replace(' ', "\u{202f}"))
    }))
}

/// Numbers reach Fluent only to choose plurals and as counts: written plainly, since a port or an
/// exit code is a count too and takes no thousands separator.
#[expect(clippy::cast_possible_truncation, reason = "counts are whole numbers")]
fn whole_number<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some((number.value as i64).to_string()),
        _ => None,
    }
}
