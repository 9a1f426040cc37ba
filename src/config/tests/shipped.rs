//! The files people copy are in step with the code: `.env.example`, the example `vigie.yaml`, its schema.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::super::*;
use super::sources;

/// `.env.example` as the table of variables says it.
fn env_example() -> String {
    let mut text = "# Copy to .env (never commit it). The environment wins over this file; policy is in vigie.yaml.\n\
         # Every secret may come from a mounted file instead: NAME_FILE=/path.\n".to_owned();
    for variable in VARIABLES {
        let alias = variable
            .alias
            .map_or(String::new(), |alias| format!(" Also read: {alias}."));
        let required = variable.name == "VIGIE_SLACK_BOT_TOKEN"
            || variable.name == "VIGIE_SLACK_APP_TOKEN"
            || variable.name == "VIGIE_LEAD";
        let comment = if required { "" } else { "#" };
        write!(
            text,
            "\n# {}{alias}\n{comment}{}={}\n",
            variable.help, variable.name, variable.example
        )
        .unwrap();
    }
    text
}

#[test]
fn env_example_is_in_step_with_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(".env.example");
    if std::env::var_os("VIGIE_UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, env_example()).unwrap();
    }
    let text = std::fs::read_to_string(path).unwrap();
    assert_eq!(text, env_example(), "run with VIGIE_UPDATE_SCHEMA=1");
    let mut sources = sources(&[], "alerts: { post_to: C0FAKEINCID }");
    let uncommented = text.replace("\n#VIGIE", "\nVIGIE");
    sources.dotenv = Some((".env.example".to_owned(), uncommented));
    sources.variables = BTreeMap::from([(
        "VIGIE_CONFIG".to_owned(),
        "deploy/vigie.example.yaml".to_owned(),
    )]);
    sources
        .variables
        .insert("VIGIE_LEAD".to_owned(), String::new());
    let config = Config::from_sources(&sources).unwrap();
    assert!(config.slack_tokens().is_ok());
}

#[test]
fn the_example_file_is_accepted_and_names_every_key() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/vigie.example.yaml");
    let text = std::fs::read_to_string(path).unwrap();
    let config = Config::from_sources(&sources(
        &[("VIGIE_ESCALATION_WEBHOOK_URL", "https://a.example")],
        &text,
    ))
    .unwrap();
    assert_eq!(config.warnings, Vec::<String>::new());
    assert!(config.require_lead().is_ok());
    let mut keys = Vec::new();
    property_names(&schema(), &mut keys);
    assert!(keys.len() > 25, "{keys:?}");
    for key in keys {
        assert!(
            text.contains(&format!("{key}:")),
            "the example says nothing of {key}"
        );
    }
}

#[test]
fn the_published_schema_is_in_step_with_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/vigie.schema.json");
    if std::env::var_os("VIGIE_UPDATE_SCHEMA").is_some() {
        let now = serde_json::to_string_pretty(&schema()).unwrap();
        std::fs::write(&path, now + "\n").unwrap();
    }
    let text = std::fs::read_to_string(path).unwrap();
    let published: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(published, schema(), "run with VIGIE_UPDATE_SCHEMA=1");
}

fn property_names(schema: &serde_json::Value, into: &mut Vec<String>) {
    match schema {
        serde_json::Value::Object(object) => {
            if let Some(serde_json::Value::Object(properties)) = object.get("properties") {
                into.extend(properties.keys().cloned());
            }
            object
                .values()
                .for_each(|value| property_names(value, into));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| property_names(item, into)),
        _ => {}
    }
}
