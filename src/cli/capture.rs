//! `vigie ask --capture DIR`: the investigation as a case in a file, to look at, to correct, to replay.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use anyhow::Context as _;

use crate::finding::Diagnosis;
use crate::investigation::capture::capture;
use crate::investigation::case::Case;
use crate::text::Redactor;

/// What stands above a captured case.
const HEAD: &str = "\
# Captured by vigie. Names, states, events and logs are as they were read; env values are cut to their addresses and
# known secrets are taken out. Read it before you give it away. `expect` is what vigie answered: correct it to what
# was true, and the case is worth keeping.
";

/// Writes the case into a new file of the folder and says which.
pub(super) fn write(
    folder: &Path,
    case: &Case,
    diagnosis: &Diagnosis,
    redactor: &Redactor,
) -> anyhow::Result<()> {
    let value = capture(case, diagnosis, redactor);
    let text = serde_saphyr::to_string(&value).context("the case as YAML")?;
    fs::create_dir_all(folder).with_context(|| format!("{}", folder.display()))?;
    let about = diagnosis
        .target
        .name
        .as_deref()
        .or(diagnosis.target.namespace.as_deref());
    let name = format!(
        "{}-{}.yaml",
        about.unwrap_or("cluster"),
        case.now.format("%Y%m%dT%H%M%S")
    );
    let path = folder.join(name);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options
        .open(&path)
        .with_context(|| format!("{}", path.display()))?;
    file.write_all(HEAD.as_bytes())?;
    file.write_all(text.as_bytes())?;
    writeln!(io::stderr(), "captured: {}", path.display())?;
    Ok(())
}
