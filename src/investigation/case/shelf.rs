//! What was read of one kind of object, and where we know that there is nothing more.

use std::collections::BTreeMap;

use k8s_openapi::Metadata;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::{Deserialize, Serialize};

/// A part of the cluster that a read covered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Area {
    /// Every object of the kind.
    Cluster,
    /// Every object of the kind in a namespace.
    Namespace(String),
    /// One object by namespace (empty for cluster-scoped kinds) and name.
    Named(String, String),
    /// Objects in a namespace that carry these labels.
    Selected(String, BTreeMap<String, String>),
}

/// Why a part could not be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gap {
    /// The right is missing.
    NotPermitted,
    /// No answer, or a broken one.
    NoAnswer,
    /// More objects than were read.
    Cut,
}

/// The result of a look: found, known to be absent, or not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked<T> {
    /// It exists.
    Found(T),
    /// It was looked for and does not exist.
    Absent,
    /// Nobody looked, or the look failed.
    Unknown,
}

impl<T> Looked<T> {
    /// The object, if it was found.
    pub fn found(self) -> Option<T> {
        match self {
            Self::Found(object) => Some(object),
            Self::Absent | Self::Unknown => None,
        }
    }

    /// Whether it is known not to exist.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

/// Objects of one kind by namespace and name, with the areas that were read completely and those
/// that could not be read.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound = "K: Serialize + serde::de::DeserializeOwned")]
pub struct Shelf<K> {
    objects: Vec<K>,
    covered: Vec<Area>,
    gaps: Vec<(Area, Gap)>,
}

impl<K> Default for Shelf<K> {
    fn default() -> Self {
        Self {
            objects: Vec::new(),
            covered: Vec::new(),
            gaps: Vec::new(),
        }
    }
}

impl<K: Metadata<Ty = ObjectMeta>> Shelf<K> {
    /// Adds what a complete read of `area` gave.
    pub fn add(&mut self, area: Area, objects: Vec<K>) {
        self.put_all(objects);
        if !self.covered.contains(&area) {
            self.covered.push(area);
        }
    }

    /// Adds everything another shelf holds and knows.
    pub fn extend(&mut self, other: Self) {
        self.put_all(other.objects);
        self.covered.extend(other.covered);
        self.gaps.extend(other.gaps);
    }

    /// Notes that `area` could not be read.
    pub fn miss(&mut self, area: Area, gap: Gap) {
        self.gaps.push((area, gap));
    }

    /// Adds or replaces several, without a claim about any area. Those of an empty shelf stay where they are: a
    /// list names no object twice, and a list of thousands is not copied.
    pub fn put_all(&mut self, objects: Vec<K>) {
        if self.objects.is_empty() {
            self.objects = objects;
        } else {
            for object in objects {
                self.put(object);
            }
        }
    }

    /// Adds or replaces one object, without a claim about any area.
    pub fn put(&mut self, object: K) {
        let (namespace, name) = identity(&object);
        let same = |old: &K| identity(old) == (namespace, name);
        match self.objects.iter().position(same) {
            Some(at) => self.objects[at] = object,
            None => self.objects.push(object),
        }
    }

    /// The object of that name, in `namespace` (empty for cluster-scoped kinds).
    #[must_use]
    pub fn look(&self, namespace: &str, name: &str) -> Looked<&K> {
        if let Some(object) = self
            .objects
            .iter()
            .find(|object| identity(*object) == (namespace, name))
        {
            return Looked::Found(object);
        }
        let covers = |area: &Area| match area {
            Area::Cluster => true,
            Area::Namespace(read) => read == namespace,
            Area::Named(read, wanted) => read == namespace && wanted == name,
            Area::Selected(..) => false,
        };
        if self.covered.iter().any(covers) {
            Looked::Absent
        } else {
            Looked::Unknown
        }
    }

    /// Whether every object of the kind in `namespace` was read.
    #[must_use]
    pub fn knows(&self, namespace: &str) -> bool {
        self.covered.iter().any(|area| match area {
            Area::Cluster => true,
            Area::Namespace(read) => read == namespace,
            _ => false,
        })
    }

    /// Whether every object in `namespace` that carries `labels` was read.
    #[must_use]
    pub fn knows_selected(&self, namespace: &str, labels: &BTreeMap<String, String>) -> bool {
        let wider =
            |read: &BTreeMap<String, String>| read.iter().all(|(k, v)| labels.get(k) == Some(v));
        self.knows(namespace)
            || self.covered.iter().any(
                |area| matches!(area, Area::Selected(read, by) if read == namespace && wider(by)),
            )
    }

    /// All objects.
    pub fn iter(&self) -> impl Iterator<Item = &K> {
        self.objects.iter()
    }

    /// The objects of a namespace.
    pub fn within<'a>(&'a self, namespace: &'a str) -> impl Iterator<Item = &'a K> {
        self.objects
            .iter()
            .filter(move |object| identity(*object).0 == namespace)
    }

    /// What could not be read.
    #[must_use]
    pub fn gaps(&self) -> &[(Area, Gap)] {
        &self.gaps
    }

    /// How many objects there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }
}

/// Namespace (empty for cluster-scoped kinds) and name.
fn identity<K: Metadata<Ty = ObjectMeta>>(object: &K) -> (&str, &str) {
    let meta = object.metadata();
    (
        meta.namespace.as_deref().unwrap_or_default(),
        meta.name.as_deref().unwrap_or_default(),
    )
}
