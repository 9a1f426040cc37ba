//! Phrasings people really write, each with what it must be understood as: a table in each language
//! (`phrasings_*.txt`), resolved against one list of live objects. Then hostile input.

mod attack;
mod table;
mod talk;
mod target;
mod whole;
mod world;
