//! Reads an expression: where its strings are, whether its brackets close, what its placeholders are.

use super::{Part, Value, Wrong};

/// Reads an expression character by character: only strings and brackets matter.
#[derive(Default)]
pub(super) struct Reader {
    pub parts: Vec<Part>,
    text: String,
    /// The quote of the string that is open, and whether a regular expression is expected there.
    string: Option<(char, bool)>,
    open: Vec<char>,
    pub problems: Vec<Wrong>,
}

impl Reader {
    pub fn wrong(&mut self, what: &str, fix: &str) {
        self.problems.push((what.to_owned(), fix.to_owned()));
    }

    pub fn read(&mut self, text: &str) {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if let Some(inner) = rest.strip_prefix("{{") {
                rest = self.placeholder(inner);
                continue;
            }
            rest = &rest[c.len_utf8()..];
            match self.string {
                Some((quote, _)) => rest = self.inside(c, quote, rest),
                None => self.outside(c),
            }
        }
    }

    /// A character of a string; an escape takes the next one with it.
    fn inside<'a>(&mut self, c: char, quote: char, rest: &'a str) -> &'a str {
        self.text.push(c);
        if c == quote {
            self.string = None;
        }
        if c == '\\' && quote != '`' {
            let mut after = rest.chars();
            self.text.extend(after.next());
            return after.as_str();
        }
        rest
    }

    fn outside(&mut self, c: char) {
        match c {
            '"' | '\'' | '`' => {
                let before = self.text.trim_end();
                let regex = before.ends_with("=~") || before.ends_with("!~");
                self.string = Some((c, regex));
            }
            '(' | '[' | '{' => self.open.push(c),
            ')' | ']' | '}' => self.close(c),
            '#' => self.wrong(
                "a comment stands in the expression",
                "move it above the query",
            ),
            _ => {}
        }
        self.text.push(c);
    }

    fn close(&mut self, c: char) {
        let wanted = match c {
            ')' => '(',
            ']' => '[',
            _ => '{',
        };
        if self.open.pop() != Some(wanted) {
            let what = format!("`{c}` closes nothing");
            self.wrong(&what, &format!("remove it, or open it with `{wanted}`"));
        }
    }

    /// After `{{`: the placeholder's name and `}}`.
    fn placeholder<'a>(&mut self, inner: &'a str) -> &'a str {
        let Some((name, rest)) = inner.split_once("}}") else {
            self.wrong("`{{` is not closed", "write `{{ namespace }}`");
            return "";
        };
        let name = name.trim();
        let Some(value) = Value::parse(name) else {
            let what = format!("`{{{{ {name} }}}}` is not a placeholder");
            self.wrong(
                &what,
                "write {{ namespace }}, {{ workload }}, {{ pods }}, {{ node }} or {{ labels.pod }}",
            );
            return rest;
        };
        match self.string {
            Some(('"', true)) => self.put(value, true),
            Some(('"', false)) if value == Value::Pods => self.wrong(
                "`{{ pods }}` is a pattern and needs `=~`",
                "write pod=~\"{{ pods }}\"",
            ),
            Some(('"', false)) => self.put(value, false),
            _ => self.wrong(
                &format!("`{{{{ {name} }}}}` stands outside of a double-quoted string"),
                &format!("write \"{{{{ {name} }}}}\", with its quotes, after a label"),
            ),
        }
        rest
    }

    fn put(&mut self, value: Value, regex: bool) {
        let text = std::mem::take(&mut self.text);
        self.parts.push(Part::Text(text));
        self.parts.push(Part::Put(value, regex));
    }

    pub fn end(&mut self) {
        if self.string.is_some() {
            self.wrong("a string is not closed", "close it with its quote");
        }
        if let Some(open) = self.open.pop() {
            let what = format!("`{open}` is not closed");
            self.wrong(&what, "close it");
        }
        let text = std::mem::take(&mut self.text);
        self.parts.push(Part::Text(text));
    }
}
