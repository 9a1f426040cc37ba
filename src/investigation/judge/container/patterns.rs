//! Phrases by which runtimes and libraries say why they end. Case-insensitive, linear time.

use std::sync::LazyLock;

use regex::Regex;

use crate::text::pattern;

/// A set of phrases.
pub(in crate::investigation::judge) struct Phrases(LazyLock<Option<Regex>>);

impl Phrases {
    /// Whether one of them is in the line.
    pub(in crate::investigation::judge) fn in_line(&self, line: &str) -> bool {
        self.0
            .as_ref()
            .is_some_and(|pattern| pattern.is_match(line))
    }

    /// The first group of the first match.
    pub(in crate::investigation::judge) fn capture<'a>(&self, line: &'a str) -> Option<&'a str> {
        let found = self.0.as_ref()?.captures(line)?;
        let group = (1..found.len()).find_map(|index| found.get(index));
        group.map(|group| group.as_str())
    }
}

/// The runtime ran out of memory: JVM, Node.js, Python, Go, .NET, PHP, Ruby, C++.
pub(in crate::investigation::judge) static OUT_OF_MEMORY: Phrases = Phrases(LazyLock::new(|| {
    pattern(r"(?i)java\.lang\.OutOfMemoryError|OutOfMemoryError|heap out of memory|GC overhead limit|\bMemoryError\b|runtime: out of memory|OutOfMemoryException|Allowed memory size of \d+ bytes exhausted|std::bad_alloc|NoMemoryError|Cannot allocate memory|memory allocation of \d+ bytes failed").ok()
}));

/// A variable is missing or empty; the first group is its name.
static MISSING_ENV: Phrases = Phrases(LazyLock::new(|| {
    pattern(concat!(
        r#"(?:"#,
        r#"(?i:missing|undefined|unset|empty|required|no|expected)\s+(?i:required\s+|mandatory\s+)?(?i:environment|env)\.?\s*(?i:variables?|vars?)?(?i:\s+named)?[:\s]+['"`$]*([A-Z][A-Z0-9_]{2,})"#,
        r#"|(?i:environment|env)\.?\s*(?i:variable|var)?\s+['"`$]*([A-Z][A-Z0-9_]{2,})['"`]*\s+(?i:is\s+|was\s+)?(?i:not\s+(?:set|defined|found|provided|specified)|missing|required|empty|undefined|unset|must be)"#,
        r#"|(?i:environment|env)\.?\s*(?i:variable|var)\s+(?i:not\s+(?:found|set|defined|provided)|missing|undefined|required)[:\s]+['"`$]*([A-Z][A-Z0-9_]{2,})"#,
        r#"|KeyError:\s*['"]([A-Z][A-Z0-9_]{2,})['"]"#,
        r#"|\b([A-Z][A-Z0-9]*_[A-Z0-9_]+)\b['"`]*\s+(?i:is\s+|was\s+|environment variable\s+|must be\s+)?(?i:is\s+)?(?i:not\s+set|not\s+defined|missing|required|unset|undefined|must be set|cannot be empty|empty)"#,
        r#"|(?i:please set|must set|set the|you need to (?:set|specify)|could not resolve placeholder)\s+['"`$]*([A-Z][A-Z0-9_]{2,})"#,
        r#"|(?i:missing required (?:config(?:uration)?|setting|key))[:\s]+['"`$]*([A-Z][A-Z0-9_]{2,})"#,
        r#")"#
    )).ok()
}));

/// What frameworks say of a setting that they read from a variable of a fixed name, without naming it.
const OF_FRAMEWORKS: [(&str, &str); 5] = [
    (
        "No application encryption key has been specified",
        "APP_KEY",
    ),
    ("Missing `secret_key_base` for", "SECRET_KEY_BASE"),
    ("The SECRET_KEY setting must not be empty", "SECRET_KEY"),
    ("[next-auth][error][NO_SECRET]", "NEXTAUTH_SECRET"),
    ("App keys are required", "APP_KEYS"),
];

/// The variable that a line says is missing or empty.
pub(in crate::investigation::judge) fn missing_variable(line: &str) -> Option<&str> {
    let mut known = OF_FRAMEWORKS.iter();
    let by_framework = || {
        let found = known.find(|(words, _)| line.contains(words));
        found.map(|(_, variable)| *variable)
    };
    let named = MISSING_ENV.capture(line);
    named
        .filter(|_| !DEFAULTED.in_line(line))
        .or_else(by_framework)
}

