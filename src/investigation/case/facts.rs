//! A case together with what every judge asks of it, worked out once: its workloads, and what the question reaches.
//! Some fifty judges look at the same case, and each used to put the pods to their owners again.

use std::ops::Deref;

use k8s_openapi::api::core::v1::Service;

use super::{Case, Workload, links, workloads};
use crate::finding::Subject;

/// A case that is not read into any more. It is one: every field and method of [`Case`] is at hand.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    case: &'a Case,
    workloads: Vec<Workload<'a>>,
    reach: Vec<(Subject, usize)>,
}

impl<'a> Facts<'a> {
    /// Of a case as it is now.
    #[must_use]
    pub fn of(case: &'a Case) -> Self {
        let workloads = workloads(case);
        let reach = links::reach_among(case, &workloads);
        Self {
            case,
            workloads,
            reach,
        }
    }

    /// Every workload that was read, with its pods, in a stable order.
    #[must_use]
    pub fn workloads(&self) -> &[Workload<'a>] {
        &self.workloads
    }

    /// The objects the question's object depends on, with how many calls away they are; itself at 0.
    /// Empty for a wide question: there everything counts.
    #[must_use]
    pub fn reach(&self) -> &[(Subject, usize)] {
        &self.reach
    }

    /// The workloads a Service sends to; where its selector matches nothing, the workload that bears its name.
    #[must_use]
    pub fn behind(&self, service: &Service) -> Vec<Subject> {
        links::behind(&self.workloads, service)
    }
}

impl Deref for Facts<'_> {
    type Target = Case;

    fn deref(&self) -> &Case {
        self.case
    }
}
