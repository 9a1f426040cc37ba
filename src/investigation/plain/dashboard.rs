//! "A dashboard for payment": the facts of a Grafana dashboard with the metrics that the workload really has, and in
//! words what is in it and what is not. Read-only, like every plain answer.

use super::sizing::{self, blind_spots};
use super::{acted_on, place, said};
use crate::finding::{Dashboard, Subject};
use crate::incident::PlainAnswer;
use crate::investigation::case::{Case, Scope};
use crate::investigation::gather::{self, Checked, Reader};
use crate::investigation::run::pods_of;
use crate::text::Message;

/// Reads the object with its pods and its autoscaler.
pub(super) async fn read(reader: &Reader, case: &mut Case, subject: &Subject) {
    gather::fetch(reader, case, subject).await;
    pods_of(reader, case, subject).await;
    let namespaces: Vec<String> = subject.namespace.iter().cloned().collect();
    sizing::autoscalers(reader, case, &namespaces).await;
    if let Some(workload) = acted_on(case).filter(|workload| !workload.same_object(subject)) {
        gather::fetch(reader, case, &workload).await;
    }
}

/// The answer, with the facts of the file.
pub(super) async fn dashboard(reader: &Reader, case: &Case) -> PlainAnswer {
    if !matches!(case.scope, Scope::Object(_)) {
        return without(Message::new("dashboard-of-what"), Vec::new());
    }
    let Some(workload) = acted_on(case) else {
        let headline = Message::new("dashboard-no-workload").with("place", place(case));
        return without(headline, blind_spots(reader));
    };
    let scaler = sizing::scaler_of(case, &workload);
    let (board, checked) = gather::board(reader, case, &workload, scaler).await;
    let headline = Message::new("dashboard-headline").with("workload", &workload.name);
    let mut lines = lines(&board, checked);
    lines.extend(blind_spots(reader));
    PlainAnswer {
        dashboard: Some(Box::new(board)),
        ..without(headline, lines)
    }
}

fn without(headline: Message, lines: Vec<Message>) -> PlainAnswer {
    PlainAnswer {
        command: None,
        ..said(headline, lines, String::new())
    }
}

/// What is in it, and what is not: a metric without series is no empty panel.
fn lines(board: &Dashboard, checked: Checked) -> Vec<Message> {
    let mut lines = vec![Message::new("dashboard-import")];
    let unverified = match checked {
        Checked::Unasked => Some("dashboard-unasked"),
        Checked::Untold => Some("dashboard-unverified"),
        Checked::NoSeries => Some("dashboard-without-series"),
        Checked::Partly | Checked::Fully => None,
    };
    if let Some(id) = unverified {
        lines.push(Message::new(id));
        return lines;
    }
    lines.push(Message::new("dashboard-verified").with("count", board.metrics.len()));
    let absent = [
        (
            "dashboard-without-requests",
            board.requests.is_none() && checked == Checked::Fully,
        ),
        ("dashboard-requests-untold", checked == Checked::Partly),
        (
            "dashboard-without-containers",
            !board
                .metrics
                .iter()
                .any(|one| one.starts_with("container_")),
        ),
        (
            "dashboard-without-state",
            !board.metrics.iter().any(|one| one.starts_with("kube_")),
        ),
    ];
    let absent = absent.into_iter().filter(|(_, missing)| *missing);
    lines.extend(absent.map(|(id, _)| Message::new(id)));
    lines
}
