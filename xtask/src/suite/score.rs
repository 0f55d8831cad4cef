//! Expectations against Surveys → shares, by field and by certainty.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use siteplan_model::fact::Certainty;
use siteplan_model::survey::{ServiceKind, Survey};

use super::expected::{Claim, Expected};
use super::{meaning, named_files};

/// What suites call things that the Survey calls otherwise.
const SAME: &[(&str, &str)] = &[
    ("javascript", "node"),
    ("typescript", "node"),
    ("csharp", "dotnet"),
    ("fsharp", "dotnet"),
    ("vb", "dotnet"),
    ("visual-basic", "dotnet"),
    ("kotlin", "java"),
    ("html", "staticfile"),
    ("nextjs", "next"),
    ("nuxtjs", "nuxt"),
    ("nestjs", "nest"),
    ("docusaurus-2", "docusaurus"),
    ("sveltekit-1", "sveltekit"),
    ("solidstart-1", "solid-start"),
    ("sanity-v2", "sanity"),
];

/// Right among those that were compared.
#[derive(Clone, Copy, Debug, Default)]
struct Share {
    right: usize,
    of: usize,
}

impl Share {
    fn take(&mut self, right: bool) {
        self.of += 1;
        self.right += usize::from(right);
    }
}

impl fmt::Display for Share {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let permille = (self.right * 1000 + self.of / 2).checked_div(self.of).unwrap_or(0);
        write!(formatter, "{:>4} of {:>4}   {:>3}.{} %", self.right, self.of, permille / 10, permille % 10)
    }
}

/// The result of one suite.
#[derive(Debug, Default)]
pub(crate) struct Score {
    applications: usize,
    absent: Vec<String>,
    fields: BTreeMap<&'static str, Share>,
    certainty: BTreeMap<&'static str, Share>,
    /// Frameworks named in applications of which the suite names one, and how many of these it expects.
    framework_precision: Share,
    absent_files: usize,
    unexplained: usize,
}

impl Score {
    /// How many applications were compared.
    pub(crate) fn applications(&self) -> usize {
        self.applications
    }

    /// An application of the suite that is not in the tree.
    pub(crate) fn absent(&mut self, path: &str) {
        self.absent.push(path.to_owned());
    }

    /// Compares one application; gives each miss in words.
    pub(crate) fn compare(&mut self, expected: &Expected, survey: &Survey, folder: &Path) -> Vec<String> {
        self.applications += 1;
        let mut misses = Vec::new();
        self.one_of(&mut misses, "language", &expected.language, || {
            survey.languages.first().map(|found| (found.fact.value.as_str(), found.fact.certainty))
        });
        self.one_of(&mut misses, "package manager", &expected.package_manager, || {
            survey.package_manager.as_ref().map(|found| (found.value.as_str(), found.certainty))
        });
        self.framework(&mut misses, expected, survey);
        self.start(&mut misses, expected, survey);
        self.ports(&mut misses, expected, survey);
        if let Some(components) = expected.components {
            let found = survey.services.len();
            let right = found == components;
            self.field("components", right);
            if !right {
                misses.push(format!("components: expected {components}, found {found}"));
            }
        }
        let absent = named_files::absent(survey, folder);
        self.absent_files += absent.len();
        misses.extend(absent);
        let silent = survey.commands.start.is_none()
            && !survey.services.iter().any(|service| service.kind == ServiceKind::Static)
            && !survey.missing.iter().any(|field| field.contains("start"));
        if silent {
            self.unexplained += 1;
            misses.push("no start command, and `missing` does not say so".to_owned());
        }
        misses
    }

    fn field(&mut self, name: &'static str, right: bool) {
        self.fields.entry(name).or_default().take(right);
    }

    fn one_of<'s>(
        &mut self,
        misses: &mut Vec<String>,
        field: &'static str,
        claim: &Claim,
        found: impl Fn() -> Option<(&'s str, Certainty)>,
    ) {
        let expected = match claim {
            Claim::Silent => return,
            Claim::None => "",
            Claim::Value(value) => same(value),
        };
        let found = found();
        let value = found.map_or("", |(value, _)| same(value));
        let right = value == expected;
        self.field(field, right);
        if let Some((_, certainty)) = found {
            self.certainty.entry(word(certainty)).or_default().take(right);
        }
        if !right {
            misses.push(format!("{field}: expected `{expected}`, found `{value}`"));
        }
    }

    fn framework(&mut self, misses: &mut Vec<String>, expected: &Expected, survey: &Survey) {
        let expected = match &expected.framework {
            Claim::Silent => return,
            Claim::None => "",
            Claim::Value(value) => same(value),
        };
        let found: Vec<&str> =
            survey.frameworks.iter().map(|framework| same(&framework.fact.value)).collect();
        let right = if expected.is_empty() { found.is_empty() } else { found.contains(&expected) };
        self.field("framework", right);
        for framework in &survey.frameworks {
            self.framework_precision.take(same(&framework.fact.value) == expected);
        }
        if let Some(first) = survey.frameworks.first() {
            self.certainty.entry(word(first.fact.certainty)).or_default().take(right);
        }
        if !right {
            misses.push(format!("framework: expected `{expected}`, found {found:?}"));
        }
    }

    fn start(&mut self, misses: &mut Vec<String>, expected: &Expected, survey: &Survey) {
        let expected = match &expected.start {
            Claim::Silent => return,
            Claim::None => String::new(),
            Claim::Value(command) => meaning::of(command),
        };
        let command = survey.commands.start.clone().unwrap_or_default();
        let found = meaning::of(&command);
        let is_static = survey.services.iter().any(|service| service.kind == ServiceKind::Static);
        let right = found == expected || expected == meaning::STATIC_SERVER && is_static;
        self.field("start command", right);
        if !right {
            misses.push(format!("start command: expected `{expected}`, found `{found}` (`{command}`)"));
        }
    }

    fn ports(&mut self, misses: &mut Vec<String>, expected: &Expected, survey: &Survey) {
        if expected.ports.is_empty() {
            return;
        }
        let of_services = survey.services.iter().filter_map(|service| service.port);
        let found: BTreeSet<u16> = of_services.chain(survey.port.as_ref().map(|port| port.value)).collect();
        let right = found.intersection(&expected.ports).next().is_some();
        self.field("ports: one of them", right);
        self.field("ports: all of them", found == expected.ports);
        if let Some(port) = &survey.port {
            let right = expected.ports.contains(&port.value);
            self.certainty.entry(word(port.certainty)).or_default().take(right);
        }
        if found != expected.ports {
            misses.push(format!("ports: expected {:?}, found {found:?}", expected.ports));
        }
    }
}

impl fmt::Display for Score {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "\n{} applications compared", self.applications)?;
        if !self.absent.is_empty() {
            writeln!(formatter, "{} not in the tree: {}", self.absent.len(), self.absent.join(", "))?;
        }
        for (field, share) in &self.fields {
            writeln!(formatter, "  {field:<22}{share}")?;
        }
        writeln!(formatter, "  {:<22}{}", "framework precision", self.framework_precision)?;
        for (certainty, share) in &self.certainty {
            writeln!(formatter, "  certainty {certainty:<12}{share} right")?;
        }
        writeln!(formatter, "  commands that name an absent file         {}", self.absent_files)?;
        write!(formatter, "  no start command and nothing said of it   {}", self.unexplained)
    }
}

/// The word that is compared.
fn same(word: &str) -> &str {
    SAME.iter().find(|(from, _)| *from == word).map_or(word, |(_, to)| to)
}

fn word(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::High => "high",
        Certainty::Medium => "medium",
        Certainty::Low => "low",
    }
}
