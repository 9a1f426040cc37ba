//! One form for all spellings of a word: lower case, no accents, no plural.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case, compatibility forms and accents folded, ligatures opened, invisible characters dropped.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkc().flat_map(char::to_lowercase).nfd() {
        match c {
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            'ß' => folded.push_str("ss"),
            '’' | 'ʼ' | '`' | '´' | '‘' => folded.push('\''),
            '‐' | '‑' | '–' | '—' => folded.push('-'),
            c if is_combining_mark(c) || is_invisible(c) => {}
            c => folded.push(c),
        }
    }
    folded
}

/// Zero-width and direction marks: they change how a word looks and nothing else.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// `sloooow` → `slow`: a letter written three times or more is written once.
pub(super) fn unstretch(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let mut out = String::with_capacity(word.len());
    let mut at = 0;
    while at < letters.len() {
        let run = letters[at..]
            .iter()
            .take_while(|&&c| c == letters[at])
            .count();
        let keep = if run >= 3 && letters[at].is_alphabetic() {
            1
        } else {
            run
        };
        out.extend(std::iter::repeat_n(letters[at], keep));
        at += run;
    }
    out
}

/// A folded word without its plural ending. Wrong on words like `redis`, the same way every time.
pub(super) fn singular(word: &str) -> String {
    if word.len() <= 3 || !word.is_ascii() || word.ends_with("ss") {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for ending in ["ches", "shes", "xes", "sses"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    let end = word.len() - usize::from(word.ends_with('s'));
    word[..end].to_owned()
}
