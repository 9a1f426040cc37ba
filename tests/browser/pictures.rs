//! The picture in a thread: it is seen whole at every width, and says in words what it shows.

use std::time::Duration;

use serde_json::json;

use super::look::{check, keep};
use super::{Tab, browser};
use crate::demo::house::{demo, with};

const DESKTOP: (u32, u32) = (1280, 800);
/// The narrowest phone that people still have.
const SMALL_PHONE: (u32, u32) = (360, 740);

/// The picture in the open thread is there to be seen, and says in words what it shows.
async fn pictured(tab: &Tab, words: &str) {
    tab.wait("document.querySelector('#replies .picture img')?.complete && document.querySelector('#replies .picture img').naturalWidth > 600")
        .await;
    let alt = tab
        .eval("document.querySelector('#replies .picture img').alt")
        .await;
    let alt = alt.as_str().unwrap();
    assert!(alt.contains(words), "{alt}");
    tab.eval("document.querySelector('#replies .picture img').scrollIntoView({block: 'center'})")
        .await;
    let seen = tab
        .eval("(() => { const img = document.querySelector('#replies .picture img'); const box = img.getBoundingClientRect(); return {width: box.width, left: box.left, right: innerWidth - box.right, bent: Math.abs(box.width / box.height - img.naturalWidth / img.naturalHeight)}; })()")
        .await;
    let of = |name: &str| seen[name].as_f64().unwrap();
    assert!(
        of("width") > 240.0 && of("left") >= 0.0 && of("right") >= 0.0,
        "{seen}"
    );
    assert!(of("bent") < 0.02, "its shape is kept: {seen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_picture_of_an_answer_is_seen_and_read_at_every_width() {
    for (name, size, language, ask, dark) in [
        ("desktop", DESKTOP, "fr", "payment est lent", false),
        ("small-phone", SMALL_PHONE, "en", "payment is slow", true),
    ] {
        // One browser each: a page whose demo is gone complains about that.
        let Some(browser) = browser().await else {
            return;
        };
        let house = demo().await;
        let tab = browser.open(&house.url("/"), size, language, dark).await;
        if size == SMALL_PHONE {
            tab.click("#lab-toggle", "").await;
        }
        tab.click(".question", ask).await;
        tab.key("Enter").await;
        tab.read("#replies .message", "512Mi").await;
        pictured(&tab, "512Mi").await;
        check(&tab, name).await;
        keep(&tab, &format!("picture-{name}")).await;
        browser.assert_quiet();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_is_answered_by_itself_and_its_thread_has_the_picture() {
    for (name, size, dark) in [
        ("desktop", DESKTOP, true),
        ("small-phone", SMALL_PHONE, false),
    ] {
        let Some(browser) = browser().await else {
            return;
        };
        let house = with(Some(Duration::from_secs(10))).await;
        // The first alert would be about a missing ConfigMap, which no curve shows: the next one is about memory.
        let repair = json!({ "do": "repair", "workload": "user-service" });
        house.done(repair).await;
        let tab = browser.open(&house.url("/"), size, "en", dark).await;
        tab.click(".channel", "alerts").await;
        tab.read("#messages .attachment", "KubePodCrashLooping")
            .await;
        tab.click("#messages .replies", "").await;
        tab.read("#replies .message", "512Mi").await;
        pictured(&tab, "512Mi").await;
        check(&tab, name).await;
        keep(&tab, &format!("alert-{name}")).await;
        browser.assert_quiet();
    }
}
