//! What an application's last words name as the reason, where the words are those of a system call, a driver or a
//! library and mean the same in every language: no disk, no right, a taken port, a bad certificate, a refused login.

use std::sync::LazyLock;

use regex::Regex;

use super::Death;
use super::crash::{found, quoted};
use super::patterns::UNREACHABLE;
use crate::finding::{Cause, Finding, Fix, Subject};
use crate::investigation::case::{Facts, Level, LogRead, Record};
use crate::investigation::judge::dependency::database_of;
use crate::investigation::judge::facts::{argument, has_rollouts, kubectl};
use crate::investigation::judge::phrase::{Phrase, phrase};
use crate::text::Message;

/// The most exact first. The first group that took part names what the words are about: a user, a path, a port.
static ALL: [Phrase; 7] = [
    phrase!(
        DatabaseAuthFailed,
        "cause-database-auth-failed",
        "why-database-auth-failed",
        0.94,
        r#"(?i)password authentication failed for user "?([\w.-]+)|access denied for user '?([\w.-]+)|login failed for user '?([\w.-]+)|ORA-01017|\bWRONGPASS\b|NOAUTH Authentication required|role "([\w.-]+)" does not exist|MongoServerError: Authentication failed|SCRAM authentication failed"#
    ),
    phrase!(
        DatabaseReadOnly,
        "cause-database-read-only",
        "why-database-read-only",
        0.93,
        r"(?i)cannot execute [A-Z ()]+ in a read-only transaction|ReadOnlySqlTransaction|SQLSTATE\[?25006|READONLY You can't write against a read only|running with the --(?:super-)?read-only option|NotWritablePrimary|not master and slaveOk=false|database is in read-only mode|attempt to write a readonly database"
    ),
    phrase!(
        DiskFull,
        "cause-disk-full",
        "why-disk-full",
        0.95,
        r"(?i)no space left on device|\bENOSPC\b|database or disk is full|MISCONF Redis is configured to save|There is not enough space on the disk|Disk quota exceeded"
    ),
    phrase!(
        TlsCertificateInvalid,
        "cause-tls-certificate-invalid",
        "why-tls-certificate-invalid",
        0.93,
        r"(?i)x509: certificate|certificate has expired|CERT_HAS_EXPIRED|certificate verify failed|PKIX path building failed|unable to verify the first certificate|self[- ]signed certificate|DEPTH_ZERO_SELF_SIGNED|ERR_TLS_CERT_ALTNAME_INVALID|certificate is not valid for|CertPathValidatorException|RemoteCertificateNameMismatch|invalid peer certificate"
    ),
    phrase!(
        PortConflict,
        "cause-port-conflict",
        "why-port-conflict",
        0.94,
        r"(?i)(?:address already in use|EADDRINUSE|Only one usage of each socket address|port \d+ (?:is )?already (?:in use|bound|allocated)|Port \d+ was already in use)"
    ),
    phrase!(
        PermissionDenied,
        "cause-permission-denied",
        "why-permission-denied",
        0.92,
        r#"(?i)(?:permission denied|EACCES|AccessDeniedException|\[Errno 13\]|operation not permitted|read-only file system|EROFS)[^/\n]*['"(: ](/[\w./-]+)|['"(: ](/[\w./-]+)['"): ]*[^\n]{0,20}(?:permission denied|access is denied|read-only file system)"#
    ),
    phrase!(
        CrashBadConfig,
        "cause-crash-bad-config",
        "why-crash-bad-config",
        0.9,
        r"(?i)(?:error|failed|cannot|unable|could not|invalid)[^\n]{0,40}(?:pars|unmarshal|load|decod|read)\w*[^\n]{0,40}(?:config|\.ya?ml|\.json|\.toml|\.properties|\.ini|\.conf)|yaml: line \d+|yaml: unmarshal errors|while parsing a (?:block|flow) |while scanning (?:a|for|an) |mapping values are not allowed|toml: line \d+|unknown (?:flag|directive|option|shorthand flag)|flag provided but not defined|unrecognized (?:arguments?|option)|invalid (?:configuration|config)\b|\[emerg\]"
    ),
];

/// A port in the words, or before them.
static PORT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)(?:port |:)(\d{2,5})\b").ok());

/// Judges a death by its exit code, else by the record that says why. Other lines of a log may hold the same words
/// and mean nothing: a warning about an optional file is no reason to end.
pub(super) fn judge(case: &Facts<'_>, death: &Death<'_>) -> Option<Finding> {
    by_code(death).or_else(|| by_log(case, death))
}

