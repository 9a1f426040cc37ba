//! The runtimes' words, as they are seen in clusters.

use super::*;

#[test]
fn missing_objects_as_the_kubelet_names_them() {
    let cases: [(&str, &[(Kind, &str)]); 6] = [
        (
            r#"configmap "user-service-config" not found"#,
            &[(Kind::ConfigMap, "user-service-config")],
        ),
        (
            r#"Error: secret "db-credentials" not found"#,
            &[(Kind::Secret, "db-credentials")],
        ),
        (
            r#"MountVolume.SetUp failed for volume "config" : configmap "app-config" not found"#,
            &[(Kind::ConfigMap, "app-config")],
        ),
        (
            r#"MountVolume.SetUp failed for volume "all" : [configmap "a" not found, secret "b" not found]"#,
            &[(Kind::ConfigMap, "a"), (Kind::Secret, "b")],
        ),
        (
            "couldn't find key DB_HOST in ConfigMap production/app-config",
            &[],
        ),
        (
            r#"MountVolume.SetUp failed for volume "config" : configmap references non-existent config key: app.yaml"#,
            &[],
        ),
    ];
    for (words, wanted) in cases {
        assert_eq!(not_found(words), wanted, "{words}");
    }
}

#[test]
fn tags_that_do_not_exist() {
    for words in [
        r#"rpc error: code = NotFound desc = failed to pull and unpack image "ghcr.io/acme/web:v9": failed to resolve reference "ghcr.io/acme/web:v9": ghcr.io/acme/web:v9: not found"#,
        "rpc error: code = Unknown desc = Error response from daemon: manifest for acme/web:v9 not found: manifest unknown: manifest unknown",
        "initializing source docker://quay.io/acme/web:v9: reading manifest v9 in quay.io/acme/web: manifest unknown",
        "Error reading manifest v9 in registry.example/acme/web: manifest unknown: manifest unknown",
    ] {
        assert_eq!(pull_failure(words), Some(PullFailure::NoTag), "{words}");
    }
}

#[test]
fn registries_that_want_other_credentials() {
    for words in [
        r#"failed to resolve reference "docker.io/acme/web:v9": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed"#,
        r#"failed to resolve reference "ghcr.io/acme/web:v9": failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=repository%3Aacme%2Fweb%3Apull: 403 Forbidden"#,
        r#"failed to resolve reference "registry.example/acme/web:v9": unexpected status code [manifests v9]: 401 Unauthorized"#,
        "reading manifest v9 in docker.io/acme/web: errors: denied: requested access to the resource is denied unauthorized: authentication required",
        "initializing source docker://quay.io/acme/web:v9: unable to retrieve auth token: invalid username/password: unauthorized: access to the requested resource is not authorized",
        "Error response from daemon: Head https://123.dkr.ecr.eu-west-1.amazonaws.com/v2/web/manifests/v9: no basic auth credentials",
    ] {
        assert_eq!(
            pull_failure(words),
            Some(PullFailure::Unauthorized),
            "{words}"
        );
    }
}

#[test]
fn registries_that_do_not_answer() {
    for words in [
        r#"failed to do request: Head "https://registry.internal/v2/web/manifests/v9": dial tcp: lookup registry.internal on 10.96.0.10:53: no such host"#,
        r#"failed to do request: Head "https://registry.internal:5000/v2/web/manifests/v9": dial tcp 10.0.4.7:5000: connect: connection refused"#,
        r#"pinging container registry registry.internal: Get "https://registry.internal/v2/": dial tcp 10.0.4.7:443: i/o timeout"#,
        r#"Get "https://registry.internal/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)"#,
        r#"failed to fetch anonymous token: Get "https://auth.docker.io/token": dial tcp: lookup auth.docker.io: no such host"#,
        "unexpected status from HEAD request to https://registry.internal/v2/web/manifests/v9: 503 Service Unavailable",
    ] {
        assert_eq!(
            pull_failure(words),
            Some(PullFailure::Unreachable),
            "{words}"
        );
    }
}

#[test]
fn what_none_of_the_three_explains() {
    for words in [
        r#"Back-off pulling image "acme/web:v9""#,
        r#"failed to pull and unpack image "docker.io/acme/web:v9": no match for platform in manifest: not found"#,
        "reading manifest v9 in quay.io/acme/wbe: name unknown: repository not found",
        "429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit",
        "failed to do request: Head: tls: failed to verify certificate: x509: certificate signed by unknown authority",
        r#"connection error: desc = "transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: connection refused""#,
    ] {
        assert_eq!(pull_failure(words), None, "{words}");
    }
}
