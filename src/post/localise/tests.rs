//! What sentences look like in each language and medium.

use chrono::TimeZone as _;

use super::*;

fn words(language: Language) -> Words {
    Words::new(
        language,
        Utc.with_ymd_and_hms(2026, 11, 23, 14, 14, 0).unwrap(),
    )
}

fn value(text: &str) -> Message {
    Message::new("value").with("value", text)
}

#[test]
fn code_and_bold_are_written_for_the_medium() {
    let en = words(Language::En);
    assert_eq!(
        en.say(&value("a_b`<!here>"), Medium::Slack),
        "`a_bˋ&lt;!here&gt;`"
    );
    assert_eq!(en.say(&value("a_b`|c"), Medium::Markdown), "`a_bˋ∣c`");
    assert_eq!(en.say(&value("a_b`"), Medium::Text), "a_b`");
    let literal = Message::new("literal").with("text", "a_b *c* <@U1>");
    assert_eq!(en.say(&literal, Medium::Slack), "a_b ∗c∗ &lt;@U1&gt;");
    assert_eq!(
        en.say(&literal, Medium::Markdown),
        "a\\_b \\*c\\* &lt;\\@U1&gt;"
    );
    assert_eq!(en.say(&literal, Medium::Text), "a_b *c* <@U1>");
}

#[test]
fn times_carry_their_date_when_it_is_not_today() {
    let at = |d, h| Utc.with_ymd_and_hms(2026, 11, d, h, 2, 0).unwrap();
    let fr = words(Language::Fr);
    assert_eq!(fr.time(at(23, 14), Medium::Text), "14:02 UTC");
    assert_eq!(fr.time(at(22, 9), Medium::Text), "22 nov. 09:02 UTC");
    assert_eq!(
        fr.time(at(23, 14), Medium::Slack),
        "<!date^1795442520^{time}|14:02 UTC>"
    );
    assert_eq!(
        words(Language::En).time(at(22, 9), Medium::Slack),
        "<!date^1795338120^{date_short_pretty} {time}|22 Nov 09:02 UTC>"
    );
    let old = Utc.with_ymd_and_hms(2025, 1, 2, 3, 4, 5).unwrap();
    assert_eq!(fr.time(old, Medium::Markdown), "2 janv. 2025 03:04 UTC");
}

#[test]
fn lists_are_joined_and_cut() {
    let list = |count: usize| {
        let items: Vec<String> = (1..=count).map(|n| format!("p{n}")).collect();
        Message::new("literal").with("text", items)
    };
    let fr = words(Language::Fr);
    assert_eq!(fr.say(&list(0), Medium::Text), "aucun");
    assert_eq!(fr.say(&list(1), Medium::Text), "p1");
    assert_eq!(fr.say(&list(3), Medium::Text), "p1, p2 et p3");
    assert_eq!(
        fr.say(&list(12), Medium::Text),
        "p1, p2, p3, p4, p5, p6, p7 et 5 autres"
    );
    assert_eq!(
        words(Language::En).say(&list(9), Medium::Text),
        "p1, p2, p3, p4, p5, p6, p7 and 2 more"
    );
}

#[test]
fn an_unknown_id_is_shown_and_not_lost() {
    let message = Message::new("of-a-<later>-version")
        .with("pod", "a`b")
        .with("count", 3);
    assert_eq!(
        words(Language::En).say(&message, Medium::Slack),
        "of-a-&lt;later&gt;-version count=3 pod=aˋb"
    );
}

#[test]
fn nested_messages_keep_their_markup_and_their_escaping() {
    let inner = value("<x>");
    let outer = Message::new("literal").with("text", inner);
    assert_eq!(
        words(Language::En).say(&outer, Medium::Slack),
        "`&lt;x&gt;`"
    );
}

#[test]
fn private_marks_from_outside_do_nothing() {
    let text = "\u{e002}0\u{e001}<!here>\u{e000}";
    let message = Message::new("literal").with("text", text);
    assert_eq!(
        words(Language::En).say(&message, Medium::Slack),
        "0&lt;!here&gt;"
    );
}

#[test]
fn french_has_its_spaces() {
    let message = Message::new("headline-not-found-in")
        .with("name", "a:b ?")
        .with("place", "production");
    let said = words(Language::Fr).say(&Message::new("not-found-nothing"), Medium::Text);
    assert!(!said.contains(" :") && !said.contains(" ?"), "{said}");
    assert!(
        words(Language::Fr)
            .say(&message, Medium::Text)
            .contains("a:b ?"),
        "names are left alone"
    );
    assert_eq!(
        words(Language::Fr).label("confirm-resolve-title"),
        "C'est terminé\u{202f}?"
    );
}

#[test]
fn people_and_links_are_live_only_where_they_may_be() {
    let en = words(Language::En);
    let say = |arg: Arg, medium| en.say(&Message::new("literal").with("text", arg), medium);
    let person = |id: &str| Arg::Person(id.to_owned());
    assert_eq!(say(person("U012AB3CD"), Medium::Slack), "<@U012AB3CD>");
    assert_eq!(say(person("U012AB3CD"), Medium::Text), "@U012AB3CD");
    assert_eq!(
        say(person("channel> <!here"), Medium::Slack),
        "channel&gt; &lt;!here"
    );
    let link = |url: &str, label: &str| Arg::Link {
        url: url.to_owned(),
        label: Box::new(Message::new("literal").with("text", label)),
    };
    assert_eq!(
        say(
            link("https://a.slack.com/p1?x=1&y=2", "thread|<b>"),
            Medium::Slack
        ),
        "<https://a.slack.com/p1?x=1&amp;y=2|thread∣&lt;b&gt;>"
    );
    assert_eq!(
        say(
            link("https://a.example/p", "the [thread]"),
            Medium::Markdown
        ),
        "[the \\[thread\\]](https://a.example/p)"
    );
    assert_eq!(
        say(link("https://a.example/p", "thread"), Medium::Text),
        "thread (https://a.example/p)"
    );
    assert_eq!(say(link("javascript:alert(1)", "x"), Medium::Markdown), "x");
    assert_eq!(
        say(link("https://a.example/>|<!here>", "x"), Medium::Slack),
        "x"
    );
    let in_code = Message::new("value").with("value", person("U012AB3CD"));
    assert_eq!(en.say(&in_code, Medium::Slack), "`@U012AB3CD`");
}
