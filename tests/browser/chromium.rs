//! The browser's process, and its tabs.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use serde_json::{Value, json};

use super::wire::Wire;
use crate::cluster::process::Program;

/// How long something on the page may take.
const PATIENCE: Duration = Duration::from_mins(1);
/// Between two looks at a condition.
const AGAIN: Duration = Duration::from_millis(20);

const ARGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--remote-debugging-port=0",
];

/// A running Chromium with a profile of its own; dropping it ends both.
pub struct Browser {
    wire: Arc<Wire>,
    _program: Program,
    _profile: tempfile::TempDir,
}

impl Browser {
    pub async fn launch() -> Result<Self> {
        let binary = find()?;
        let profile = tempfile::tempdir()?;
        let mut args: Vec<String> = ARGS.iter().map(|arg| (*arg).to_owned()).collect();
        args.push(format!("--user-data-dir={}", profile.path().display()));
        args.push("about:blank".to_owned());
        let program = Program::start(profile.path(), &binary, &args)?;
        let (port, path) = devtools(&program, profile.path()).await?;
        let wire = Arc::new(Wire::connect(port, &path).await?);
        Ok(Self {
            wire,
            _program: program,
            _profile: profile,
        })
    }

    /// Opens a tab of that size, with the language and colours a person would have set.
    pub async fn open(&self, url: &str, size: (u32, u32), language: &str, dark: bool) -> Tab {
        let tab = self.tab(size, language, dark).await.unwrap();
        tab.call("Page.navigate", json!({ "url": url })).await;
        tab.wait("document.querySelector('.channel') && document.readyState === 'complete'")
            .await;
        tab
    }

    async fn tab(&self, (width, height): (u32, u32), language: &str, dark: bool) -> Result<Tab> {
        // A context of its own: tabs of different people share no memory.
        let context = self
            .wire
            .call(None, "Target.createBrowserContext", json!({}))
            .await?;
        let target =
            json!({ "url": "about:blank", "browserContextId": context["browserContextId"] });
        let target = self.wire.call(None, "Target.createTarget", target).await?;
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = self
            .wire
            .call(None, "Target.attachToTarget", attach)
            .await?;
        let tab = Tab {
            wire: Arc::clone(&self.wire),
            session: session["sessionId"]
                .as_str()
                .context("no session")?
                .to_owned(),
        };
        for domain in ["Page", "Runtime", "Log"] {
            tab.call(&format!("{domain}.enable"), json!({})).await;
        }
        let colours = if dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": colours }]);
        tab.call(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        )
        .await;
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 800,
        });
        tab.call("Emulation.setDeviceMetricsOverride", metrics)
            .await;
        let agent = json!({ "userAgent": "Chromium (vigie tests)", "acceptLanguage": language });
        tab.call("Emulation.setUserAgentOverride", agent).await;
        Ok(tab)
    }

    /// No page threw, opened a dialog, or broke its policy.
    pub fn assert_quiet(&self) {
        let complaints = self.wire.complaints();
        assert!(complaints.is_empty(), "{complaints:#?}");
    }
}

/// Where Chromium is: `VIGIE_CHROMIUM`, or a usual name in the path.
fn find() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("VIGIE_CHROMIUM") {
        return Ok(path.into());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    std::env::split_paths(&path)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .find(|file| file.is_file())
        .context("there is no Chromium (Debian: apt-get install chromium)")
}

/// The port and path that the browser writes down when it listens.
async fn devtools(program: &Program, profile: &Path) -> Result<(u16, String)> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let text = std::fs::read_to_string(profile.join("DevToolsActivePort")).unwrap_or_default();
        if let Some((port, path)) = text.split_once('\n').filter(|(_, path)| !path.is_empty()) {
            return Ok((port.parse()?, path.trim().to_owned()));
        }
        program.check()?;
        if Instant::now() > deadline {
            bail!("Chromium does not listen:\n{}", program.tail());
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// One tab.
pub struct Tab {
    wire: Arc<Wire>,
    session: String,
}

impl Tab {
    pub async fn call(&self, method: &str, params: Value) -> Value {
        match self.wire.call(Some(&self.session), method, params).await {
            Ok(result) => result,
            Err(error) => panic!("{error:#}"),
        }
    }

    /// The value of an expression.
    pub async fn eval(&self, expression: &str) -> Value {
        let params = json!({
            "expression": expression, "returnByValue": true, "awaitPromise": true,
            "userGesture": true,
        });
        let result = self.call("Runtime.evaluate", params).await;
        assert!(
            result["exceptionDetails"].is_null(),
            "{expression}: {result:#}"
        );
        result["result"]["value"].clone()
    }

    /// Waits until an expression is true.
    pub async fn wait(&self, expression: &str) {
        let deadline = Instant::now() + PATIENCE;
        let asked = format!("Boolean({expression})");
        while self.eval(&asked).await != true {
            if Instant::now() > deadline {
                let text = self.eval("document.body.innerText").await;
                panic!(
                    "not true: {expression}\n{}",
                    text.as_str().unwrap_or_default()
                );
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Waits until these words stand in the element.
    pub async fn read(&self, selector: &str, words: &str) {
        self.wait(&format!(
            "[...document.querySelectorAll({})].some((e) => e.innerText.includes({}))",
            json!(selector),
            json!(words)
        ))
        .await;
    }

    /// Clicks the last element that matches and says that, as a mouse would.
    pub async fn click(&self, selector: &str, words: &str) {
        let find = format!(
            "[...document.querySelectorAll({})].filter((e) => e.innerText.includes({}) && e.offsetParent).at(-1)",
            json!(selector),
            json!(words)
        );
        self.wait(&find).await;
        let place = format!(
            "(() => {{ const e = {find}; e.scrollIntoView({{ block: 'center' }}); const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; }})()"
        );
        let place = self.eval(&place).await;
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({
                "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1,
            });
            self.call("Input.dispatchMouseEvent", event).await;
        }
    }

    /// Types into whatever has the focus.
    pub async fn type_text(&self, text: &str) {
        self.call("Input.insertText", json!({ "text": text })).await;
    }

    /// Presses a key: `Enter`, `Escape`, `Tab`, `ArrowDown`.
    pub async fn key(&self, key: &str) {
        let code = match key {
            "Enter" => 13,
            "Escape" => 27,
            "Tab" => 9,
            "ArrowDown" => 40,
            _ => panic!("no key {key}"),
        };
        for kind in ["keyDown", "keyUp"] {
            let mut event = json!({
                "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code,
            });
            if key == "Enter" && kind == "keyDown" {
                event["text"] = "\r".into();
            }
            self.call("Input.dispatchKeyEvent", event).await;
        }
    }

    /// A PNG of what is seen.
    pub async fn picture(&self) -> Vec<u8> {
        let shot = self
            .call("Page.captureScreenshot", json!({ "format": "png" }))
            .await;
        let data = shot["data"].as_str().unwrap();
        base64::engine::general_purpose::STANDARD
            .decode(data)
            .unwrap()
    }
}
