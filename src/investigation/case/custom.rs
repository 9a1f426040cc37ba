//! Kinds that are no part of Kubernetes itself and live in its API all the same: Gateway API, Argo CD, the
//! Prometheus Operator. Their `spec` and `status` are kept as JSON: versions differ, and judges take what is there.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::{Metadata, NamespaceResourceScope, Resource};
use serde::{Deserialize, Serialize};
use serde_json::Value;

macro_rules! custom {
    ($(#[doc = $doc:literal])+ $name:ident, $group:literal, $version:literal, $kind:literal, $plural:literal) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        pub struct $name {
            /// Name, namespace, labels.
            pub metadata: ObjectMeta,
            /// What is wanted; its shape is the API's.
            #[serde(default)]
            pub spec: Value,
            /// What is; its shape is the API's.
            #[serde(default)]
            pub status: Value,
        }

        impl Resource for $name {
            const API_VERSION: &'static str = concat!($group, "/", $version);
            const GROUP: &'static str = $group;
            const KIND: &'static str = $kind;
            const VERSION: &'static str = $version;
            const URL_PATH_SEGMENT: &'static str = $plural;
            type Scope = NamespaceResourceScope;
        }

        impl Metadata for $name {
            type Ty = ObjectMeta;
            fn metadata(&self) -> &ObjectMeta {
                &self.metadata
            }
            fn metadata_mut(&mut self) -> &mut ObjectMeta {
                &mut self.metadata
            }
        }
    };
}

custom!(
    /// A route of the Gateway API (gateway.networking.k8s.io/v1).
    HttpRoute, "gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes"
);
custom!(
    /// A gateway of the Gateway API.
    Gateway, "gateway.networking.k8s.io", "v1", "Gateway", "gateways"
);
custom!(
    /// An Argo CD Application (argoproj.io/v1alpha1).
    Application, "argoproj.io", "v1alpha1", "Application", "applications"
);
custom!(
    /// A `ServiceMonitor` of the Prometheus Operator (monitoring.coreos.com/v1).
    ServiceMonitor, "monitoring.coreos.com", "v1", "ServiceMonitor", "servicemonitors"
);

/// The record of one revision of a Helm release: the metadata of its Secret, and never its data.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HelmSecret {
    /// Name, namespace, labels.
    pub metadata: ObjectMeta,
}

impl Resource for HelmSecret {
    const API_VERSION: &'static str = "v1";
    const GROUP: &'static str = "";
    const KIND: &'static str = "Secret";
    const VERSION: &'static str = "v1";
    const URL_PATH_SEGMENT: &'static str = "secrets";
    type Scope = NamespaceResourceScope;
}

impl Metadata for HelmSecret {
    type Ty = ObjectMeta;
    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }
    fn metadata_mut(&mut self) -> &mut ObjectMeta {
        &mut self.metadata
    }
}
