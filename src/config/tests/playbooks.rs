//! Where playbooks come from, and what stops the start.

use std::fs;
use std::path::Path;

use super::super::*;
use super::{complaint, now};

const OWN: &str = "name: cache\ntitle: {en: Cache, fr: Cache}\n";

/// Loads with a `vigie.yaml` of that text in the folder, and these variables.
fn load(folder: &Path, yaml: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let path = folder.join("vigie.yaml").display().to_string();
    Config::from_sources(&Sources {
        variables: variables.iter().map(own).collect(),
        dotenv: None,
        yaml: Some((path, yaml.to_owned())),
        now: now(),
    })
}

#[test]
fn the_built_in_ones_are_there_without_a_word() {
    let config = load(Path::new(""), "", &[]).unwrap();
    assert!(config.playbooks.get("slow").is_some());
    assert!(Config::default().playbooks.get("slow").is_some());
}

#[test]
fn a_folder_is_relative_to_the_file_and_the_variable_wins() {
    let folder = tempfile::tempdir().unwrap();
    let (mine, other) = (folder.path().join("mine"), folder.path().join("other"));
    for (place, name) in [(&mine, "cache"), (&other, "queue")] {
        fs::create_dir(place).unwrap();
        fs::write(
            place.join(format!("{name}.yaml")),
            OWN.replace("cache", name),
        )
        .unwrap();
    }
    // As Kubernetes mounts a ConfigMap, and with the fixtures beside it.
    fs::write(mine.join(".hidden.yaml"), "broken: [").unwrap();
    fs::write(mine.join("notes.txt"), "broken: [").unwrap();
    fs::create_dir(mine.join("tests")).unwrap();
    let config = load(folder.path(), "playbooks: mine\n", &[]).unwrap();
    assert!(config.playbooks.get("cache").is_some());
    assert!(config.playbooks.get("slow").is_some());
    let variable = [("VIGIE_PLAYBOOKS", other.to_str().unwrap())];
    let config = load(folder.path(), "playbooks: mine\n", &variable).unwrap();
    assert!(config.playbooks.get("cache").is_none());
    assert!(config.playbooks.get("queue").is_some());
}

#[test]
fn a_folder_that_is_not_there_and_a_file_that_is_too_long_stop_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let told = complaint(load(folder.path(), "playbooks: nowhere\n", &[]));
    let told = told.replace(folder.path().to_str().unwrap(), "DIR");
    insta::assert_snapshot!(told, @r"
    DIR/nowhere: cannot be read (No such file or directory (os error 2))
        fix: name a folder of playbooks (*.yaml) that this user may read
    ");
    let big = format!("{OWN}# {}", "x".repeat(10 << 20));
    fs::write(folder.path().join("cache.yaml"), big).unwrap();
    let told = complaint(load(folder.path(), "playbooks: .\n", &[]));
    assert!(
        told.contains("cache.yaml: the file is longer than 64 KiB"),
        "{told}"
    );
}
