//! How the programs are started, one after the other.

use std::path::Path;

use anyhow::{Context, Result};
use kube::config::{KubeConfigOptions, Kubeconfig};

use super::components::{self, Ports};
use super::folder::Folder;
use super::process::{self, Program};
use super::{ControlPlane, tls};

impl ControlPlane {
    /// Launches with other ports when somebody took one in between.
    pub(super) async fn launch_anew(binaries: &Path) -> Result<Self> {
        let mut tries = 0..3;
        loop {
            match Self::launch(binaries).await {
                Err(error)
                    if format!("{error:#}").contains("address already in use")
                        && tries.next().is_some() => {}
                done => return done,
            }
        }
    }

    /// Starts the programs in order, each when the one before it answers.
    async fn launch(binaries: &Path) -> Result<Self> {
        let [etcd, peer, api, kubelet] = process::free_ports()?;
        let ports = Ports {
            etcd,
            peer,
            api,
            kubelet,
        };
        let folder = Folder::create()?;
        credentials(folder.path(), ports)?;
        let config = config(&folder.path().join("admin.kubeconfig")).await?;
        let mut plane = Self {
            programs: Vec::new(),
            config,
            folder,
            binaries: binaries.to_owned(),
        };
        let path = plane.folder.path().to_owned();

        plane.run(&binaries.join("etcd"), &components::etcd(&path, ports))?;
        plane
            .wait("etcd to listen", async || listens(etcd).await)
            .await?;
        plane.run(
            &binaries.join("kube-apiserver"),
            &components::apiserver(&path, ports),
        )?;
        plane
            .wait("the API server to be ready", async || plane.ready().await)
            .await?;
        let manager = components::controller_manager(&path);
        plane.run(&binaries.join("kube-controller-manager"), &manager)?;
        plane.run(
            &binaries.join("kube-scheduler"),
            &components::scheduler(&path),
        )?;
        plane
            .apply(&std::fs::read_to_string(binaries.join("kwok-crds.yaml"))?)
            .await?;
        plane.run(&binaries.join("kwok"), &components::kwok(&path, ports))?;
        plane
            .wait("KWOK to listen", async || listens(kubelet).await)
            .await?;
        plane
            .wait("the controllers to work", async || {
                plane.has_account("default").await
            })
            .await?;
        Ok(plane)
    }

    /// Starts one more program in the control plane's folder.
    fn run(&mut self, binary: &Path, args: &[String]) -> Result<()> {
        self.programs
            .push(Program::start(self.folder.path(), binary, args)?);
        Ok(())
    }
}

/// Writes all keys, certificates, kubeconfig files and the stages.
fn credentials(folder: &Path, ports: Ports) -> Result<()> {
    let authority = tls::Authority::new(folder)?;
    authority.issue("server", "server", None)?;
    authority.kubeconfig("admin", "admin", Some("system:masters"), ports.api)?;
    let controllers = "system:kube-controller-manager";
    authority.kubeconfig("controllers", controllers, None, ports.api)?;
    authority.kubeconfig("scheduler", "system:kube-scheduler", None, ports.api)?;
    std::fs::write(folder.join("stages.yaml"), include_str!("stages.yaml"))?;
    Ok(())
}

/// The client configuration that a kubeconfig file describes.
pub(super) async fn config(path: &Path) -> Result<kube::Config> {
    let kubeconfig = Kubeconfig::read_from(path)?;
    let options = KubeConfigOptions::default();
    let config = kube::Config::from_custom_kubeconfig(kubeconfig, &options).await;
    config.with_context(|| format!("{} is not usable", path.display()))
}

/// Whether something listens on a loopback port.
async fn listens(port: u16) -> bool {
    tokio::net::TcpStream::connect(("127.0.0.1", port))
        .await
        .is_ok()
}
