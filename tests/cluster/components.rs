//! The command lines of the control plane's programs.

use std::path::Path;

/// The loopback ports of one control plane.
#[derive(Clone, Copy, Debug)]
pub struct Ports {
    /// etcd's client port.
    pub etcd: u16,
    /// etcd's peer port; nobody calls it, but etcd insists on one.
    pub peer: u16,
    /// The API server.
    pub api: u16,
    /// KWOK's kubelet API.
    pub kubelet: u16,
}

/// Arguments for one program, with its file names resolved in the run's folder.
struct Args<'a>(Vec<String>, &'a Path);

impl Args<'_> {
    /// Adds arguments as they are.
    fn plain(mut self, args: &[&str]) -> Self {
        self.0.extend(args.iter().map(|&arg| arg.to_owned()));
        self
    }

    /// Adds `--flag=<folder>/<file>` for each pair.
    fn files(mut self, pairs: &[(&str, &str)]) -> Self {
        let folder = self.1.display();
        self.0.extend(
            pairs
                .iter()
                .map(|(flag, file)| format!("--{flag}={folder}/{file}")),
        );
        self
    }
}

/// etcd, without the disk flushes that only matter to data worth keeping.
pub fn etcd(folder: &Path, ports: Ports) -> Vec<String> {
    let client = format!("http://127.0.0.1:{}", ports.etcd);
    let peer = format!("http://127.0.0.1:{}", ports.peer);
    Args(vec![format!("--initial-cluster=default={peer}")], folder)
        .plain(&["--unsafe-no-fsync", "--log-level=warn"])
        .plain(&[
            "--listen-client-urls",
            &client,
            "--advertise-client-urls",
            &client,
        ])
        .plain(&[
            "--listen-peer-urls",
            &peer,
            "--initial-advertise-peer-urls",
            &peer,
        ])
        .files(&[("data-dir", "etcd")])
        .0
}

/// kube-apiserver with RBAC, service accounts, and KWOK as its kubelet.
pub fn apiserver(folder: &Path, ports: Ports) -> Vec<String> {
    let (etcd, api) = (ports.etcd, ports.api);
    Args(
        vec![format!("--etcd-servers=http://127.0.0.1:{etcd}")],
        folder,
    )
    .plain(&[&format!("--secure-port={api}"), "--bind-address=127.0.0.1"])
    // No Service may point at a loopback address, so nobody reconciles one.
    .plain(&[
        "--advertise-address=127.0.0.1",
        "--endpoint-reconciler-type=none",
    ])
    .plain(&[
        "--service-cluster-ip-range=10.0.0.0/24",
        "--authorization-mode=RBAC",
    ])
    .plain(&["--service-account-issuer=https://kubernetes.default.svc"])
    .plain(&["--kubelet-preferred-address-types=InternalIP"])
    .files(&[
        ("client-ca-file", "ca.crt"),
        ("kubelet-certificate-authority", "ca.crt"),
    ])
    .files(&[
        ("tls-cert-file", "server.crt"),
        ("tls-private-key-file", "server.key"),
    ])
    .files(&[("service-account-key-file", "accounts.pub")])
    .files(&[("service-account-signing-key-file", "accounts.key")])
    .files(&[("kubelet-client-certificate", "admin.crt")])
    .files(&[("kubelet-client-key", "admin.key")])
    .0
}

/// kube-controller-manager with every controller, each with its own rights.
pub fn controller_manager(folder: &Path) -> Vec<String> {
    Args(Vec::new(), folder)
        .plain(&["--leader-elect=false", "--secure-port=0", "--controllers=*"])
        .plain(&["--use-service-account-credentials=true"])
        // KWOK's nodes send no heartbeat of their own: with the usual 50 s every node, and every pod on
        // it, lapses in a run of some minutes.
        .plain(&["--node-monitor-grace-period=2h"])
        // Fast enough to make a thousand pods while a test waits.
        .plain(&["--kube-api-qps=500", "--kube-api-burst=1000"])
        .files(&[
            ("kubeconfig", "controllers.kubeconfig"),
            ("root-ca-file", "ca.crt"),
        ])
        .files(&[("service-account-private-key-file", "accounts.key")])
        .0
}

/// kube-scheduler.
pub fn scheduler(folder: &Path) -> Vec<String> {
    Args(Vec::new(), folder)
        .plain(&["--leader-elect=false", "--secure-port=0"])
        .plain(&["--kube-api-qps=500", "--kube-api-burst=1000"])
        .files(&[("kubeconfig", "scheduler.kubeconfig")])
        .0
}

/// KWOK: every node is its own, and it answers for their kubelets.
pub fn kwok(folder: &Path, ports: Ports) -> Vec<String> {
    let port = ports.kubelet;
    Args(vec![format!("--server-address=127.0.0.1:{port}")], folder)
        .plain(&["--node-ip=127.0.0.1", &format!("--node-port={port}")])
        .plain(&[
            "--cidr=10.244.0.0/16",
            "--manage-all-nodes=true",
            "--enable-crds=Logs,ClusterLogs",
        ])
        .files(&[
            ("kubeconfig", "admin.kubeconfig"),
            ("config", "stages.yaml"),
        ])
        .files(&[
            ("tls-cert-file", "server.crt"),
            ("tls-private-key-file", "server.key"),
        ])
        .0
}
