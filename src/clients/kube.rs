//! The Kubernetes API, read-only: lists with selectors and paging, single objects, logs.
//! Bodies are read as bytes under a cap (`body`), so a huge or non-UTF-8 answer is an error and not a
//! crash, and so that requests and bytes can be counted.

mod body;
mod slim;

use std::time::Duration;

use futures::future::BoxFuture;
use k8s_openapi::api::core::v1::Pod;
use kube::api::{GetParams, ListParams, LogParams, Request};
use kube::core::ObjectMeta;
use kube::{Client, Error, Resource};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use thiserror::Error as ThisError;

use body::{Stream, json, parse, whole};
use slim::Slim;

/// Objects per page of a list; what `kubectl` asks for.
const PAGE: u32 = 500;
/// Pages read of one list before it is cut and said to be cut.
const MAX_PAGES: u32 = 20;
/// Largest body of one answer: a page of 500 large pods is about 10 MiB.
const MAX_BODY: u64 = 48 << 20;
/// Kubernetes names are at most 253 characters (RFC 1123 subdomain).
const MAX_NAME: usize = 253;

/// Why a read gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
pub enum ReadError {
    /// 401 or 403: the right is missing. Holds the server's own words.
    #[error("not permitted: {0}")]
    Forbidden(String),
    /// 404: the object does not exist, or the API group is not served.
    #[error("not found")]
    NotFound,
    /// 400: the server understood and refused, such as previous logs that are not there.
    #[error("refused: {0}")]
    BadRequest(String),
    /// No answer in time.
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    /// No connection, or it broke.
    #[error("unreachable: {0}")]
    Unreachable(String),
    /// 429 or 5xx after the retry.
    #[error("server error {0}")]
    Server(u16),
    /// The answer could not be read: too large, or not what the API promises.
    #[error("unreadable answer: {0}")]
    Unreadable(String),
    /// The name is no Kubernetes name, so nothing was asked.
    #[error("not a valid name")]
    InvalidName,
}

/// What a read gave, and what it took.
#[derive(Clone, Debug)]
pub struct Answer<T> {
    /// The value.
    pub value: T,
    /// Requests sent.
    pub requests: u32,
    /// Bytes received.
    pub bytes: u64,
    /// Whether there was more than was read.
    pub cut: bool,
}

/// A read-only view of one cluster.
#[derive(Clone)]
pub struct KubeClient {
    client: Client,
    cluster: String,
    timeout: Duration,
}

#[derive(Deserialize)]
struct Page<K> {
    #[serde(default)]
    metadata: PageMeta,
    // The API server writes an empty list of metadata as `null`.
    #[serde(default = "Option::default")]
    items: Option<Vec<K>>,
}

#[derive(Default, Deserialize)]
struct PageMeta {
    #[serde(default, rename = "continue")]
    next: Option<String>,
}

/// Name, namespace, labels and annotations of an object, without the object.
#[derive(Clone, Debug, Deserialize)]
pub struct Meta {
    /// The object's metadata.
    pub metadata: ObjectMeta,
}

impl KubeClient {
    /// Wraps a client. `cluster` is the name shown to people, `timeout` bounds each request.
    #[must_use]
    pub fn new(client: Client, cluster: impl Into<String>, timeout: Duration) -> Self {
        Self {
            client,
            cluster: cluster.into(),
            timeout,
        }
    }

    /// The name people know the cluster by.
    #[must_use]
    pub fn cluster(&self) -> &str {
        &self.cluster
    }

    /// The client below, for `doctor`'s access reviews.
    #[must_use]
    pub fn inner(&self) -> &Client {
        &self.client
    }

    /// All objects of a kind in `namespace` (`None`: in the cluster) that match `params`.
    ///
    /// # Errors
    /// [`ReadError`]; `NotFound` means that the API group is not served.
    pub async fn list<K>(
        &self,
        namespace: Option<&str>,
        params: ListParams,
    ) -> Result<Answer<Vec<K>>, ReadError>
    where
        K: Resource<DynamicType = ()> + Clone + DeserializeOwned + Send + 'static,
    {
        let request = Request::new(path::<K>(namespace)?);
        let items = self.pages::<Slim<K>, _>(params, |params| request.list(params));
        let items = items.await?;
        Ok(Answer {
            value: items.value.into_iter().map(|item| item.0).collect(),
            requests: items.requests,
            bytes: items.bytes,
            cut: items.cut,
        })
    }