/// What is not set has a value all the same: `SMPP_WINDOW not set, using 10`.
static DEFAULTED: Phrases = Phrases(LazyLock::new(|| {
    pattern(r"(?i)\b(?:using|default(?:s|ing)?(?: to)?|falling back|fall(?:s)? back|assuming|will use|is optional|skipping|disabled|disabling)\b").ok()
}));

/// The server has no connection left to give: PostgreSQL, MySQL, Redis, pools.
pub(in crate::investigation::judge) static CONNECTION_LIMIT: Phrases = Phrases(LazyLock::new(
    || {
        pattern(r"(?i)no more connections allowed|max_client_conn|too many (?:clients|connections|open connections)|remaining connection slots|max(?:imum)? number of clients reached|max_?connections|maxclients|connection (?:pool|limit) (?:is )?(?:exhausted|reached|exceeded)|pool (?:is )?exhausted|connection limit exceeded").ok()
    },
));

/// The limit in such a line, when it says one.
pub(in crate::investigation::judge) static CONNECTION_NUMBER: Phrases =
    Phrases(LazyLock::new(|| {
        pattern(
            r"(?i)(?:\(|limit[ :=]+|max(?:imum|clients|_connections)?[ :=]+|of )(\d{2,6})(?: max)?",
        )
        .ok()
    }));

/// A dependency does not answer.
pub(in crate::investigation::judge) static UNREACHABLE: Phrases = Phrases(LazyLock::new(|| {
    pattern(r"(?i)connection refused|connection to \S+ refused|ECONNREFUSED|timeout connecting to|couldn.t connect to|connection timed out|connect timed? ?out|ETIMEDOUT|i/o timeout|context deadline exceeded|no route to host|EHOSTUNREACH|ENETUNREACH|no such host|\bENOTFOUND\b|EAI_AGAIN|UnknownHostException|name or service not known|could not translate host name|temporary failure in name resolution|nodename nor servname|server misbehaving|SERVFAIL|NXDOMAIN|could not resolve (?:host|address|name)|failed to resolve (?:host|address|name|'[a-z])|getaddrinfo failed|bad address '|failed to lookup address|no address associated with hostname|name does not resolve|host not found|dns (?:lookup|resolution) (?:failed|error|timed out)|name resolution failed|lookup \S+ on \S+:53|lookup \S+: i/o timeout|connecttimeout|connection timeout|timed? ?out (?:while )?connecting|operation timed out|can(?:not|'t) connect to|could not connect to|unable to connect|failed to connect|connection reset by peer|ECONNRESET|no reachable servers|communications link failure|failed to open tcp connection|Net::OpenTimeout|execution expired").ok()
}));

/// Of those: the name does not resolve.
pub(in crate::investigation::judge) static NO_SUCH_HOST: Phrases = Phrases(LazyLock::new(|| {
    pattern(r"(?i)no such host|\bENOTFOUND\b|EAI_AGAIN|UnknownHostException|name or service not known|could not translate host name|temporary failure in name resolution|nodename nor servname|server misbehaving|SERVFAIL|NXDOMAIN|could not resolve (?:host|address|name)|failed to resolve (?:host|address|name|'[a-z])|getaddrinfo failed|bad address '|failed to lookup address|no address associated with hostname|name does not resolve|host not found|dns (?:lookup|resolution) (?:failed|error|timed out)|name resolution failed|lookup \S+ on \S+:53|lookup \S+: i/o timeout").ok()
}));

/// No answer at all: what a packet filter that drops looks like, and a host that is gone.
pub(in crate::investigation::judge) static TIMED_OUT: Phrases = Phrases(LazyLock::new(|| {
    pattern(r"(?i)timed? ?out|timeout|ETIMEDOUT|deadline exceeded|os error 110|execution expired")
        .ok()
}));

/// Another try, of which nobody knows yet what comes of it.
pub(in crate::investigation::judge) static ATTEMPT: Phrases = Phrases(LazyLock::new(|| {
    pattern(r"(?i)\b(?:attempting|trying|retrying|reconnecting|connecting) to\b|\b(?:retry|reconnect)(?:ing)? (?:in|after)\b").ok()
}));

