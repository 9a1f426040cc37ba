//! The rules of the map in `src/lib.rs` and ARCHITECTURE.md, as a test: who may import whom, what a
//! pure module may not touch, how long a file may be, what every file opens with.

use std::fs;
use std::path::{Path, PathBuf};

/// One module of the map.
struct Room {
    name: &'static str,
    /// Values in, values out: no runtime, no client, no clock, no environment.
    pure: bool,
    /// Modules it may import, itself always included.
    may: &'static [&'static str],
}

const fn room(name: &'static str, pure: bool, may: &'static [&'static str]) -> Room {
    Room { name, pure, may }
}

/// The map, lowest first. `cli` wires everything together and is exempt.
const MAP: &[Room] = &[
    room("text", true, &[]),
    room("clock", false, &[]),
    // Where a test kills the process: the places are in the code of whoever works there.
    room("crash", false, &[]),
    room("finding", true, &["text"]),
    room("alert", true, &["finding", "text"]),
    room("intent", true, &["finding", "text"]),
    room("escalation", true, &["intent", "finding", "text"]),
    room(
        "incident",
        true,
        &["alert", "escalation", "intent", "finding", "text"],
    ),
    room("clients", false, &["text"]),
    // What a team knows of its symptoms; the folder is read by `config`.
    room("playbook", true, &["alert", "finding", "text"]),
    room(
        "config",
        false,
        &[
            "alert",
            "escalation",
            "intent",
            "finding",
            "playbook",
            "text",
        ],
    ),
    room(
        "store",
        false,
        &[
            "alert",
            "incident",
            "escalation",
            "intent",
            "finding",
            "text",
            "clock",
        ],
    ),
    room(
        "post",
        true,
        &[
            "alert",
            "incident",
            "escalation",
            "intent",
            "finding",
            "text",
        ],
    ),
    room(
        "investigation",
        false,
        &[
            "alert", "clients", "incident", "intent", "finding", "playbook", "text",
        ],
    ),
    room(
        "telemetry",
        false,
        &["clients", "config", "finding", "store", "text"],
    ),
    room(
        "http",
        false,
        &[
            "alert",
            "clients",
            "clock",
            "incident",
            "store",
            "telemetry",
            "text",
        ],
    ),
    room(
        "intake",
        false,
        &[
            "alert",
            "clients",
            "clock",
            "config",
            "crash",
            "escalation",
            "incident",
            "intent",
            "store",
            "text",
        ],
    ),
    room(
        "engine",
        false,
        &[
            "alert",
            "clients",
            "clock",
            "config",
            "crash",
            "escalation",
            "finding",
            "http",
            "incident",
            "intake",
            "intent",
            "investigation",
            "post",
            "store",
            "telemetry",
            "text",
        ],
    ),
    room("sandbox", false, &["clock", "text"]),
    room(
        "evaluation",
        false,
        &[
            "alert",
            "clients",
            "clock",
            "config",
            "finding",
            "intent",
            "investigation",
            "playbook",
            "sandbox",
            "text",
        ],
    ),
];

/// Parts of impure modules that are pure all the same.
const PURE_PARTS: &[&str] = &[
    "engine/audit/judge",
    "investigation/capture",
    "investigation/case",
    "investigation/judge",
    "investigation/rank",
];

/// What a pure file may not mention.
const IMPURE: &[&str] = &[
    "async fn",
    "tokio::",
    "reqwest::",
    "kube::",
    "Utc::now",
    "Instant::now",
    "SystemTime",
    "std::env::",
    "std::fs",
    "std::net::Tcp",
];

/// No file is longer.
const MAX_LINES: usize = 500;

#[test]
fn source_follows_the_map() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = rust_files(&src);
    assert!(
        files.len() > 100,
        "the walk found only {} files",
        files.len()
    );
    let mut problems = Vec::new();
    for path in files {
        let file = path.strip_prefix(&src).unwrap().display().to_string();
        check(&file, &fs::read_to_string(&path).unwrap(), &mut problems);
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn the_rules_catch_what_they_forbid() {
    let broken = |file: &str, text: &str| {
        let mut problems = Vec::new();
        check(file, text, &mut problems);
        problems
    };
    assert_eq!(
        broken("finding/x.rs", "//! Fine.\nuse crate::text::Message;\n"),
        Vec::<String>::new()
    );
    assert_eq!(
        broken("finding/x.rs", "use crate::text::Message;\n").len(),
        1,
        "no header"
    );
    assert_eq!(
        broken("finding/x.rs", "//! x\nuse crate::store::Store;\n").len(),
        1,
        "imports upwards"
    );
    assert_eq!(
        broken("intent/x.rs", "//! x\nlet now = Utc::now();\n").len(),
        1,
        "reads a clock"
    );
    assert_eq!(
        broken("investigation/judge/x.rs", "//! x\nasync fn f() {}\n").len(),
        1,
        "a judge that waits"
    );
    assert_eq!(
        broken("unheard/of.rs", "//! x\n").len(),
        1,
        "a module without a place"
    );
}

fn check(file: &str, text: &str, problems: &mut Vec<String>) {
    if !text.starts_with("//!") {
        problems.push(format!("{file}: no `//!` header"));
    }
    if text.lines().count() > MAX_LINES {
        problems.push(format!("{file}: over {MAX_LINES} lines"));
    }
    let module = file.split(['/', '.']).next().unwrap_or_default();
    if ["lib", "main", "cli"].contains(&module) {
        return;
    }
    let Some(room) = MAP.iter().find(|room| room.name == module) else {
        problems.push(format!("{file}: `{module}` is not on the map"));
        return;
    };
    let is_test = file.contains("tests");
    let pure = room.pure || PURE_PARTS.iter().any(|part| file.starts_with(part));
    for (number, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
    {
        for used in line.split("crate::").skip(1) {
            let used: String = used
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            if used != module && !is_test && !room.may.contains(&used.as_str()) {
                problems.push(format!(
                    "{file}:{}: `{module}` may not import `{used}`",
                    number + 1
                ));
            }
        }
        for word in IMPURE
            .iter()
            .filter(|word| pure && !is_test && line.contains(**word))
        {
            problems.push(format!("{file}:{}: pure, yet says `{word}`", number + 1));
        }
    }
}

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            files.push(path);
        }
    }
    files
}
