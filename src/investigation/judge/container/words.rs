//! What an application's last words name as the reason, where the words are those of a system call, a driver or a
//! library and mean the same in every language: no disk, no right, a taken port, a bad certificate, a refused login.

use std::sync::LazyLock;

use regex::Regex;

use super::Death;
use super::crash::{found, quoted};
use super::patterns::{CONNECTION_LIMIT, UNREACHABLE};
use super::ports;
use crate::finding::{Cause, Finding, Fix, Subject};
use crate::investigation::case::{
    Facts, Level, LogRead, Place, Record, addresses_in_text, resolve,
};
use crate::investigation::judge::dependency::{Told, told_of};
use crate::investigation::judge::facts::{argument, has_rollouts, kubectl};
use crate::investigation::judge::phrase::{Phrase, phrase};
use crate::text::{Message, pattern};

/// The most exact first. The first group that took part names what the words are about: a user, a path, a port.
static ALL: [Phrase; 9] = [
    phrase!(
        DatabaseAuthFailed,
        "cause-database-auth-failed",
        "why-database-auth-failed",
        0.94,
        r#"(?i)password authentication failed for user "?([\w.-]+)|access denied for user '?([\w.-]+)|login failed for user '?([\w.-]+)|ORA-01017|ORA-2800[01]\b|\bWRONGPASS\b|NOAUTH Authentication required|role "([\w.-]+)" does not exist|Mongo\w*Error: Authentication failed|MongoSecurityException|SCRAM authentication failed|Login was refused using authentication mechanism|SaslAuthenticationException|SASL authentication (?:error|failed)|invalid credentials with SASL|invalid username-password pair|no pg_hba\.conf entry for host|unable to authenticate user \[?([\w.-]+)|missing authentication credentials for REST request|username .{0,40}and/or password are incorrect|\bER_ACCESS_DENIED_ERROR\b"#
    ),
    phrase!(
        DatabaseReadOnly,
        "cause-database-read-only",
        "why-database-read-only",
        0.93,
        r"(?i)cannot execute [A-Z ()]+ in a read-only transaction|ReadOnlySqlTransaction|SQLSTATE\[?25006|READONLY You can't write against a read only|running with the --(?:super-)?read-only option|NotWritablePrimary|NotPrimaryNoSecondaryOk|not (?:master|primary) and (?:slave|secondary)Ok=false|database is (?:in )?read-only|attempt to write a readonly database|ER_OPTION_PREVENTS_STATEMENT"
    ),
    phrase!(
        DiskFull,
        "cause-disk-full",
        "why-disk-full",
        0.95,
        r"(?i)no space left on device|\bENOSPC\b|database or disk is full|MISCONF Redis is configured to save|There is not enough space on the disk|Disk quota exceeded|flood[- ]stage (?:disk )?watermark|read-only-allow-delete block|FORBIDDEN/12/|could not extend file|Got error 28 from storage engine|Operating system error number 28\b|The table '[^']*' is full|ORA-0165[345]|disk (?:resource )?limit alarm set|minimum free drive threshold|drive path full|XMinioStorageFull|free disk space .{0,40}insufficient"
    ),
    phrase!(
        TlsCertificateInvalid,
        "cause-tls-certificate-invalid",
        "why-tls-certificate-invalid",
        0.93,
        r"(?i)x509: (?:certificate|cannot validate certificate)|certificate (?:has )?expired|CERT_HAS_EXPIRED|certificate[ _]verify[ _]failed|PKIX path (?:building|validation) failed|CertificateExpired|unable to (?:verify the first|get (?:local )?issuer) certificate|UNABLE_TO_GET_ISSUER_CERT|does not match certificate's altnames|self[- ]signed certificate|DEPTH_ZERO_SELF_SIGNED|ERR_TLS_CERT_ALTNAME_INVALID|certificate is not valid for|CertPathValidatorException|RemoteCertificateNameMismatch|invalid peer certificate|remote certificate (?:is|was) invalid"
    ),
    phrase!(
        ConnectionLimitReached,
        "cause-connection-limit-own-pool",
        "why-connection-own-pool",
        0.9,
        r"(?i)connection is not available, request timed out after|queuepool limit of size \d+|timeout acquiring a connection|prior to obtaining a connection from the pool|the connection pool has been exhausted|could not obtain a connection from the pool|pool timed out while waiting for an open connection|timed out waiting for (?:a )?(?:connection|slot) (?:from|in|to become)[^\n]{0,20}pool|timed out fetching a new connection from the connection pool|could not get a resource (?:from the pool|since the pool is exhausted)|pool error timeout waiting for idle object|waiting for a connection (?:to [^\n]{1,60} )?from the pool|ConnectionAcquireTimeoutError|MongoWaitQueueFull|WaitQueueTimeoutError|client to checkout a connection has timed out"
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
        "cause-permission-denied-port",
        "why-permission-denied-port",
        0.94,
        r"(?i)(?:bind|listen)[^\n]{0,80}?:(\d{2,5})\b[^\n]{0,40}permission denied|listen EACCES: permission denied \S*:(\d{2,5})|permission denied[^\n]{0,60}could not bind[^\n]{0,40}:(\d{2,5})|BindException: Permission denied"
    ),
    phrase!(
        PermissionDenied,
        "cause-permission-denied",
        "why-permission-denied",
        0.92,
        r#"(?i)(?:permission denied|EACCES|AccessDeniedException|\[Errno 13\]|operation not permitted|read-only file system|EROFS)[^/\n]*['"(: ](/[\w./-]+)|['"(: ](/[\w./-]+)['"): ]*[^\n]{0,40}(?:permission denied|access is denied|read-only file system)"#
    ),
    phrase!(
        CrashBadConfig,
        "cause-crash-bad-config",
        "why-crash-bad-config",
        0.9,
        r"(?i)(?:error|failed|cannot|unable|could not|invalid)[^\n]{0,40}(?:pars|unmarshal|load|decod|read)\w*[^\n]{0,40}(?:config|\.ya?ml|\.json|\.toml|\.properties|\.ini|\.conf)|yaml: line \d+|yaml: unmarshal errors|while parsing a (?:block|flow) |while scanning (?:a|for|an) |mapping values are not allowed|toml: line \d+|unknown (?:flag|directive|option|shorthand flag)|flag provided but not defined|unrecognized (?:arguments?|option)|invalid (?:configuration|config)\b|FATAL CONFIG FILE ERROR|\[emerg\]|(?:config(?:uration)?|settings|properties) file\b[^\n]{0,120}?(?:not found|does not exist|is missing|no such file)|no such file or directory[:,] (?:open )?['\x22]/(?:[\w./-]+\.(?:ya?ml|toml|ini|conf|cfg|properties)|[\w./-]*(?:config|settings)[\w./-]*\.json)\b|open /(?:[\w./-]+\.(?:ya?ml|toml|ini|conf|cfg|properties)|[\w./-]*(?:config|settings)[\w./-]*\.json): no such file|^plugin/[a-z0-9_]+: \S"
    ),
];

