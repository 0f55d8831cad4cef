//! How a platform's value on a criterion comes about: facts and parameters, the terms worked out from them, the result.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::PlatformId;

/// The schema name that every serialised explanation carries.
pub const SCHEMA: &str = "siteplan/explanation@1";

/// One value with everything beneath it. Every term can be worked out again from `inputs` and the terms before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Explanation {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The platform.
    pub platform: PlatformId,
    /// Its name.
    pub name: String,
    /// The criterion (`simplicity`).
    pub criterion: String,
    /// The declared formula, in a sentence.
    pub formula: String,
    /// The application: its answers by key, with those beyond the context that were given.
    pub answers: BTreeMap<String, String>,
    /// The value, 0 to 1.
    pub value: f64,
    /// How far the true value may lie from it.
    pub half_width: f64,
    /// What the half-width comes from.
    pub half_width_because: String,
    /// How much the criterion counts: a sentence for each thing that the answers say of it.
    #[serde(default)]
    pub weighs: Vec<String>,
    /// Facts, parameters, assumptions and counts, in the order of their use.
    pub inputs: Vec<Input>,
    /// What is worked out from them, in order; the last one is the value.
    pub terms: Vec<Term>,
    /// Parameters by which a word (`limited`) became a number.
    pub scales: Vec<Scale>,
}

/// A number that enters a value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// Its number among inputs and terms, from 1.
    pub id: u32,
    /// What it is.
    pub name: String,
    /// The number.
    pub value: f64,
    /// The fact in words, where it is not the number itself.
    pub words: Option<String>,
    /// Where it comes from.
    pub from: Origin,
    /// The place to look: a path of the catalog (`render.limits.regions`), or the key of a parameter or assumption.
    pub at: Option<String>,
    /// The key of the scale by which the words became the number.
    pub scale: Option<String>,
    /// What limits a fact, or why a parameter is what it is.
    pub note: Option<String>,
    /// Where a fact was read.
    pub source: Option<Reference>,
}

/// Where a number comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// A fact of the catalog.
    Fact,
    /// A parameter of the method.
    Parameter,
    /// An assumption about use.
    Assumption,
    /// The application: its answers, its parts, its cost.
    Application,
}

/// A source as it is cited.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Reference {
    /// The page.
    pub url: String,
    /// When it was read.
    pub seen: Date,
    /// The date of the copy that was read.
    pub as_of: Option<String>,
    /// How strong it is.
    pub grade: String,
}

/// A number worked out from others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Term {
    /// Its number among inputs and terms.
    pub id: u32,
    /// What it is.
    pub name: String,
    /// What is done.
    pub operation: Operation,
    /// The numbers that it is done to.
    pub of: Vec<u32>,
    /// The result.
    pub value: f64,
}

/// What is done to numbers `a`, `b`, ….
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// a + b + …
    Sum,
    /// a − b
    Difference,
    /// a × b × …
    Product,
    /// a / b
    Quotient,
    /// (a + b + …) / count; 0 of nothing
    Mean,
    /// (a × b + c × d + …) / (b + d + …): values, each with its share
    WeightedMean,
    /// 1 − a
    Complement,
    /// a, held between 0 and 1
    Unit,
    /// the larger of a and b
    Larger,
    /// the smallest of a, b, …
    Smallest,
    /// ln(the larger of a and 1) / ln(b)
    LogarithmOver,
    /// ln(1 + a) / ln(1 + b)
    LogarithmOfOneMoreOver,
    /// e to the power of −a
    ExponentialOfMinus,
    /// 1 if a is less than half a cent, else 0
    Nothing,
}

/// A parameter that gives words numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Scale {
    /// Its key.
    pub key: String,
    /// The numbers, by word.
    pub values: BTreeMap<String, f64>,
    /// Why they are what they are.
    pub reason: String,
}
