//! What validators found → what is left once the waivers of `xtask/checks/waivers.toml` are taken off.
//!
//! A waiver is for one rule of one tool in the files of one pattern, and says why. One that nothing needs any more is a
//! failure too.

use std::fs;
use std::path::PathBuf;

use regex::Regex;
use serde::Deserialize;

use crate::failure::{Failure, Outcome};
use crate::plans::PlannedFile;
use crate::world::World;

/// Below `xtask/checks`.
const FILE: &str = "xtask/checks/waivers.toml";
/// Of the findings, how many a failure shows.
const SHOWN: usize = 40;

/// What a tool says about one place of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// The tool.
    pub(crate) tool: &'static str,
    /// Its name for what is wrong.
    pub(crate) rule: String,
    /// Where the file lies.
    pub(crate) place: PathBuf,
    /// The line, from 1.
    pub(crate) line: u64,
    /// Its words.
    pub(crate) message: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default)]
    waiver: Vec<Waiver>,
}

/// One rule that does not hold for some files.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Waiver {
    /// The step whose finding it is.
    check: String,
    tool: String,
    rule: String,
    /// The path in a repository, `*` for any part of it.
    files: String,
    /// Why it is no mistake.
    reason: String,
}

impl Waiver {
    fn is_for(&self, finding: &Finding, path: &str) -> bool {
        self.tool == finding.tool && self.rule == finding.rule && matches(&self.files, path)
    }

    fn shown(&self) -> String {
        format!("`{}` of {} in `{}` ({})", self.rule, self.tool, self.files, self.check)
    }
}

/// Whether waivers that nothing needed are a failure: not where a few files only were judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unused {
    /// They are.
    Fail,
    /// They are not.
    Keep,
}

/// Fails for the findings that no waiver of the check is for.
pub(crate) fn settle(
    world: &World,
    check: &str,
    files: &[PlannedFile],
    findings: &[Finding],
    unused: Unused,
) -> Outcome {
    let file = world.root().join(FILE);
    let wrong = |error: &dyn std::fmt::Display| Failure::new(format!("cannot use `{FILE}`: {error}"));
    let text = fs::read_to_string(&file).map_err(|error| wrong(&error))?;
    let table: Table = toml::from_str(&text).map_err(|error| wrong(&error))?;
    if let Some(bare) = table.waiver.iter().find(|waiver| waiver.reason.trim().len() < 20) {
        return Err(Failure::new(format!("the waiver for {} gives no reason", bare.shown())));
    }
    let waivers: Vec<&Waiver> = table.waiver.iter().filter(|waiver| waiver.check == check).collect();
    let (left, needed) = sorted(&waivers, files, findings);
    if !left.is_empty() {
        return Err(Failure::new(report(&left))
            .mend(format!("correct what is written, or add a waiver with its reason to {FILE}")));
    }
    let idle = waivers.iter().zip(needed).find(|(_, needed)| !needed && unused == Unused::Fail);
    if let Some((waiver, _)) = idle {
        return Err(Failure::new(format!("nothing needs the waiver for {}", waiver.shown()))
            .mend(format!("remove it from {FILE}")));
    }
    if !waivers.is_empty() && unused == Unused::Fail {
        println!("{} findings waived by {} waivers", findings.len(), waivers.len());
    }
    Ok(())
}

/// The findings that no waiver is for, and which waiver was for one.
fn sorted<'a>(
    waivers: &[&Waiver],
    files: &[PlannedFile],
    findings: &'a [Finding],
) -> (Vec<&'a Finding>, Vec<bool>) {
    let mut needed = vec![false; waivers.len()];
    let left = findings.iter().filter(|finding| {
        let known = files.iter().find(|file| file.place == finding.place);
        let path = known.map_or_else(|| finding.place.to_string_lossy(), |file| file.path.as_str().into());
        let mut waived = false;
        for (waiver, needed) in waivers.iter().zip(&mut needed) {
            if waiver.is_for(finding, &path) {
                (waived, *needed) = (true, true);
            }
        }
        !waived
    });
    let left = left.collect();
    (left, needed)
}

fn report(findings: &[&Finding]) -> String {
    let line = |finding: &&Finding| {
        let Finding { tool, rule, place, line, message } = finding;
        format!("{}:{line}: {message} [{tool} {rule}]", place.display())
    };
    let mut lines: Vec<String> = findings.iter().take(SHOWN).map(line).collect();
    if findings.len() > SHOWN {
        lines.push(format!("... {} findings in all", findings.len()));
    }
    lines.join("\n")
}

/// Whether a path is one of a pattern, in which `*` stands for anything.
fn matches(pattern: &str, path: &str) -> bool {
    let parts: Vec<String> = pattern.split('*').map(regex::escape).collect();
    Regex::new(&format!("^{}$", parts.join(".*"))).is_ok_and(|regex| regex.is_match(path))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{Finding, Waiver, matches, sorted};
    use crate::plans::PlannedFile;

    fn finding(rule: &str, place: &str) -> Finding {
        Finding {
            tool: "lint",
            rule: rule.to_owned(),
            place: PathBuf::from(place),
            line: 1,
            message: String::new(),
        }
    }

    fn waiver(rule: &str, files: &str) -> Waiver {
        let [check, tool, reason] = ["images", "lint", "it is meant so, see the catalog"].map(str::to_owned);
        Waiver { check, tool, rule: rule.to_owned(), files: files.to_owned(), reason }
    }

    #[test]
    fn a_waiver_is_for_one_rule_in_files_of_its_pattern() {
        let files = ["Dockerfile", "api/Dockerfile"]
            .map(|path| PlannedFile::new(path, format!("/w/{path}").into(), "FROM a\n"));
        let findings = [
            finding("one", "/w/Dockerfile"),
            finding("two", "/w/Dockerfile"),
            finding("one", "/w/api/Dockerfile"),
        ];
        let (meant, idle) = (waiver("one", "api/*"), waiver("two", "web/*"));
        let (left, needed) = sorted(&[&meant, &idle], &files, &findings);
        assert_eq!(left, [&findings[0], &findings[1]]);
        assert_eq!(needed, [true, false]);
    }

    #[test]
    fn a_pattern_matches_the_whole_path() {
        assert!(matches("*Dockerfile", "api/Dockerfile") && matches("deploy/*", "deploy/a/b"));
        assert!(!matches("deploy", "deploy/a") && !matches("*.sh", "a.sh.md") && !matches("a.b", "aXb"));
    }
}
