//! A playbook as it is written: every value keeps its place, so that a wrong one can be pointed at. The
//! JSON Schema for editors (`deploy/playbook.schema.json`) is made from these types.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_saphyr::Spanned;

use crate::finding::{Kind, Symptom};

/// A piece of text and its place.
pub(super) type Text = Spanned<String>;

/// A playbook: when it applies, what to ask Prometheus, what to say. One file each, `<name>.yaml`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "vigie playbook")]
pub(super) struct File {
    /// Its name, the same as the file's: lower-case letters, digits and `-`. A file of a built-in playbook's name replaces that one.
    #[schemars(with = "String", required)]
    pub name: Option<Text>,
    /// What it is about, shown by `vigie playbook list` and in the JSON report.
    #[schemars(with = "FileWords", required)]
    pub title: Option<Spanned<FileWords>>,
    /// When it applies. Without it: always.
    pub when: Option<FileWhen>,
    /// Numbers to ask Prometheus for, at most 8. All playbooks of one investigation together ask 8.
    #[schemars(with = "Vec<FileQuery>")]
    pub queries: Vec<Spanned<FileQuery>>,
    /// Notes that are added to the answer while their condition holds, at most 20.
    #[schemars(with = "Vec<FileRule>")]
    pub rules: Vec<Spanned<FileRule>>,
    /// What to look at next, in this order, at most 6; said only when no cause was found or nothing could be read. Texts may use `{ $namespace }`, `{ $workload }` and the trusted labels of the alert.
    #[schemars(with = "Vec<FileWords>")]
    pub next: Vec<Spanned<FileWords>>,
    /// Runbooks, at most 5; shown unless everything is as it should be.
    #[schemars(with = "Vec<FileLink>")]
    pub links: Vec<Spanned<FileLink>>,
    /// Alerts it answers, at most 40: an alert is known by its name, an alias, or a name that differs in prefix, case or separators only. The row says what the alert is about and what is done first.
    #[schemars(with = "Vec<FileAlert>")]
    pub alerts: Vec<Spanned<FileAlert>>,
    /// What its alerts have in common; a row that says it itself goes first.
    pub every: Option<FileEvery>,
    /// When its alerts fire although nothing is wrong, at most 4; said when an alert fires and all is well.
    #[schemars(with = "Vec<FileWords>")]
    pub harmless: Vec<Spanned<FileWords>>,
}

/// A text in both languages, in Fluent syntax: `{ $name }` is a variable, `` `x` `` is code, `*x*` is bold.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileWords {
    /// In English, at most 400 characters.
    #[schemars(with = "String", required)]
    pub en: Option<Text>,
    /// In French, at most 400 characters.
    #[schemars(with = "String", required)]
    pub fr: Option<Text>,
}

/// When a playbook applies: both lists have to match, an empty list matches anything.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileWhen {
    /// What the asker says is wrong.
    #[schemars(with = "Vec<Symptom>")]
    pub symptoms: Vec<Text>,
    /// Kind of the object asked about, or of the workload behind it.
    #[schemars(with = "Vec<Kind>")]
    pub kinds: Vec<Text>,
    /// Patterns of metrics (`kube_deployment_*`): an alert of no row whose rule, as Prometheus tells it, uses one of them is answered by this playbook. The closest pattern wins.
    #[schemars(with = "Vec<String>")]
    pub metrics: Vec<Text>,
    /// Labels (`persistentvolumeclaim`): an alert that neither its name nor its rule tells is answered by this playbook when it has one of them.
    #[schemars(with = "Vec<String>")]
    pub labels: Vec<Text>,
}

/// One alert.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileAlert {
    /// Its name, as the rules write it.
    #[schemars(with = "String", required)]
    pub name: Option<Text>,
    /// Other names of the same condition; `*` stands for any letters.
    #[schemars(with = "Vec<String>")]
    pub aliases: Vec<Text>,
    /// Labels that have to be there: for a family whose alerts have names of their own (`sloth_service`).
    #[schemars(with = "Vec<String>")]
    pub with: Vec<Text>,
    /// How its subject is found, the surest way first: `deployment`, `pod`, `node` and their like read the label of that name and `namespace`; `pod=exported_pod@exported_namespace` reads others; `namespace`, `instance` (the node behind a scrape address), `address` (what a probe calls), `named=app` (a name to look for), `cluster`, `nothing`. Labels that stand in none of them are not trusted. When no way leads anywhere: the cluster.
    #[schemars(with = "Vec<String>")]
    pub about: Vec<Text>,
    /// Further labels that may be trusted: placeholders of the expression, variables of the texts.
    #[schemars(with = "Vec<String>")]
    pub labels: Vec<Text>,
    /// What a person would have said: the look is the one for these symptoms, and their playbooks come after this one.
    #[schemars(with = "Vec<Symptom>")]
    pub symptoms: Vec<Text>,
    /// What it means, a sentence or two in English, for its page in the documentation.
    #[schemars(with = "String")]
    pub means: Option<Text>,
    /// What an on-call engineer does first, said first where no cause was found. Variables: `{ $namespace }`, `{ $workload }` and the trusted labels (`{ $pod }`).
    #[schemars(with = "FileWords", required)]
    pub first: Option<Spanned<FileWords>>,
    /// When it fires although nothing is wrong.
    #[schemars(with = "FileWords")]
    pub harmless: Option<Spanned<FileWords>>,
    /// Its public runbook: `https://…`. Only a page that is there.
    #[schemars(with = "String")]
    pub runbook: Option<Text>,
    /// The number behind it, shown beside those of a day and of seven days ago: as `promql` of a query, with `{{ labels.pod }}` for the value of a trusted label. In conditions it is `metrics.key`, `metrics.key_yesterday`, `metrics.key_last_week`.
    #[schemars(with = "String")]
    pub promql: Option<Text>,
    /// How the number is shown.
    #[schemars(with = "Unit")]
    pub unit: Option<Text>,
    /// Whether somebody is called: `policy` (by environment and severity), `never`, `at-once`.
    #[schemars(with = "String")]
    pub escalation: Option<Text>,
}

