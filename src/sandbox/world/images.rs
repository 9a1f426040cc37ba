//! Where the company's images come from.

/// `registry.example.com/NAME:TAG`.
pub(crate) fn ours(name: &str, tag: &str) -> String {
    format!("registry.example.com/{name}:{tag}")
}
