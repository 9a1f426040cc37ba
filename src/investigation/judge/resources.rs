//! How much a pod asks for and how much room nodes have.

use k8s_openapi::api::core::v1::{Container, Node, Pod};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use crate::investigation::case::{Facts, bytes, millicores, show_bytes, show_millicores};
use crate::investigation::judge::facts::is_finished;
use crate::text::Arg;

/// How many pods a node takes: a resource of which every pod uses one.
const PODS: &str = "pods";

/// What a node gives and a pod takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resource<'r> {
    /// In millicores.
    Cpu,
    /// In bytes.
    Memory,
    /// By name: GPUs, ephemeral storage, pods.
    Other(&'r str),
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

impl<'r> Resource<'r> {
    /// The resource of that name.
    pub(super) fn named(name: &'r str) -> Self {
        match name {
            "cpu" => Self::Cpu,
            "memory" => Self::Memory,
            other => Self::Other(other),
        }
    }

    /// The name in manifests.
    pub(super) fn name(self) -> &'r str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::Other(name) => name,
        }
    }

    /// Whether it is measured in bytes.
    fn is_bytes(self) -> bool {
        match self {
            Self::Memory => true,
            Self::Cpu => false,
            Self::Other(name) => name == "ephemeral-storage" || name.starts_with("hugepages-"),
        }
    }

    /// An amount, for a message.
    pub(super) fn amount(self, value: u64) -> Arg {
        match self {
            Self::Cpu => Arg::Millicores(value),
            _ if self.is_bytes() => Arg::Bytes(value),
            _ => Arg::Count(i64::try_from(value).unwrap_or(i64::MAX)),
        }
    }

    /// An amount as a manifest has it.
    pub(super) fn show(self, value: u64) -> String {
        match self {
            Self::Cpu => show_millicores(value),
            _ if self.is_bytes() => show_bytes(value),
            _ => value.to_string(),
        }
    }

    fn read(self, quantity: &Quantity) -> Option<u64> {
        match self {
            Self::Cpu => millicores(quantity),
            Self::Memory | Self::Other(_) => bytes(quantity),
        }
    }

    fn of_container(self, container: &Container) -> u64 {
        let resources = container.resources.as_ref();
        let requests = resources.and_then(|it| it.requests.as_ref());
        // Extended resources may stand among the limits alone: the API server copies them then.
        let limits = resources.and_then(|it| it.limits.as_ref());
        let asked = requests.and_then(|requests| requests.get(self.name()));
        let quantity = asked.or_else(|| limits.and_then(|limits| limits.get(self.name())));
        quantity
            .and_then(|quantity| self.read(quantity))
            .unwrap_or_default()
    }

    /// What a pod asks for: its containers and restartable init containers together, or the largest
    /// other init container if that is more; plus the overhead of its runtime class.
    pub(super) fn requested(self, pod: &Pod) -> u64 {
        if self.name() == PODS {
            return 1;
        }
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
        let overhead = overhead.and_then(|quantity| self.read(quantity));
        running.max(peak) + overhead.unwrap_or_default()
    }

    /// What a node gives to pods in total; `None` when it does not have the resource.
    pub(super) fn allocatable(self, node: &Node) -> Option<u64> {
        let all = node.status.as_ref()?.allocatable.as_ref()?;
        self.read(all.get(self.name())?)
    }

    /// The room of each node that has the resource. What is free is known only when all pods of the
    /// cluster were read.
    pub(super) fn rooms<'a>(self, case: &Facts<'_>, nodes: &[&'a Node]) -> Vec<Room<'a>> {
        let pods = case.pods_of_cluster();
        let room = |node: &&'a Node| {
            let allocatable = self.allocatable(node)?;
            let free = pods
                .as_ref()
                .map(|pods| allocatable.saturating_sub(self.used(pods, node)));
            Some(Room {
                node,
                allocatable,
                free,
            })
        };
        nodes.iter().filter_map(room).collect()
    }

    fn used(self, pods: &[&Pod], node: &Node) -> u64 {
        let on_node = pods.iter().filter(|pod| {
            let at = pod.spec.as_ref().and_then(|spec| spec.node_name.as_deref());
            at.is_some() && at == node.metadata.name.as_deref() && !is_finished(pod)
        });
        on_node.map(|pod| self.requested(pod)).sum()
    }
}
