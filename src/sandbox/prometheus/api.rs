//! The HTTP API: parameters in, Prometheus' envelopes out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{Asked, Inner, PromFault, query, selector, series};
use crate::sandbox::fault;
use crate::sandbox::kube::percent_decode;

/// All paths.
pub(crate) fn router(inner: Arc<Inner>) -> Router {
    Router::new().fallback(handle).with_state(inner)
}

/// Parameters in order; `match[]` may come several times.
struct Params(Vec<(String, String)>);

impl Params {
    async fn of(request: Request) -> Self {
        let mut text = request.uri().query().unwrap_or_default().to_owned();
        let body = to_bytes(request.into_body(), 1 << 20)
            .await
            .unwrap_or_default();
        text.push('&');
        text.push_str(&String::from_utf8_lossy(&body));
        let decode = |text: &str| percent_decode(&text.replace('+', " "));
        let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
        Self(
            pairs
                .map(|(name, value)| (decode(name), decode(value)))
                .collect(),
        )
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next().filter(|value| !value.is_empty())
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    /// Unix seconds with a fraction, or RFC 3339.
    fn time(&self, name: &str) -> Option<DateTime<Utc>> {
        let text = self.get(name)?;
        if let Ok(seconds) = text.parse::<f64>() {
            #[expect(clippy::cast_possible_truncation, reason = "milliseconds of our era")]
            return DateTime::from_timestamp_millis((seconds * 1000.0) as i64);
        }
        text.parse().ok()
    }

    fn step(&self) -> Option<TimeDelta> {
        let text = self.get("step")?;
        let seconds = text.parse::<f64>().ok();
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds of a step")]
        let plain = seconds.map(|seconds| TimeDelta::milliseconds((seconds * 1000.0) as i64));
        plain.or_else(|| selector::duration(text))
    }
}

/// What Prometheus says when it refuses: status, type, message.
struct Refusal(StatusCode, &'static str, String);

fn bad(message: impl Into<String>) -> Refusal {
    Refusal(StatusCode::BAD_REQUEST, "bad_data", message.into())
}

async fn handle(State(inner): State<Arc<Inner>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let params = Params::of(request).await;
    let text = params.get("query").unwrap_or_default().to_owned();
    inner.lock().asked.push(Asked {
        path: path.clone(),
        query: text,
        at: inner.clock.now(),
    });
    let planned = inner
        .lock()
        .faults
        .take(|prefix, _| path.starts_with(prefix.as_str()));
    let outcome = match planned {
        None => answer(&inner, &path, &params),
        Some(PromFault::Unprocessable) => Err(Refusal(
            StatusCode::UNPROCESSABLE_ENTITY,
            "execution",
            "query processing would load too many samples into memory in query execution"
                .to_owned(),
        )),
        Some(PromFault::TimedOut) => Err(Refusal(
            StatusCode::SERVICE_UNAVAILABLE,
            "timeout",
            "query timed out in expression evaluation".to_owned(),
        )),
        Some(PromFault::Wire(wire)) => match wire.play(&inner.clock).await {
            Some(response) => return response,
            None => answer(&inner, &path, &params),
        },
    };
    match outcome {
        Ok(body) => fault::json(StatusCode::OK, &body),
        Err(Refusal(status, kind, error)) => {
            let body = json!({ "status": "error", "errorType": kind, "error": error });
            fault::json(status, &body)
        }
    }
}

fn answer(inner: &Inner, path: &str, params: &Params) -> Result<Value, Refusal> {
    let state = inner.lock();
    match path {
        "/api/v1/query" => instant(inner.clock.now(), &state.scripted, params),
        "/api/v1/query_range" => range(&state.scripted, params),
        "/api/v1/series" => Ok(success(&json!(matching(&state.scripted, params)?))),
        "/api/v1/labels" => {
            let sets = matching(&state.scripted, params)?;
            let names: BTreeSet<&String> = sets.iter().flat_map(BTreeMap::keys).collect();
            Ok(success(&json!(names)))
        }
        "/api/v1/rules" => Ok(success(&json!({ "groups": state.rules }))),
        "/api/v1/alerts" => Ok(success(&json!({ "alerts": state.alerts }))),
        "/api/v1/targets" => Ok(success(&json!({
            "activeTargets": state.targets, "droppedTargets": [], "droppedTargetCounts": {},
        }))),
        "/api/v1/status/buildinfo" => Ok(success(&json!({
            "version": "3.5.0", "revision": "FAKE", "branch": "HEAD", "goVersion": "go1.24.4",
        }))),
        "/-/healthy" | "/-/ready" => Ok(json!("Prometheus Server is Ready.")),
        _ => match label_of(path) {
            Some(label) => {
                let sets = matching(&state.scripted, params)?;
                let values: BTreeSet<&String> =
                    sets.iter().filter_map(|labels| labels.get(label)).collect();
                Ok(success(&json!(values)))
            }
            None => Err(Refusal(
                StatusCode::NOT_FOUND,
                "not_found",
                "not found".to_owned(),
            )),
        },
    }
}

fn label_of(path: &str) -> Option<&str> {
    path.strip_prefix("/api/v1/label/")?.strip_suffix("/values")
}

fn success(data: &Value) -> Value {
    json!({ "status": "success", "data": data })
}

fn instant(
    now: DateTime<Utc>,
    scripted: &[series::Scripted],
    params: &Params,
) -> Result<Value, Refusal> {
    let query = query::read_parts(params.get("query").unwrap_or_default()).map_err(bad)?;
    let time = params.time("time").unwrap_or(now);
    let result: Vec<Value> = series::evaluate_parts(scripted, &query, time)
        .into_iter()
        .map(|(labels, value)| json!({ "metric": labels, "value": point(time, value) }))
        .collect();
    let mut body = success(&json!({ "resultType": "vector", "result": result }));
    warn(&mut body, &query);
    Ok(body)
}

fn range(scripted: &[series::Scripted], params: &Params) -> Result<Value, Refusal> {
    let query = query::read_parts(params.get("query").unwrap_or_default()).map_err(bad)?;
    let needed = |name: &str| {
        let wrong = || bad(format!("invalid parameter \"{name}\": cannot parse"));
        params.time(name).ok_or_else(wrong)
    };
    let (start, end) = (needed("start")?, needed("end")?);
    let step = params.step().filter(|step| *step > TimeDelta::zero());
    let step = step.ok_or_else(|| bad("zero or negative query resolution step widths are not accepted. Try a positive integer"))?;
    if end < start {
        return Err(bad(
            "invalid parameter \"end\": end timestamp must not be before start time",
        ));
    }
    if (end - start).num_milliseconds() / step.num_milliseconds().max(1) > 11_000 {
        return Err(bad(
            "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
        ));
    }
    let mut rows: BTreeMap<BTreeMap<String, String>, Vec<Value>> = BTreeMap::new();
    let mut time = start;
    while time <= end {
        for (labels, value) in series::evaluate_parts(scripted, &query, time) {
            rows.entry(labels).or_default().push(point(time, value));
        }
        time += step;
    }
    let result: Vec<Value> = rows
        .into_iter()
        .map(|(labels, values)| json!({ "metric": labels, "values": values }))
        .collect();
    let mut body = success(&json!({ "resultType": "matrix", "result": result }));
    warn(&mut body, &query);
    Ok(body)
}

fn point(time: DateTime<Utc>, value: f64) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of our era fit")]
    let seconds = time.timestamp_millis() as f64 / 1000.0;
    json!([seconds, value.to_string()])
}

/// Says what was not understood, where a client may see it.
fn warn(body: &mut Value, parts: &query::Parts) {
    let unknown = parts.iter().flat_map(|(_, query)| &query.unknown);
    let warnings: Vec<String> = unknown
        .map(|what| format!("the sandbox has no {what}"))
        .collect();
    if !warnings.is_empty() {
        body["warnings"] = warnings.into();
    }
}

/// Label sets of the series that `match[]` means; of all without it.
fn matching(
    scripted: &[series::Scripted],
    params: &Params,
) -> Result<BTreeSet<BTreeMap<String, String>>, Refusal> {
    let wanted = params
        .all("match[]")
        .map(query::selector)
        .collect::<Result<Vec<_>, _>>();
    let wanted = wanted.map_err(bad)?;
    let named = |series: &series::Scripted| {
        let mut labels = series.labels.clone();
        labels.insert("__name__".to_owned(), series.metric.clone());
        labels
    };
    Ok(scripted
        .iter()
        .filter(|s| wanted.is_empty() || wanted.iter().any(|w| s.meets(w, false)))
        .map(named)
        .collect())
}
