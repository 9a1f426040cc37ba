//! The words and the public contract: locale files against each other and the code, and the JSON
//! Schema of the report against the type.

mod dashboard;
mod locales;
mod report_schema;