/// What the alerts of a playbook have in common.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileEvery {
    /// As of an alert.
    #[schemars(with = "Vec<String>")]
    pub about: Vec<Text>,
    /// As of an alert.
    #[schemars(with = "Vec<String>")]
    pub labels: Vec<Text>,
    /// As of an alert.
    #[schemars(with = "Vec<Symptom>")]
    pub symptoms: Vec<Text>,
    /// As of an alert.
    #[schemars(with = "Unit")]
    pub unit: Option<Text>,
    /// As of an alert.
    #[schemars(with = "String")]
    pub escalation: Option<Text>,
}

/// One number from Prometheus: the highest value of the series the expression gives, at the time of the question. No series: no number, which is not zero.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileQuery {
    /// Its name in conditions (`metrics.<name>`) and texts (`{ $name }`): lower-case letters, digits and `_`.
    #[schemars(with = "String", required)]
    pub name: Option<Text>,
    /// The expression, at most 1,000 characters. Inside its double-quoted strings `{{ namespace }}`, `{{ workload }}` and `{{ node }}` stand for the names of the object, `{{ labels.pod }}` for a trusted label of the alert, and `{{ pods }}`, after `=~`, for a pattern that matches the pods of the workload. A query whose names are not known (a question about a whole namespace) is not asked.
    #[schemars(with = "String", required)]
    pub promql: Option<Text>,
    /// How the number is shown.
    #[schemars(with = "Unit", required)]
    pub unit: Option<Text>,
}

/// How a number is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// A whole number; a text may choose a plural by it.
    Count,
    /// A number with up to two decimals.
    Number,
    /// A share from 0 to 1, shown as a percentage.
    Ratio,
    /// Bytes, shown as `512Mi`.
    Bytes,
    /// Seconds.
    Seconds,
    /// CPUs, shown as `250m`.
    Cores,
}

impl Unit {
    /// Every unit and its word.
    pub(super) const ALL: [(&'static str, Self); 6] = [
        ("count", Self::Count),
        ("number", Self::Number),
        ("ratio", Self::Ratio),
        ("bytes", Self::Bytes),
        ("seconds", Self::Seconds),
        ("cores", Self::Cores),
    ];
}

/// A note and its condition.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileRule {
    /// Its name: lower-case letters, digits and `-`.
    #[schemars(with = "String", required)]
    pub name: Option<Text>,
    /// When the note is said: an expression of CEL (Common Expression Language) that gives true or false, at most 500 characters, 24 operators and 8 brackets, without loops (`exists`, `all`, `map`, `filter`). It sees: `metrics.<query>` (double; missing where Prometheus gave nothing), `pods.total`, `pods.ready`, `pods.restarts` (int, of the workload's pods; missing where they could not be read), `replicas.wanted`, `replicas.ready` (int; missing likewise), `verdict` (string: cause-found, healthy, recovered, expected, unknown, could-not-look), `causes` (list of codes of the root causes), `findings` (list of codes of everything found), `symptoms` (list of codes of what was asked), `kind` (string: kind of the object, empty for a wide question), `alert` (string: name of the row, empty without an alert). A condition that needs something missing does not hold; `has(metrics.x)` asks whether it is there.
    #[schemars(with = "String", required)]
    pub when: Option<Text>,
    /// What is said, one sentence or two. Variables: every query's name, `$pods_total`, `$pods_ready`, `$pods_restarts`, `$replicas_wanted`, `$replicas_ready`, `$namespace`, `$workload`, and the trusted labels of the alert. A note that needs something missing is not said.
    #[schemars(with = "FileWords", required)]
    pub say: Option<Spanned<FileWords>>,
}

/// A runbook.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileLink {
    /// What it is called.
    #[schemars(with = "FileWords", required)]
    pub title: Option<Spanned<FileWords>>,
    /// `https://…` or `http://…`, without a login.
    #[schemars(with = "String", required)]
    pub url: Option<Text>,
}

/// The JSON Schema of a playbook, for editors (`deploy/playbook.schema.json`).
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(File).to_value()
}
