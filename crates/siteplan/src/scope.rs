//! `--only` → which of the files that a Design describes are looked at.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, Command, Error, ValueEnum as _};
use siteplan_model::file::{File, Part};

use crate::cli::PartName;
use crate::error::{Failure, Outcome};
use crate::nearest;
use crate::spec_folder::SpecFolder;

/// One word of `--only`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Only {
    /// All files of a part.
    Part(Part),
    /// One file.
    File(String),
}

/// What is looked at: everything where nothing is named.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    only: Vec<Only>,
}

impl Scope {
    /// The scope of a run; fails where a name is none of this design's.
    pub(crate) fn of(only: &[Only], files: &[File], strays: &[String], folder: &SpecFolder) -> Outcome<Self> {
        let mut known: Vec<String> = files.iter().map(|file| file.path.clone()).collect();
        known.extend(folder.generated_before()?);
        known.extend(strays.iter().cloned());
        let documents = [folder.document(), folder.decisions(), folder.brief()];
        let mut scope = Self::default();
        for only in only {
            scope.only.push(match only {
                Only::File(path) if documents.contains(path) => Only::Part(Part::Document),
                Only::File(path) if !known.contains(path) => return Err(unknown(path, &known)),
                other => other.clone(),
            });
        }
        Ok(scope)
    }

    /// Whether a file of the design is looked at.
    pub(crate) fn holds(&self, part: Part, path: &str) -> bool {
        self.only.is_empty() || self.only.contains(&Only::Part(part)) || self.names(path)
    }

    /// Whether a file is looked at that an earlier design described.
    pub(crate) fn holds_dropped(&self, path: &str) -> bool {
        self.only.is_empty() || self.names(path)
    }

    /// Whether the documents are.
    pub(crate) fn holds_documents(&self) -> bool {
        self.only.is_empty() || self.only.contains(&Only::Part(Part::Document))
    }

    /// Whether a file is named by itself.
    pub(crate) fn names(&self, path: &str) -> bool {
        self.only.iter().any(|only| matches!(only, Only::File(named) if named == path))
    }
}

fn unknown(path: &str, known: &[String]) -> Failure {
    let parts = PartName::value_variants().iter().filter_map(clap::ValueEnum::to_possible_value);
    let parts: Vec<String> = parts.map(|part| part.get_name().to_owned()).collect();
    let names = parts.iter().chain(known).map(String::as_str);
    Failure::input(format!(
        "`--only {}` names neither a part nor a file of this design{}",
        path.escape_debug(),
        nearest::suggestion(path, names)
    ))
    .hint(format!("parts: {}", parts.join(", ")))
    .hint("`siteplan generate --dry-run` lists the files")
}

/// Reads a word of `--only`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OnlyParser;

impl TypedValueParser for OnlyParser {
    type Value = Only;

    fn parse_ref(&self, _: &Command, _: Option<&Arg>, value: &OsStr) -> Result<Only, Error> {
        let word = value.to_str().ok_or_else(|| Error::new(ErrorKind::InvalidUtf8))?;
        let path = || Only::File(word.trim_start_matches("./").to_owned());
        Ok(PartName::from_str(word, false).map_or_else(|_| path(), |name| Only::Part(name.part())))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(PartName::value_variants().iter().filter_map(clap::ValueEnum::to_possible_value)))
    }
}
