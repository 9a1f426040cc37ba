//! The comparison at the end of an alert's expression: `… > 0.9`. Read structurally; whatever is not plainly a
//! value compared with a number is left alone.

/// Which side of the threshold fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// `>` or `>=`.
    Above,
    /// `<` or `<=`.
    Below,
}

/// A value compared with a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The value's expression.
    pub left: String,
    /// Which side fires.
    pub direction: Direction,
    /// Whether the threshold itself fires (`>=`, `<=`).
    pub inclusive: bool,
    /// The number.
    pub threshold: f64,
}

impl Comparison {
    /// Whether a value fires at this threshold.
    #[must_use]
    pub fn fires(&self, value: f64, threshold: f64) -> bool {
        match (self.direction, self.inclusive) {
            (Direction::Above, false) => value > threshold,
            (Direction::Above, true) => value >= threshold,
            (Direction::Below, false) => value < threshold,
            (Direction::Below, true) => value <= threshold,
        }
    }
}

/// A piece of an expression that stands in no bracket and no string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'a> {
    Word(&'a str),
    Operator(&'a str),
}

/// The comparison, where the whole expression is one.
#[must_use]
pub fn comparison(expression: &str) -> Option<Comparison> {
    let expression = bare(expression)?;
    let pieces = outer(expression)?;
    let sets = |piece: &Piece<'_>| {
        matches!(piece, Piece::Word(word)
            if ["and", "or", "unless"].contains(&word.to_ascii_lowercase().as_str()))
    };
    if pieces.iter().any(|(_, piece)| sets(piece)) {
        return None;
    }
    let mut operators = pieces.iter().filter_map(|(at, piece)| match piece {
        Piece::Operator(operator) => Some((*at, *operator)),
        Piece::Word(_) => None,
    });
    let (at, operator) = operators.next()?;
    if operators.next().is_some() {
        return None;
    }
    let (direction, inclusive) = match operator {
        ">" => (Direction::Above, false),
        ">=" => (Direction::Above, true),
        "<" => (Direction::Below, false),
        "<=" => (Direction::Below, true),
        _ => return None,
    };
    let left = expression[..at].trim();
    let threshold = number(&expression[at + operator.len()..])?;
    // A number compared with a number is no measurement.
    (!left.is_empty() && number(left).is_none()).then(|| Comparison {
        left: left.to_owned(),
        direction,
        inclusive,
        threshold,
    })
}

/// Whether an expression only asks whether something is there: `absent(…)`, `up == 0`.
pub(super) fn asks_for_presence(expression: &str) -> bool {
    let Some(words) = words(expression) else {
        return true;
    };
    let has = |name: &str| words.iter().any(|word| word == name);
    let compared = expression
        .split_whitespace()
        .collect::<String>()
        .contains("==0");
    has("absent") || has("absent_over_time") || (has("up") && (compared || words.len() <= 3))
}

/// Without the brackets around the whole.
fn bare(expression: &str) -> Option<&str> {
    let mut text = expression.trim();
    while text.starts_with('(') && closing(text)? == text.len() - 1 {
        text = text[1..text.len() - 1].trim();
    }
    Some(text)
}

/// Where the bracket at the start is closed.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut all = Chars::of(text);
    while let Some((at, c, quoted)) = all.next_char()? {
        if quoted {
            continue;
        }
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// Words and comparisons outside of every bracket and string, with where they begin; `None` when brackets or strings
/// do not close.
fn outer(text: &str) -> Option<Vec<(usize, Piece<'_>)>> {
    let mut pieces = Vec::new();
    let mut depth = 0_usize;
    let mut until = 0;
    let mut all = Chars::of(text);
    while let Some((at, c, quoted)) = all.next_char()? {
        if quoted || at < until {
            continue;
        }
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.checked_sub(1)?,
            _ if depth > 0 => {}
            '>' | '<' | '=' | '!' => {
                let long = text[at + 1..].starts_with(['=', '~']);
                until = at + if long { 2 } else { 1 };
                pieces.push((at, Piece::Operator(&text[at..until])));
            }
            c if is_name(c) => {
                let word = word_at(text, at);
                until = at + word.len();
                pieces.push((at, Piece::Word(word)));
            }
            _ => {}
        }
    }
    (depth == 0).then_some(pieces)
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == ':'
}

fn word_at(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    let end = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
    &rest[..end]
}

/// Every word outside of strings; `None` when a string does not close.
fn words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut until = 0;
    let mut all = Chars::of(text);
    while let Some((at, c, quoted)) = all.next_char()? {
        if !quoted && at >= until && is_name(c) {
            let word = word_at(text, at);
            until = at + word.len();
            words.push(word.to_owned());
        }
    }
    Some(words)
}

/// A finite number, or a quotient or product of two (`25 / 100`), in brackets or not.
fn number(text: &str) -> Option<f64> {
    let text = bare(text)?;
    let plain = |text: &str| {
        let text = text.trim();
        let digits = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
        let value = text.chars().all(digits).then(|| text.parse().ok())?;
        value.filter(|value: &f64| value.is_finite())
    };
    let of_two = |sign: char| {
        let (first, second) = text.split_once(sign)?;
        Some((plain(first)?, plain(second)?))
    };
    let product = || of_two('*').map(|(first, second)| first * second);
    let quotient = || of_two('/').map(|(first, second)| first / second);
    plain(text)
        .or_else(quotient)
        .or_else(product)
        .filter(|value| value.is_finite())
}

/// The characters of an expression, each with whether it stands in a string.
struct Chars<'a> {
    inner: std::str::CharIndices<'a>,
    quote: Option<char>,
}

impl<'a> Chars<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            inner: text.char_indices(),
            quote: None,
        }
    }

    /// The next one; `Some(None)` at the end, `None` when a string is not closed.
    #[expect(clippy::option_option, reason = "the end is no failure")]
    fn next_char(&mut self) -> Option<Option<(usize, char, bool)>> {
        let Some((at, c)) = self.inner.next() else {
            return self.quote.is_none().then_some(None);
        };
        match self.quote {
            Some(quote) => {
                if c == '\\' && quote != '`' {
                    self.inner.next();
                } else if c == quote {
                    self.quote = None;
                }
                Some(Some((at, c, true)))
            }
            None if "\"'`".contains(c) => {
                self.quote = Some(c);
                Some(Some((at, c, true)))
            }
            None => Some(Some((at, c, false))),
        }
    }
}
