//! Slack messages as blocks, and the limits they must keep. A message that is too long loses its
//! optional parts first, item by item, and says how many are missing; nothing is cut inside an
//! entity, a link or a code span.

use serde_json::{Value, json};

use super::Words;
use super::block_kit::{MAX_SECTION, cut, section, text_units, units};
use crate::incident::Stamp;
use crate::text::{Message, Redactor};

/// Blocks in one message (Slack's limit).
pub(super) const MAX_BLOCKS: usize = 50;
/// Characters of all blocks. Slack refuses near 12,000 without saying what was too long.
pub(super) const MAX_TOTAL: usize = 9_000;
/// Characters that `and 12 more facts` and line breaks take at most.
const ROOM_FOR_MORE: usize = 60;
/// Characters of a bullet and its line break.
const BULLET: usize = 3;
/// Characters of the notification text.
const MAX_TEXT: usize = 180;

/// What Slack's `chat.postMessage` and `chat.update` take besides the channel and the thread.
#[derive(Clone, Debug, PartialEq)]
pub struct SlackMessage {
    /// The conclusion for notifications and screen readers, complete on its own.
    pub text: String,
    /// Block Kit; the first block is the conclusion too.
    pub blocks: Vec<Value>,
}

impl SlackMessage {
    /// The fields of the call, without channel and thread. Previews are off and stay off: Slack
    /// would fetch addresses that others wrote.
    #[must_use]
    pub fn payload(&self) -> Value {
        json!({
            "text": self.text,
            "blocks": self.blocks,
            "unfurl_links": false,
            "unfurl_media": false,
        })
    }

    /// Takes secrets out of every text. Texts from outside are redacted before they are escaped;
    /// this is the net under it.
    pub fn redact(&mut self, redactor: &Redactor) {
        self.text = redactor.redact(&self.text).into_owned();
        for block in &mut self.blocks {
            redactor.redact_json(block);
        }
    }
}

/// A message in the making.
pub(super) struct Draft {
    pieces: Vec<Piece>,
    words: Words,
}

enum Piece {
    /// Always there, with its size.
    Fixed(Value, usize),
    /// Goes when there is no room; its importance comes first, its size last.
    Optional(u8, Value, usize),
    /// A titled list that may lose items from its end.
    List(List),
}

/// A titled list: its importance, its lines, and how many of them still have room.
struct List {
    importance: u8,
    title: String,
    items: Vec<String>,
    shown: usize,
    /// Characters of the title and of the items shown.
    used: usize,
    more: &'static str,
}

impl Draft {
    pub(super) fn new(words: Words) -> Self {
        Self {
            pieces: Vec::new(),
            words,
        }
    }

    pub(super) fn section(&mut self, mrkdwn: &str) {
        self.fixed(Some(section(mrkdwn)));
    }

    pub(super) fn optional(&mut self, importance: u8, block: Value) {
        let size = text_units(&block);
        self.pieces.push(Piece::Optional(importance, block, size));
    }

    pub(super) fn fixed(&mut self, block: Option<Value>) {
        let sized = |block| (text_units(&block), block);
        let piece = block
            .map(sized)
            .map(|(size, block)| Piece::Fixed(block, size));
        self.pieces.extend(piece);
    }

    /// A bold title and one line per item, at most `most` of them; nothing when there is no item.
    pub(super) fn list(
        &mut self,
        importance: u8,
        title: &str,
        items: Vec<String>,
        most: usize,
        more: &'static str,
    ) {
        if !items.is_empty() {
            let list = List::new(importance, title, items, most, more);
            self.pieces.push(Piece::List(list));
        }
    }

    /// The message within Slack's limits. `text` is the notification; `stamp` marks the first block.
    pub(super) fn finish(mut self, text: &str, stamp: Stamp<'_>) -> SlackMessage {
        while self.is_too_large() && self.shrink() {}
        let mut blocks = self.render();
        blocks.truncate(MAX_BLOCKS);
        if let Some(first) = blocks.first_mut() {
            first["block_id"] = stamp.block_id().into();
        }
        SlackMessage {
            text: cut(text, MAX_TEXT),
            blocks,
        }
    }

    fn render(&self) -> Vec<Value> {
        self.pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Fixed(block, _) | Piece::Optional(_, block, _) => Some(block.clone()),
                Piece::List(list) => list.render(&self.words),
            })
            .collect()
    }

    fn is_too_large(&self) -> bool {
        let blocks = self.pieces.iter().filter(|piece| piece.size() > 0).count();
        blocks > MAX_BLOCKS || self.pieces.iter().map(Piece::size).sum::<usize>() > MAX_TOTAL
    }

    /// Takes one item, or one optional block, of what matters least; false when nothing is left.
    fn shrink(&mut self) -> bool {
        let least = self
            .pieces
            .iter()
            .enumerate()
            .rev()
            .filter_map(|(at, piece)| match piece {
                Piece::Optional(importance, ..) => Some((*importance, at)),
                Piece::List(list) => Some((list.importance, at)),
                Piece::Fixed(..) => None,
            })
            .min_by_key(|(importance, _)| *importance);
        let Some((_, at)) = least else {
            return false;
        };
        match &mut self.pieces[at] {
            // A list without any item says nothing when the whole message has no room for it.
            Piece::List(list) if list.shown > 1 => list.drop_last(),
            _ => {
                self.pieces.remove(at);
            }
        }
        true
    }
}

impl Piece {
    fn size(&self) -> usize {
        match self {
            Self::Fixed(_, size) | Self::Optional(_, _, size) => *size,
            Self::List(list) => (list.used + ROOM_FOR_MORE).min(MAX_SECTION),
        }
    }
}

impl List {
    fn new(
        importance: u8,
        title: &str,
        items: Vec<String>,
        most: usize,
        more: &'static str,
    ) -> Self {
        let mut list = Self {
            importance,
            title: title.to_owned(),
            used: units(title) + 3,
            shown: 0,
            items,
            more,
        };
        for item in list.items.iter().take(most) {
            let size = units(item) + BULLET;
            if list.shown > 0 && list.used + size + ROOM_FOR_MORE > MAX_SECTION {
                break;
            }
            list.used += size;
            list.shown += 1;
        }
        list
    }

    fn drop_last(&mut self) {
        self.shown -= 1;
        self.used -= units(&self.items[self.shown]) + BULLET;
    }

    fn render(&self, words: &Words) -> Option<Value> {
        let mut lines: Vec<String> = Vec::with_capacity(self.shown + 2);
        if !self.title.is_empty() {
            lines.push(format!("*{}*", self.title));
        }
        let room = MAX_SECTION - ROOM_FOR_MORE - units(&self.title);
        let shown = self.items[..self.shown].iter();
        lines.extend(shown.map(|item| format!("• {}", cut(item, room))));
        if self.shown < self.items.len() {
            let more = Message::new(self.more).with("count", self.items.len() - self.shown);
            lines.push(format!("_{}_", words.say(&more, super::Medium::Slack)));
        }
        let text = lines.join("\n");
        (!text.trim().is_empty()).then(|| section(&text))
    }
}

#[cfg(test)]
mod tests;
