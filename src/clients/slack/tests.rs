//! The client against a local server that answers as it is told.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::*;

type Seen = Arc<Mutex<Vec<(String, Value)>>>;
type Answer = Arc<dyn Fn() -> Response + Send + Sync>;

async fn serve(answer: impl Fn() -> Response + Send + Sync + 'static) -> (String, Seen) {
    let seen = Seen::default();
    let state: (Seen, Answer) = (Arc::clone(&seen), Arc::new(answer));
    let app = Router::new()
        .fallback(
            |State((seen, answer)): State<(Seen, Answer)>, uri: Uri, body: Bytes| async move {
                let body = serde_json::from_slice(&body).unwrap_or_default();
                seen.lock().unwrap().push((uri.to_string(), body));
                answer()
            },
        )
        .with_state(state);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    (format!("http://{address}/api"), seen)
}

fn client(base_url: &str) -> Slack {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let settings = SlackSettings {
        base_url: base_url.to_owned(),
        timeout: Duration::from_millis(300),
        ..SlackSettings::new("xoxb-FAKE-token".into())
    };
    let scrub: Scrub = Arc::new(|payload: &mut Value| {
        let clean = payload.to_string().replace("hunter2", "[redacted]");
        *payload = serde_json::from_str(&clean).unwrap();
    });
    Slack::new(&settings, scrub, Arc::new(|_| ())).unwrap()
}

fn message() -> NewMessage {
    NewMessage {
        channel: "C1".into(),
        thread_ts: Some("1.0".into()),
        text: "the password is hunter2".into(),
        blocks: json!([{"type": "section", "text": {"type": "mrkdwn", "text": "hunter2"}}]),
        broadcast: false,
    }
}

async fn post(slack: &Slack) -> Result<Posted, SlackError> {
    let permit = slack.permit_post("C1", Priority::Answer).await.unwrap();
    slack.post(permit, &message()).await
}

fn ok(body: Value) -> Response {
    axum::Json(body).into_response()
}

#[tokio::test]
async fn a_post_is_redacted_and_never_unfurled() {
    let (url, seen) = serve(|| {
        ok(json!({"ok": true, "channel": "C1", "ts": "2.0", "message": {"thread_ts": "1.0"}}))
    })
    .await;
    let posted = post(&client(&url)).await.unwrap();
    assert_eq!(posted.ts, "2.0");
    assert_eq!(posted.thread_ts.as_deref(), Some("1.0"));
    let (path, payload) = seen.lock().unwrap()[0].clone();
    assert_eq!(path, "/api/chat.postMessage");
    assert!(!payload.to_string().contains("hunter2"));
    assert_eq!(payload["unfurl_links"], false);
    assert_eq!(payload["unfurl_media"], false);
    assert_eq!(payload["thread_ts"], "1.0");
}

#[tokio::test]
async fn a_stray_top_level_post_can_be_told_by_its_missing_thread() {
    let (url, _) =
        serve(|| ok(json!({"ok": true, "channel": "C1", "ts": "2.0", "message": {}}))).await;
    assert_eq!(post(&client(&url)).await.unwrap().thread_ts, None);
}

