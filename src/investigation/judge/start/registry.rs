//! The parts of an image reference.

/// Registry of an image reference that names none.
const DEFAULT: &str = "docker.io";

/// The registry: the part before the first slash when it looks like a host.
pub(super) fn registry(image: &str) -> &str {
    match image.split_once('/') {
        Some((first, _)) if first.contains(['.', ':']) || first == "localhost" => first,
        _ => DEFAULT,
    }
}

/// Repository and tag; the tag is `latest` when none is written. An image pinned by digest has none.
pub(super) fn tag(image: &str) -> Option<(&str, &str)> {
    if image.contains('@') {
        return None;
    }
    let name = image.rfind('/').map_or(0, |slash| slash + 1);
    match image[name..].rfind(':') {
        Some(colon) => Some((&image[..name + colon], &image[name + colon + 1..])),
        None => Some((image, "latest")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_taken_apart() {
        assert_eq!(registry("nginx:1.27"), "docker.io");
        assert_eq!(registry("acme/web"), "docker.io");
        assert_eq!(
            registry("registry.example:5000/acme/web:v1"),
            "registry.example:5000"
        );
        assert_eq!(registry("localhost/web"), "localhost");
        assert_eq!(
            tag("registry.example:5000/acme/web"),
            Some(("registry.example:5000/acme/web", "latest"))
        );
        assert_eq!(tag("acme/web:v1"), Some(("acme/web", "v1")));
        assert_eq!(tag("acme/web@sha256:0"), None);
    }
}
