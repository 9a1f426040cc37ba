//! What can be read off a PromQL text without an engine: the selectors in it, the functions around
//! them, the outermost aggregation. What is not understood is said, and then nothing is answered.

use chrono::TimeDelta;
use regex::Regex;

use super::selector::{Matcher, Pattern, Selector, duration};

/// What is computed from a metric; the world scripts values for each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// The series itself.
    Raw,
    /// `rate(…[5m])` and `irate`.
    Rate,
    /// `increase(…)`.
    Increase,
    /// `max_over_time(…)`, over hours: what is scripted for it. Over minutes the series itself is looked through.
    MaxOverTime,
    /// `histogram_quantile(q, …)`.
    Quantile(f64),
    /// One selector divided by another; the first one names the metric.
    Ratio,
}

/// A query as far as it is understood.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    /// In reading order: of a ratio the first one counts, of `a or b` the first that has a value.
    pub selectors: Vec<Selector>,
    pub shape: Shape,
    /// How far back a range goes, when there is one.
    pub window: Option<TimeDelta>,
    /// The outermost aggregation and the labels it keeps; `without` is kept as such.
    pub aggregation: Option<Aggregation>,
    /// A comparison with a number at the end.
    pub filter: Option<(&'static str, f64)>,
    /// What was not understood.
    pub unknown: Vec<String>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Aggregation {
    pub operator: String,
    pub labels: Vec<String>,
    pub without: bool,
}

const AGGREGATIONS: &[&str] = &["sum", "avg", "min", "max", "count"];
const FUNCTIONS: &[&str] = &[
    "rate",
    "irate",
    "increase",
    "max_over_time",
    "histogram_quantile",
    "sort",
    "sort_desc",
    "vector",
    "clamp_min",
    "clamp_max",
    "label_replace",
    // All are given: a table here has fewer series than any limit.
    "topk",
    "bottomk",
];
const COMPARISONS: &[&str] = &["==", "!=", ">=", "<=", ">", "<"];

/// A query; or several side by side, each with the label that its results bear.
pub(crate) type Parts = Vec<(Option<(String, String)>, Query)>;

/// Reads `label_replace(A, "name", "value", "", "") or label_replace(B, …)`, else a single query.
pub(crate) fn read_parts(text: &str) -> Result<Parts, String> {
    let Some(parts) = side_by_side(text) else {
        return Ok(vec![(None, read(text)?)]);
    };
    let each = parts.into_iter();
    each.map(|(label, text)| Ok((Some(label), read(text)?)))
        .collect()
}

fn side_by_side(text: &str) -> Option<Vec<((String, String), &str)>> {
    let mut all = Vec::new();
    let mut rest = text.trim();
    loop {
        let (inside, after) = closed(rest.strip_prefix("label_replace(")?)?;
        let inside = inside.strip_suffix(", \"\", \"\"")?.strip_suffix('"')?;
        let (inside, value) = inside.rsplit_once(", \"")?;
        let (expression, name) = inside.strip_suffix('"')?.rsplit_once(", \"")?;
        all.push(((name.to_owned(), value.to_owned()), expression));
        rest = after.trim_start();
        if rest.is_empty() {
            return Some(all);
        }
        rest = rest.strip_prefix("or ")?.trim_start();
    }
}

/// What stands before the bracket that closes, and what comes after it.
fn closed(text: &str) -> Option<(&str, &str)> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' => depth += 1,
            ')' if depth == 0 => return Some((&text[..at], &text[at + 1..])),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Reads a query. `Err` is Prometheus' kind of parse error.
pub(crate) fn read(text: &str) -> Result<Query, String> {
    let mut reader = Reader {
        rest: text,
        whole: text,
        selectors: Vec::new(),
        functions: Vec::new(),
        numbers: Vec::new(),
        operators: Vec::new(),
        window: None,
        aggregation: None,
        unknown: Vec::new(),
        depth: 0,
    };
    reader.run()?;
    let has = |name: &str| reader.functions.iter().any(|f| f == name);
    let divided = reader.selectors.len() > 1 && reader.operators.iter().any(|op| op == "/");
    let shape = if has("histogram_quantile") {
        Shape::Quantile(reader.numbers.first().copied().unwrap_or(0.0))
    } else if divided {
        Shape::Ratio
    } else if has("rate") || has("irate") {
        Shape::Rate
    } else if has("increase") {
        Shape::Increase
    } else if has("max_over_time") {
        Shape::MaxOverTime
    } else {
        Shape::Raw
    };
    let comparison = |op: &String| COMPARISONS.iter().copied().find(|c| c == op);
    let compared = reader.operators.iter().find_map(comparison);
    let filter = compared.zip(reader.numbers.last().copied());
    for operator in &reader.operators {
        let known = operator == "/" && divided || operator == "or";
        if !known && comparison(operator).is_none() {
            reader.unknown.push(format!("operator {operator}"));
        }
    }
    let alternatives = reader.operators.iter().any(|op| op == "or");
    if reader.selectors.len() > 1 && !divided && !alternatives {
        reader.unknown.push("more than one selector".to_owned());
    }
    Ok(Query {
        selectors: reader.selectors,
        shape,
        window: reader.window,
        aggregation: reader.aggregation,
        filter,
        unknown: reader.unknown,
    })
}

/// Reads one selector, as `match[]` holds it.
pub(crate) fn selector(text: &str) -> Result<Selector, String> {
    let query = read(text)?;
    let mut selectors = query.selectors.into_iter();
    selectors.next().ok_or_else(|| "no selector".to_owned())
}

struct Reader<'a> {
    rest: &'a str,
    whole: &'a str,
    selectors: Vec<Selector>,
    functions: Vec<String>,
    numbers: Vec<f64>,
    operators: Vec<String>,
    window: Option<TimeDelta>,
    aggregation: Option<Aggregation>,
    unknown: Vec<String>,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn run(&mut self) -> Result<(), String> {
        if self.rest.trim().is_empty() {
            return Err("1:1: parse error: no expression found in input".to_owned());
        }
        while let Some(c) = self.rest.chars().next() {
            match c {
                c if c.is_whitespace() || c == ',' => self.skip(1),
                '(' => {
                    self.depth += 1;
                    self.skip(1);
                }
                ')' => {
                    self.depth = self.depth.checked_sub(1).ok_or_else(|| self.wrong())?;
                    self.skip(1);
                }
                '[' => self.window = duration(self.until(']')?),
                '{' => self.selector(String::new())?,
                '"' | '\'' => {
                    self.string()?;
                }
                c if c.is_ascii_digit() => self.number(),
                c if c.is_ascii_alphabetic() || c == '_' => self.word()?,
                _ => self.operator()?,
            }
        }
        if self.depth == 0 {
            Ok(())
        } else {
            Err("parse error: unclosed left parenthesis".to_owned())
        }
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    fn wrong(&self) -> String {
        let at = self.whole.len() - self.rest.len() + 1;
        format!("1:{at}: parse error: unexpected character")
    }

    fn until(&mut self, end: char) -> Result<&'a str, String> {
        let rest = self.rest;
        let at = rest.find(end).ok_or_else(|| self.wrong())?;
        self.skip(at + end.len_utf8());
        Ok(&rest[1..at])
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest;
        let at = rest.find(|c| !keep(c)).unwrap_or(rest.len());
        self.skip(at);
        &rest[..at]
    }

    fn space(&mut self) {
        self.take_while(char::is_whitespace);
    }

    fn number(&mut self) {
        let text = self.take_while(|c| c.is_ascii_alphanumeric() || c == '.');
        self.numbers.extend(text.parse::<f64>());
    }

    fn operator(&mut self) -> Result<(), String> {
        let found = [
            "==", "!=", ">=", "<=", ">", "<", "/", "*", "+", "-", "%", "^", "@",
        ]
        .into_iter()
        .find(|operator| self.rest.starts_with(operator));
        let operator = found.ok_or_else(|| self.wrong())?;
        self.operators.push(operator.to_owned());
        self.skip(operator.len());
        Ok(())
    }

    fn word(&mut self) -> Result<(), String> {
        let word = self
            .take_while(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':')
            .to_owned();
        self.space();
        match word.as_str() {
            "by" | "without" => self.grouping(word == "without"),
            "on" | "ignoring" | "group_left" | "group_right" => {
                if self.rest.starts_with('(') {
                    self.until(')')?;
                }
                Ok(())
            }
            "offset" => self.offset(),
            "bool" => Ok(()),
            "and" | "or" | "unless" => {
                self.operators.push(word);
                Ok(())
            }
            name if AGGREGATIONS.contains(&name) => {
                if self.aggregation.is_none() {
                    self.aggregation = Some(Aggregation {
                        operator: word,
                        ..Aggregation::default()
                    });
                }
                Ok(())
            }
            _ if self.rest.starts_with('(') => {
                if !FUNCTIONS.contains(&word.as_str()) {
                    self.unknown.push(format!("function {word}"));
                }
                self.functions.push(word);
                Ok(())
            }
            _ => self.selector(word),
        }
    }

    fn grouping(&mut self, without: bool) -> Result<(), String> {
        let inside = self.until(')')?;
        let labels = inside.split(',').map(|label| label.trim().to_owned());
        // Only the outermost aggregation decides about the result's labels, and it is the first.
        if let Some(aggregation) = &mut self.aggregation
            && aggregation.labels.is_empty()
        {
            aggregation.labels = labels.filter(|label| !label.is_empty()).collect();
            aggregation.without = without;
        }
        Ok(())
    }

    fn offset(&mut self) -> Result<(), String> {
        let text = self.take_while(|c| c.is_ascii_alphanumeric());
        let by = duration(text).ok_or_else(|| self.wrong())?;
        let last = self
            .selectors
            .last_mut()
            .ok_or("parse error: offset of nothing")?;
        last.offset = by;
        Ok(())
    }

    fn selector(&mut self, metric: String) -> Result<(), String> {
        let mut selector = Selector {
            metric,
            ..Selector::default()
        };
        if self.rest.starts_with('{') {
            self.skip(1);
            loop {
                self.space();
                if self.rest.starts_with('}') {
                    self.skip(1);
                    break;
                }
                let matcher = self.matcher()?;
                match (&matcher.pattern, matcher.label.as_str()) {
                    (Pattern::Text(name), "__name__") if !matcher.negated => {
                        selector.metric.clone_from(name);
                    }
                    _ => selector.matchers.push(matcher),
                }
            }
        }
        self.selectors.push(selector);
        Ok(())
    }

    fn matcher(&mut self) -> Result<Matcher, String> {
        let label = self
            .take_while(|c| c.is_ascii_alphanumeric() || c == '_')
            .to_owned();
        self.space();
        let operator = ["=~", "!~", "!=", "="]
            .into_iter()
            .find(|operator| self.rest.starts_with(operator));
        let operator = operator.filter(|_| !label.is_empty());
        let operator = operator.ok_or_else(|| self.wrong())?;
        self.skip(operator.len());
        self.space();
        let value = self.string()?;
        self.space();
        if self.rest.starts_with(',') {
            self.skip(1);
        }
        let pattern = if operator.ends_with('~') {
            let regex = Regex::new(&format!("^(?s:{value})$"));
            Pattern::Regex(regex.map_err(|error| format!("parse error: {error}"))?)
        } else {
            Pattern::Text(value)
        };
        Ok(Matcher {
            label,
            pattern,
            negated: operator.starts_with('!'),
        })
    }

    fn string(&mut self) -> Result<String, String> {
        let quote = self.rest.chars().next().filter(|c| "\"'`".contains(*c));
        let quote = quote.ok_or_else(|| self.wrong())?;
        let mut text = String::new();
        let mut chars = self.rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            if c == quote {
                self.skip(at + 1);
                return Ok(text);
            }
            match c {
                '\\' if quote != '`' => match chars.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 't')) => text.push('\t'),
                    Some((_, other)) => text.push(other),
                    None => break,
                },
                other => text.push(other),
            }
        }
        Err("parse error: unterminated quoted string".to_owned())
    }
}
