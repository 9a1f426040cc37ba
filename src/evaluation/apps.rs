//! Short forms of workloads, written out: the Deployment with its revisions, pods in their states, Service.

use std::collections::BTreeMap;

use serde_json::Value;

use super::file::{CaseFile, Log};
use super::macros::{hash, pod_names, span};
use super::pods::state;
use super::short::{AppSpec, PodSpec, UsageSpec};
use super::world::merge;
use crate::sandbox::kube::Cluster;
use crate::sandbox::world::{App, Build};

/// Installs a workload; endpoints and status follow when all are there.
pub(super) fn install(build: Build<'_>, spec: &AppSpec, workers: &[String]) -> Result<(), String> {
    let app = app(spec)?;
    let now = app.template(&image(spec));
    build.objects_of(&app, &now);
    let since = build.now - span(&spec.since)?;
    let names = pod_names(spec, workers);
    let states = states(spec);
    let owner = match spec.kind.as_str() {
        "Deployment" => {
            let old = old_template(spec, &app)?;
            let (template, age) = &old;
            build.revision(
                &app,
                template,
                &hash(spec, true),
                (1, spec.old),
                build.now - *age,
            );
            let set = build.revision(&app, &now, &hash(spec, false), (2, spec.replicas), since);
            ("ReplicaSet", set)
        }
        kind => (
            if kind == "StatefulSet" {
                "StatefulSet"
            } else {
                "DaemonSet"
            },
            spec.name.clone(),
        ),
    };
    for (number, name) in names.iter().enumerate() {
        let is_old = number >= names.len() - old_pods(spec);
        if !is_old && number >= names.len() - old_pods(spec) - spec.missing {
            continue;
        }
        let old_set = format!("{}-{}", spec.name, hash(spec, true));
        let owner = if is_old {
            ("ReplicaSet", old_set.as_str())
        } else {
            (owner.0, owner.1.as_str())
        };
        let healthy = PodSpec::default();
        let pod = states.get(number).filter(|_| !is_old).unwrap_or(&healthy);
        let node = pod
            .node
            .clone()
            .or_else(|| workers.get(number % workers.len().max(1)).cloned());
        let node = node.unwrap_or_else(|| "worker-1".to_owned());
        build.pod_on((&spec.namespace, name), owner, &node, since);
        build.set_state(&spec.namespace, name, &state(pod, build.now, since)?);
        build
            .cluster
            .update("Pod", &spec.namespace, name, |object| {
                merge(object, &pod.patch);
            });
    }
    Ok(())
}

/// What is left when status was derived: the case's own changes to the workload.
pub(super) fn finish(cluster: &Cluster, spec: &AppSpec) {
    cluster.update(&spec.kind, &spec.namespace, &spec.name, |object| {
        merge(object, &spec.patch);
    });
}

fn old_pods(spec: &AppSpec) -> usize {
    if spec.kind == "Deployment" {
        spec.old
    } else {
        0
    }
}

/// The listed pods, one entry each.
fn states(spec: &AppSpec) -> Vec<PodSpec> {
    let each = |pod: &PodSpec| std::iter::repeat_n(pod.clone(), pod.count.unwrap_or(1));
    spec.pods.iter().flat_map(each).collect()
}

fn image(spec: &AppSpec) -> String {
    let usual = || format!("registry.example/shop/{}:1.4.0", spec.name);
    spec.image.clone().unwrap_or_else(usual)
}

fn app(spec: &AppSpec) -> Result<App, String> {
    let kind = match spec.kind.as_str() {
        "Deployment" => "Deployment",
        "StatefulSet" => "StatefulSet",
        "DaemonSet" => "DaemonSet",
        other => {
            return Err(format!(
                "apps: {other:?} has no short form; write it out under objects"
            ));
        }
    };
    let mut app = App::new(&spec.namespace, &spec.name, &image(spec)).port(spec.port);
    app.kind = kind;
    app.replicas = spec.replicas;
    app.service = spec.service && spec.port > 0;
    app.labels.extend(spec.labels.clone());
    merge(&mut app.container, &spec.container);
    merge(&mut app.pod, &spec.spec);
    app.sidecars.clone_from(&spec.sidecars);
    Ok(app)
}

/// The template of the revision before, and its age.
fn old_template(spec: &AppSpec, app: &App) -> Result<(Value, chrono::TimeDelta), String> {
    let Some(before) = &spec.before else {
        return Ok((
            app.template(&format!("{}-previous", image(spec))),
            span("34d")?,
        ));
    };
    let mut old = app.clone();
    merge(&mut old.container, &before.container);
    merge(&mut old.pod, &before.spec);
    let image = before.image.clone().unwrap_or_else(|| image(spec));
    Ok((old.template(&image), span(&before.age)?))
}

/// The logs that stand in short forms.
pub(super) fn logs(file: &CaseFile, workers: &[String]) -> Vec<Log> {
    let mut all = Vec::new();
    for_each_pod(file, workers, |app, name, pod| {
        for (text, previous) in [(&pod.log, false), (&pod.previous, true)] {
            if let Some(text) = text {
                all.push(Log {
                    namespace: app.namespace.clone(),
                    pod: name.to_owned(),
                    container: "app".to_owned(),
                    previous,
                    text: text.clone(),
                });
            }
        }
    });
    all
}

/// The usage that stands in short forms, by `namespace/pod/container`.
pub(super) fn usage(file: &CaseFile, workers: &[String]) -> BTreeMap<String, UsageSpec> {
    let mut all = BTreeMap::new();
    for_each_pod(file, workers, |app, name, pod| {
        if let Some(usage) = &pod.usage {
            all.insert(format!("{}/{name}/app", app.namespace), usage.clone());
        }
    });
    all
}

fn for_each_pod(
    file: &CaseFile,
    workers: &[String],
    mut does: impl FnMut(&AppSpec, &str, &PodSpec),
) {
    for app in &file.apps {
        let names = pod_names(app, workers);
        for (name, pod) in names.iter().zip(states(app)) {
            does(app, name, &pod);
        }
    }
}
