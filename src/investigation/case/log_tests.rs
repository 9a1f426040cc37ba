//! Logs as the languages write them.

use super::*;

#[test]
fn a_java_trace_stays_whole_and_its_innermost_cause_is_the_reason() {
    let log = b"2026-11-23T08:00:01Z INFO  starting\n\
2026-11-23T08:00:09.123456789Z ERROR request failed\n\
2026-11-23T08:00:09.2Z java.lang.RuntimeException: boom\n\
2026-11-23T08:00:09.2Z \tat com.acme.A.run(A.java:1)\n\
2026-11-23T08:00:09.2Z Caused by: java.net.ConnectException: Connection refused (orders-db:5432)\n\
2026-11-23T08:00:09.2Z \tat com.acme.B.run(B.java:2)\n\
2026-11-23T08:00:09.2Z \t... 12 more\n";
    let records = parse_log(log);
    assert_eq!(records.len(), 3);
    assert_eq!(
        records[2].why(),
        "java.net.ConnectException: Connection refused (orders-db:5432)"
    );
    assert!(records[1].at.is_some());
}

#[test]
fn a_python_traceback_ends_with_its_error() {
    let log = b"Traceback (most recent call last):\n  File \"app.py\", line 3, in <module>\n    main()\nKeyError: 'DATABASE_URL'\nnext line\n";
    let records = parse_log(log);
    assert_eq!(records.len(), 2);
    assert_eq!(records[0].why(), "KeyError: 'DATABASE_URL'");
}

#[test]
fn json_logs_are_sentences_with_levels() {
    let log = br#"{"level":"error","msg":"cannot start","err":"dial tcp: connection refused"}
{"level":50,"msg":"pino says so"}
{"severity":"INFO","message":"ready, 0 errors"}"#;
    let records = parse_log(log);
    assert_eq!(
        records[0].text,
        "cannot start: dial tcp: connection refused"
    );
    assert_eq!(records[0].level, Level::Error);
    assert_eq!(records[1].level, Level::Error);
    assert_eq!(records[2].level, Level::Info);
}

#[test]
fn colours_binary_and_very_long_lines_are_harmless() {
    let mut log = b"\x1b[31mERROR\x1b[0m boom \xff\xfe\n".to_vec();
    log.extend(std::iter::repeat_n(b'x', 100_000));
    let records = parse_log(&log);
    assert!(records[0].text.starts_with("ERROR boom"));
    assert!(records[1].text.len() <= MAX_LINE);
}

#[test]
fn the_reason_is_the_last_fatal_or_error_line_not_the_last_line() {
    let log = LogRead {
        namespace: "n".into(),
        pod: "p".into(),
        container: "c".into(),
        previous: true,
        records: parse_log(b"ERROR cache miss\nFATAL Cannot connect to database\nINFO bye\n"),
    };
    assert_eq!(
        log.reason().unwrap().text,
        "FATAL Cannot connect to database"
    );
}

fn why(log: &str) -> String {
    let records = parse_log(log.as_bytes());
    assert_eq!(records.len(), 1, "{records:#?}");
    records[0].why().to_owned()
}

#[test]
fn the_innermost_cause_is_found_in_every_language() {
    let cases = [
        (
            "Unhandled exception. System.Exception: start failed\n ---> Npgsql.NpgsqlException: Failed to connect to 10.0.0.1:5432\n   at Npgsql.Open()\n   --- End of inner exception stack trace ---\n   at Main()",
            "Npgsql.NpgsqlException: Failed to connect to 10.0.0.1:5432",
        ),
        (
            "Error: cannot start\n    at main (/app/main.js:3:9) {\n  [cause]: Error: connect ECONNREFUSED 10.0.0.1:5432\n      at TCPConnectWrap.afterConnect",
            "Error: connect ECONNREFUSED 10.0.0.1:5432",
        ),
        (
            "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    g()\nConnectionRefusedError: [Errno 111] Connection refused\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File \"b.py\", line 2, in h\n    f()\nRuntimeError: startup",
            "ConnectionRefusedError: [Errno 111] Connection refused",
        ),
        (
            "PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in /app/db.php:3\nStack trace:\n#0 /app/db.php(3): PDO->__construct()\n#1 {main}\n  thrown in /app/db.php on line 3",
            "PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in /app/db.php:3",
        ),
    ];
    let rust = "thread 'main' panicked at src/main.rs:5:10:\ncannot connect: Connection refused (os error 111)\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace";
    assert_eq!(
        why(rust),
        "cannot connect: Connection refused (os error 111)"
    );
    for (log, wanted) in cases {
        assert_eq!(why(log), wanted);
    }
}

#[test]
fn nothing_in_a_log_makes_it_panic() {
    let mut log = b"\0\0binary \xff\x1b[31m\r\n".to_vec();
    log.extend("\u{e9}".repeat(600_000).bytes());
    let records = parse_log(&log);
    assert_eq!(records[0].text.chars().next(), Some('b'));
    assert!(records.iter().all(|record| record.text.len() <= MAX_LINE));
}

#[test]
fn a_summary_of_the_end_is_not_the_reason() {
    let log = LogRead {
        namespace: "n".into(),
        pod: "p".into(),
        container: "c".into(),
        previous: true,
        records: parse_log(
            b"ERROR cannot connect to orders:5432: connection refused\nFATAL Application run failed\nFATAL exiting with code 1\n",
        ),
    };
    let reason = log.reason().map(|record| record.text.as_str());
    assert_eq!(
        reason,
        Some("ERROR cannot connect to orders:5432: connection refused")
    );
}

#[test]
fn what_redis_says_of_its_file_is_one_sentence() {
    let said = "*** FATAL CONFIG FILE ERROR (Redis 7.4.1) ***\nReading the configuration file, at line 9\n>>> 'maxmemory 1500 mb'\nwrong number of arguments\nand this is another\n";
    let records = parse_log(said.as_bytes());
    assert_eq!(
        records[0].text,
        "*** FATAL CONFIG FILE ERROR (Redis 7.4.1) *** Reading the configuration file, at line 9 >>> 'maxmemory 1500 mb' wrong number of arguments"
    );
    assert_eq!(records.len(), 2);
}

#[test]
fn an_agent_that_fails_says_why_before_the_machine_gives_up() {
    let said = "Exception in thread \"main\" java.lang.reflect.InvocationTargetException\n\tat java.base/java.lang.reflect.Method.invoke(Method.java:580)\nCaused by: java.net.BindException: Address already in use\nFATAL ERROR in native method: processing of -javaagent failed, processJavaStart failed\n";
    let log = LogRead {
        namespace: "n".into(),
        pod: "p".into(),
        container: "c".into(),
        previous: true,
        records: parse_log(said.as_bytes()),
    };
    let why = log.reason().map(Record::why);
    assert_eq!(why, Some("java.net.BindException: Address already in use"));
}
