//! The ports of a pod, which its containers share.

use crate::investigation::case::{Container, containers};

/// The port that a container and another one of its pod both say they listen on: where a program only says that its
/// port is taken, it is this one.
pub(super) fn shared(container: &Container<'_>) -> Option<String> {
    let pod = containers(container.pod);
    let beside = |one: &&Container<'_>| !one.init && one.name() != container.name();
    let taken: Vec<i32> = pod.iter().filter(beside).flat_map(ports_of).collect();
    let mut own = ports_of(container).filter(|port| taken.contains(port));
    own.next().map(|port| port.to_string())
}

fn ports_of<'a>(container: &'a Container<'_>) -> impl Iterator<Item = i32> + use<'a> {
    let ports = container.spec.ports.iter().flatten();
    ports.map(|port| port.container_port)
}
