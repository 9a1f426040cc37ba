//! What the tests put into the cluster: objects, nodes, namespaces, and the
//! kubeconfig files of their service accounts.

use std::path::PathBuf;

use anyhow::{Context, Result};
use k8s_openapi::api::authentication::v1::TokenRequest;
use k8s_openapi::api::core::v1::ServiceAccount;
use kube::ResourceExt;
use kube::api::{Api, DynamicObject, Patch, PatchParams, PostParams};
use kube::core::GroupVersionKind;
use kube::discovery::{self, Scope};
use serde_json::{Value, json};

use super::{ControlPlane, tls};

/// Who the harness says it is in server-side apply.
pub(super) const MANAGER: &str = "vigie-test";

impl ControlPlane {
    /// Applies one or many YAML documents, server-side.
    pub async fn apply(&self, yaml: &str) -> Result<()> {
        self.send(yaml, &PatchParams::apply(MANAGER).force()).await
    }

    /// Has the API server check YAML documents without keeping them. What they
    /// lie in must exist: a namespace among the documents is not kept either.
    pub async fn dry_run(&self, yaml: &str) -> Result<()> {
        self.send(yaml, &PatchParams::apply(MANAGER).force().dry_run())
            .await
    }

    /// Sends each document to the API that its kind belongs to.
    async fn send(&self, yaml: &str, params: &PatchParams) -> Result<()> {
        let documents: Vec<Option<DynamicObject>> = serde_saphyr::from_multiple(yaml)?;
        for object in documents.into_iter().flatten() {
            let what = format!("{} {}", kind(&object), object.name_any());
            let api = self.api(&object).await.context(what.clone())?;
            api.patch(&object.name_any(), params, &Patch::Apply(&object))
                .await
                .context(what)?;
            if kind(&object) == "CustomResourceDefinition" && !params.dry_run {
                self.established(&api, &object.name_any()).await?;
            }
        }
        Ok(())
    }

    /// The API that an object belongs to.
    pub(super) async fn api(&self, object: &DynamicObject) -> Result<Api<DynamicObject>> {
        let types = object.types.as_ref().context("no apiVersion and kind")?;
        let client = self.admin();
        let kind = GroupVersionKind::try_from(types)?;
        let (resource, capabilities) = discovery::pinned_kind(&client, &kind).await?;
        if capabilities.scope == Scope::Cluster {
            return Ok(Api::all_with(client, &resource));
        }
        let namespace = object.namespace().unwrap_or_else(|| "default".to_owned());
        Ok(Api::namespaced_with(client, &namespace, &resource))
    }

    /// Waits until the API server serves a new kind.
    async fn established(&self, api: &Api<DynamicObject>, name: &str) -> Result<()> {
        self.wait(&format!("{name} to be served"), async || {
            let Ok(definition) = api.get(name).await else {
                return false;
            };
            let conditions = definition.data["status"]["conditions"].as_array().cloned();
            let holds = |it: &Value| it["type"] == "Established" && it["status"] == "True";
            conditions.unwrap_or_default().iter().any(holds)
        })
        .await
    }

    /// Makes sure that `count` nodes (`node-0` …) of 8 CPUs and 32 GiB take pods.
    pub async fn nodes(&self, count: usize) {
        for index in 0..count {
            self.node(&format!("node-{index}"), "8", "32Gi").await;
        }
    }

    /// Makes sure that a node of this size takes pods. Its name is also its
    /// `vigie.test/node` label, for pods that must not go elsewhere.
    pub async fn node(&self, name: &str, cpu: &str, memory: &str) {
        let size = json!({"cpu": cpu, "memory": memory, "pods": "110"});
        let node = json!({
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {"name": name, "labels": {"vigie.test/node": name}},
            "status": {"capacity": size, "allocatable": size},
        });
        self.apply(&node.to_string())
            .await
            .expect("nodes can be applied");
        self.until(&format!("{name} to take pods"), async || {
            self.takes_pods(name).await
        })
        .await;
    }

    /// Makes a namespace and waits until pods can be created in it.
    pub async fn namespace(&self, name: &str) {
        let namespace =
            json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}});
        self.apply(&namespace.to_string())
            .await
            .expect("namespaces can be applied");
        self.until(&format!("{name} to be usable"), async || {
            self.has_account(name).await
        })
        .await;
    }

    /// A kubeconfig with the rights of a service account that exists.
    pub async fn kubeconfig_for(&self, namespace: &str, service_account: &str) -> PathBuf {
        let accounts = Api::<ServiceAccount>::namespaced(self.admin(), namespace);
        let (request, params) = (TokenRequest::default(), PostParams::default());
        let answer = accounts
            .create_token_request(service_account, &params, &request)
            .await;
        let status = answer
            .expect("the service account exists")
            .status
            .expect("a token");
        let path = self
            .folder
            .path()
            .join(format!("{namespace}.{service_account}.kubeconfig"));
        let authority = self.folder.path().join("ca.crt");
        let port = self
            .config
            .cluster_url
            .port_u16()
            .expect("a port of its own");
        let user = json!({"token": status.token});
        tls::write_kubeconfig(&path, &authority, port, namespace, &user)
            .expect("it can be written");
        path
    }
}

/// An object's kind, for messages.
fn kind(object: &DynamicObject) -> &str {
    object
        .types
        .as_ref()
        .map_or("object", |types| types.kind.as_str())
}
