//! What senders leave out of their messages: Alertmanager tells no more alerts of a group at once than
//! `max_alerts`, and how many more there are. They are asked for where that can be done, and said either way.

use serde::{Deserialize, Serialize};

use super::Incident;
use crate::alert::{Labels, Sender};

/// Groups that are remembered for one incident.
const KEPT: usize = 20;

/// The alerts of one group that its sender left out of its newest message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cut {
    /// The environment and what the sender calls the group: two Alertmanagers may call theirs the same.
    pub group: String,
    /// Who left them out.
    pub sender: Sender,
    /// The labels it groups by, and whom it told: what the missing ones are asked for with.
    pub labels: Labels,
    /// See [`crate::alert::Group::receiver`].
    pub receiver: Option<String>,
    /// How many; those that ended are among them.
    pub count: u64,
    /// How many of them fire, as its API says; `None`: nobody could be asked.
    pub found: Option<u64>,
}

impl Incident {
    /// What was left out of a group's newest message.
    #[must_use]
    pub fn cut_of(&self, group: &str) -> Option<&Cut> {
        self.cut.iter().find(|cut| cut.group == group)
    }

    /// Takes in what the newest message of a group left out; false when that is known.
    pub(super) fn leave_out(&mut self, cut: Cut) -> bool {
        let known = self.cut.iter().position(|one| one.group == cut.group);
        match known {
            Some(at) if self.cut[at] == cut => return false,
            Some(at) if cut.count == 0 => drop(self.cut.remove(at)),
            Some(at) => self.cut[at] = cut,
            None if cut.count == 0 || self.cut.len() >= KEPT => return false,
            None => self.cut.push(cut),
        }
        true
    }
}
