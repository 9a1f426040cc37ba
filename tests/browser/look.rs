//! How it looks: every size, language and colour, without anything cut off or unnamed. The pictures
//! go to `target/pictures`; `VIGIE_UPDATE_PICTURE=1` renews the README's.

use std::path::Path;

use serde_json::json;

use super::{Browser, Tab, browser};
use crate::demo::house::{Shown, demo};

const DESKTOP: (u32, u32) = (1280, 800);
const PHONE: (u32, u32) = (390, 844);
/// The README's picture, and its size.
const POSTER: (u32, u32) = (1200, 700);
const README: &str = "deploy/demo.png";
const MOST_BYTES: usize = 200_000;

/// Keeps a picture to look at.
pub(super) async fn keep(tab: &Tab, name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{name}.png")), tab.picture().await).unwrap();
}

/// Nothing is wider than the screen, and everything one can use has a name.
pub(super) async fn check(tab: &Tab, name: &str) {
    let wide = tab
        .eval("[...document.querySelectorAll('body *')].filter((e) => e.offsetParent && !e.closest('.hidden, .skip') && e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 120))")
        .await;
    assert_eq!(wide, json!([]), "{name}: wider than the screen");
    let tree = tab.call("Accessibility.getFullAXTree", json!({})).await;
    let roles = [
        "button",
        "link",
        "textbox",
        "combobox",
        "main",
        "navigation",
        "complementary",
    ];
    let nameless: Vec<String> = tree["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|node| roles.iter().any(|role| node["role"]["value"] == *role))
        .filter(|node| node["ignored"] != true)
        .filter(|node| {
            node["name"]["value"]
                .as_str()
                .unwrap_or_default()
                .trim()
                .is_empty()
        })
        .map(|node| node["role"].to_string())
        .collect();
    assert!(nameless.is_empty(), "{name}: without a name: {nameless:?}");
}

/// The words of one language on the page.
struct Words {
    code: &'static str,
    ask: &'static str,
    take: &'static str,
}

const FRENCH: Words = Words {
    code: "fr",
    ask: "payment est lent",
    take: "Je m'en occupe",
};
const ENGLISH: Words = Words {
    code: "en",
    ask: "payment is slow",
    take: "Acknowledge",
};

async fn desktop(browser: &Browser, house: &Shown, words: &Words, dark: bool) {
    let look = format!(
        "desktop-{}-{}",
        words.code,
        if dark { "dark" } else { "light" }
    );
    let tab = browser
        .open(&house.url("/"), DESKTOP, words.code, dark)
        .await;
    check(&tab, &look).await;
    keep(&tab, &format!("{look}-1-start")).await;
    tab.click(".question", words.ask).await;
    tab.key("Enter").await;
    tab.read("#replies .message", "512Mi").await;
    tab.read("#replies .b-button", words.take).await;
    check(&tab, &look).await;
    keep(&tab, &format!("{look}-2-answer")).await;
    tab.click("#lab-close", "").await;
    check(&tab, &look).await;
    keep(&tab, &format!("{look}-3-wide")).await;
    tab.click("#replies .b-button", words.take).await;
    tab.click("[data-minutes='60']", "").await;
    tab.read("#replies .message", "📟").await;
    keep(&tab, &format!("{look}-4-page")).await;
}

async fn phone(browser: &Browser, house: &Shown, words: &Words, dark: bool) {
    let look = format!(
        "phone-{}-{}",
        words.code,
        if dark { "dark" } else { "light" }
    );
    let tab = browser.open(&house.url("/"), PHONE, words.code, dark).await;
    check(&tab, &look).await;
    keep(&tab, &format!("{look}-1-list")).await;
    tab.click("#lab-toggle", "").await;
    check(&tab, &look).await;
    keep(&tab, &format!("{look}-2-sandbox")).await;
    tab.click(".question", words.ask).await;
    keep(&tab, &format!("{look}-3-question")).await;
    tab.key("Enter").await;
    tab.read("#replies .message", "512Mi").await;
    check(&tab, &look).await;
    keep(&tab, &format!("{look}-4-answer")).await;
    tab.click("#back", "").await;
    tab.wait("document.body.dataset.pane === 'channel'").await;
    tab.click("#back", "").await;
    tab.wait("document.body.dataset.pane === 'list'").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_desk_in_both_languages_and_colours() {
    for (words, dark) in [(FRENCH, false), (ENGLISH, true)] {
        let Some(browser) = browser().await else {
            return;
        };
        let house = demo().await;
        desktop(&browser, &house, &words, dark).await;
        browser.assert_quiet();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_in_both_languages_and_colours() {
    for (words, dark) in [(FRENCH, true), (ENGLISH, false)] {
        let Some(browser) = browser().await else {
            return;
        };
        let house = demo().await;
        phone(&browser, &house, &words, dark).await;
        browser.assert_quiet();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_readmes_picture_is_there_and_small() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(README);
    if std::env::var_os("VIGIE_UPDATE_PICTURE").is_some() {
        let browser = Browser::launch().await.unwrap();
        let house = demo().await;
        let tab = browser.open(&house.url("/"), POSTER, "fr", false).await;
        tab.click(".question", FRENCH.ask).await;
        tab.key("Enter").await;
        tab.read("#replies .b-button", FRENCH.take).await;
        std::fs::write(&path, tab.picture().await).unwrap();
    }
    let picture = std::fs::read(&path).unwrap();
    assert!(picture.starts_with(b"\x89PNG"), "{README} is no PNG");
    assert!(
        picture.len() < MOST_BYTES,
        "{README} has {} bytes",
        picture.len()
    );
    let readme = include_str!("../../README.md");
    assert!(
        readme.contains(&format!("({README})")),
        "the README does not show it"
    );
}
