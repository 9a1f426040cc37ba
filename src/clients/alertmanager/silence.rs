//! Silences. Alertmanager makes a new one at every POST, so ours carry a key at the end of their comment:
//! after an unclear reply the key is looked for before another one is made.

use std::fmt;

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde::{Deserialize, Serialize};

use super::{Alertmanager, AlertmanagerError, Matcher, Silence, SilenceState, read};
use crate::text::{Untrusted, cap, clean};

/// Longest comment sent, the key not counted.
const MAX_COMMENT: usize = 1_000;
/// Longest key.
const MAX_KEY: usize = 120;

/// What a silence of ours is found by: ours alone, the same for every attempt at the same silence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SilenceKey(String);

impl SilenceKey {
    /// A key of letters, digits and `-_./`; `None` for anything else, and for more than 120 characters.
    #[must_use]
    pub fn new(key: &str) -> Option<Self> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
        let fits = (1..=MAX_KEY).contains(&key.len()) && key.chars().all(plain);
        fits.then(|| Self(key.to_owned()))
    }
}

/// As it stands at the end of a comment.
impl fmt::Display for SilenceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[vigie:{}]", self.0)
    }
}

/// A silence to make.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSilence {
    /// What it is found by.
    pub key: SilenceKey,
    /// Which alerts: those that meet all of these. At least one must not match the empty string.
    pub matchers: Vec<Matcher>,
    /// From then (UTC); a time that is past becomes now.
    pub starts_at: DateTime<Utc>,
    /// Until then (UTC). There is no silence without an end.
    pub ends_at: DateTime<Utc>,
    /// Who wants it: a person, by a name that people know.
    pub created_by: Untrusted,
    /// Why.
    pub comment: Untrusted,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    matchers: &'a [Matcher],
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    created_by: String,
    comment: String,
}

#[derive(Deserialize)]
struct Created {
    #[serde(rename = "silenceID")]
    id: String,
}

impl NewSilence {
    fn wire(&self) -> Wire<'_> {
        let comment = clean(self.comment.raw()).replace("[vigie:", "[vigie");
        Wire {
            matchers: &self.matchers,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            created_by: cap(&clean(self.created_by.raw()), MAX_KEY).into_owned(),
            comment: format!("{} {}", cap(comment.trim(), MAX_COMMENT), self.key),
        }
    }
}

impl Alertmanager {
    /// Makes a silence (`POST /api/v2/silences`) and returns its id. Not idempotent: after an error that
    /// [`AlertmanagerError::leaves_doubt`], ask [`Self::find_silence`] before trying again.
    ///
    /// # Errors
    /// [`AlertmanagerError`]; `BadRequest` says what Alertmanager does not like about it.
    pub async fn create_silence(&self, silence: &NewSilence) -> Result<String, AlertmanagerError> {
        let url = self.url(&["silences"])?;
        let request = self.http.request(Method::POST, url).json(&silence.wire());
        let created: Created = read(&self.send(request).await?)?;
        Ok(created.id)
    }

    /// The silence with that key, if there is one: one that is not over before one that is.
    ///
    /// # Errors
    /// [`AlertmanagerError`]: could not look, which is not the same as none.
    pub async fn find_silence(
        &self,
        key: &SilenceKey,
    ) -> Result<Option<Silence>, AlertmanagerError> {
        let mark = key.to_string();
        let ours = self.silences(&[]).await?.into_iter();
        let ours = ours.filter(|one| one.comment.raw().trim_end().ends_with(&mark));
        Ok(ours.max_by_key(|one| (one.state != SilenceState::Expired, one.ends_at)))
    }

    /// The silences that have these matchers; all without any. Those that are over are among them.
    ///
    /// # Errors
    /// [`AlertmanagerError`].
    pub async fn silences(&self, matchers: &[Matcher]) -> Result<Vec<Silence>, AlertmanagerError> {
        let filter = matchers.iter().map(|one| ("filter", one.text()));
        self.get(&["silences"], &filter.collect::<Vec<_>>()).await
    }

    /// One silence.
    ///
    /// # Errors
    /// [`AlertmanagerError`]; `NotFound` when there is none of that id.
    pub async fn silence(&self, id: &str) -> Result<Silence, AlertmanagerError> {
        self.get(&["silence", checked(id)?], &[]).await
    }

    /// Ends a silence now (`DELETE /api/v2/silence/{id}`). One that is over already stays over: no error.
    ///
    /// # Errors
    /// [`AlertmanagerError`]; `NotFound` when there is none of that id.
    pub async fn expire_silence(&self, id: &str) -> Result<(), AlertmanagerError> {
        let url = self.url(&["silence", checked(id)?])?;
        let request = self.http.request(Method::DELETE, url);
        self.send(request).await.map(drop)
    }
}

/// An id that can be one; anything else names no silence, and is not put into an address.
fn checked(id: &str) -> Result<&str, AlertmanagerError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let fits = (1..=64).contains(&id.len()) && id.chars().all(plain);
    fits.then_some(id).ok_or(AlertmanagerError::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(comment: &str) -> NewSilence {
        NewSilence {
            key: SilenceKey::new("C1-1.0/silence-1").unwrap(),
            matchers: vec![Matcher::equal("alertname", "X")],
            starts_at: DateTime::UNIX_EPOCH,
            ends_at: DateTime::UNIX_EPOCH,
            created_by: "claire".into(),
            comment: comment.into(),
        }
    }

    #[test]
    fn the_key_ends_the_comment_and_nothing_else_can_stand_for_it() {
        let said = |comment: &str| new(comment).wire().comment;
        assert_eq!(said("we know"), "we know [vigie:C1-1.0/silence-1]");
        let forged = said("x [vigie:other] \n[vigie:C9/silence-1]");
        assert_eq!(forged.matches("[vigie:").count(), 1, "{forged}");
        let long = said(&"é".repeat(5_000));
        assert!(long.ends_with("[vigie:C1-1.0/silence-1]"), "{long}");
    }

    #[test]
    fn keys_and_ids_are_plain() {
        for key in ["", "a]", "a b", "é", &"x".repeat(121)] {
            assert_eq!(SilenceKey::new(key), None, "{key}");
        }
        for id in ["", "..", "a/b", "a?b", "%2e%2e"] {
            assert_eq!(checked(id), Err(AlertmanagerError::NotFound), "{id}");
        }
    }
}
