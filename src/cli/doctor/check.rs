//! One line of the result, and how the lines look together.

use std::fmt::Write as _;

use serde::Serialize;

use crate::text::clean;

/// What a check is about, in the order of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Area {
    Configuration,
    Store,
    Clock,
    Slack,
    Cluster,
    Prometheus,
    Alertmanager,
    Delivery,
}

impl Area {
    fn title(self) -> &'static str {
        match self {
            Self::Configuration => "Configuration",
            Self::Store => "Store",
            Self::Clock => "Clock",
            Self::Slack => "Slack",
            Self::Cluster => "Cluster",
            Self::Prometheus => "Prometheus",
            Self::Alertmanager => "Alertmanager",
            Self::Delivery => "Delivery",
        }
    }
}

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Status {
    /// As it should be.
    Ok,
    /// The bot works, with less.
    Warning,
    /// The bot does not work.
    Failed,
    /// Could not be checked, or is not set up.
    Skipped,
}

/// One line of the result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Check {
    pub area: Area,
    pub status: Status,
    /// What was checked.
    pub name: String,
    /// What was found.
    pub detail: String,
    /// What to do, in one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
}

impl Check {
    pub fn ok(area: Area, name: &str, detail: impl Into<String>) -> Self {
        Self::new(area, Status::Ok, name, detail, None)
    }

    pub fn skipped(area: Area, name: &str, detail: impl Into<String>) -> Self {
        Self::new(area, Status::Skipped, name, detail, None)
    }

    pub fn warning(
        area: Area,
        name: &str,
        detail: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self::new(area, Status::Warning, name, detail, Some(fix.into()))
    }

    pub fn failed(
        area: Area,
        name: &str,
        detail: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self::new(area, Status::Failed, name, detail, Some(fix.into()))
    }

    fn new(
        area: Area,
        status: Status,
        name: &str,
        detail: impl Into<String>,
        fix: Option<String>,
    ) -> Self {
        Self {
            area,
            status,
            name: name.to_owned(),
            detail: detail.into(),
            fix,
        }
    }
}

/// The lines under their areas, and a last line that sums up.
pub(super) fn text(checks: &[Check]) -> String {
    let mut text = String::new();
    let mut area = None;
    for check in checks {
        if area.replace(check.area) != Some(check.area) {
            let _ = writeln!(text, "{}", check.area.title());
        }
        let word = match check.status {
            Status::Ok => "ok",
            Status::Warning => "warning",
            Status::Failed => "FAILED",
            Status::Skipped => "skipped",
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "  {word:<8} {}: {}",
            clean(&check.name),
            clean(&check.detail)
        );
        if let Some(fix) = &check.fix {
            let _ = writeln!(text, "           fix: {fix}");
        }
    }
    let count = |status| checks.iter().filter(|check| check.status == status).count();
    let warnings = count(Status::Warning);
    let _ = writeln!(
        text,
        "\n{} ok, {warnings} warning{}, {} failed, {} skipped",
        count(Status::Ok),
        if warnings == 1 { "" } else { "s" },
        count(Status::Failed),
        count(Status::Skipped)
    );
    text
}
