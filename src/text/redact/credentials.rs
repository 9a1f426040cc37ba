//! Secrets that are told by what stands before them: a key, a header, a flag, the user of a URL.

use super::gate::Gate;
use super::rules::{Rule, rule};

/// A key whose value is a secret; any prefix (`DB_`, `spring.datasource.`) may stand before it.
macro_rules! key_value {
    ($keys:literal) => {
        concat!(
            r"(?i)(?:^|[^a-z0-9])(?:",
            $keys,
            r#")[\\"'\]*`]{0,3}\s{0,4}(?:=>|:=|[=:])\s{0,4}(?:"((?:[^"\\]|\\.)+)|\\"((?:[^"\\]|\\[^"])+)|'([^']+)|\[([^\]]+)|([^\s,;&"'\\)}\]]+))"#
        )
    };
}

/// Values that are told by what stands before them; each looks at one line.
pub(super) const CREDENTIALS: &[Rule] = &[
    rule(
        "authorization",
        "authorization",
        r#"(?i)authorization[\\"'\]]{0,3}\s*[:=]\s*[\\"'\[]{0,3}(?:(?:basic|bearer|digest|token|negotiate|apikey)\s+)?([^\s"'\\,;}\]]{4,})"#,
        Gate::Value,
    ),
    rule(
        "bearer",
        "bearer|basic ",
        r"(?i)\b(?:bearer|basic)\s+([A-Za-z0-9._~+/=-]{12,})",
        Gate::Random,
    ),
    rule(
        "cookie",
        "cookie",
        r#"(?i)\b(?:set-)?cookie[\\"'\]]{0,3}\s*[:=]\s*[\\"'\[]{0,3}([^\s"'\\;=]+=[^"'\r\n\\]+)"#,
        Gate::Sure,
    ),
    rule(
        "url-password",
        "://",
        r#"(?i)\b[a-z][a-z0-9+.-]{1,30}://[^\s:/@"'<>\[]*:([^\s"'<>]+)@"#,
        Gate::UrlPassword,
    ),
    rule(
        "url-token",
        "://",
        r#"(?i)\b[a-z][a-z0-9+.-]{1,30}://([^\s:/@"'<>]{16,})@"#,
        Gate::Random,
    ),
    rule(
        "jdbc-password",
        "jdbc:oracle",
        r"(?i)jdbc:oracle:[a-z]+:[^\s/:@]+/([^\s@]+)@",
        Gate::Sure,
    ),
    rule(
        "signed-url",
        "signature=|credential=|security-token=|sig=|key=|auth=",
        r#"(?i)[?&;](?:x-(?:amz|goog)-(?:signature|credential|security-token)|sig|signature|key|auth)=([^&\s"'<>]{8,})"#,
        Gate::Value,
    ),
    rule(
        "command-password",
        "-u|--user|-p|-a ",
        r#"\bcurl\b.*?\s(?:-u|--user)[ =]?['"]?[^\s:'"]+:([^\s'"]+)|\b(?:mysql|mysqldump|mysqladmin|mariadb)\b.*?\s-p([^\s'"]{3,})|\bsshpass\s+-p\s*(\S+)|\bredis-cli\b.*?\s-a\s+(\S+)"#,
        Gate::Value,
    ),
    rule(
        "command-flag",
        "--",
        r#"(?i)\s--[a-z-]*(?:password|passwd|token|secret|api-?key)(?:=|\s+)["']?([^\s"']+)"#,
        Gate::Value,
    ),
    rule(
        "password",
        "passw|passphrase|pwd|pass|mdp|mot|contrase",
        key_value!(
            r"[a-z0-9_.-]*(?:password|passwd|passphrase|pwd|mot[_ -]?de[_ -]?passe|contrase(?:n|\xC3\xB1)a)s?|(?:[a-z0-9_.-]*[_.-])?(?:pass|mdp)"
        ),
        Gate::Value,
    ),
    rule(
        "secret",
        "secret|credential",
        key_value!(r"[a-z0-9_.-]*(?:secret|secret[_-]?key|secret[_-]?access[_-]?key|credentials?)"),
        Gate::Value,
    ),
    rule(
        "token",
        "token",
        key_value!(r"[a-z0-9_.-]*token"),
        Gate::Value,
    ),
    rule(
        "api-key",
        "key",
        key_value!(
            r"[a-z0-9_.-]*(?:api|access|account|private|encryption|signing|master|license)[_-]?key"
        ),
        Gate::Value,
    ),
    rule(
        "xml-password",
        "<pass|<token|<secret",
        r"(?i)<(?:password|passwd|token|secret)>([^<]+)<",
        Gate::Value,
    ),
];
