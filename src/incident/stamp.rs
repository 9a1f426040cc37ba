//! The id of a message's first block, by which a later process knows the message again.

use super::trace::OBJECT;

/// Characters of a block id (Slack's limit).
const MAX_BLOCK_ID: usize = 255;

/// Which message of ours it is, how often it was edited, and how its incident stood then. All three
/// stand in the id of its first block: the key lets a later process find out whether the message
/// arrived, the version makes Slack drop the state of old inputs, and the trace lets a process that
/// lost its store take the incident up again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp<'a> {
    /// Idempotency key of the message.
    pub key: &'a str,
    /// Grows with each edit.
    pub version: u64,
    /// [`super::Trace::text`]; none where no incident is behind it.
    pub trace: Option<&'a str>,
}

impl<'a> Stamp<'a> {
    /// The id of the first block: `vigie:<key>:<version>[:<trace>]`. Of a trace without room the object
    /// is left out, or all of it.
    #[must_use]
    pub fn block_id(&self) -> String {
        let version = format!(":{}", self.version);
        let room = MAX_BLOCK_ID - "vigie:".len() - version.len();
        let key: String = self.key.chars().take(room).collect();
        let id = format!("vigie:{key}{version}");
        let fits = |trace: &&str| id.chars().count() + 1 + trace.len() <= MAX_BLOCK_ID;
        let whole = self.trace.filter(fits);
        let short = || {
            let (short, _) = self.trace?.split_once(OBJECT)?;
            Some(short).filter(fits)
        };
        match whole.or_else(short) {
            Some(trace) => format!("{id}:{trace}"),
            None => id,
        }
    }

    /// What a block id of ours says; `None` for any other.
    #[must_use]
    pub fn parse(block_id: &'a str) -> Option<Self> {
        let (rest, last) = block_id.strip_prefix("vigie:")?.rsplit_once(':')?;
        if let Ok(version) = last.parse() {
            return Some(Self {
                key: rest,
                version,
                trace: None,
            });
        }
        let (key, version) = rest.rsplit_once(':')?;
        Some(Self {
            key,
            version: version.parse().ok()?,
            trace: Some(last),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_found_again_in_the_block_id() {
        for key in ["inc_1/page/2", "a:b:c", ""] {
            for trace in [None, Some("production.1.1700000000.open")] {
                let stamp = Stamp {
                    key,
                    version: 12,
                    trace,
                };
                assert_eq!(Stamp::parse(&stamp.block_id()), Some(stamp));
            }
        }
        let long = "k".repeat(400);
        assert!(
            Stamp {
                key: &long,
                version: u64::MAX,
                trace: Some("production.1.1700000000.open"),
            }
            .block_id()
            .len()
                <= MAX_BLOCK_ID
        );
        let object = format!(
            "production.1.1700000000.open{OBJECT}Deployment_production_{}",
            "n".repeat(250)
        );
        let id = Stamp {
            key: "C1-1.0/answer-1",
            version: 3,
            trace: Some(&object),
        }
        .block_id();
        assert_eq!(
            Stamp::parse(&id).unwrap().trace,
            Some("production.1.1700000000.open")
        );
        for other in ["x", "vigie:nothing", "vigie:a:b", "other:a:1"] {
            assert_eq!(Stamp::parse(other), None);
        }
    }
}
