//! The routes, asked over a real socket.

use std::sync::Mutex;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::FutureExt as _;
use serde_json::Value;

use super::*;
use crate::incident::{Incident, IncidentId, ThreadRef};
use crate::store::{
    Accepted, Answer, Arrival, Commit, Health, Inbox, Limits, Snapshot, StoreError, Watermark,
};
use crate::text::Redactor;

/// A store that only knows how it is; nothing is in it.
struct Shelf(Mutex<Result<Health, StoreError>>);

fn healthy() -> Health {
    Health {
        writable: true,
        problem: None,
        sequence: 7,
        open_incidents: 2,
        inbox: 1,
        bytes: None,
        busy: Duration::ZERO,
    }
}

fn closed<'a, T: Send + 'a>() -> Answer<'a, T> {
    async { Err(StoreError::Closed) }.boxed()
}

fn empty<'a, T: Default + Send + 'a>() -> Answer<'a, T> {
    async { Ok(T::default()) }.boxed()
}

impl Store for Shelf {
    fn accept(&self, _: Arrival) -> Answer<'_, Accepted> {
        closed()
    }
    fn pending(&self) -> Answer<'_, Vec<Inbox>> {
        empty()
    }
    fn commit(&self, _: Commit) -> Answer<'_, ()> {
        closed()
    }
    fn load(&self, _: &IncidentId) -> Answer<'_, Option<Incident>> {
        empty()
    }
    fn load_live(&self) -> Answer<'_, Vec<Incident>> {
        empty()
    }
    fn load_since(&self, _: DateTime<Utc>) -> Answer<'_, Vec<Incident>> {
        empty()
    }
    fn find_by_thread(&self, _: &ThreadRef) -> Answer<'_, Option<Incident>> {
        empty()
    }
    fn watermarks(&self) -> Answer<'_, Vec<Watermark>> {
        empty()
    }
    fn document(&self, _: &str) -> Answer<'_, Option<String>> {
        empty()
    }
    fn documents(&self, prefix: &str) -> Answer<'_, Vec<(String, String)>> {
        assert_eq!(prefix, "aside/");
        async { Ok(vec![("aside/7".to_owned(), "@devops aide".to_owned())]) }.boxed()
    }
    fn prune(&self, _: Limits, _: DateTime<Utc>) -> Answer<'_, u64> {
        empty()
    }
    fn health(&self) -> Answer<'_, Health> {
        let health = self.0.lock().unwrap().clone();
        async { health }.boxed()
    }
    fn snapshot(&self) -> Answer<'_, Snapshot> {
        empty()
    }
    fn restore(&self, _: Snapshot) -> Answer<'_, ()> {
        closed()
    }
}

struct World {
    base: String,
    shelf: Arc<Shelf>,
    socket: watch::Sender<SocketState>,
    _stop: watch::Sender<bool>,
}

impl World {
    async fn start(admin_token: Option<&str>) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let shelf = Arc::new(Shelf(Mutex::new(Ok(healthy()))));
        let (socket, state) = watch::channel(SocketState::default());
        let (stop, stopped) = watch::channel(false);
        let shown = Shown {
            store: shelf.clone(),
            heartbeat: Heartbeat::default(),
            slack: Some(state),
            metrics: Metrics::new(Redactor::default()),
            admin_token: admin_token.map(SecretString::from),
            clock: Clock::system(),
        };
        tokio::spawn(serve(listener, shown, stopped));
        Self {
            base,
            shelf,
            socket,
            _stop: stop,
        }
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
        let mut request = reqwest::Client::new().get(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }
}

#[tokio::test]
async fn ready_means_connected_and_able_to_save() {
    let world = World::start(None).await;
    let (status, body) = world.get("/readyz", &[]).await;
    assert_eq!(status, 503);
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["slack"], "no Socket Mode connection");
    assert_eq!(body["store"], "ok");

    world.socket.send_modify(|state| state.live = 1);
    assert_eq!(world.get("/readyz", &[]).await.0, 200);

    let full = Health {
        writable: false,
        problem: Some("disk full".to_owned()),
        ..healthy()
    };
    *world.shelf.0.lock().unwrap() = Ok(full);
    let (status, body) = world.get("/readyz", &[]).await;
    assert_eq!(status, 503);
    assert!(body.contains("disk full"), "{body}");

    *world.shelf.0.lock().unwrap() = Err(StoreError::Closed);
    assert_eq!(world.get("/readyz", &[]).await.0, 503);
    assert_eq!(
        world.get("/livez", &[]).await.0,
        200,
        "liveness is about the loop only"
    );
}

#[test]
fn a_silent_loop_is_not_alive() {
    assert_eq!(health::liveness(Duration::from_secs(59)).0, StatusCode::OK);
    let (status, text) = health::liveness(Duration::from_secs(75));
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(text, "the loop has been silent for 75 s\n");
    let heartbeat = Heartbeat::default();
    heartbeat.clone().beat();
    assert!(heartbeat.age() < Duration::from_secs(5));
}

#[tokio::test]
async fn metrics_are_scraped_with_the_state_of_the_store() {
    let world = World::start(None).await;
    let (status, text) = world.get("/metrics", &[]).await;
    assert_eq!(status, 200);
    assert!(text.contains("\nvigie_incidents_open 2\n"), "{text}");
    assert!(text.contains("\nvigie_store_writable 1\n"), "{text}");
}

#[tokio::test]
async fn without_a_token_only_this_machine_by_its_own_name_may_administer() {
    let world = World::start(None).await;
    assert_eq!(
        world.get("/admin/incidents", &[]).await,
        (200, "[]".to_owned())
    );
    let rebound = world
        .get("/admin/incidents", &[("host", "evil.example")])
        .await;
    assert_eq!(rebound.0, 403);
    assert_eq!(world.get("/admin/incidents/nope", &[]).await.0, 404);
    assert_eq!(world.get("/admin/export", &[]).await, (200, String::new()));
    let aside = r#"[{"id":"7","kind":"","received_at":null,"said":"@devops aide"}]"#;
    assert_eq!(
        world.get("/admin/aside", &[]).await,
        (200, aside.to_owned())
    );
    assert_eq!(world.get("/admin/incidents?dayz=3", &[]).await.0, 400);
    assert_eq!(world.get("/admin/incidents?days=3", &[]).await.0, 200);
}

#[tokio::test]
async fn with_a_token_nobody_gets_in_without_it() {
    let world = World::start(Some("FAKE-token")).await;
    for path in ["/admin/export", "/admin/aside"] {
        assert_eq!(world.get(path, &[]).await.0, 401, "{path}");
    }
    for wrong in [
        "Bearer FAKE-toke",
        "Bearer FAKE-tokem",
        "FAKE-token",
        "Bearer ",
    ] {
        let (status, _) = world
            .get("/admin/export", &[("authorization", wrong)])
            .await;
        assert_eq!(status, 401, "{wrong}");
    }
    let right = [("authorization", "Bearer FAKE-token")];
    assert_eq!(world.get("/admin/export", &right).await.0, 200);
    assert_eq!(
        world.get("/livez", &[]).await.0,
        200,
        "probes need no token"
    );
}
