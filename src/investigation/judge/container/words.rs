//! What an application's last words name as the reason, where the words are those of a system call, a driver or a
//! library and mean the same in every language: no disk, no right, a taken port, a bad certificate, a refused login.

use std::sync::LazyLock;

use regex::Regex;

use super::Death;
use super::crash::{found, quoted};
use crate::finding::{Cause, Finding, Fix};
use crate::investigation::judge::facts::{argument, has_rollouts, kubectl};
use crate::text::Message;

/// One sort of last words. The first group that took part names what they are about: a user, a path, a port.
struct Words {
    cause: Cause,
    says: &'static str,
    why: &'static str,
    strength: f64,
    pattern: LazyLock<Option<Regex>>,
}

macro_rules! words {
    ($cause:ident, $says:literal, $why:literal, $strength:literal, $pattern:literal) => {
        Words {
            cause: Cause::$cause,
            says: $says,
            why: $why,
            strength: $strength,
            pattern: LazyLock::new(|| Regex::new($pattern).ok()),
        }
    };
}

/// The most exact first.
static ALL: [Words; 7] = [
    words!(
        DatabaseAuthFailed,
        "cause-database-auth-failed",
        "why-database-auth-failed",
        0.94,
        r#"(?i)password authentication failed for user "?([\w.-]+)|access denied for user '?([\w.-]+)|login failed for user '?([\w.-]+)|ORA-01017|\bWRONGPASS\b|NOAUTH Authentication required|role "([\w.-]+)" does not exist|MongoServerError: Authentication failed|SCRAM authentication failed"#
    ),
    words!(
        DatabaseReadOnly,
        "cause-database-read-only",
        "why-database-read-only",
        0.93,
        r"(?i)cannot execute [A-Z ]+ in a read-only transaction|READONLY You can't write against a read only|running with the --(?:super-)?read-only option|NotWritablePrimary|not master and slaveOk=false|database is in read-only mode|attempt to write a readonly database"
    ),
    words!(
        DiskFull,
        "cause-disk-full",
        "why-disk-full",
        0.95,
        r"(?i)no space left on device|\bENOSPC\b|database or disk is full|There is not enough space on the disk|Disk quota exceeded"
    ),
    words!(
        TlsCertificateInvalid,
        "cause-tls-certificate-invalid",
        "why-tls-certificate-invalid",
        0.93,
        r"(?i)x509: certificate|certificate has expired|CERT_HAS_EXPIRED|certificate verify failed|PKIX path building failed|unable to verify the first certificate|self[- ]signed certificate|DEPTH_ZERO_SELF_SIGNED|ERR_TLS_CERT_ALTNAME_INVALID|certificate is not valid for|CertPathValidatorException|RemoteCertificateNameMismatch|invalid peer certificate"
    ),
    words!(
        PortConflict,
        "cause-port-conflict",
        "why-port-conflict",
        0.94,
        r"(?i)(?:address already in use|EADDRINUSE|Only one usage of each socket address|port \d+ (?:is )?already (?:in use|bound|allocated)|Port \d+ was already in use)"
    ),
    words!(
        PermissionDenied,
        "cause-permission-denied",
        "why-permission-denied",
        0.92,
        r#"(?i)(?:permission denied|EACCES|AccessDeniedException|\[Errno 13\]|operation not permitted|read-only file system|EROFS)[^/\n]*['"(: ](/[\w./-]+)|['"(: ](/[\w./-]+)['"): ]*[^\n]{0,20}(?:permission denied|access is denied|read-only file system)"#
    ),
    words!(
        CrashBadConfig,
        "cause-crash-bad-config",
        "why-crash-bad-config",
        0.9,
        r"(?i)(?:error|failed|cannot|unable|could not|invalid)[^\n]{0,40}(?:pars|unmarshal|load|decod|read)\w*[^\n]{0,40}(?:config|\.ya?ml|\.json|\.toml|\.properties|\.ini|\.conf)|yaml: line \d+|toml: line \d+|unknown (?:flag|directive|option|shorthand flag)|flag provided but not defined|unrecognized (?:arguments?|option)|invalid (?:configuration|config)\b|\[emerg\]"
    ),
];

/// A port in the words, or before them.
static PORT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)(?:port |:)(\d{2,5})\b").ok());

/// Signals and exit codes that say it without a word: 139 is SIGSEGV, 126 is the shell's "cannot execute".
pub(super) fn judge(death: &Death<'_>) -> Option<Finding> {
    by_code(death).or_else(|| by_log(death))
}

fn by_code(death: &Death<'_>) -> Option<Finding> {
    let said = |part: &str| death.exit.message.contains(part);
    let in_log = death.log.is_some_and(|log| {
        log.find(|line| line.contains("exec format error"))
            .is_some()
    });
    let not_executable = (
        Cause::CrashNotExecutable,
        ("cause-crash-not-executable", "why-crash-not-executable"),
    );
    let segfault = (
        Cause::CrashSegfault,
        ("cause-crash-segfault", "why-crash-segfault"),
    );
    let (cause, texts) = match death.exit.code {
        139 => segfault,
        126 => not_executable,
        _ if said("exec format error")
            || in_log
            || (said("exec:") && said("permission denied")) =>
        {
            not_executable
        }
        _ => return None,
    };
    Some(finding(death, cause, texts, 0.94, ""))
}

fn by_log(death: &Death<'_>) -> Option<Finding> {
    let log = death.log?;
    if matches!(death.exit.code, 0 | 137 | 143) {
        return None;
    }
    ALL.iter().find_map(|words| {
        let pattern = words.pattern.as_ref()?;
        let (_, line) = log.find(|line| pattern.is_match(line))?;
        let found = pattern.captures(line)?;
        let group = (1..found.len()).find_map(|at| found.get(at));
        let port = || PORT.as_ref()?.captures(line)?.get(1);
        let named = match words.cause {
            Cause::PortConflict => port(),
            _ => group,
        };
        let named = named.map_or("", |one| one.as_str());
        let finding = finding(
            death,
            words.cause,
            (words.says, words.why),
            words.strength,
            named,
        );
        Some(quoted(finding, log, line))
    })
}

fn finding(
    death: &Death<'_>,
    cause: Cause,
    (says, why): (&'static str, &'static str),
    strength: f64,
    named: &str,
) -> Finding {
    let args = |message: Message| {
        message
            .with("workload", &death.subject.name)
            .with("container", death.container.name())
            .with("named", named)
            .with("known", if named.is_empty() { "no" } else { "yes" })
            .with("image", death.container.image())
    };
    let subject = death.subject.clone();
    let mut fix = Fix::new(subject.clone(), "", args(Message::new(why)));
    let undo = matches!(
        cause,
        Cause::CrashSegfault | Cause::CrashNotExecutable | Cause::CrashBadConfig
    );
    if undo && has_rollouts(&subject) {
        fix = fix.command(format!(
            "{} rollout undo {}",
            kubectl(&subject),
            argument(&subject)
        ));
    }
    found(death, cause, strength, args(Message::new(says))).fix(fix)
}
