//! Where the control plane's programs are: what `build.sh` says.

use std::path::PathBuf;
use std::process::{Command, Output};

use anyhow::{Context, Result, bail};

/// The folder that holds the programs.
///
/// Building them takes minutes, so a plain `cargo test` only takes what is
/// already built; with `VIGIE_REQUIRE_CLUSTER=1` they are built when missing.
pub fn folder() -> Result<PathBuf> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cluster/build.sh");
    let mut command = Command::new("bash");
    command.arg(script);
    if !super::required() {
        command.arg("--no-build");
    }
    answer(
        &command
            .output()
            .context("bash is needed to find the control plane")?,
    )
}

/// The script's last line, or the reason it gave.
fn answer(output: &Output) -> Result<PathBuf> {
    let last = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        text.trim_end()
            .lines()
            .last()
            .unwrap_or_default()
            .to_owned()
    };
    if !output.status.success() {
        bail!("{}", last(&output.stderr));
    }
    Ok(PathBuf::from(last(&output.stdout)))
}
