//! A Kubernetes API server over objects we made up: the reading half of the real API, its errors
//! in its own words, logs, rights, pages, and faults on request.

mod discovery;
mod list;
mod log;
mod query;
mod resource;
mod review;
mod router;
mod select;
mod state;
mod status;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::Request;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

pub use self::log::{ContainerLog, Lines};
pub(crate) use self::query::percent_decode;
pub use self::resource::Resource;
use self::state::State;
pub use self::state::{Seen, Target};
pub(crate) use self::state::{fnv, uid};
use super::fault::Wire;
use super::server::Server;
use crate::clock::Clock;

/// What a request can meet instead of its answer.
#[derive(Clone, Debug, PartialEq)]
pub enum KubeFault {
    /// 403; access reviews say the same.
    Forbidden,
    /// 500, etcd timed out.
    ServerError,
    /// 503.
    Unavailable,
    /// 410, only for the later pages of a list.
    Expired,
    /// 429 with this `Retry-After`, in seconds.
    TooManyRequests(u64),
    /// Anything below the protocol.
    Wire(Wire),
}

#[derive(Debug)]
pub(crate) struct Inner {
    state: Mutex<State>,
    clock: Clock,
    token: String,
    user: String,
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, request: &Request) {
        let seen = Seen {
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            at: self.clock.now(),
        };
        self.lock().seen.push(seen);
    }
}

/// The running API server and a hand on what it holds.
#[derive(Debug)]
pub struct Cluster {
    inner: Arc<Inner>,
    server: Server,
}

impl Cluster {
    /// Starts an empty one.
    ///
    /// # Errors
    /// When no loopback port can be bound.
    pub fn start(clock: Clock) -> io::Result<Self> {
        let inner = Arc::new(Inner {
            state: Mutex::default(),
            clock,
            token: "FAKE-service-account-token".to_owned(),
            user: "system:serviceaccount:vigie:vigie".to_owned(),
        });
        let router = Router::new()
            .fallback(router::handle)
            .with_state(Arc::clone(&inner));
        let server = Server::start(router)?;
        Ok(Self { inner, server })
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The only bearer token it accepts (not a real one).
    #[must_use]
    pub fn token(&self) -> &str {
        &self.inner.token
    }

    /// A kubeconfig whose current context, `sandbox`, is this server.
    #[must_use]
    pub fn kubeconfig(&self) -> String {
        format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: sandbox\n\
             clusters:\n- name: sandbox\n  cluster:\n    server: {}\n\
             users:\n- name: vigie\n  user:\n    token: {}\n\
             contexts:\n- name: sandbox\n  context:\n    cluster: sandbox\n    user: vigie\n    namespace: default\n",
            self.url(),
            self.token()
        )
    }

    /// The port itself, to refuse connections and to open again.
    #[must_use]
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// The sandbox clock's time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.inner.clock.now()
    }

    /// One object; `namespace` is empty for cluster-scoped kinds.
    #[must_use]
    pub fn get(&self, kind: &str, namespace: &str, name: &str) -> Option<Value> {
        let resource = Resource::named(kind)?;
        self.inner.lock().get(resource, namespace, name).cloned()
    }

    /// All objects of a kind in a namespace (everywhere, when it is empty).
    #[must_use]
    pub fn list(&self, kind: &str, namespace: &str) -> Vec<Value> {
        let Some(resource) = Resource::named(kind) else {
            return Vec::new();
        };
        self.inner
            .lock()
            .all(resource)
            .filter(|((ns, _), _)| namespace.is_empty() || ns == namespace)
            .map(|(_, object)| object.clone())
            .collect()
    }

    /// Creates or replaces an object, by its `apiVersion` and `kind`.
    ///
    /// # Panics
    /// When the server does not know the kind: the scenario is wrong.
    pub fn put(&self, object: Value) {
        let text = |field: &str| object[field].as_str().unwrap_or_default();
        let resource = Resource::of_kind(text("apiVersion"), text("kind"));
        let Some(resource) = resource else {
            panic!("no such kind: {} {}", text("apiVersion"), text("kind"));
        };
        let now = self.now();
        self.inner.lock().put(resource, object, now);
    }

    /// Changes an object in place; `false` when there is none.
    pub fn update(
        &self,
        kind: &str,
        namespace: &str,
        name: &str,
        change: impl FnOnce(&mut Value),
    ) -> bool {
        let Some(mut object) = self.get(kind, namespace, name) else {
            return false;
        };
        change(&mut object);
        self.put(object);
        true
    }

    /// Removes an object; whether it was there.
    pub fn delete(&self, kind: &str, namespace: &str, name: &str) -> bool {
        Resource::named(kind)
            .is_some_and(|resource| self.inner.lock().delete(resource, namespace, name))
    }

    /// Sets a container's log: the lines of this instance and of the one before, a second apart,
    /// the last one written now.
    pub fn set_log(
        &self,
        namespace: &str,
        pod: &str,
        container: &str,
        current: &str,
        previous: Option<&str>,
    ) {
        let end = self.now();
        let lines = |text| Lines::ending(end, TimeDelta::seconds(1), text);
        let log = ContainerLog {
            current: lines(current),
            previous: previous.map(lines),
        };
        self.put_log(namespace, pod, container, log);
    }

    /// Sets a container's log with its times.
    pub fn put_log(&self, namespace: &str, pod: &str, container: &str, log: ContainerLog) {
        let key = (namespace.to_owned(), pod.to_owned(), container.to_owned());
        self.inner.lock().logs.insert(key, log);
    }

    /// Every log, by namespace, pod and container.
    pub(crate) fn logs(&self) -> Vec<((String, String, String), ContainerLog)> {
        let state = self.inner.lock();
        let mut all: Vec<_> = state
            .logs
            .iter()
            .map(|(key, log)| (key.clone(), log.clone()))
            .collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all
    }

    /// The next matching request meets this.
    pub fn fault_once(&self, target: Target, fault: KubeFault) {
        self.inner.lock().faults.plan(target, fault, Some(1));
    }

    /// Every matching request meets this, until [`Self::clear_faults`].
    pub fn fault(&self, target: Target, fault: KubeFault) {
        self.inner.lock().faults.plan(target, fault, None);
    }

    /// Matching requests after the first `well` meet this: only the next one (`once`), or all that follow.
    pub fn fault_after(&self, well: usize, target: Target, fault: KubeFault, once: bool) {
        let times = once.then_some(1);
        self.inner
            .lock()
            .faults
            .plan_after(well, target, fault, times);
    }

    /// Everything works again.
    pub fn clear_faults(&self) {
        self.inner.lock().faults.clear();
    }

    /// Gives the bot's account a right it should not have.
    pub fn grant(&self, target: Target) {
        self.inner.lock().granted.push(target);
    }

    /// Uninstalls an API group (`metrics.k8s.io`): its paths are 404.
    pub fn remove_api(&self, group: &str) {
        self.inner.lock().absent_groups.insert(group.to_owned());
    }

    /// Every request so far, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<Seen> {
        self.inner.lock().seen.clone()
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        self.inner.lock().seen.clear();
    }
}
