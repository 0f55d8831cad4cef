//! The vocabulary of siteplan: the records that its stages hand to each other, and nothing that decides.
//!
//! `Survey` (what a tree contains) → `Brief` (what was answered) → `Recommendation` (which options) →
//! `Design` (the whole plan) → `File`s. Every record serialises; its field names are the JSON contract.

pub mod brief;
pub mod cost;
pub mod design;
pub mod digits;
pub mod explanation;
pub mod fact;
pub mod file;
pub mod gate;
pub mod id;
pub mod money;
pub mod pipeline;
pub mod recommendation;
pub mod script;
pub mod survey;

pub use jiff::civil::Date;
