//! Incidents, read-only: a list, one record, everything as JSON lines. Secrets were taken out before
//! anything was stored.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Shown;
use crate::incident::{Incident, IncidentId, Status};
use crate::store::{Aside, StoreError, put_aside};
use crate::text::Untrusted;

/// What is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// Also those that are over, if they changed in the last so many days.
    #[serde(default)]
    days: Option<u16>,
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The incident's id.
    pub id: String,
    /// Where it stands.
    pub status: Status,
    /// When it was opened (UTC).
    pub opened_at: DateTime<Utc>,
    /// Its environment, when known.
    pub environment: Option<String>,
    /// What was asked first.
    pub question: Untrusted,
    /// When the lead is called next (UTC), if nothing happens.
    pub next_page_at: Option<DateTime<Utc>>,
}

impl Row {
    fn of(incident: &Incident) -> Self {
        Self {
            id: incident.id.as_str().to_owned(),
            status: incident.status.clone(),
            opened_at: incident.opened_at,
            environment: incident.environment.clone(),
            question: incident.ask.text.clone(),
            next_page_at: incident.next_page_at(),
        }
    }
}

/// `GET /admin/incidents[?days=7]`: open incidents, oldest first; with `days`, past ones too.
pub(super) async fn list(
    State(shown): State<Shown>,
    Query(asked): Query<Asked>,
) -> Result<Json<Vec<Row>>, Failed> {
    let incidents = match asked.days {
        None => shown.store.load_live().await?,
        Some(days) => {
            let since = shown.clock.now() - TimeDelta::days(i64::from(days));
            shown.store.load_since(since).await?
        }
    };
    let wanted = |incident: &&Incident| match asked.days {
        None => incident.is_open(),
        Some(_) => incident.is_incident(),
    };
    let mut rows: Vec<Row> = incidents.iter().filter(wanted).map(Row::of).collect();
    rows.sort_by(|a, b| (a.opened_at, &a.id).cmp(&(b.opened_at, &b.id)));
    Ok(Json(rows))
}

/// `GET /admin/incidents/{id}`: one record, whole.
pub(super) async fn show(
    State(shown): State<Shown>,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    Ok(match shown.store.load(&IncidentId::new(id)).await? {
        Some(incident) => Json(incident).into_response(),
        None => (StatusCode::NOT_FOUND, "no such incident\n").into_response(),
    })
}

/// `GET /admin/aside`: arrivals that could not be handled, oldest first.
pub(super) async fn aside(State(shown): State<Shown>) -> Result<Json<Vec<Aside>>, Failed> {
    Ok(Json(put_aside(shown.store.as_ref()).await?))
}

/// `GET /admin/export`: every record, one JSON object a line, oldest first.
pub(super) async fn export(State(shown): State<Shown>) -> Result<Response, Failed> {
    let mut incidents = shown.store.load_since(DateTime::UNIX_EPOCH).await?;
    incidents.sort_by_key(|incident| incident.opened_at);
    let mut lines = String::new();
    for incident in &incidents {
        lines += &serde_json::to_string(incident).map_err(|error| Failed(error.to_string()))?;
        lines.push('\n');
    }
    Ok(([(CONTENT_TYPE, "application/x-ndjson")], lines).into_response())
}

/// The store did not answer; its own words are for the operator, who is the one asking.
pub(super) struct Failed(String);

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        tracing::warn!(
            error = self.0,
            "the administration routes could not read the store"
        );
        (StatusCode::SERVICE_UNAVAILABLE, self.0 + "\n").into_response()
    }
}
