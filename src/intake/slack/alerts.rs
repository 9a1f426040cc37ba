//! Messages of other bots that are alerts: those of senders that the configuration names for their channel, and
//! of nobody else. Names and texts are not looked at here: anyone can type `[FIRING:1]`, and a webhook can
//! call itself what it likes.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::Us;
use crate::incident::{ChannelId, ThreadRef, Ts};

/// A message of a sender of alerts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alerted {
    /// The channel.
    pub channel: ChannelId,
    /// The message; an edit has the `ts` of what it edits.
    pub ts: Ts,
    /// The message as it stands now.
    pub message: Value,
}

impl Alerted {
    /// When it said what it says now: an edit tells of now. Not the time of the event, which also comes when
    /// Slack shows a link.
    #[must_use]
    pub fn said_at(&self) -> Option<DateTime<Utc>> {
        let edited = self.message["edited"]["ts"].as_str().map(Ts::new);
        // Slack counts edits in whole seconds: one in the second of its message is not older than that.
        edited.and_then(|edited| edited.at()).max(self.ts.at())
    }

    /// The thread under the message.
    #[must_use]
    pub fn thread(&self) -> ThreadRef {
        ThreadRef::under(self.channel.clone(), self.ts.clone())
    }
}

/// Reads an event; `None` when it is no message of a sender of alerts, or a reply in some thread (screenshots,
/// further enrichments).
pub(super) fn read(event: &Value, us: &Us) -> Option<Alerted> {
    let message = match event["subtype"].as_str() {
        None | Some("bot_message") => event,
        Some("message_changed") => &event["message"],
        Some(_) => return None,
    };
    let channel = event["channel"].as_str()?;
    if us.wrote(message) || !is_believed(message, channel, us) {
        return None;
    }
    let ts = message["ts"]
        .as_str()
        .filter(|ts| crate::clients::slack::time_of(ts).is_some())?;
    let parent = message["thread_ts"].as_str();
    if parent.is_some_and(|parent| parent != ts) {
        return None;
    }
    Some(Alerted {
        channel: ChannelId::new(channel),
        ts: Ts::new(ts),
        message: message.clone(),
    })
}

fn is_believed(message: &Value, channel: &str, us: &Us) -> bool {
    let ids = ["/bot_id", "/app_id", "/bot_profile/app_id"];
    let ids = ids
        .iter()
        .filter_map(|path| message.pointer(path)?.as_str());
    let senders = us.alert_senders.iter().find(|(id, _)| id == channel);
    let Some((_, senders)) = senders else {
        return false;
    };
    ids.into_iter()
        .any(|id| senders.iter().any(|sender| sender == id))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Inbound, Why};
    use super::*;

    fn us() -> Us {
        Us {
            user_id: "U0BOT".to_owned(),
            bot_id: Some("B0BOT".to_owned()),
            alert_senders: vec![(
                "C0ALERTS".to_owned(),
                vec!["B0AM".to_owned(), "A0GRAFANA".to_owned()],
            )],
            ..Us::default()
        }
    }

    fn event(event: &Value) -> Inbound {
        let envelope =
            json!({"type": "events_api", "payload": {"event_id": "Ev1", "event": event}});
        super::super::read(&envelope, &us())
    }

    fn firing() -> Value {
        json!({"type": "message", "subtype": "bot_message", "channel": "C0ALERTS", "bot_id": "B0AM",
            "ts": "1800000000.000100", "text": "", "attachments": [{"title": "[FIRING:1] payment"}]})
    }

    #[test]
    fn a_named_sender_is_believed_in_its_channel() {
        let Inbound::Alerted(alerted) = event(&firing()) else {
            panic!("{:?}", event(&firing()));
        };
        assert_eq!(alerted.ts, Ts::new("1800000000.000100"));
        let mut by_app = firing();
        by_app["bot_id"] = json!("B0OTHER");
        by_app["bot_profile"] = json!({"app_id": "A0GRAFANA"});
        assert!(matches!(event(&by_app), Inbound::Alerted(_)));
    }

    #[test]
    fn nobody_else_is_whatever_the_message_looks_like() {
        let mut elsewhere = firing();
        elsewhere["channel"] = json!("C0OTHER");
        let mut stranger = firing();
        stranger["bot_id"] = json!("B0EVIL");
        stranger["username"] = json!("Alertmanager");
        for message in [elsewhere, stranger] {
            assert_eq!(event(&message), Inbound::Ignored(Why::Bot));
        }
        let typed = json!({"type": "message", "channel": "C0ALERTS", "user": "U0EVE",
            "ts": "1800000000.000100", "text": "[FIRING:1] payment"});
        assert_eq!(event(&typed), Inbound::Ignored(Why::NotForUs));
        let mut ours = firing();
        ours["bot_id"] = json!("B0BOT");
        assert_eq!(event(&ours), Inbound::Ignored(Why::OurOwn));
    }

    #[test]
    fn an_edit_is_the_message_it_edits_and_a_reply_is_none() {
        let mut message = firing();
        message["attachments"][0]["title"] = json!("[RESOLVED] payment");
        let edit = json!({"type": "message", "subtype": "message_changed", "channel": "C0ALERTS",
            "ts": "1800000300.000100", "message": message, "previous_message": firing()});
        let Inbound::Alerted(alerted) = event(&edit) else {
            panic!("{:?}", event(&edit));
        };
        assert_eq!(alerted.ts, Ts::new("1800000000.000100"));
        assert_eq!(
            alerted.message["attachments"][0]["title"],
            "[RESOLVED] payment"
        );
        assert_eq!(alerted.said_at(), alerted.ts.at(), "a link that is shown");
        let mut edited = edit;
        edited["message"]["edited"] = json!({"user": "B0AM", "ts": "1800000300.000000"});
        let Inbound::Alerted(alerted) = event(&edited) else {
            panic!("{:?}", event(&edited));
        };
        assert_eq!(alerted.said_at(), Ts::new("1800000300.000000").at());
        let mut reply = firing();
        reply["thread_ts"] = json!("1800000000.000001");
        assert_eq!(event(&reply), Inbound::Ignored(Why::Bot));
    }

    #[test]
    fn a_mention_inside_an_alert_is_no_question() {
        let mut mention = firing();
        mention["text"] = json!("<@U0BOT> payment is slow");
        mention["attachments"][0]["text"] = json!("<@U0BOT> resolve");
        assert!(matches!(event(&mention), Inbound::Alerted(_)));
        mention["type"] = json!("app_mention");
        mention["bot_id"] = json!("B0EVIL");
        assert_eq!(event(&mention), Inbound::Ignored(Why::Bot));
    }
}
