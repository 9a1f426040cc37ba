//! The names of one installation: environments and the bot itself. Filled from `vigie.yaml` and
//! Slack's `auth.test`; everything in it may be empty.

use serde::{Deserialize, Serialize};

/// What the words of a question are matched against, besides the built-in word lists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vocabulary {
    /// Environments of `vigie.yaml`, in its order.
    pub environments: Vec<EnvironmentWords>,
    /// Slack user ids of the bot: their mentions are dropped from the text.
    pub bot_user_ids: Vec<String>,
    /// Names people write for the bot without a mention, without `@`: `devops`, `vigie`.
    pub bot_names: Vec<String>,
}

/// How people call one environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnvironmentWords {
    /// Its name in `vigie.yaml`; an [`Ask`](super::Ask) gives this one, however it was written.
    pub name: String,
    /// Other words for it, besides the usual ones of its sort (prod, preprod, recette, …).
    pub aliases: Vec<String>,
    /// Its namespaces; empty means any namespace.
    pub namespaces: Vec<String>,
}
