//! What a person does on the page, from the question to the lead.

use std::time::Duration;

use serde_json::json;

use super::{Tab, browser};
use crate::demo::house::{INCIDENTS, demo, with};

const DESKTOP: (u32, u32) = (1280, 800);
const QUESTION: &str = "@devops Service payment est lent en production";

/// One answer, edited in place, and its picture; the answer's first line is in view all the same.
async fn answered_in_view(tab: &Tab) {
    let answers = "[...document.querySelectorAll('#replies .message:not(:has(.picture))')]";
    tab.wait("document.querySelector('#replies .picture')")
        .await;
    assert_eq!(tab.eval(&format!("{answers}.length")).await, 2);
    tab.wait(&format!(
        "(() => {{ const m = {answers}.at(-1).getBoundingClientRect(); const p = document.querySelector('#replies').getBoundingClientRect(); return m.top >= p.top - 2 && m.top < p.bottom; }})()"
    ))
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_question_to_the_lead() {
    let Some(browser) = browser().await else {
        return;
    };
    let house = demo().await;
    let alice = browser.open(&house.url("/"), DESKTOP, "fr-FR", false).await;
    assert_eq!(alice.eval("document.documentElement.lang").await, "fr");
    // A suggested question goes into the field, Enter sends it, the thread opens by itself.
    alice.click(".question", "payment est lent").await;
    alice.wait("document.activeElement.id === 'text'").await;
    assert_eq!(alice.eval("document.activeElement.value").await, QUESTION);
    alice.key("Enter").await;
    alice.read("#replies .message", "512Mi").await;
    answered_in_view(&alice).await;
    alice.read("#live", "payment-service").await;
    alice.click("#replies .b-button", "Je m'en occupe").await;
    alice.read("#replies .message", "s'en occupe. Si").await;
    // The lead has another tab, in English; nothing calls yet.
    let lead = browser
        .open(&house.url("/?as=lead"), DESKTOP, "en-GB", true)
        .await;
    assert_eq!(
        lead.eval("document.querySelectorAll('.count').length")
            .await,
        0
    );
    alice.click("[data-minutes='60']", "+1 h").await;
    lead.read(".channel.unread", "devops").await;
    lead.wait("document.title.startsWith('(')").await;
    alice.read("#replies .message", "📟").await;
    // The page's link leads to the thread; back in the direct message, nothing is unread any more.
    lead.click(".channel", "devops").await;
    lead.read("#messages .message", "📟").await;
    lead.click("#messages .message a", "").await;
    lead.read("#replies .message", "512Mi").await;
    lead.click(".channel", "devops").await;
    lead.wait("!document.querySelector('.channel.unread')")
        .await;
    // The lead resolves there, after one question.
    lead.click("#messages .b-button", "R").await;
    lead.wait("document.querySelector('dialog').open").await;
    lead.click("dialog button.primary", "").await;
    house
        .wait(|scene| {
            let thread = scene.messages.iter().filter(|one| one.channel == INCIDENTS);
            thread
                .filter(|one| one.from_bot())
                .find(|one| {
                    let text = one.visible();
                    text.contains("@U0LEAD") && text.to_lowercase().contains("résolu")
                })
                .cloned()
        })
        .await;
    alice.read("#replies .message", "ésolu").await;
    browser.assert_quiet();
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_and_long_messages_are_text_on_the_page_too() {
    let Some(browser) = browser().await else {
        return;
    };
    let house = demo().await;
    let bob = browser
        .open(&house.url("/?as=bob"), DESKTOP, "en-US", false)
        .await;
    let evil = "<script>document.title='pwned'</script><img src=x onerror=alert(1)> <!channel> javascript:alert(1)";
    bob.eval("document.querySelector('#text').focus()").await;
    bob.type_text(evil).await;
    bob.key("Enter").await;
    bob.read("#messages .message", evil).await;
    let foreign =
        "document.querySelectorAll('#messages script, #messages img, #messages .mention').length";
    assert_eq!(bob.eval(foreign).await, 0);
    // What another app sends: a script behind a link, a colour that is none, a block nobody knows.
    let attachment = json!({
        "color": "red;background:url(http://a.example)", "title": "<b>x</b>",
        "title_link": "javascript:alert(1)", "text": "<javascript:alert(2)|click> *bold* `<i>`",
    });
    let slack = &house.demo.world.slack;
    slack.post_as_bot("#incidents", "B0EVIL", "", vec![attachment]);
    bob.read("#messages .attachment", "<b>x</b>").await;
    bob.read("#messages .attachment", "click bold").await;
    assert_eq!(
        bob.eval(
            "document.querySelectorAll('#messages .attachment a, #messages .attachment b').length"
        )
        .await,
        0
    );
    house.ask("bob", &"long ".repeat(7_999)).await;
    bob.click("#messages button.link", "See more").await;
    bob.wait(
        "document.querySelector('#messages button.link').getAttribute('aria-expanded') === 'true'",
    )
    .await;
    let wide = "document.documentElement.scrollWidth > innerWidth || document.querySelector('#messages').scrollWidth > document.querySelector('#messages').clientWidth";
    assert_eq!(bob.eval(wide).await, false);
    assert_eq!(bob.eval("document.title").await, "#incidents – vigie");
    browser.assert_quiet();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_in_the_middle_and_a_killed_bot() {
    let Some(browser) = browser().await else {
        return;
    };
    let house = demo().await;
    let alice = browser.open(&house.url("/"), DESKTOP, "en-US", false).await;
    alice.click(".question", "payment is slow").await;
    alice.key("Enter").await;
    alice
        .wait("document.querySelector('#replies .message')")
        .await;
    alice.call("Page.reload", json!({})).await;
    alice.read("#replies .message", "512Mi").await;
    alice.click("#bot-toggle", "Kill").await;
    alice.read("#bot-state", "dead").await;
    alice
        .eval("document.querySelector('#reply-text').focus()")
        .await;
    alice.type_text("@devops et maintenant ?").await;
    alice.key("Enter").await;
    alice.read("#replies .message", "et maintenant").await;
    alice.click("#bot-toggle", "Start").await;
    alice.read("#bot-state", "listens").await;
    // What was said while it was dead gets its answer.
    alice
        .wait("[...document.querySelectorAll('#replies .message')].filter((one) => one.innerText.includes('512Mi')).length === 2")
        .await;
    // Repaired in the drawer, the next answer says so.
    alice
        .click("#incidents .change", "raise the memory limit")
        .await;
    alice.read("#incidents .incident", "repaired").await;
    alice.click("#replies .b-button", "Run again").await;
    alice
        .read("#replies .message", "🟢 payment-service is healthy")
        .await;
    browser.assert_quiet();
}

#[tokio::test(flavor = "multi_thread")]
async fn by_keyboard_alone() {
    let Some(browser) = browser().await else {
        return;
    };
    let house = demo().await;
    let alice = browser.open(&house.url("/"), DESKTOP, "en-US", false).await;
    alice
        .eval("document.querySelector('.channel').focus()")
        .await;
    alice.key("ArrowDown").await;
    alice.key("ArrowDown").await;
    assert_eq!(
        alice.eval("document.activeElement.innerText.trim()").await,
        "# incidents"
    );
    alice.key("Enter").await;
    // Tab reaches the field, and shows where it is.
    let mut steps = 0;
    while alice.eval("document.activeElement.id").await != "text" {
        alice.key("Tab").await;
        steps += 1;
        assert!(steps < 40, "Tab does not reach the message field");
    }
    alice.type_text(QUESTION).await;
    alice.key("Enter").await;
    alice.read("#replies .message", "512Mi").await;
    alice
        .wait("document.activeElement.id === 'reply-text'")
        .await;
    alice.key("Escape").await;
    alice.wait("document.querySelector('#thread').hidden").await;
    alice
        .wait("document.activeElement.classList.contains('replies')")
        .await;
    alice.key("Enter").await;
    alice
        .wait("!document.querySelector('#thread').hidden")
        .await;
    browser.assert_quiet();
}

#[tokio::test(flavor = "multi_thread")]
async fn language_and_colours_are_kept_and_an_ended_demo_says_so() {
    let Some(browser) = browser().await else {
        return;
    };
    let house = demo().await;
    // Somebody who does not exist has no screen: Alice's is shown.
    let tab = browser
        .open(&house.url("/?as=nobody"), DESKTOP, "en-US", false)
        .await;
    let whose = tab.eval("document.querySelector('#viewer').value").await;
    assert_eq!(whose, "alice");
    let ground = "getComputedStyle(document.body).backgroundColor";
    let light = tab.eval(ground).await;
    tab.click("#language", "Français").await;
    tab.click("#theme", "Sombre").await;
    tab.read("#lab-title", "Bac à sable").await;
    assert_ne!(tab.eval(ground).await, light);
    let dark = tab.eval(ground).await;
    tab.call("Page.reload", json!({})).await;
    tab.read("#lab-title", "Bac à sable").await;
    assert_eq!(tab.eval(ground).await, dark);
    assert_eq!(tab.eval("document.documentElement.lang").await, "fr");
    browser.assert_quiet();
    house.demo.stop().await;
    tab.read("#bot-state", "La démo est terminée").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reactions_edits_and_an_alert_that_one_asks_about() {
    let Some(browser) = browser().await else {
        return;
    };
    let house = with(Some(Duration::ZERO)).await;
    let bob = browser
        .open(&house.url("/?as=bob"), DESKTOP, "en-US", false)
        .await;
    house.ask("alice", "who takes payment?").await;
    bob.read("#messages .message", "who takes payment").await;
    bob.click("#messages .tools button", "👀").await;
    bob.read("#messages .chip.own", "👀 1").await;
    bob.click("#messages .chip", "👀").await;
    bob.wait("!document.querySelector('#messages .chip')").await;
    // One's own message only.
    assert_eq!(
        bob.eval("document.querySelectorAll('.tools [aria-label=Edit]').length")
            .await,
        0
    );
    bob.eval("document.querySelector('#text').focus()").await;
    bob.type_text("i do").await;
    bob.key("Enter").await;
    bob.click("#messages .tools [aria-label=Edit]", "").await;
    bob.type_text(", in five minutes").await;
    bob.key("Enter").await;
    bob.read("#messages .message", "(edited)").await;
    bob.read("#messages .message", "i do, in five minutes")
        .await;
    bob.click("#messages .tools [aria-label=Delete]", "").await;
    bob.wait("document.querySelectorAll('#messages .message').length === 1")
        .await;
    bob.click(".channel", "alerts").await;
    bob.read(
        "#messages .attachment",
        "[FIRING:1] production (KubeContainerWaiting",
    )
    .await;
    bob.click("#messages .tools [aria-label='Reply in thread']", "")
        .await;
    bob.wait("document.activeElement.id === 'reply-text'").await;
    bob.type_text("@devops why does user-service not start in production?")
        .await;
    bob.key("Enter").await;
    bob.read("#replies .message", "user-service-config").await;
    browser.assert_quiet();
}