/// 139 is SIGSEGV, 126 the shell's "cannot execute"; the runtime says it as a `StartError`, the kernel in the log.
fn by_code(death: &Death<'_>) -> Option<Finding> {
    let said = |part: &str| death.exit.message.contains(part);
    let reason = death.log.and_then(LogRead::reason);
    let in_log = reason.is_some_and(|record| record.text.contains("exec format error"));
    let foreign = said("exec format error") || in_log;
    let forbidden = said("exec:") && said("permission denied");
    let (cause, says, why) = match death.exit.code {
        139 => (
            Cause::CrashSegfault,
            "cause-crash-segfault",
            "why-crash-segfault",
        ),
        code if code == 126 || foreign || forbidden => (
            Cause::CrashNotExecutable,
            "cause-crash-not-executable",
            "why-crash-not-executable",
        ),
        _ => return None,
    };
    let fix = undo(death, act(death, why, ""));
    Some(found(death, cause, 0.94, args(death, says, "")).fix(fix))
}

pub(super) fn by_log(case: &Facts<'_>, death: &Death<'_>) -> Option<Finding> {
    let log = death.log?;
    let reason = log.reason()?;
    // Killed from outside; or it ended well and says nothing loud.
    let quiet = (death.exit.code == 0 || death.runs) && reason.level < Level::Error;
    if quiet || matches!(death.exit.code, 137 | 143) {
        return None;
    }
    of_record(case, death, log, reason)
}

/// What one record of a log names as the reason.
pub(super) fn of_record(
    case: &Facts<'_>,
    death: &Death<'_>,
    log: &LogRead,
    reason: &Record,
) -> Option<Finding> {
    ALL.iter().find_map(|phrase| {
        let line = reason.lines().find(|line| phrase.read(line).is_some())?;
        // A server that does not answer is no wrong configuration: `dependency`'s.
        if phrase.cause == Cause::CrashBadConfig && UNREACHABLE.in_line(line) {
            return None;
        }
        let groups = phrase.read(line)?;
        let group = (1..groups.len()).find_map(|at| groups.get(at));
        let port = || PORT.as_ref()?.captures(line)?.get(1);
        let named = if phrase.cause == Cause::PortConflict {
            port()
        } else {
            group
        };
        let named = named.map_or("", |one| one.as_str());
        if phrase.cause == Cause::PermissionDenied
            && let Some(finding) = super::volume::judge(death, log, line, named)
        {
            return Some(finding);
        }
        let of_server = phrase.cause == Cause::DatabaseReadOnly || line.contains("MISCONF");
        if of_server && let Some(server) = database_of(case, &death.subject, line) {
            return Some(quoted(server_refuses(death, phrase, &server), log, line));
        }
        let mut fix = act(death, phrase.why, named);
        if phrase.cause == Cause::CrashBadConfig {
            fix = undo(death, fix);
        }
        let summary = args(death, phrase.says, named);
        let finding = found(death, phrase.cause, phrase.strength, summary).fix(fix);
        Some(quoted(finding, log, line))
    })
}

/// The database is the one to look at, not its client.
fn server_refuses(death: &Death<'_>, phrase: &Phrase, server: &Subject) -> Finding {
    let says = match phrase.cause {
        Cause::DiskFull => "cause-disk-full-server",
        _ => "cause-database-read-only-server",
    };
    let summary = args(death, says, "").with("server", &server.name);
    let mut finding = found(death, phrase.cause, phrase.strength, summary);
    finding.subject = server.clone();
    let fix = Fix::new(server.clone(), "", Message::new(phrase.why));
    finding.hits([death.subject.clone()]).fix(fix)
}

fn args(death: &Death<'_>, id: &'static str, named: &str) -> Message {
    Message::new(id)
        .with("workload", &death.subject.name)
        .with("container", death.container.name())
        .with("named", named)
        .with("known", if named.is_empty() { "no" } else { "yes" })
        .with("runs", death.how())
        .with("image", death.container.image())
}

fn act(death: &Death<'_>, why: &'static str, named: &str) -> Fix {
    Fix::new(death.subject.clone(), "", args(death, why, named))
}

/// With the command that goes back to the revision before, where there is one.
fn undo(death: &Death<'_>, fix: Fix) -> Fix {
    let subject = &death.subject;
    if !has_rollouts(subject) {
        return fix;
    }
    let command = format!("{} rollout undo {}", kubectl(subject), argument(subject));
    fix.command(command)
}
