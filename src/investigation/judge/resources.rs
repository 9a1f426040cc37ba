//! How much a pod asks for and how much room nodes have.

use k8s_openapi::api::core::v1::{Container, Node, Pod};

use crate::investigation::case::{Case, bytes, millicores};
use crate::investigation::judge::facts::is_finished;
use crate::text::Arg;

/// One of the two resources every node has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resource {
    /// In millicores.
    Cpu,
    /// In bytes.
    Memory,
}

/// The room of a node.
#[derive(Clone, Copy)]
pub(super) struct Room<'a> {
    pub(super) node: &'a Node,
    /// What the node gives to pods in total.
    pub(super) allocatable: u64,
    /// What is left of it; `None` when not every pod on the node is known.
    pub(super) free: Option<u64>,
}

impl Resource {
    /// The name in manifests.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
        }
    }

    /// An amount, for a message.
    pub(super) fn amount(self, value: u64) -> Arg {
        match self {
            Self::Cpu => Arg::Millicores(value),
            Self::Memory => Arg::Bytes(value),
        }
    }

    fn of_container(self, container: &Container) -> u64 {
        let requests = container
            .resources
            .as_ref()
            .and_then(|it| it.requests.as_ref());
        let quantity = requests.and_then(|requests| requests.get(self.name()));
        quantity.map_or(0, |quantity| match self {
            Self::Cpu => millicores(quantity).unwrap_or_default(),
            Self::Memory => bytes(quantity).unwrap_or_default(),
        })
    }

    /// What a pod asks for: its containers and restartable init containers together, or the largest
    /// other init container if that is more; plus the overhead of its runtime class.
    pub(super) fn requested(self, pod: &Pod) -> u64 {
        let Some(spec) = &pod.spec else { return 0 };
        let of = |container: &Container| self.of_container(container);
        let mut running: u64 = spec.containers.iter().map(of).sum();
        let mut peak = 0;
        let mut beside = 0;
        for init in spec.init_containers.iter().flatten() {
            if init.restart_policy.as_deref() == Some("Always") {
                beside += of(init);
            } else {
                peak = peak.max(beside + of(init));
            }
        }
        running += beside;
        let overhead = spec.overhead.as_ref().and_then(|it| it.get(self.name()));
        let overhead = overhead.map_or(0, |quantity| match self {
            Self::Cpu => millicores(quantity).unwrap_or_default(),
            Self::Memory => bytes(quantity).unwrap_or_default(),
        });
        running.max(peak) + overhead
    }

    /// The room of each node. What is free is known only when all pods of the cluster were read.
    pub(super) fn rooms<'a>(self, case: &Case, nodes: &[&'a Node]) -> Vec<Room<'a>> {
        // Only a read of the whole cluster knows the pods of "no namespace".
        let all_known = case.pods.knows("");
        nodes
            .iter()
            .filter_map(|node| {
                let allocatable = node
                    .status
                    .as_ref()?
                    .allocatable
                    .as_ref()?
                    .get(self.name())?;
                let allocatable = match self {
                    Self::Cpu => millicores(allocatable)?,
                    Self::Memory => bytes(allocatable)?,
                };
                let free = all_known.then(|| allocatable.saturating_sub(self.used(case, node)));
                Some(Room {
                    node,
                    allocatable,
                    free,
                })
            })
            .collect()
    }

    fn used(self, case: &Case, node: &Node) -> u64 {
        let on_node = case.pods.iter().filter(|pod| {
            let at = pod.spec.as_ref().and_then(|spec| spec.node_name.as_deref());
            at.is_some() && at == node.metadata.name.as_deref() && !is_finished(pod)
        });
        on_node.map(|pod| self.requested(pod)).sum()
    }
}
