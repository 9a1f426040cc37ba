//! The errors of the API server, in its own words: `Status` objects.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};

use super::resource::Resource;
use crate::sandbox::fault;

/// An error answer: HTTP status, reason, message, details.
#[derive(Debug)]
pub(crate) struct Failure {
    code: StatusCode,
    reason: &'static str,
    message: String,
    details: Value,
    retry_after: Option<u64>,
}

impl Failure {
    fn new(code: StatusCode, reason: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            reason,
            message: message.into(),
            details: json!({}),
            retry_after: None,
        }
    }

    fn about(mut self, resource: &Resource, name: Option<&str>) -> Self {
        let mut details = json!({ "kind": resource.plural });
        if let Some(name) = name {
            details["name"] = name.into();
        }
        if !resource.group.is_empty() {
            details["group"] = resource.group.into();
        }
        self.details = details;
        self
    }

    /// 400 with these words.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// 401: no token, or not ours.
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", "Unauthorized")
    }

    /// 403: who may not do what, where.
    pub fn forbidden(user: &str, access: &Access<'_>) -> Self {
        let name = access.name.map(|n| format!(" \"{n}\"")).unwrap_or_default();
        let scope = match access.namespace {
            Some(ns) => format!("in the namespace \"{ns}\""),
            None => "at the cluster scope".to_owned(),
        };
        let message = format!(
            "{}{name} is forbidden: User \"{user}\" cannot {} resource \"{}\" in API group \"{}\" {scope}",
            access.resource.qualified(),
            access.verb,
            access.with_subresource(),
            access.resource.group,
        );
        Self::new(StatusCode::FORBIDDEN, "Forbidden", message).about(access.resource, access.name)
    }

    /// 404: no object of that name.
    pub fn not_found(resource: &Resource, name: &str) -> Self {
        let message = format!("{} \"{name}\" not found", resource.qualified());
        Self::new(StatusCode::NOT_FOUND, "NotFound", message).about(resource, Some(name))
    }

    /// 404: no such path in this API.
    pub fn no_such_path() -> Self {
        let message = "the server could not find the requested resource";
        Self::new(StatusCode::NOT_FOUND, "NotFound", message)
    }

    /// 405: the sandbox serves reading only.
    pub fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            "the server does not allow this method on the requested resource",
        )
    }

    /// 410: a continue token outlived its list.
    pub fn expired() -> Self {
        Self::new(
            StatusCode::GONE,
            "Expired",
            "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.",
        )
    }

    /// 429 with a `Retry-After`.
    pub fn too_many_requests(retry_after: u64) -> Self {
        let mut failure = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "TooManyRequests",
            "Too many requests, please try again later.",
        );
        failure.details = json!({ "retryAfterSeconds": retry_after });
        failure.retry_after = Some(retry_after);
        failure
    }

    /// 500, with the reason etcd gives when it is slow.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalError",
            "Internal error occurred: etcdserver: request timed out",
        )
    }

    /// 503, what an aggregated API without a backend answers.
    pub fn unavailable() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "ServiceUnavailable",
            "the server is currently unable to handle the request",
        )
    }

    /// The answer on the wire.
    pub fn into_response(self) -> Response {
        let body = json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": self.message, "reason": self.reason, "details": self.details,
            "code": self.code.as_u16(),
        });
        let mut response = fault::json(self.code, &body);
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// One thing someone wants to do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Access<'a> {
    pub verb: &'a str,
    pub resource: &'static Resource,
    pub subresource: Option<&'a str>,
    pub namespace: Option<&'a str>,
    pub name: Option<&'a str>,
}

impl Access<'_> {
    /// `pods` or `pods/log`.
    pub fn with_subresource(&self) -> String {
        match self.subresource {
            Some(sub) => format!("{}/{sub}", self.resource.plural),
            None => self.resource.plural.to_owned(),
        }
    }
}
