//! The built-in playbooks, compiled in. A test compares the lists with the folder.

use std::sync::LazyLock;

use super::{Mistake, Playbook, Source, load};

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../playbooks/", $name)))),*]
    };
}

/// `(path below playbooks/, text)` of every built-in playbook.
pub const BUILT_IN: &[(&str, &str)] = files![
    "alertmanager.yaml",
    "api-server.yaml",
    "argocd.yaml",
    "autoscaler.yaml",
    "capacity.yaml",
    "certificates.yaml",
    "control-plane.yaml",
    "cpu-throttling.yaml",
    "deploy-failed.yaml",
    "endpoint-probe.yaml",
    "errors.yaml",
    "etcd.yaml",
    "jenkins.yaml",
    "job-failed.yaml",
    "missing-data.yaml",
    "node-disk.yaml",
    "node-down.yaml",
    "node-network.yaml",
    "node-pressure.yaml",
    "node-system.yaml",
    "pending.yaml",
    "pod-crash-loop.yaml",
    "pod-not-ready.yaml",
    "prometheus-operator.yaml",
    "prometheus.yaml",
    "restarting.yaml",
    "rollout-stuck.yaml",
    "service-slow-or-failing.yaml",
    "slow.yaml",
    "target-down.yaml",
    "unavailable.yaml",
    "unknown-alert.yaml",
    "volume.yaml",
    "watchdog.yaml",
];

/// The same of their fixtures.
pub const BUILT_IN_FIXTURES: &[(&str, &str)] = files![
    "tests/alertmanager/rollout.yaml",
    "tests/alertmanager/slack-token.yaml",
    "tests/api-server/over-already.yaml",
    "tests/api-server/slow-store.yaml",
    "tests/argocd/git-down.yaml",
    "tests/argocd/sync-at-work.yaml",
    "tests/autoscaler/blind-and-full.yaml",
    "tests/autoscaler/known-peak.yaml",
    "tests/capacity/ceilings-only.yaml",
    "tests/capacity/short-of-nodes.yaml",
    "tests/certificates/issuer-broken.yaml",
    "tests/certificates/short-lived.yaml",
    "tests/control-plane/controllers-gone.yaml",
    "tests/control-plane/managed.yaml",
    "tests/control-plane/scheduler-gone.yaml",
    "tests/cpu-throttling/at-its-limit.yaml",
    "tests/cpu-throttling/bursts.yaml",
    "tests/deploy-failed/not-seen.yaml",
    "tests/deploy-failed/quiet.yaml",
    "tests/endpoint-probe/moved-page.yaml",
    "tests/endpoint-probe/nothing-behind.yaml",
    "tests/errors/client-errors.yaml",
    "tests/errors/quiet.yaml",
    "tests/etcd/quorum-and-disk.yaml",
    "tests/etcd/rolling-restart.yaml",
    "tests/jenkins/one-branch.yaml",
    "tests/jenkins/registry-down.yaml",
    "tests/job-failed/fails-with-others.yaml",
    "tests/job-failed/old-failure.yaml",
    "tests/missing-data/no-traffic.yaml",
    "tests/missing-data/quiet.yaml",
    "tests/node-disk/full-and-broken.yaml",
    "tests/node-disk/images-will-go.yaml",
    "tests/node-down/flapping.yaml",
    "tests/node-down/replaced.yaml",
    "tests/node-down/several-down.yaml",
    "tests/node-network/pods-come-and-go.yaml",
    "tests/node-network/table-full.yaml",
    "tests/node-pressure/busy-batch.yaml",
    "tests/node-pressure/disk-and-memory.yaml",
    "tests/node-system/clocks-off.yaml",
    "tests/node-system/just-booted.yaml",
    "tests/pending/cluster-full.yaml",
    "tests/pending/quiet.yaml",
    "tests/pod-crash-loop/at-its-limit.yaml",
    "tests/pod-crash-loop/killed-with-others.yaml",
    "tests/pod-crash-loop/slow-start.yaml",
    "tests/pod-not-ready/no-config-no-room.yaml",
    "tests/pod-not-ready/registry-down.yaml",
    "tests/pod-not-ready/slow-start.yaml",
    "tests/prometheus-operator/after-an-upgrade.yaml",
    "tests/prometheus-operator/bad-rule.yaml",
    "tests/prometheus/everything-wrong.yaml",
    "tests/prometheus/restarted.yaml",
    "tests/restarting/old-restarts.yaml",
    "tests/restarting/one-of-many.yaml",
    "tests/restarting/quiet.yaml",
    "tests/rollout-stuck/quota-and-node.yaml",
    "tests/rollout-stuck/slow-rollout.yaml",
    "tests/service-slow-or-failing/after-a-deploy.yaml",
    "tests/service-slow-or-failing/tight-threshold.yaml",
    "tests/slow/more-traffic.yaml",
    "tests/slow/near-limit.yaml",
    "tests/slow/quiet.yaml",
    "tests/target-down/left-over-monitor.yaml",
    "tests/target-down/network-gone.yaml",
    "tests/unavailable/hung.yaml",
    "tests/unavailable/quiet.yaml",
    "tests/unknown-alert/in-a-storm.yaml",
    "tests/unknown-alert/old-rule.yaml",
    "tests/volume/filled-once.yaml",
    "tests/volume/full-now.yaml",
    "tests/volume/small-files.yaml",
    "tests/watchdog/as-always.yaml",
    "tests/watchdog/storm.yaml",
];

/// The built-in playbooks.
///
/// # Errors
/// Never in a build whose tests passed.
pub fn built_in() -> Result<Vec<Playbook>, Vec<Mistake>> {
    static READ: LazyLock<Result<Vec<Playbook>, Vec<Mistake>>> = LazyLock::new(read);
    READ.clone()
}

/// Reads them; once in a process.
fn read() -> Result<Vec<Playbook>, Vec<Mistake>> {
    let sources: Vec<Source> = BUILT_IN
        .iter()
        .map(|(file, text)| Source {
            file: (*file).to_owned(),
            text: (*text).to_owned(),
        })
        .collect();
    let mut all = load(&sources)?;
    for playbook in &mut all {
        playbook.built_in = true;
    }
    Ok(all)
}
