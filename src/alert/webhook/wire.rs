//! JSON field by field: what is absent, of the wrong type or there twice is told apart, and unknown fields
//! are passed over without being built. Each level is parsed only when somebody asks for it.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::outcome::{Fault, Odd};

/// Most fields of one object that are looked at; the rest is counted.
const MAX_FIELDS: usize = 512;

/// How deep arrays and objects are nested, read without recursion. What is no JSON gets a number too.
pub fn depth(body: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_text, mut escaped) = (0_usize, 0, false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// A field as it stood in an object.
#[derive(Debug, PartialEq)]
pub enum Field<T> {
    /// It was not there, or `null`.
    Absent,
    /// It was there with another type.
    Wrong,
    /// It was there more than once: none of them is believed.
    Doubled,
    /// It was there.
    Is(T),
}

/// An object, its values not yet parsed.
pub struct Object<'a> {
    fields: Vec<(Cow<'a, str>, &'a RawValue)>,
    /// How many fields it had, those beyond the cap included.
    pub count: usize,
}

/// The items of an array up to a cap.
#[derive(Debug, PartialEq)]
pub struct List<T> {
    /// The first ones.
    pub items: Vec<T>,
    /// How many there were.
    pub count: usize,
}

impl<'a> Object<'a> {
    /// `None` when it is no object.
    pub fn of(raw: &'a RawValue) -> Option<Self> {
        serde_json::from_str(raw.get()).ok()
    }

    /// Whether it has this field.
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(known, _)| known == name)
    }

    fn raw(&self, name: &str) -> Field<&'a RawValue> {
        let mut found = self.fields.iter().filter(|(known, _)| known == name);
        match (found.next(), found.next()) {
            (None, _) => Field::Absent,
            (Some((_, raw)), None) if raw.get() == "null" => Field::Absent,
            (Some((_, raw)), None) => Field::Is(raw),
            (Some(_), Some(_)) => Field::Doubled,
        }
    }

    fn parsed<T: Deserialize<'a>>(&self, name: &str) -> Field<T> {
        self.raw(name)
            .and(|raw| serde_json::from_str(raw.get()).ok())
    }

    /// A string.
    pub fn text(&self, name: &str) -> Field<String> {
        self.parsed(name)
    }

    /// A whole number that is not negative.
    pub fn count(&self, name: &str) -> Field<u64> {
        self.parsed(name)
    }

    /// An object.
    pub fn object(&self, name: &str) -> Field<Object<'a>> {
        self.raw(name).and(Object::of)
    }

    /// An array of anything.
    pub fn list(&self, name: &str, cap: usize) -> Field<List<&'a RawValue>> {
        self.raw(name).and(|raw| {
            let mut json = serde_json::Deserializer::from_str(raw.get());
            json.deserialize_seq(ListVisitor { cap }).ok()
        })
    }

    /// An object of strings, each name once.
    pub fn labels(&self, name: &str) -> Field<BTreeMap<String, String>> {
        match self.object(name) {
            Field::Is(object) => object.strings().map_or_else(
                |fault| match fault {
                    Fault::Doubled => Field::Doubled,
                    _ => Field::Wrong,
                },
                Field::Is,
            ),
            Field::Absent => Field::Absent,
            Field::Wrong => Field::Wrong,
            Field::Doubled => Field::Doubled,
        }
    }

    /// All its fields as strings.
    pub fn strings(&self) -> Result<BTreeMap<String, String>, Fault> {
        let mut strings = BTreeMap::new();
        for (name, raw) in &self.fields {
            let value = serde_json::from_str(raw.get()).map_err(|_| Fault::WrongType)?;
            if strings.insert(name.clone().into_owned(), value).is_some() {
                return Err(Fault::Doubled);
            }
        }
        Ok(strings)
    }
}

impl<T> Field<T> {
    fn and<U>(self, read: impl FnOnce(T) -> Option<U>) -> Field<U> {
        match self {
            Field::Absent => Field::Absent,
            Field::Wrong => Field::Wrong,
            Field::Doubled => Field::Doubled,
            Field::Is(value) => read(value).map_or(Field::Wrong, Field::Is),
        }
    }

    /// The value, or what is wrong with it.
    pub fn or_fault(self) -> Result<T, Fault> {
        match self {
            Field::Absent => Err(Fault::Missing),
            Field::Wrong => Err(Fault::WrongType),
            Field::Doubled => Err(Fault::Doubled),
            Field::Is(value) => Ok(value),
        }
    }
}

/// What was odd, counted.
#[derive(Default)]
pub struct Oddities(HashMap<Odd, u64>);

impl Oddities {
    /// The value of a field that can be done without; what was wrong with it is noted.
    pub fn keep<T>(&mut self, field: &'static str, value: Field<T>) -> Option<T> {
        match value.or_fault() {
            Ok(value) => Some(value),
            Err(fault) => {
                self.note(field, fault);
                None
            }
        }
    }

    /// Counts one.
    pub fn note(&mut self, field: &'static str, fault: Fault) {
        *self.0.entry(Odd { field, fault }).or_insert(0) += 1;
    }

    /// All of them, in order.
    pub fn into_counts(self) -> BTreeMap<Odd, u64> {
        self.0.into_iter().collect()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut fields, mut count) = (Vec::new(), 0);
        while let Some(Name(name)) = map.next_key()? {
            count += 1;
            if count <= MAX_FIELDS {
                fields.push((name, map.next_value()?));
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Object { fields, count })
    }
}

/// A name, borrowed where it has no escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

struct ListVisitor {
    cap: usize,
}

impl<'de> Visitor<'de> for ListVisitor {
    type Value = List<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let (mut items, mut count) = (Vec::new(), 0);
        while count < self.cap {
            let Some(item) = seq.next_element()? else {
                return Ok(List { items, count });
            };
            items.push(item);
            count += 1;
        }
        while seq.next_element::<IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok(List { items, count })
    }
}
