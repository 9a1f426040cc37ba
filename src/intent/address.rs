//! The web address in a message: `https://shop.example.com/api/pay`, with its scheme or without.

use super::ask::WebAddress;

/// A message with more words than this is a log, and the addresses in it are not what is asked about.
const MAX_WORDS: usize = 400;
/// What stands around an address and is no part of it.
const AROUND: &[char] = &[
    '<', '>', '"', '\'', '`', '(', ')', '[', ']', ',', ';', '«', '»', '“', '”', '’', '*', '…',
];

/// The first address in the text.
pub(super) fn address(text: &str) -> Option<WebAddress> {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '|' | '`' | '"'));
    words.take(MAX_WORDS).find_map(read)
}

/// The host of a word that is an address without a scheme: `shop.example.com/api/pay`.
pub(super) fn bare_host(word: &str) -> Option<&str> {
    let word = trimmed(word);
    let (host, _) = word.split_once('/').filter(|_| !word.contains("://"))?;
    let host = host.split(':').next()?;
    is_host(host).then_some(host)
}

fn read(word: &str) -> Option<WebAddress> {
    let word = trimmed(word);
    let rest = match word.split_once("://") {
        Some((scheme, rest)) if ["http", "https"].contains(&scheme.to_lowercase().as_str()) => rest,
        Some(_) => return None,
        None => bare_host(word).map(|_| word)?,
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let host = authority.rsplit('@').next()?.split(':').next()?;
    let path = tail.split(['?', '#']).next().unwrap_or_default();
    let path = if path.is_empty() { "/" } else { path };
    is_host(host).then(|| WebAddress {
        host: host.to_lowercase(),
        path: path.to_owned(),
    })
}

fn trimmed(word: &str) -> &str {
    word.trim_matches(|c| AROUND.contains(&c) || matches!(c, '.' | '!' | '?' | ':'))
}

/// Letters, digits and dashes between dots, and an ending of letters: no version, no file of a path.
fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let ending = host.rsplit('.').next().unwrap_or_default();
    host.contains('.')
        && host.len() <= 253
        && host.split('.').all(label)
        && ending.len() >= 2
        && ending.chars().all(|c| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(String, String)> {
        address(text).map(|one| (one.host, one.path))
    }

    #[test]
    fn host_and_path_are_read_and_nothing_else_of_an_address() {
        for (text, host, path) in [
            (
                "https://shop.example.com/api/pay renvoie 502",
                "shop.example.com",
                "/api/pay",
            ),
            (
                "<https://shop.example.com/api/pay|shop.example.com/api/pay> gives 502",
                "shop.example.com",
                "/api/pay",
            ),
            (
                "shop.example.com/api/pay renvoie 504",
                "shop.example.com",
                "/api/pay",
            ),
            (
                "502 sur HTTPS://Shop.Example.com:8443/API/Pay?x=1#y !",
                "shop.example.com",
                "/API/Pay",
            ),
            ("(voir https://shop.example.com).", "shop.example.com", "/"),
            (
                "`https://u:p@shop.example.com/a/` is down",
                "shop.example.com",
                "/a/",
            ),
        ] {
            assert_eq!(
                found(text),
                Some((host.to_owned(), path.to_owned())),
                "{text}"
            );
        }
        for text in [
            "payments/api est lent",
            "deploy/payment crashes",
            "v1.2/3 is out",
            "ftp://files.example.com/x",
            "and/or",
            "https:///x",
            "",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
