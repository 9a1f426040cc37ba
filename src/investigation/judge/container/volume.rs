//! A path that the container may not use and that a volume is mounted at: then it is not the image that
//! has to change, but who owns the volume or as whom the container runs.

use k8s_openapi::api::core::v1::{PodSecurityContext, SecurityContext, Volume};
use serde_json::json;

use super::Death;
use super::crash::{found, quoted};
use crate::finding::{Cause, Finding, Fix};
use crate::investigation::case::LogRead;
use crate::investigation::judge::facts::{argument, has_rollouts, kubectl};
use crate::text::Message;

/// The volume at a path, and who the container is to it.
struct Denied {
    volume: String,
    mount: String,
    how: &'static str,
    user: Option<i64>,
    group: Option<i64>,
    strength: f64,
}

/// Judges a line that denies a path.
pub(super) fn judge(death: &Death<'_>, log: &LogRead, line: &str, path: &str) -> Option<Finding> {
    // A read-only mount or root has nothing to do with owners.
    let lower = line.to_ascii_lowercase();
    if lower.contains("read-only file system") || lower.contains("erofs") {
        return None;
    }
    let denied = denied(death, path)?;
    let args = |message: Message| {
        message
            .with("workload", &death.subject.name)
            .with("container", death.container.name())
            .with("path", path)
            .with("volume", &denied.volume)
            .with("how", denied.how)
            .with("known", if denied.user.is_some() { "yes" } else { "no" })
            .with(
                "user",
                denied
                    .user
                    .map_or_else(String::new, |user| user.to_string()),
            )
            .with("runs", if death.runs { "yes" } else { "no" })
    };
    let fact = args(Message::new("fact-volume-owner")).with("mount", &denied.mount);
    let source = format!("{} spec.template", death.subject.label());
    let summary = args(Message::new("cause-volume-permission-denied"));
    let finding = found(
        death,
        Cause::VolumePermissionDenied,
        denied.strength,
        summary,
    )
    .evidence(fact, source, None)
    .fix(fix(
        death,
        &denied,
        args(Message::new("why-volume-permission-denied")),
    ));
    Some(quoted(finding, log, line))
}

fn denied(death: &Death<'_>, path: &str) -> Option<Denied> {
    let mounts = death.container.spec.volume_mounts.iter().flatten();
    let under = |mount: &str| {
        let mount = mount.trim_end_matches('/');
        !mount.is_empty()
            && path
                .strip_prefix(mount)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let mount = mounts
        .filter(|mount| under(&mount.mount_path))
        .max_by_key(|mount| mount.mount_path.len())?;
    let spec = death.container.pod.spec.as_ref()?;
    let volume = spec
        .volumes
        .iter()
        .flatten()
        .find(|it| it.name == mount.name)?;
    let pod = spec.security_context.as_ref();
    let own = death.container.spec.security_context.as_ref();
    let user = own
        .and_then(|it: &SecurityContext| it.run_as_user)
        .or_else(|| pod.and_then(|it: &PodSecurityContext| it.run_as_user));
    let group = pod.and_then(|it| it.fs_group);
    let how = how(volume, group);
    let strength = match (how, user) {
        // Root is denied nothing but by a server or a policy that does not know it.
        (_, Some(0)) => 0.8,
        ("owner", _) => 0.86,
        ("group", None) => 0.91,
        _ => 0.93,
    };
    Some(Denied {
        volume: volume.name.clone(),
        mount: mount.mount_path.clone(),
        how,
        user,
        group: pod
            .and_then(|it| it.run_as_group)
            .or(user)
            .filter(|id| *id > 0),
        strength,
    })
}

/// What decides who may use the volume. The kubelet gives no `hostPath` and no NFS volume to `fsGroup`
/// (API reference of `PodSecurityContext`).
fn how(volume: &Volume, group: Option<i64>) -> &'static str {
    let written =
        volume.config_map.is_some() || volume.secret.is_some() || volume.projected.is_some();
    let foreign = volume.host_path.is_some() || volume.nfs.is_some();
    match (written, foreign, group) {
        (true, ..) => "mode",
        (_, true, _) => "server",
        (.., Some(_)) => "owner",
        _ => "group",
    }
}

fn fix(death: &Death<'_>, denied: &Denied, why: Message) -> Fix {
    let subject = &death.subject;
    match denied.how {
        "mode" => Fix::new(
            subject.clone(),
            format!("volumes[{}].defaultMode", denied.volume),
            why,
        ),
        "group" => {
            let field = "securityContext.fsGroup";
            let fix = Fix::new(subject.clone(), field, why)
                .change(None::<String>, denied.group.map(|id| id.to_string()));
            let Some(group) = denied.group.filter(|_| has_rollouts(subject)) else {
                return fix;
            };
            let patch =
                json!({"spec": {"template": {"spec": {"securityContext": {"fsGroup": group}}}}});
            fix.command(format!(
                "{} patch {} -p '{patch}'",
                kubectl(subject),
                argument(subject)
            ))
        }
        _ => Fix::new(subject.clone(), "securityContext", why),
    }
}