    /// As [`Self::list`], but only the metadata of the objects is sent.
    ///
    /// # Errors
    /// As [`Self::list`].
    pub async fn list_meta<K>(
        &self,
        namespace: Option<&str>,
        params: ListParams,
    ) -> Result<Answer<Vec<Meta>>, ReadError>
    where
        K: Resource<DynamicType = ()>,
    {
        let request = Request::new(path::<K>(namespace)?);
        self.pages(params, |params| request.list_metadata(params))
            .await
    }

    /// One object by name.
    ///
    /// # Errors
    /// [`ReadError`]; `NotFound` means that it does not exist.
    pub async fn get<K>(&self, namespace: Option<&str>, name: &str) -> Result<Answer<K>, ReadError>
    where
        K: Resource<DynamicType = ()> + Clone + DeserializeOwned + Send + 'static,
    {
        valid(name)?;
        let request = Request::new(path::<K>(namespace)?)
            .get(name, &GetParams::default())
            .map_err(unbuilt)?;
        let (body, requests) = self.fetch(request, MAX_BODY).await?;
        let value: Slim<K> = parse(body.as_slice())?;
        Ok(Answer {
            value: value.0,
            requests,
            bytes: body.len() as u64,
            cut: false,
        })
    }

    /// The raw JSON at an API path: for resources without a Rust type (metrics.k8s.io).
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn raw<T: DeserializeOwned + Send + 'static>(
        &self,
        url_path: &str,
        params: &ListParams,
    ) -> Result<Answer<T>, ReadError> {
        let request = Request::new(url_path).list(params).map_err(unbuilt)?;
        let (body, requests) = self.fetch(request, MAX_BODY).await?;
        Ok(Answer {
            value: parse(body.as_slice())?,
            requests,
            bytes: body.len() as u64,
            cut: false,
        })
    }

    /// The last lines of a container's log, as bytes. Bound it by `limit_bytes` in `params`.
    ///
    /// # Errors
    /// [`ReadError`]; `BadRequest` when there is no such log (no previous container, not started yet).
    pub async fn logs(
        &self,
        namespace: &str,
        pod: &str,
        params: &LogParams,
    ) -> Result<Answer<Vec<u8>>, ReadError> {
        valid(pod)?;
        let path = path::<Pod>(Some(namespace))?;
        let request = Request::new(path).logs(pod, params).map_err(unbuilt)?;
        let cap = params
            .limit_bytes
            .and_then(|limit| u64::try_from(limit).ok())
            .unwrap_or(1 << 20)
            + (64 << 10);
        let (body, requests) = self.fetch(request, cap).await?;
        Ok(Answer {
            bytes: body.len() as u64,
            requests,
            cut: false,
            value: body,
        })
    }

    async fn pages<K, F>(
        &self,
        mut params: ListParams,
        build: F,
    ) -> Result<Answer<Vec<K>>, ReadError>
    where
        K: DeserializeOwned + Send + 'static,
        F: Fn(&ListParams) -> Result<http::Request<Vec<u8>>, kube::core::request::Error>,
    {
        // A list served from the watch cache comes whole: with a limit the server would go to etcd.
        if params.resource_version.is_none() {
            params.limit = params.limit.or(Some(PAGE));
        }
        let mut all = Answer {
            value: Vec::new(),
            requests: 0,
            bytes: 0,
            cut: false,
        };
        for _ in 0..MAX_PAGES {
            let request = build(&params).map_err(unbuilt)?;
            let read = self.twice(request, |stream| json::<Page<K>>(stream, MAX_BODY));
            let ((page, bytes), requests) = read.await?;
            all.requests += requests;
            all.bytes += bytes;
            let items = page.items.unwrap_or_default();
            // A list that comes whole is not copied.
            if all.value.is_empty() {
                all.value = items;
            } else {
                all.value.extend(items);
            }
            match page.metadata.next.filter(|token| !token.is_empty()) {
                Some(token) => params.continue_token = Some(token),
                None => return Ok(all),
            }
        }
        all.cut = true;
        Ok(all)
    }

    /// Sends it and reads the answer whole; the body and the tries.
    async fn fetch(
        &self,
        request: http::Request<Vec<u8>>,
        cap: u64,
    ) -> Result<(Vec<u8>, u32), ReadError> {
        self.twice(request, |stream| whole(stream, cap)).await
    }

    /// Sends it, once more after a 429, 5xx or a broken connection; what was read, and the tries.
    async fn twice<T, F>(
        &self,
        request: http::Request<Vec<u8>>,
        read: impl Fn(Stream) -> F + Sync,
    ) -> Result<(T, u32), ReadError>
    where
        F: Future<Output = Result<T, ReadError>> + Send,
        T: Send,
    {
        match self.once(request.clone(), &read).await {
            Err(ReadError::Server(_) | ReadError::Unreachable(_)) => {
                tokio::time::sleep(Duration::from_millis(100 + fastrand::u64(0..150))).await;
                Ok((self.once(request, &read).await?, 2))
            }
            other => Ok((other?, 1)),
        }
    }

    /// Boxed: kube's own future is large, and an investigation holds a dozen at a time.
    fn once<'a, T, F>(
        &'a self,
        request: http::Request<Vec<u8>>,
        read: &'a (impl Fn(Stream) -> F + Sync),
    ) -> BoxFuture<'a, Result<T, ReadError>>
    where
        F: Future<Output = Result<T, ReadError>> + Send,
        T: Send,
    {
        let read = async move {
            let stream = self.client.request_stream(request).await;
            let stream = stream.map_err(|error| classify(&error))?;
            read(Box::pin(stream)).await
        };
        Box::pin(async move {
            let late = Err(ReadError::TimedOut(self.timeout));
            tokio::time::timeout(self.timeout, read)
                .await
                .unwrap_or(late)
        })
    }
}

