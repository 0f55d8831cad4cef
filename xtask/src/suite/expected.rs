//! Two tab-separated files of a suite → what each of its applications is expected to be.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::failure::{Failure, Outcome};

/// What a suite says of one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    /// Nothing.
    Silent,
    /// There is none.
    None,
    /// It is this.
    Value(String),
}

/// What a suite says of one application.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    /// Its folder, relative to the other tool's checkout.
    pub(crate) path: String,
    pub(crate) language: Claim,
    pub(crate) framework: Claim,
    pub(crate) package_manager: Claim,
    pub(crate) start: Claim,
    /// Every port that some component listens on; empty where nothing is said.
    pub(crate) ports: BTreeSet<u16>,
    /// The number of components.
    pub(crate) components: Option<usize>,
}

/// Reads `NAME.tsv` and, for the further columns, `NAME.ext.tsv`.
pub(crate) fn read(folder: &Path, name: &str) -> Outcome<Vec<Expected>> {
    let rows = table(&folder.join(format!("{name}.tsv")))?;
    let further: BTreeMap<String, BTreeMap<String, String>> = table(&folder.join(format!("{name}.ext.tsv")))?
        .into_iter()
        .map(|row| (row.get("app_path").cloned().unwrap_or_default(), row))
        .collect();
    let expected = rows.iter().map(|row| {
        let text = |column: &str| row.get(column).cloned().unwrap_or_default();
        let path = text("app_path");
        let more =
            |column: &str| further.get(&path).and_then(|row| row.get(column)).cloned().unwrap_or_default();
        Expected {
            language: claim(text("expected_language")),
            framework: claim(text("expected_framework")),
            package_manager: claim(text("expected_package_manager")),
            start: claim(text("expected_start_cmd")),
            ports: more("ports").split(',').filter_map(|port| port.trim().parse().ok()).collect(),
            components: more("n_components").parse().ok(),
            path,
        }
    });
    Ok(expected.collect())
}

fn claim(text: String) -> Claim {
    match text.as_str() {
        "" => Claim::Silent,
        "-" => Claim::None,
        _ => Claim::Value(text),
    }
}

/// Rows of a table with a head line, each as column → text.
fn table(path: &Path) -> Outcome<Vec<BTreeMap<String, String>>> {
    let text = fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("cannot read `{}`: {error}", path.display())))?;
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    let row = |line: &str| {
        head.iter()
            .zip(line.split('\t'))
            .map(|(name, cell)| ((*name).to_owned(), cell.trim().to_owned()))
            .collect()
    };
    Ok(lines.filter(|line| !line.trim().is_empty()).map(row).collect())
}