#[tokio::test]
async fn every_bad_answer_has_its_kind() {
    type Case = (fn() -> Response, &'static str);
    let cases: [Case; 8] = [
        (
            || ok(json!({"ok": false, "error": "channel_not_found"})),
            "refused",
        ),
        (
            || ok(json!({"ok": false, "error": "fatal_error"})),
            "unclear",
        ),
        (
            || ok(json!({"ok": false, "error": "ratelimited"})),
            "rate-limited",
        ),
        (|| ok(json!({"ok": true})), "unclear"),
        (|| "<html>proxy</html>".into_response(), "unclear"),
        (
            || (StatusCode::INTERNAL_SERVER_ERROR, "oops").into_response(),
            "transient",
        ),
        (
            || (StatusCode::SERVICE_UNAVAILABLE, "").into_response(),
            "transient",
        ),
        (|| (StatusCode::FORBIDDEN, "").into_response(), "refused"),
    ];
    for (answer, expected) in cases {
        let (url, _) = serve(answer).await;
        let error = post(&client(&url)).await.unwrap_err();
        assert_eq!(error.outcome(), expected, "{error}");
        assert!(!error.to_string().contains("proxy"), "{error}");
    }
}

#[tokio::test]
async fn a_block_refusal_names_the_block() {
    let body = json!({"ok": false, "error": "invalid_blocks",
        "response_metadata": {"messages": ["[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text]"]}});
    let (url, _) = serve(move || ok(body.clone())).await;
    let error = post(&client(&url)).await.unwrap_err();
    assert_eq!(error.code(), Some("invalid_blocks"));
    assert!(error.to_string().contains("/blocks/0/text"), "{error}");
}

#[tokio::test]
async fn a_429_says_how_long_and_holds_the_channel() {
    let (url, seen) = serve(|| {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", "7".parse().unwrap());
        (
            StatusCode::TOO_MANY_REQUESTS,
            headers,
            axum::Json(json!({"ok": false})),
        )
            .into_response()
    })
    .await;
    let slack = client(&url);
    let error = post(&slack).await.unwrap_err();
    let retry_after = Duration::from_secs(7);
    assert_eq!(error, SlackError::RateLimited { retry_after });
    let held = slack.permit_post("C1", Priority::Page);
    assert!(
        tokio::time::timeout(Duration::from_millis(50), held)
            .await
            .is_err()
    );
    assert_eq!(seen.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn no_answer_is_unclear_and_no_connection_is_not() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/api", silent.local_addr().unwrap());
    assert_eq!(post(&client(&url)).await.unwrap_err().outcome(), "unclear");

    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/api", closed.local_addr().unwrap());
    drop(closed);
    assert_eq!(
        post(&client(&url)).await.unwrap_err().outcome(),
        "transient"
    );
}

#[tokio::test]
async fn a_connection_cut_after_sending_is_unclear() {
    use tokio::io::AsyncReadExt;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/api", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 1024];
            // Reads the request, then hangs up.
            let _ = stream.read(&mut request).await;
        }
    });
    assert_eq!(post(&client(&url)).await.unwrap_err().outcome(), "unclear");
}

#[tokio::test]
async fn reads_go_as_query_and_pages_follow_the_cursor() {
    let (url, seen) = serve(|| {
        ok(
            json!({"ok": true, "messages": [{"ts": "3.0"}, {"ts": "2.0"}],
            "response_metadata": {"next_cursor": "abc="}}),
        )
    })
    .await;
    let page = client(&url)
        .history("C1", Some("1.5"), None, Priority::Progress)
        .await
        .unwrap();
    assert_eq!(page.messages.len(), 2);
    assert_eq!(page.next_cursor.as_deref(), Some("abc="));
    let (path, _) = seen.lock().unwrap()[0].clone();
    assert!(
        path.contains("channel=C1") && path.contains("oldest=1.5"),
        "{path}"
    );
}

#[tokio::test]
async fn people_and_channels_are_read_as_far_as_rights_need() {
    let (url, _) = serve(|| {
        ok(json!({"ok": true,
            "user": {"id": "U1", "team_id": "T1", "is_ultra_restricted": true, "locale": "fr-FR"},
            "channel": {"id": "C1", "name": "incidents", "is_pending_ext_shared": true}}))
    })
    .await;
    let slack = client(&url);
    let user = slack.user("U1", Priority::FirstReply).await.unwrap();
    assert!(user.is_guest && !user.is_stranger && !user.deleted);
    let channel = slack.channel("C1", Priority::FirstReply).await.unwrap();
    assert!(channel.is_shared_outside && !channel.is_member);
}

#[test]
fn a_ts_is_a_time() {
    let at = time_of("1790000000.123456").unwrap();
    assert_eq!(at.timestamp_micros(), 1_790_000_000_123_456);
    assert_eq!(time_of("1790000000").unwrap().timestamp(), 1_790_000_000);
    assert_eq!(time_of("../../x"), None);
}

fn picture() -> Upload {
    Upload {
        name: "vigie-inc-1-picture.png".into(),
        title: "Memory, password hunter2".into(),
        alt: format!("It climbs, said hunter2. {}", "x".repeat(2_000)),
        kind: "image/png",
        bytes: b"\x89PNG FAKE".to_vec(),
    }
}

