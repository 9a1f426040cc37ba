//! What is kept of an object that was read: a namespace of 2,000 pods has to fit beside everything else.

use std::any::Any;

use k8s_openapi::api::core::v1::Pod;
use kube::Resource;
use serde::{Deserialize, Deserializer};

/// An object without `managedFields`: half of what the API server sends of a pod, and trees of maps once read. And
/// without spare room: a list that was read has room for four, one container has three kilobytes then, a copy has not.
/// Each object is made slim before the next one is read.
pub(super) struct Slim<K>(pub(super) K);

impl<'de, K> Deserialize<'de> for Slim<K>
where
    K: Resource<DynamicType = ()> + Clone + Deserialize<'de> + 'static,
{
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut object = K::deserialize(from)?;
        object.meta_mut().managed_fields = None;
        if let Some(pod) = (&mut object as &mut dyn Any).downcast_mut::<Pod>() {
            without_token(pod);
        }
        Ok(Self(object.clone()))
    }
}

/// The volume that the `ServiceAccount` admission plugin puts into every pod (`kube-api-access-…`, projected) is four
/// kilobytes of it. The kubelet starts no container before all volumes are mounted, so that of a running pod is no news.
fn without_token(pod: &mut Pod) {
    let phase = pod.status.as_ref().and_then(|it| it.phase.as_deref());
    let volumes = pod.spec.as_mut().and_then(|it| it.volumes.as_mut());
    if let (Some("Running"), Some(volumes)) = (phase, volumes) {
        volumes.retain(|it| it.projected.is_none() || !it.name.starts_with("kube-api-access-"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(phase: &str) -> Pod {
        let managed = json!([{"manager": "kubelet", "fieldsV1": {"f:status": {}}}]);
        let token = json!({"name": "kube-api-access-x7k2p", "projected": {"sources": []}});
        let own = json!({"name": "kube-api-access-own", "emptyDir": {}});
        let text = json!({
            "metadata": {"name": "a", "managedFields": managed},
            "spec": {"containers": [{"name": "app"}], "volumes": [token, own]},
            "status": {"phase": phase},
        });
        let Slim(pod) = serde_json::from_str(&text.to_string()).unwrap();
        pod
    }

    #[test]
    fn an_object_that_was_read_keeps_no_managed_fields_and_no_spare_room() {
        let pod = read("Pending");
        assert_eq!(pod.metadata.managed_fields, None);
        assert_eq!(pod.spec.unwrap().containers.capacity(), 1);
    }

    #[test]
    fn the_volume_of_the_token_goes_once_it_was_mounted() {
        for (phase, left) in [("Pending", 2), ("Running", 1)] {
            assert_eq!(read(phase).spec.unwrap().volumes.unwrap().len(), left);
        }
    }
}
