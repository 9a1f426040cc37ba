//! A `SonarQube` server: projects, the quality gates of their branches, their last analysis. It is told what there is in
//! the words of a case (`sonarqube:`). One before 10.0 takes the token as the user of Basic only.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::{self, Faults, Wire};
use super::kube::percent_decode;
use super::server::Server;
use crate::clock::Clock;

/// The token that may browse.
pub const TOKEN: &str = "squ_FAKE0000000000000000000000000000000000";

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Model {
    gates: Vec<Gate>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Gate {
    project: String,
    branch: Option<String>,
    status: String,
    analysed: Option<DateTime<Utc>>,
    conditions: Vec<Unmet>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Unmet {
    metric: String,
    comparator: String,
    threshold: String,
    actual: String,
}

#[derive(Debug)]
struct Inner {
    state: Mutex<Stand>,
    clock: Clock,
}

#[derive(Debug, Default)]
struct Stand {
    model: Model,
    old: bool,
    faults: Faults<String, Wire>,
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, Stand> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The running server.
#[derive(Debug)]
pub struct Sonar {
    inner: Arc<Inner>,
    server: Server,
}

impl Sonar {
    /// Starts one that holds what a case says: `gates`.
    ///
    /// # Errors
    /// When the value is no such thing, or no loopback port can be bound.
    pub fn start(clock: Clock, told: Value) -> io::Result<Self> {
        let model = serde_json::from_value(told).map_err(io::Error::other)?;
        let state = Mutex::new(Stand {
            model,
            ..Stand::default()
        });
        let inner = Arc::new(Inner { state, clock });
        let router = Router::new()
            .fallback(handle)
            .with_state(Arc::clone(&inner));
        let server = Server::start(router)?;
        Ok(Self { inner, server })
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Takes no bearer tokens, as before 10.0.
    pub fn make_old(&self) {
        self.inner.lock().old = true;
    }

    /// Requests whose path contains `part` meet this.
    pub fn fault(&self, part: &str, fault: Wire) {
        self.inner.lock().faults.plan(part.to_owned(), fault, None);
    }
}

async fn handle(State(inner): State<Arc<Inner>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let planned = inner
        .lock()
        .faults
        .take(|part, _| path.contains(part.as_str()));
    if let Some(wire) = planned
        && let Some(response) = wire.play(&inner.clock).await
    {
        return response;
    }
    let query = request.uri().query().unwrap_or_default().replace('+', " ");
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let query: Vec<(String, String)> = pairs
        .map(|(name, value)| (percent_decode(name), percent_decode(value)))
        .collect();
    let known = is_known(request.headers(), inner.lock().old);
    let (status, body) = answer(&inner.lock().model, &path, &query, known);
    fault::json(status, &body)
}

fn is_known(headers: &HeaderMap, old: bool) -> bool {
    let bearer = format!("Bearer {TOKEN}");
    let basic = format!("Basic {}", STANDARD.encode(format!("{TOKEN}:")));
    headers
        .get(header::AUTHORIZATION)
        .is_some_and(|sent| (sent == bearer.as_str() && !old) || sent == basic.as_str())
}

fn answer(
    model: &Model,
    path: &str,
    query: &[(String, String)],
    known: bool,
) -> (StatusCode, Value) {
    let get = |name: &str| {
        let found = query.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    };
    if path == "/api/authentication/validate" {
        return (StatusCode::OK, json!({ "valid": known }));
    }
    if !known {
        return (StatusCode::UNAUTHORIZED, json!({}));
    }
    let of = |project: Option<&str>| {
        let all = model.gates.iter();
        all.filter(|gate| Some(gate.project.as_str()) == project)
            .collect::<Vec<_>>()
    };
    match path {
        "/api/components/search" => (
            StatusCode::OK,
            projects(model, get("q").unwrap_or_default()),
        ),
        "/api/qualitygates/project_status" => {
            let gates = of(get("projectKey"));
            let branch = get("branch");
            let found = gates.iter().find(|gate| match branch {
                Some(branch) => gate.branch.as_deref() == Some(branch),
                None => gate
                    .branch
                    .as_deref()
                    .is_none_or(|it| it == "main" || it == "master"),
            });
            found.map_or_else(missing, |gate| (StatusCode::OK, status(gate)))
        }
        "/api/ce/component" => {
            let gates = of(get("component"));
            let when = gates.iter().filter_map(|gate| gate.analysed).max();
            let current = when.map(|when| {
                let when = when.format("%Y-%m-%dT%H:%M:%S%z").to_string();
                json!({ "status": "SUCCESS", "executedAt": when })
            });
            (StatusCode::OK, json!({ "queue": [], "current": current }))
        }
        _ => missing(),
    }
}

fn missing() -> (StatusCode, Value) {
    let body = json!({ "errors": [{ "msg": "Component key not found" }] });
    (StatusCode::NOT_FOUND, body)
}

fn projects(model: &Model, words: &str) -> Value {
    let mut keys: Vec<&String> = model.gates.iter().map(|gate| &gate.project).collect();
    keys.dedup();
    let found = keys.into_iter().filter(|key| key.contains(words));
    let each = found.map(|key| json!({ "key": key, "name": key, "qualifier": "TRK" }));
    json!({ "components": each.collect::<Vec<_>>() })
}

fn status(gate: &Gate) -> Value {
    let unmet = gate.conditions.iter().map(|one| {
        json!({
            "status": "ERROR", "metricKey": one.metric, "comparator": one.comparator,
            "errorThreshold": one.threshold, "actualValue": one.actual,
        })
    });
    let met = json!({
        "status": "OK", "metricKey": "new_duplicated_lines_density", "comparator": "GT",
        "errorThreshold": "3", "actualValue": "0.4",
    });
    let conditions: Vec<Value> = unmet.chain([met]).collect();
    json!({ "projectStatus": { "status": gate.status, "conditions": conditions, "ignoredConditions": false } })
}
