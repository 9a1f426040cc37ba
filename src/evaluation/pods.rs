//! Short forms of pod states.

use chrono::{DateTime, Utc};

use super::macros::span;
use super::short::{End, PodSpec};
use crate::sandbox::world::{Death, PodState};

/// The state a short form means; without one the pod runs and is ready.
pub(super) fn state(
    pod: &PodSpec,
    now: DateTime<Utc>,
    since: DateTime<Utc>,
) -> Result<PodState, String> {
    if let Some(end) = &pod.crash {
        return Ok(PodState::CrashLoop {
            restarts: end.restarts,
            last: death(end, now)?,
        });
    }
    if let Some(waiting) = &pod.waiting {
        return Ok(PodState::Waiting {
            reason: waiting.reason.clone().into(),
            message: waiting.message.clone(),
        });
    }
    if let Some(message) = &pod.pending {
        return Ok(PodState::Pending {
            message: message.clone(),
        });
    }
    if let Some(end) = &pod.completed {
        return Ok(PodState::Completed(death(end, now)?));
    }
    let Some(running) = &pod.running else {
        return Ok(PodState::healthy(since));
    };
    let started = match &running.since {
        Some(ago) => now - span(ago)?,
        None => since,
    };
    Ok(PodState::Running {
        since: started,
        restarts: running.restarts,
        last: running
            .last
            .as_ref()
            .map(|end| death(end, now))
            .transpose()?,
        ready: running.ready,
    })
}

fn death(end: &End, now: DateTime<Utc>) -> Result<Death, String> {
    let finished = now - span(&end.ago)?;
    let usual = if end.exit == 0 { "Completed" } else { "Error" };
    Ok(Death {
        reason: end
            .reason
            .clone()
            .unwrap_or_else(|| usual.to_owned())
            .into(),
        exit_code: end.exit,
        started: finished - span(&end.lived)?,
        finished,
    })
}