/// A server for the three steps: what it answers to each is told by the path.
async fn upload_with(
    answers: impl Fn(&str, &str) -> Response + Send + Sync + 'static,
) -> (
    Result<Uploaded, SlackError>,
    Vec<(String, HeaderMap, Vec<u8>, String)>,
) {
    type Requests = Arc<Mutex<Vec<(String, HeaderMap, Vec<u8>, String)>>>;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (seen, own) = (Requests::default(), base.clone());
    let (kept, answers) = (Arc::clone(&seen), Arc::new(answers));
    let app = Router::new().fallback(move |uri: Uri, headers: HeaderMap, body: Bytes| {
        kept.lock().unwrap().push((
            uri.path().to_owned(),
            headers,
            body.to_vec(),
            uri.query().unwrap_or_default().to_owned(),
        ));
        let answer = answers(uri.path(), &own);
        async move { answer }
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
    let slack = client(&format!("{base}/api"));
    let result = slack
        .upload("C1", "1.0", &picture(), Priority::Answer)
        .await;
    let seen = seen.lock().unwrap().clone();
    (result, seen)
}

fn takes_it(path: &str, base: &str) -> Response {
    match path {
        "/api/files.getUploadURLExternal" => {
            ok(json!({"ok": true, "file_id": "F1", "upload_url": format!("{base}/upload/v1/KEY")}))
        }
        "/upload/v1/KEY" => "OK - 9".into_response(),
        _ => ok(json!({"ok": true, "files": [{"id": "F1"}]})),
    }
}

#[tokio::test]
async fn a_file_goes_in_three_steps_and_its_words_are_redacted() {
    let (result, seen) = upload_with(takes_it).await;
    assert_eq!(result.unwrap(), Uploaded { file: "F1".into() });
    let paths: Vec<&str> = seen.iter().map(|(path, ..)| path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "/api/files.getUploadURLExternal",
            "/upload/v1/KEY",
            "/api/files.completeUploadExternal"
        ]
    );
    let first: std::collections::HashMap<String, String> =
        form_urlencoded::parse(seen[0].3.as_bytes())
            .into_owned()
            .collect();
    assert_eq!((first["length"].as_str(), seen[0].2.len()), ("9", 0));
    assert!(first["alt_txt"].starts_with("It climbs"), "{first:?}");
    assert!(first["alt_txt"].chars().count() <= 1_000);
    assert_eq!(seen[1].2, picture().bytes);
    assert_eq!(seen[1].1["content-type"], "image/png");
    assert!(
        !seen[1].1.contains_key("authorization"),
        "the token stays with the API"
    );
    let last: Value = serde_json::from_slice(&seen[2].2).unwrap();
    assert_eq!(
        (&last["channel_id"], &last["thread_ts"]),
        (&json!("C1"), &json!("1.0"))
    );
    assert!(
        seen.iter()
            .all(|(.., body, query)| !query.contains("hunter2")
                && !String::from_utf8_lossy(body).contains("hunter2"))
    );
}

#[tokio::test]
async fn bytes_are_not_sent_where_an_answer_points_outside() {
    let (result, seen) = upload_with(|path, base| match path {
        "/api/files.getUploadURLExternal" => {
            ok(json!({"ok": true, "file_id": "F1", "upload_url": "http://127.0.0.1:1/steal"}))
        }
        other => takes_it(other, base),
    })
    .await;
    assert_eq!(result.unwrap_err().code(), Some("foreign_upload_address"));
    assert_eq!(seen.len(), 1, "nothing was sent");
}

#[tokio::test]
async fn before_the_last_step_nothing_is_unclear_and_at_the_last_one_it_is() {
    let broken = |step: &'static str| {
        upload_with(move |path, base| {
            if path.contains(step) {
                (StatusCode::OK, "<html>who are you</html>").into_response()
            } else {
                takes_it(path, base)
            }
        })
    };
    let (first, _) = broken("getUploadURL").await;
    assert!(matches!(first, Err(SlackError::Transient(_))), "{first:?}");
    let (last, seen) = broken("completeUpload").await;
    assert!(matches!(last, Err(SlackError::Unclear(_))), "{last:?}");
    assert_eq!(seen.len(), 3);
    let refused = |step: &'static str, status: StatusCode| {
        upload_with(move |path, base| {
            if path.contains(step) {
                status.into_response()
            } else {
                takes_it(path, base)
            }
        })
    };
    let (bytes, seen) = refused("/upload/", StatusCode::SERVICE_UNAVAILABLE).await;
    assert!(matches!(bytes, Err(SlackError::Transient(_))), "{bytes:?}");
    assert_eq!(seen.len(), 2, "what was not taken is not shown");
    let (bytes, _) = refused("/upload/", StatusCode::PAYLOAD_TOO_LARGE).await;
    assert_eq!(bytes.unwrap_err().code(), Some("http_413"));
    let (off, _) =
        upload_with(|_, _| ok(json!({"ok": false, "error": "file_uploads_disabled"}))).await;
    assert_eq!(off.unwrap_err().code(), Some("file_uploads_disabled"));
}
