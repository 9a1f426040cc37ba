//! What a match must pass beyond its regex: placeholders, ports and the words of error messages are
//! no secrets, and people need to read them.

/// What a match must pass beyond its regex.
#[derive(Clone, Copy)]
pub(super) enum Gate {
    /// The regex is proof enough.
    Sure,
    /// A value after a telling key: not a placeholder, not a word of an error message.
    Value,
    /// Free-standing: must look random.
    Random,
    /// The password of a URL: not the port of one.
    UrlPassword,
}

impl Gate {
    pub(super) fn passes(self, value: &[u8], whole: &[u8]) -> bool {
        let value = trim(value);
        match self {
            _ if value.starts_with(b"[redacted:") || value.starts_with(b"redacted:") => false,
            Self::Sure => true,
            Self::Value => !is_placeholder(value) && !is_prose(value, whole),
            Self::Random => is_random(value),
            Self::UrlPassword => !is_placeholder(value) && !is_port(value),
        }
    }
}

fn trim(value: &[u8]) -> &[u8] {
    let quote = |byte: &u8| b"`*\"'.,;:!".contains(byte) || byte.is_ascii_whitespace();
    let start = value
        .iter()
        .position(|byte| !quote(byte))
        .unwrap_or(value.len());
    let end = value
        .iter()
        .rposition(|byte| !quote(byte))
        .map_or(start, |at| at + 1);
    &value[start..end]
}

/// A reference to a value instead of a value: `$VAR`, `{{ x }}`, `<none>`, `****`.
fn is_placeholder(value: &[u8]) -> bool {
    value.is_empty()
        || b"${<%(&".contains(&value[0])
        || value.iter().all(|byte| b"*xX.-_".contains(byte))
}

/// `http://host:8080/a?mail=b@c` has no password, whatever stands before the `@`.
fn is_port(value: &[u8]) -> bool {
    let end = value.iter().position(|byte| b"/?#".contains(byte));
    end.is_some_and(|end| value[..end].iter().all(u8::is_ascii_digit))
}

/// Words that follow `password:` or `token:` in messages about passwords and tokens.
const PROSE: &str = "a an and are authentication authorization bad but cannot check denied does empty error \
    expired fail failed false for from has in incorrect invalid is key malformed mismatch \
    missing must nil no none not null of ok on or please rejected required secret should \
    signature the to token true undefined unknown unset unexpected user valid was wrong yes \
    absent absente expiré incorrecte invalide manquant manquante non obligatoire refusé \
    refusée requis vide";

fn is_prose(value: &[u8], whole: &[u8]) -> bool {
    let Ok(word) = std::str::from_utf8(value) else {
        return false;
    };
    let key = String::from_utf8_lossy(whole).to_ascii_lowercase();
    let key = key.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    let first = word.split_whitespace().next().unwrap_or(word);
    if PROSE.split(' ').any(|word| word == first.to_lowercase()) {
        return true;
    }
    // `PWD=/app` is the working directory, `max_token=4096` a number, `token: /var/run/…` a file.
    if word.starts_with('/') {
        return true;
    }
    if key.contains("token") && word.len() <= 6 && word.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    // `secret: payment-tls` names an object; its value would stand after `=` or in quotes.
    key.starts_with("secret:") && is_object_name(word)
}

fn is_object_name(word: &str) -> bool {
    word.contains(['-', '/'])
        && word.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-./".contains(&byte)
        })
}

/// Whether text looks drawn by lot: several kinds of characters and high entropy.
fn is_random(value: &[u8]) -> bool {
    let has = |test: fn(&u8) -> bool| usize::from(value.iter().any(test));
    let kinds = has(u8::is_ascii_lowercase) + has(u8::is_ascii_uppercase) + has(u8::is_ascii_digit);
    kinds >= 2 && entropy(value) >= 3.0
}

/// Shannon entropy in bits per byte.
fn entropy(value: &[u8]) -> f64 {
    let mut seen = [0_u32; 256];
    for byte in value {
        seen[usize::from(*byte)] += 1;
    }
    let total = f64::from(u32::try_from(value.len()).unwrap_or(u32::MAX));
    seen.iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / total)
        .map(|share| -share * share.log2())
        .sum()
}
