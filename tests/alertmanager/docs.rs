//! docs/alertmanager.md: each configuration in it is one that Alertmanager takes, and one that takes nothing from
//! whoever was told before.

use std::path::Path;
use std::process::Command;

use crate::cluster::{installed, or_skip};

/// The fenced YAML blocks that begin with `# alertmanager.yml`.
fn snippets() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/alertmanager.md");
    let text = std::fs::read_to_string(path).unwrap();
    let blocks = text.split("```yaml\n").skip(1);
    let blocks = blocks.filter_map(|rest| rest.split("```").next());
    blocks
        .filter(|block| block.starts_with("# alertmanager.yml"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn amtool_takes_every_configuration_of_the_page() {
    let snippets = snippets();
    assert!(snippets.len() >= 2, "{}", snippets.len());
    let Some(amtool) = or_skip(installed("amtool")).unwrap() else {
        return;
    };
    for snippet in snippets {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("alertmanager.yml");
        std::fs::write(&path, &snippet).unwrap();
        let said = run(Command::new(&amtool).arg("check-config").arg(&path));
        assert!(said.contains("2 receivers"), "{said}");
        let mut routes = Command::new(&amtool);
        routes.args(["config", "routes", "test", "--config.file"]);
        let told = run(routes.arg(&path).arg("severity=critical"));
        assert_eq!(told.trim(), "vigie,team", "{snippet}");
    }
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{failed}");
    said
}
