//! Another website, open in the same browser, tries to drive the demo.

use serde_json::json;

use super::house::{INCIDENTS, Shown, demo};

/// The status of a post with these headers.
async fn post(house: &Shown, headers: &[(&str, &str)]) -> u16 {
    let body = json!({ "do": "post", "as": "alice", "channel": INCIDENTS, "text": "pwned" });
    let mut request = house.client.post(house.url("/act"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.header("content-type", "application/json");
    let answer = request.body(body.to_string()).send().await.unwrap();
    answer.status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn another_website_cannot_drive_the_demo() {
    let house = demo().await;
    let own = house.demo.url();
    let port = own.rsplit_once(':').unwrap().1.to_owned();
    let rebound = format!("evil.example:{port}");
    let rebound_origin = format!("http://{rebound}");
    let neighbour = "http://127.0.0.1:1";
    for headers in [
        vec![("origin", "https://evil.example")],
        vec![("origin", neighbour)],
        vec![("origin", "null")],
        // A form of another site may come without one.
        vec![],
        // DNS rebinding: the site's own name leads to this machine.
        vec![
            ("host", rebound.as_str()),
            ("origin", rebound_origin.as_str()),
        ],
        vec![("host", rebound.as_str()), ("origin", own.as_str())],
    ] {
        assert_eq!(post(&house, &headers).await, 403, "{headers:?}");
    }
    assert!(house.demo.world.slack.scene().messages.is_empty());
    assert_eq!(post(&house, &[("origin", &own)]).await, 200);
    let local = format!("localhost:{port}");
    let local_origin = format!("http://{local}");
    let named = [("host", local.as_str()), ("origin", local_origin.as_str())];
    assert_eq!(post(&house, &named).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_website_cannot_read_it_either() {
    let house = demo().await;
    for path in ["/", "/state?as=lead", "/assets/app.js"] {
        let request = house
            .client
            .get(house.url(path))
            .header("host", "evil.example");
        assert_eq!(request.send().await.unwrap().status(), 403, "{path}");
        let answer = house.client.get(house.url(path)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        let headers = answer.headers();
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'self'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(headers.get("access-control-allow-origin").is_none());
    }
    let missing = house.client.get(house.url("/assets/..%2FCargo.toml"));
    assert_eq!(missing.send().await.unwrap().status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_needs_nothing_from_outside_and_runs_nothing_inline() {
    let house = demo().await;
    let page = house.client.get(house.url("/")).send().await.unwrap();
    let page = page.text().await.unwrap();
    for line in page.lines() {
        let inline = line.contains("<script") && !line.contains("src=\"/assets/");
        assert!(
            !inline && !line.contains(" style=") && !line.contains(" onclick="),
            "{line}"
        );
    }
    let mut names: Vec<&str> = page
        .split("\"/assets/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    // Modules name each other.
    let modules = [
        "blocks.js",
        "compose.js",
        "state.js",
        "dom.js",
        "emoji.js",
        "lab.js",
        "messages.js",
        "mrkdwn.js",
        "wire.js",
        "words.js",
    ];
    names.extend(modules);
    for name in names {
        let asset = house.client.get(house.url(&format!("/assets/{name}")));
        let text = asset
            .send()
            .await
            .unwrap()
            .error_for_status()
            .unwrap()
            .text()
            .await
            .unwrap();
        for foreign in [
            "https://",
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "eval(",
        ] {
            assert!(!text.contains(foreign), "{name}: {foreign}");
        }
    }
}