/// A certificate that is out of date, and not one that is distrusted or for another name.
static EXPIRED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)expired|not yet valid|NotAfter|NotBefore|NotTimeValid|validity check failed").ok()
});

/// A port in the words, or before them.
static PORT: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)(?:port |:)(\d{2,5})\b").ok());

/// The pool of the application itself has no connection left.
const OWN_POOL: &str = "cause-connection-limit-own-pool";

/// Whether a line says that the server has no connection left, is not there, or lets nobody in.
fn is_of_server(line: &str) -> bool {
    let refused = || {
        let mut logins = ALL.iter();
        logins.any(|one| one.cause == Cause::DatabaseAuthFailed && one.read(line).is_some())
    };
    CONNECTION_LIMIT.in_line(line) && !line.contains("pool")
        || UNREACHABLE.in_line(line)
        || refused()
}

/// What only a server says of its disk, and its clients repeat.
fn says_server_is_full(line: &str) -> bool {
    const WORDS: [&str; 8] = [
        "MISCONF",
        "minimum free drive threshold",
        "flood-stage",
        "read-only-allow-delete",
        "FORBIDDEN/12/",
        "could not extend file",
        "Got error 28",
        "ORA-0165",
    ];
    WORDS.iter().any(|words| line.contains(words))
}

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
        // A pool that is empty because its server gives nothing is the server's.
        if phrase.says == OWN_POOL && log.find(is_of_server).is_some() {
            return None;
        }
        let groups = phrase.read(line)?;
        let group = (1..groups.len()).find_map(|at| groups.get(at));
        let port = || PORT.as_ref()?.captures(line)?.get(1);
        let said = if phrase.cause == Cause::PortConflict {
            port()
        } else {
            group
        };
        let taken = || {
            let conflict = phrase.cause == Cause::PortConflict;
            conflict.then(|| ports::shared(&death.container)).flatten()
        };
        let named = said.map(|one| one.as_str().to_owned()).or_else(taken);
        let named = named.as_deref().unwrap_or_default();
        if phrase.says == "cause-permission-denied"
            && let Some(finding) = super::volume::judge(death, log, line, named)
        {
            return Some(finding);
        }
        let of_server = phrase.cause == Cause::DatabaseReadOnly
            || (phrase.cause == Cause::DiskFull && says_server_is_full(line));
        if of_server && let Some(told) = told_of(case, &death.subject, line) {
            let finding = if phrase.cause == Cause::DatabaseReadOnly && told.is_replica() {
                writes_to_replica(death, phrase, &told)
            } else {
                server_refuses(death, phrase, &told.server)
            };
            return Some(quoted(finding, log, line));
        }
        if phrase.cause == Cause::TlsCertificateInvalid
            && let Some(server) = expired_at(case, death, log, reason)
        {
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

/// Who in the cluster shows a certificate that has expired: whoever is called then, and not the caller, has to change.
fn expired_at(
    case: &Facts<'_>,
    death: &Death<'_>,
    log: &LogRead,
    reason: &Record,
) -> Option<Subject> {
    let expired = |line: &str| EXPIRED.as_ref().is_some_and(|it| it.is_match(line));
    if !reason.lines().any(expired) {
        return None;
    }
    let namespace = death.subject.namespace.as_deref()?;
    let said = log
        .records
        .iter()
        .rev()
        .find(|record| std::ptr::eq(*record, reason))
        .into_iter()
        .flat_map(Record::lines);
    let mut called = said.flat_map(addresses_in_text);
    called.find_map(|address| match resolve(case, namespace, &address) {
        Place::Service(service) => case.behind(service).into_iter().next(),
        _ => None,
    })
}

/// The client was given the address of a replica, which does what it is for: the address has to change.
fn writes_to_replica(death: &Death<'_>, phrase: &Phrase, told: &Told) -> Finding {
    let of = |id: &'static str| {
        args(death, id, &told.host)
            .with("server", &told.host)
            .with("variable", &told.variable)
    };
    let summary = of("cause-database-read-only-replica");
    let field = format!("env.{}", told.variable);
    let fix = Fix::new(death.subject.clone(), field, of("why-database-replica"));
    let fix = fix.change(Some(told.host.clone()), None::<String>);
    found(death, phrase.cause, phrase.strength, summary).fix(fix)
}