/// The last word of what was told to end while it still came up: Redis, PostgreSQL, Elasticsearch.
pub(in crate::investigation::judge) static STILL_STARTING: Phrases = Phrases(LazyLock::new(|| {
    pattern(r"(?i)\b(?:during|while|still) (?:loading|starting|recovering|recovery|start-?up|initiali[sz]ing|initiali[sz]ation)\b|the database system is starting up").ok()
}));

/// The command or entrypoint does not exist.
pub(in crate::investigation::judge) static COMMAND_NOT_FOUND: Phrases = Phrases(LazyLock::new(
    || {
        pattern(r"(?i)executable file not found|no such file or directory|command not found|not found in \$PATH").ok()
    },
));

/// The runtime speaks of the command itself: `exec: "run.sh": …`, `exec /run.sh: …`.
pub(in crate::investigation::judge) static START_OF_COMMAND: Phrases =
    Phrases(LazyLock::new(|| {
        pattern(r#"exec(?:: "|\s+/|utable file|ve )"#).ok()
    }));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_default_is_not_missing() {
        for line in [
            "SMPP_WINDOW not set, using 10",
            "WARN LOG_LEVEL is not set. Defaulting to info",
            "SENTRY_DSN not set, error reporting disabled",
        ] {
            assert_eq!(missing_variable(line), None, "{line}");
        }
        let fatal = "DATABASE_URL is not set, exiting";
        assert_eq!(missing_variable(fatal), Some("DATABASE_URL"));
    }

    #[test]
    fn a_file_that_is_not_found_is_no_host() {
        for line in [
            "ModuleNotFoundError: No module named 'billing'",
            "System.IO.FileNotFoundException: Could not load file or assembly 'Npgsql'",
        ] {
            assert!(!UNREACHABLE.in_line(line), "{line}");
        }
        assert!(NO_SUCH_HOST.in_line("Error: getaddrinfo ENOTFOUND orders-db"));
    }

    #[test]
    fn another_try_is_no_answer() {
        assert!(ATTEMPT.in_line("Attempting to connect to: [b-7d1c.mq.example.net:5671]"));
        assert!(ATTEMPT.in_line("orders-db: reconnecting in 5 s"));
        assert!(!ATTEMPT.in_line("connected to orders-db:5432"));
    }

    #[test]
    fn missing_variables_as_the_languages_say_it() {
        let cases = [
            ("KeyError: 'DATABASE_URL'", "DATABASE_URL"),
            (
                "Error: Missing required environment variable: STRIPE_KEY",
                "STRIPE_KEY",
            ),
            ("env var PAYMENT_MODE is not set", "PAYMENT_MODE"),
            (
                "required environment variable \"DB_HOST\" not set",
                "DB_HOST",
            ),
            ("panic: DB_PASSWORD must be set", "DB_PASSWORD"),
            (
                "EnvNotFoundException: Environment variable not found: \"CALDAV_URL\". in /app",
                "CALDAV_URL",
            ),
            (
                "environment variable not found: SIGNATURE_KEY",
                "SIGNATURE_KEY",
            ),
            ("env var missing: MAIL_FROM", "MAIL_FROM"),
            (
                "fatal: environment variable JWT_SECRET is empty",
                "JWT_SECRET",
            ),
        ];
        for (line, wanted) in cases {
            assert_eq!(MISSING_ENV.capture(line), Some(wanted), "{line}");
        }
        for line in [
            "ERROR 404 not found",
            "HTTP is not set up",
            "the request is missing",
        ] {
            assert_eq!(MISSING_ENV.capture(line), None, "{line}");
        }
    }

    #[test]
    fn a_framework_means_a_variable_without_naming_it() {
        let laravel = "staging.ERROR: No application encryption key has been specified.";
        assert_eq!(missing_variable(laravel), Some("APP_KEY"));
        let rails = "ArgumentError: Missing `secret_key_base` for 'production' environment";
        assert_eq!(missing_variable(rails), Some("SECRET_KEY_BASE"));
        assert_eq!(missing_variable("encryption key rotated"), None);
    }

    #[test]
    fn the_limit_of_connections_is_read_where_it_is_said() {
        let line = "Too many connections (1000 max)";
        assert!(CONNECTION_LIMIT.in_line(line));
        assert_eq!(CONNECTION_NUMBER.capture(line), Some("1000"));
        assert!(CONNECTION_LIMIT.in_line("FATAL: sorry, too many clients already"));
        assert!(!CONNECTION_LIMIT.in_line("connection refused"));
    }
}
