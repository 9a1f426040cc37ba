//! Files in a thread, in Slack's three steps: an address to send to, the bytes, and the word that puts them into a
//! conversation. Nothing shows before the last step, so only that one can be unclear; whatever goes wrong earlier
//! leaves nothing behind and may be tried again.
//!
//! <https://docs.slack.dev/reference/methods/files.getUploadURLExternal>

use reqwest::Url;
use serde_json::{Value, json};
use slack_morphism::{SlackClientApiCallContext, SlackClientHttpConnector as _};
use tracing::Span;

use super::api::Slack;
use super::error::SlackError;
use super::limiter::{Method, Priority};

/// Slack takes a thousand characters of alternative text (`alt_txt_too_large`); the redactor may still write longer
/// words into it, and it goes in an address, where a letter may take six.
const ALT_MAX: usize = 500;

/// A file to show in a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Its file name. Make it from the key of the effect: it is how the file is found again ([`carries_file`]).
    pub name: String,
    /// What stands over it.
    pub title: String,
    /// What a picture shows, for those who do not see it.
    pub alt: String,
    /// Its media type: `image/png`.
    pub kind: &'static str,
    /// The file. No redactor reads it: draw only what was redacted.
    pub bytes: Vec<u8>,
}

/// A file that Slack has taken. Which message shows it is not told: Slack posts it a moment later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uploaded {
    /// Its id: `F024BERPE`.
    pub file: String,
}

impl Slack {
    /// Shows a file in a thread.
    ///
    /// # Errors
    /// [`SlackError::Unclear`] only when it may be there all the same: look with [`carries_file`] before trying again.
    pub async fn upload(
        &self,
        channel: &str,
        thread_ts: &str,
        upload: &Upload,
        priority: Priority,
    ) -> Result<Uploaded, SlackError> {
        let (address, file) = self
            .upload_address(upload, priority)
            .await
            .map_err(nothing_shown)?;
        self.send_bytes(address, upload)
            .await
            .map_err(nothing_shown)?;
        let permit = self
            .permit(Method::CompleteUpload, Some(channel), priority, None)
            .await?;
        let payload = json!({
            "files": [{"id": file, "title": upload.title}],
            "channel_id": channel,
            "thread_ts": thread_ts,
        });
        self.post_json(permit, payload).await?;
        Ok(Uploaded { file })
    }

    /// Where the bytes may go, and the file's id.
    async fn upload_address(
        &self,
        upload: &Upload,
        priority: Priority,
    ) -> Result<(Url, String), SlackError> {
        let permit = self.permit(Method::UploadUrl, None, priority, None).await?;
        let mut words = json!({
            "filename": upload.name,
            "alt_txt": upload.alt.chars().take(ALT_MAX).collect::<String>(),
        });
        (self.scrub)(&mut words);
        let word = |name: &str| words[name].as_str().map(str::to_owned);
        // A GET, as Slack documents it: JSON is not among what this method takes.
        let params = [
            ("filename", word("filename")),
            ("length", Some(upload.bytes.len().to_string())),
            ("alt_txt", word("alt_txt").filter(|text| !text.is_empty())),
        ];
        let body = self.get(permit, &params).await?;
        let (Some(address), Some(file)) = (body["upload_url"].as_str(), body["file_id"].as_str())
        else {
            return Err(SlackError::Transient(
                "the answer names no upload address".to_owned(),
            ));
        };
        let address = allowed(address, &self.base_url).ok_or_else(|| SlackError::Refused {
            error: "foreign_upload_address".to_owned(),
            detail: Vec::new(),
        })?;
        Ok((address, file.to_owned()))
    }

    /// Sends the bytes, without the token: the address is the right to send to it.
    async fn send_bytes(&self, address: Url, upload: &Upload) -> Result<(), SlackError> {
        let span = Span::none();
        let context = SlackClientApiCallContext {
            rate_control_params: None,
            token: None,
            tracing_span: &span,
            is_sensitive_url: true,
        };
        let connector = &self.client.http_api.connector;
        let kind = upload.kind.to_owned();
        let send = connector.http_post_uri_binary::<Value>(address, kind, &upload.bytes, context);
        match tokio::time::timeout(self.timeout, send).await {
            Ok(sent) => sent.map(drop).map_err(SlackError::from),
            Err(_) => Err(SlackError::Transient(
                "the bytes were not taken in time".to_owned(),
            )),
        }
    }
}

/// Whether a message of a thread shows a file of that name.
#[must_use]
pub fn carries_file(message: &Value, name: &str) -> bool {
    let files = message["files"].as_array();
    files.into_iter().flatten().any(|file| file["name"] == name)
}

/// Before the last step an unclear answer is no risk: nothing shows, and the next try gets another address.
fn nothing_shown(error: SlackError) -> SlackError {
    match error {
        SlackError::Unclear(why) => SlackError::Transient(why),
        other => other,
    }
}

/// The address, if it is Slack's own or the API's: an answer does not send our bytes anywhere else.
fn allowed(address: &str, api: &str) -> Option<Url> {
    let address = Url::parse(address).ok()?;
    let own = Url::parse(api).is_ok_and(|api| api.origin() == address.origin());
    let host = address.host_str().unwrap_or_default();
    let slack = address.scheme() == "https"
        && address.port().is_none()
        && (host == "slack.com" || host.ends_with(".slack.com"));
    let plain = address.username().is_empty() && address.password().is_none();
    (plain && (own || slack)).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_go_to_slack_and_to_nobody_else() {
        let real = "https://slack.com/api";
        for good in [
            "https://files.slack.com/upload/v1/ABC",
            "https://slack.com/upload",
        ] {
            assert!(allowed(good, real).is_some(), "{good}");
        }
        for bad in [
            "http://files.slack.com/upload/v1/ABC",
            "https://files.slack.com:8443/upload",
            "https://files.slack.com.evil.example/upload",
            "https://evilslack.com/upload",
            "https://slack.com@evil.example/upload",
            "https://user:FAKE@files.slack.com/upload",
            "https://169.254.169.254/latest/meta-data",
            "http://127.0.0.1:9090/upload",
            "file:///etc/passwd",
            "/upload",
            "",
        ] {
            assert!(allowed(bad, real).is_none(), "{bad}");
        }
        let sandbox = "http://127.0.0.1:4711/api";
        assert!(allowed("http://127.0.0.1:4711/upload/v1/ABC", sandbox).is_some());
        assert!(allowed("http://127.0.0.1:4712/upload/v1/ABC", sandbox).is_none());
    }

    #[test]
    fn a_file_is_found_again_by_its_name() {
        let shown =
            json!({"ts": "2.0", "files": [{"id": "F1", "name": "vigie-inc-1-attach-1.png"}]});
        assert!(carries_file(&shown, "vigie-inc-1-attach-1.png"));
        assert!(!carries_file(&shown, "vigie-inc-1-attach-2.png"));
        assert!(!carries_file(
            &json!({"ts": "2.0", "text": "vigie-inc-1-attach-1.png"}),
            "vigie-inc-1-attach-1.png"
        ));
        assert!(!carries_file(&json!({"files": "odd"}), "odd"));
    }
}