/// The database is the one to look at, not its client.
fn server_refuses(death: &Death<'_>, phrase: &Phrase, server: &Subject) -> Finding {
    let says = match phrase.cause {
        Cause::DiskFull => "cause-disk-full-server",
        Cause::TlsCertificateInvalid => "cause-tls-certificate-invalid-server",
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

#[cfg(test)]
mod tests {
    use super::*;

    fn named(line: &str) -> Option<(Cause, &'static str)> {
        let phrase = ALL.iter().find(|phrase| phrase.read(line).is_some())?;
        Some((phrase.cause, phrase.says))
    }

    fn all_are(cause: Cause, lines: &[&str]) {
        for line in lines {
            assert_eq!(named(line).map(|it| it.0), Some(cause), "{line}");
        }
    }

    #[test]
    fn a_refused_login_in_the_words_of_drivers() {
        all_are(
            Cause::DatabaseAuthFailed,
            &[
                "pika.exceptions.ProbableAuthenticationError: ConnectionClosedByBroker: (403) 'ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker logfile.'",
                "com.rabbitmq.client.AuthenticationFailureException: ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN.",
                "org.apache.kafka.common.errors.SaslAuthenticationException: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512",
                "kafka: client has run out of available brokers to talk to: SASL Authentication failed",
                "Microsoft.Data.SqlClient.SqlException (0x80131904): Login failed for user 'payroll_rw'.",
                "MongoServerError: Authentication failed.",
                "com.mongodb.MongoSecurityException: Exception authenticating MongoCredential",
                "ReplyError: WRONGPASS invalid username-password pair or user is disabled.",
                "FATAL:  no pg_hba.conf entry for host \"10.2.3.4\", user \"shop\", database \"shop\", no encryption",
                "PDOException: SQLSTATE[HY000] [1045] Access denied for user 'shop'@'10.2.3.4' (using password: YES)",
                "security_exception: unable to authenticate user [elastic] for REST request [/_cluster/health]",
                "Error: ER_ACCESS_DENIED_ERROR: Access denied",
                "Provided username app and/or password are incorrect",
            ],
        );
    }

    #[test]
    fn a_database_that_takes_no_writes_in_the_words_of_drivers() {
        all_are(
            Cause::DatabaseReadOnly,
            &[
                "ERROR: cannot execute INSERT in a read-only transaction",
                "error returned from database: cannot execute UPDATE in a read-only transaction",
                "READONLY You can't write against a read only replica.",
                "ERROR 1290 (HY000): The MySQL server is running with the --read-only option so it cannot execute this statement",
                "MongoServerError: not primary and secondaryOk=false",
                "com.mongodb.MongoNotPrimaryException: NotPrimaryNoSecondaryOk",
                "Failed to update database \"shop\" because the database is read-only.",
                "sqlite3.OperationalError: attempt to write a readonly database",
            ],
        );
    }

    #[test]
    fn a_full_disk_in_the_words_of_servers_and_of_who_calls_them() {
        all_are(
            Cause::DiskFull,
            &[
                "PANIC:  could not write to file \"pg_wal/xlogtemp.89\": No space left on device",
                "ERROR:  could not extend file \"base/16401/24601\": wrote only 4096 of 8192 bytes at block 12",
                "index [products_fr] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block];",
                "ClusterBlockException[blocked by: [FORBIDDEN/12/index read-only / allow delete (api)];]",
                "flood stage disk watermark [95%] exceeded on [kX1][pim-es-0]",
                "ERROR 1114 (HY000): The table 'orders' is full",
                "Got error 28 from storage engine",
                "[ERROR] [MY-012144] [InnoDB] posix_fallocate(): Failed to preallocate data for file ./a/b.ibd, desired size 4194304 bytes. Operating system error number 28.",
                "ORA-01653: unable to extend table SHOP.ORDERS by 128 in tablespace USERS",
                "disk resource limit alarm set on node rabbit@rabbitmq-0.",
                "OSError: [Errno 28] No space left on device: '/tmp/x'",
                "XMinioStorageFull: Storage backend has reached its minimum free drive threshold. Please delete a few objects to proceed.",
                "Error: drive path full (cmd.StorageErr)",
            ],
        );
    }

    #[test]
    fn a_certificate_that_is_not_accepted_in_the_words_of_runtimes() {
        all_are(
            Cause::TlsCertificateInvalid,
            &[
                "x509: certificate has expired or is not yet valid: current time 2026-11-23T09:00:00Z is after 2026-11-22T00:00:00Z",
                "tls: failed to verify certificate: x509: cannot validate certificate for 10.20.1.11 because it doesn't contain any IP SANs",
                "javax.net.ssl.SSLHandshakeException: PKIX path validation failed: java.security.cert.CertPathValidatorException: validity check failed",
                "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:1006)",
                "Error: unable to get local issuer certificate",
                "Hostname/IP does not match certificate's altnames: Host: db. is not in the cert's altnames",
                "The remote certificate is invalid according to the validation procedure: RemoteCertificateNameMismatch",
                "invalid peer certificate: Expired",
                "OpenSSL::SSL::SSLError (SSL_connect returned=1 errno=0 state=error: certificate verify failed (certificate has expired))",
            ],
        );
    }

    #[test]
    fn a_pool_without_a_connection_in_the_words_of_pools() {
        let lines = [
            "HikariPool-1 - Connection is not available, request timed out after 30000ms (total=10, active=10, idle=0, waiting=87)",
            "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00",
            "KnexTimeoutError: Knex: Timeout acquiring a connection. The pool is probably full.",
            "SequelizeConnectionAcquireTimeoutError: Operation timeout",
            "Timeout expired.  The timeout period elapsed prior to obtaining a connection from the pool.",
            "Npgsql.NpgsqlException: The connection pool has been exhausted, either raise 'Max Pool Size' (currently 100)",
            "ActiveRecord::ConnectionTimeoutError: could not obtain a connection from the pool within 5.000 seconds",
            "pool timed out while waiting for an open connection",
            "Timed out fetching a new connection from the connection pool. More info: http://pris.ly/d/connection-pool",
            "redis.clients.jedis.exceptions.JedisExhaustedPoolException: Could not get a resource since the pool is exhausted",
            "org.apache.commons.dbcp2.PoolableConnectionFactory: Cannot get a connection, pool error Timeout waiting for idle object",
        ];
        for line in lines {
            let wanted = Some((Cause::ConnectionLimitReached, OWN_POOL));
            assert_eq!(named(line), wanted, "{line}");
        }
        assert!(is_of_server("FATAL: sorry, too many clients already"));
        assert!(!is_of_server(lines[0]));
        assert!(is_of_server("ORA-28001: the password has expired"));
    }

    #[test]
    fn a_port_that_may_not_be_used_is_no_wrong_configuration() {
        let lines = [
            "nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)",
            "listen tcp :80: bind: permission denied",
            "Error: listen EACCES: permission denied 0.0.0.0:443",
            "(13)Permission denied: AH00072: make_sock: could not bind to address [::]:80",
            "java.net.BindException: Permission denied",
        ];
        for line in lines {
            let says = named(line).map(|it| it.1);
            assert_eq!(says, Some("cause-permission-denied-port"), "{line}");
        }
        let config = "nginx: [emerg] unknown directive \"foward\" in /etc/nginx/nginx.conf:7";
        assert_eq!(named(config).map(|it| it.0), Some(Cause::CrashBadConfig));
    }

    #[test]
    fn a_path_that_may_not_be_written_in_the_words_of_php() {
        let line = "file_put_contents(/var/www/html/bootstrap/cache/config.php): Failed to open stream: Permission denied";
        assert_eq!(named(line).map(|it| it.0), Some(Cause::PermissionDenied));
    }

    #[test]
    fn a_configuration_that_is_not_there_in_the_words_of_runtimes() {
        all_are(
            Cause::CrashBadConfig,
            &[
                "Unhandled exception. System.IO.FileNotFoundException: The configuration file 'config/appsettings.Production.json' was not found and is not optional.",
                "FileNotFoundError: [Errno 2] No such file or directory: '/etc/app/settings.yaml'",
                "Error: ENOENT: no such file or directory, open '/app/config/default.json'",
                "open /etc/relay/relay.toml: no such file or directory",
                "config file /etc/app.conf does not exist",
                "*** FATAL CONFIG FILE ERROR (Redis 7.4.1) *** Reading the configuration file, at line 9 >>> 'maxmemory 1500 mb' wrong number of arguments",
            ],
        );
    }

    #[test]
    fn a_corefile_that_coredns_cannot_use() {
        all_are(
            Cause::CrashBadConfig,
            &[
                "/etc/coredns/Corefile:7 - Error during parsing: Unknown directive 'foward'",
                "plugin/forward: not an IP address or file: \"10.8.0.53,\"",
                "plugin/kubernetes: unknown property 'pod'",
            ],
        );
        assert_eq!(
            named("[WARNING] plugin/health: Local health request failed"),
            None
        );
    }

    #[test]
    fn everyday_lines_name_nothing() {
        for line in [
            "GET /login 401 3ms",
            "pool created with 10 connections",
            "certificate renewed, valid until 2027-01-01",
            "connection to orders-db:5432 established",
            "user login ok",
            "listening on :8080",
            "ENOENT: no such file or directory, open '/data/uploads/41.json'",
            "open() \"/usr/share/nginx/html/robots.txt\" failed (2: No such file or directory)",
        ] {
            assert_eq!(named(line), None, "{line}");
        }
    }
}
