//! A real Chromium on the demo's page, driven over its remote debugging protocol. Without one the tests say
//! SKIPPED; `VIGIE_REQUIRE_BROWSER=1` makes that a failure.

mod chromium;
mod look;
mod pictures;
mod stories;
mod wire;

pub use self::chromium::{Browser, Tab};

/// A browser, or the reason why there is none on standard error.
pub async fn browser() -> Option<Browser> {
    match Browser::launch().await {
        Ok(browser) => Some(browser),
        Err(error) if std::env::var_os("VIGIE_REQUIRE_BROWSER").is_some() => {
            panic!("VIGIE_REQUIRE_BROWSER is set: {error:#}")
        }
        Err(error) => {
            eprintln!("SKIPPED: {error:#}");
            None
        }
    }
}
