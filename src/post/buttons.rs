//! The buttons under an answer, by what they do.

use crate::incident::ButtonAction;
use crate::text::{Arg, Message};

use super::block_kit::{Button, Style};

/// The button of an action. `id` is the random id that Slack gives back; `lead` is who is called on an
/// escalation; none when nobody can be.
#[must_use]
pub fn button(action: &ButtonAction, id: &str, lead: Option<Arg>) -> Button {
    let confirm_resolve = || {
        (
            Message::new("confirm-resolve-title"),
            Message::new("confirm-resolve"),
        )
    };
    let (code, label, style, confirm) = match action {
        ButtonAction::Acknowledge => ("acknowledge", "button-acknowledge", Style::Primary, None),
        ButtonAction::Resolve => (
            "resolve",
            "button-resolve",
            Style::Plain,
            Some(confirm_resolve()),
        ),
        ButtonAction::Escalate => (
            "escalate",
            "button-escalate",
            Style::Danger,
            Some(confirm_escalate(lead)),
        ),
        ButtonAction::RunAgain => ("run-again", "button-run-again", Style::Plain, None),
        ButtonAction::Silence => (
            "silence",
            "button-silence",
            Style::Plain,
            Some((
                Message::new("confirm-silence-title"),
                Message::new("confirm-silence"),
            )),
        ),
        ButtonAction::WrongAnswer => ("wrong-answer", "button-wrong-answer", Style::Plain, None),
        ButtonAction::Choose(choice) => {
            let label = Message::new("literal").with("text", &choice.label);
            return made("choose", id, label, Style::Plain, None);
        }
    };
    made(code, id, Message::new(label), style, confirm)
}

fn confirm_escalate(lead: Option<Arg>) -> (Message, Message) {
    let question = match lead {
        Some(lead) => Message::new("confirm-escalate").with("lead", lead),
        None => Message::new("confirm-escalate-nobody"),
    };
    (Message::new("confirm-escalate-title"), question)
}

fn made(
    action: &str,
    id: &str,
    label: Message,
    style: Style,
    confirm: Option<(Message, Message)>,
) -> Button {
    Button {
        action: action.to_owned(),
        id: id.to_owned(),
        label,
        style,
        confirm,
    }
}
