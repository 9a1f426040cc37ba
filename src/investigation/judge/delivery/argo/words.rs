//! Argo CD's own words. Sources: argo-cd util/argo/argo.go (permissions), reposerver and util/git (repositories),
//! gitops-engine pkg/sync (waiting).

/// What a message complains about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Complaint {
    /// The project.
    Project,
    /// Credentials, or a repository that is not there for them.
    Access,
    /// A revision or a path that does not exist.
    Revision,
    /// The repository's host does not answer.
    Network,
    /// The manifests cannot be made.
    Rendering,
}

const PROJECT: [&str; 4] = [
    "not permitted in project",
    "do not match any of the allowed destinations in project",
    "application referencing project",
    "is not allowed in project",
];

const ACCESS: [&str; 10] = [
    "authentication required",
    "repository not found",
    "could not read username",
    "permission denied (publickey",
    "invalid username or password",
    "authorization failed",
    "unable to authenticate",
    "knownhosts: key",
    "401 unauthorized",
    "403 forbidden",
];

const REVISION: [&str; 5] = [
    "to a commit sha",
    "app path does not exist",
    "couldn't find remote ref",
    "no matching version found",
    "chart not found",
];

const NETWORK: [&str; 8] = [
    "no such host",
    "i/o timeout",
    "connection refused",
    "context deadline exceeded",
    "tls: failed to verify certificate",
    "x509:",
    "connection reset by peer",
    "no route to host",
];

/// Reading a repository, as opposed to reading the cluster.
const READING: [&str; 10] = [
    "helm dependency build",
    "helm pull",
    "failed to list refs",
    "failed to fetch",
    "failed to get git client",
    "error fetching",
    "ls-remote",
    "failed to initialize repository",
    "error testing repository connectivity",
    "failed to get index",
];

const RENDERING: [&str; 4] = [
    "failed to generate manifest",
    "manifest generation error",
    "helm template",
    "kustomize build",
];

/// What a message complains about, where it is one of these.
pub(super) fn complaint(message: &str) -> Option<Complaint> {
    let words = message.to_lowercase();
    // Argo CD's own repo-server does not answer: that says nothing of the repository.
    if words.contains("code = unavailable") || words.contains("error while dialing") {
        return None;
    }
    let has = |all: &[&str]| all.iter().any(|part| words.contains(part));
    if has(&PROJECT) {
        return Some(Complaint::Project);
    }
    if has(&REVISION) {
        return Some(Complaint::Revision);
    }
    let of_repository = has(&READING) || has(&RENDERING) || words.contains("rpc error");
    if of_repository && has(&ACCESS) {
        return Some(Complaint::Access);
    }
    if has(&READING) && has(&NETWORK) {
        return Some(Complaint::Network);
    }
    if has(&RENDERING) {
        return Some(Complaint::Rendering);
    }
    has(&READING).then_some(Complaint::Access)
}

/// What a running sync waits for: whether that is a hook, and `GROUP/KIND/NAME`.
pub(super) fn waits_for(message: &str) -> Option<(bool, &str)> {
    let hook = message.split_once("waiting for completion of hook ");
    let object = message.split_once("waiting for healthy state of ");
    let (is_hook, (_, rest)) = match (hook, object) {
        (Some(parts), _) => (true, parts),
        (None, Some(parts)) => (false, parts),
        (None, None) => return None,
    };
    let word = rest.split_whitespace().next()?;
    Some((is_hook, word.trim_end_matches(',')))
}

#[cfg(test)]
mod tests {
    use super::{Complaint, complaint, waits_for};

    #[test]
    fn what_argo_cd_complains_about_is_told_apart() {
        let cases = [
            (
                "application repo https://git.example/a.git is not permitted in project 'shop'",
                Complaint::Project,
            ),
            (
                "rpc error: code = Unknown desc = failed to list refs: authentication required: Repository not found.",
                Complaint::Access,
            ),
            (
                "Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = unable to resolve 'v2' to a commit SHA",
                Complaint::Revision,
            ),
            (
                "rpc error: code = Unknown desc = failed to list refs: dial tcp: lookup git.example on 10.96.0.10:53: no such host",
                Complaint::Network,
            ),
            (
                "Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = `helm template . --name-template x` failed exit status 1: Error: parse error",
                Complaint::Rendering,
            ),
        ];
        for (message, what) in cases {
            assert_eq!(complaint(message), Some(what), "{message}");
        }
        let other = "one or more objects failed to apply, reason: Deployment.apps \"a\" is invalid";
        assert_eq!(complaint(other), None);
    }

    #[test]
    fn what_a_sync_waits_for_is_read() {
        let one = "waiting for healthy state of apps/Deployment/db and 1 more resources";
        assert_eq!(waits_for(one), Some((false, "apps/Deployment/db")));
        assert_eq!(
            waits_for("waiting for completion of hook batch/Job/migrate"),
            Some((true, "batch/Job/migrate"))
        );
    }
}