fn path<K: Resource<DynamicType = ()>>(namespace: Option<&str>) -> Result<String, ReadError> {
    namespace.map_or(Ok(()), valid)?;
    Ok(K::url_path(&(), namespace))
}

/// Refuses what is no Kubernetes name before it reaches a URL (RFC 1123 subdomain; RBAC names with
/// colons are not read here).
fn valid(name: &str) -> Result<(), ReadError> {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let ok = name.len() <= MAX_NAME
        && name.chars().all(fine)
        && edge(name.chars().next())
        && edge(name.chars().last())
        && !name.contains("..");
    if ok {
        Ok(())
    } else {
        Err(ReadError::InvalidName)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape of map_err")]
fn unbuilt(error: kube::core::request::Error) -> ReadError {
    ReadError::Unreadable(error.to_string())
}

fn classify(error: &Error) -> ReadError {
    match error {
        Error::Api(status) => match status.code {
            401 | 403 => ReadError::Forbidden(status.message.clone()),
            404 => ReadError::NotFound,
            400 => ReadError::BadRequest(status.message.clone()),
            code => ReadError::Server(code),
        },
        Error::Auth(error) => ReadError::Forbidden(error.to_string()),
        Error::FromUtf8(_) | Error::SerdeError(_) => ReadError::Unreadable(error.to_string()),
        other => ReadError::Unreachable(innermost(other)),
    }
}

/// The last error of the chain: "connection refused" instead of "error trying to connect".
fn innermost(error: &Error) -> String {
    let mut current: &dyn std::error::Error = error;
    while let Some(source) = current.source() {
        current = source;
    }
    current.to_string()
}

impl KubeClient {
    /// Connects the way `kubectl` does: the kubeconfig's `context` (or its current one), else the
    /// service account of the pod vigie runs in. No request is sent yet.
    ///
    /// # Errors
    /// When there is no usable kubeconfig and no service account.
    pub async fn connect(context: Option<&str>, timeout: Duration) -> Result<Self, ReadError> {
        let options = kube::config::KubeConfigOptions {
            context: context.map(str::to_owned),
            ..Default::default()
        };
        let from_file = kube::Config::from_kubeconfig(&options).await;
        let mut config = match (from_file, context) {
            (Ok(config), _) => config,
            (Err(error), Some(_)) => return Err(ReadError::Unreachable(error.to_string())),
            (Err(error), None) => {
                kube::Config::incluster().map_err(|_| ReadError::Unreachable(error.to_string()))?
            }
        };
        config.connect_timeout = Some(timeout);
        config.read_timeout = Some(timeout);
        // Retried here, where it is counted and bounded.
        config.default_retry = false;
        let host = config.cluster_url.host().unwrap_or("cluster").to_owned();
        let name = context
            .map(str::to_owned)
            .or_else(current_context)
            .unwrap_or(host);
        let client =
            Client::try_from(config).map_err(|error| ReadError::Unreachable(error.to_string()))?;
        Ok(Self::new(client, name, timeout))
    }
}

/// The kubeconfig's current context, for showing.
fn current_context() -> Option<String> {
    kube::config::Kubeconfig::read()
        .ok()?
        .current_context
        .filter(|name| !name.is_empty())
}
