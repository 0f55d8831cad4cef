//! What simplicity counts is what the generated files ask for: the names that a pipeline reads, the platform's own files, the
//! programs that the steps before the first release call. For a service with Postgres and one that keeps nothing, on every
//! platform, with GitHub.

use std::collections::BTreeSet;

use siteplan_catalog::Catalog;
use siteplan_catalog::platform::EffortItem;
use siteplan_catalog::reasoning::CriterionId;
use siteplan_catalog::signals::Signals;
use siteplan_model::brief::{Brief, EnvironmentSet};
use siteplan_model::design::Design;
use siteplan_model::explanation::Explanation;
use siteplan_model::file::{File, Part};
use siteplan_model::id::{CodeHostId, PlatformId};
use siteplan_model::survey::Survey;
use siteplan_recommend::{Inputs, explain};

use crate::matrix::shapes::{self, Shape};
use crate::matrix::{brief, designed};

/// Programs that every machine of a developer has, or that the code host asks for on every platform alike.
const ORDINARY: [&str; 11] =
    ["gh", "git", "ssh", "curl", "openssl", "cat", "printf", "tr", "read", "export", "tee"];

/// One application on one platform: what was counted, and what was written.
struct Counted {
    label: String,
    survey: Survey,
    explanation: Explanation,
    design: Design,
    files: Vec<File>,
}

impl Counted {
    /// What was entered under a name, with its list.
    fn entered(&self, name: &str) -> (usize, Vec<String>) {
        let entries = self.explanation.inputs.iter().filter(|input| input.name == name);
        entries.fold((0, Vec::new()), |(count, mut list), input| {
            let words = input.words.as_deref().filter(|words| *words != "none").unwrap_or_default();
            list.extend(words.split(", ").filter(|word| !word.is_empty()).map(str::to_owned));
            (count + whole(input.value), list)
        })
    }

    fn of_platform(&self, what: &str) -> (usize, Vec<String>) {
        self.entered(&format!("{what} for {}", self.explanation.name))
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of a handful of things")]
fn whole(count: f64) -> usize {
    assert!((count - count.round()).abs() < 1e-9 && count >= 0.0, "{count} things");
    count.round() as usize
}

/// Both applications on every platform.
fn all() -> Vec<Counted> {
    let catalog = Catalog::embedded().expect("the catalog loads");
    let signals = Signals::builtin().expect("the signals load");
    let with_data = shapes::ALL.iter().find(|shape| shape.name == "interface with Postgres");
    let references: [&Shape; 2] = [with_data.expect("a shape with Postgres"), &shapes::STATELESS];
    let mut all = Vec::new();
    for shape in references {
        let survey = shape.survey(&signals);
        for platform in catalog.platforms.keys() {
            let host = CodeHostId::new("github");
            let brief: Brief = brief(&survey, platform, &host, EnvironmentSet::StagingProduction);
            let context = brief.answers.context().expect("the brief has its context");
            let inputs = Inputs { catalog: &catalog, survey: &survey, brief: &brief, context: &context };
            let design = designed(&catalog, &survey, &brief, platform);
            all.push(Counted {
                label: format!("{} on {platform}", shape.name),
                explanation: explain(inputs, platform, CriterionId::Simplicity).expect("a known platform"),
                files: siteplan_emit::files(&design),
                survey: survey.clone(),
                design,
            });
        }
    }
    assert!(all.len() > 30, "{} applications", all.len());
    all
}

/// What is wrong anywhere, all of it at once.
fn assert_all(check: impl Fn(&Counted) -> Vec<String>) {
    let wrong: Vec<String> = all()
        .iter()
        .flat_map(|one| check(one).into_iter().map(|what| format!("{}: {what}", one.label)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn credentials_are_the_names_that_the_pipeline_reads_beside_the_applications_own() {
    assert_all(|one| {
        let delivery = &one.design.delivery;
        let own: BTreeSet<&str> =
            one.survey.environment.iter().map(|variable| variable.name.as_str()).collect();
        let read: Vec<&str> = delivery
            .ci_secrets
            .iter()
            .chain(&delivery.ci_variables)
            .map(|value| value.name.as_str())
            .filter(|name| !own.contains(name))
            .collect();
        let (credentials, list) = one.of_platform("credentials");
        let (addresses, _) = one.entered("addresses that the first deploy assigns");
        if credentials + addresses == read.len() {
            return Vec::new();
        }
        vec![format!("{list:?} and {addresses} addresses are counted, {read:?} are read")]
    });
}

#[test]
fn files_are_those_that_are_written_for_the_platform() {
    assert_all(|one| {
        let written: Vec<&str> = one
            .files
            .iter()
            .filter(|file| file.part == Part::Platform)
            .map(|file| file.path.as_str())
            .collect();
        let (count, listed) = one.of_platform("files");
        let blanks = [("ENVIRONMENT", "{environment}"), ("SERVICE", "{service}")];
        let listed: Vec<String> = listed
            .into_iter()
            .map(|path| blanks.iter().fold(path, |path, (shown, blank)| path.replace(shown, blank)))
            .collect();
        let mut wrong = Vec::new();
        if count != listed.len() {
            wrong.push(format!("{count} files are counted and {listed:?} listed"));
        }
        for path in &written {
            let of = listed.iter().filter(|listed| is_of(path, listed, &one.design)).count();
            if of != 1 {
                wrong.push(format!("`{path}` is written and counted {of} times"));
            }
        }
        for listed in &listed {
            if !written.iter().any(|path| is_of(path, listed, &one.design)) {
                wrong.push(format!("`{listed}` is counted and not written"));
            }
        }
        wrong
    });
}

/// Whether a path is one of those that a list names together.
fn is_of(path: &str, listed: &str, design: &Design) -> bool {
    if listed.ends_with('/') {
        return path.starts_with(listed);
    }
    let environments = design.environments.list.iter().map(|environment| environment.name.as_str());
    let services: Vec<(&str, &str)> = design
        .topology
        .components
        .iter()
        .filter_map(|component| component.service.as_ref())
        .map(|service| (service.slug.as_str(), service.path.as_str()))
        .collect();
    environments.flat_map(|environment| services.iter().map(move |service| (environment, service))).any(
        |(environment, (slug, folder))| {
            let blanks = [("{environment}", environment), ("{service}", *slug), ("{folder}", *folder)];
            let filled =
                blanks.iter().fold(listed.to_owned(), |path, (blank, word)| path.replace(blank, word));
            filled == path
        },
    )
}

#[test]
fn tools_are_the_programs_that_the_steps_before_the_first_release_call() {
    assert_all(|one| {
        let step = one.design.next_steps.iter().find(|step| step.title == "Configure environments");
        let step = step.expect("a step for what is done once");
        let note = step.note.as_deref().unwrap_or_default();
        let named = |tool: &str| {
            let texts = step.commands.iter().map(String::as_str).chain([note]);
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
            texts.into_iter().any(|text| text.split(|c: char| !is_part(c)).any(|word| word == tool))
        };
        let called: BTreeSet<&str> = step.commands.iter().flat_map(|line| programs(line)).collect();
        let (count, listed) = one.of_platform("tools");
        let mut wrong = Vec::new();
        if count != listed.len() {
            wrong.push(format!("{count} tools are counted and {listed:?} listed"));
        }
        let not_named = listed.iter().filter(|tool| !named(tool));
        wrong.extend(not_named.map(|tool| format!("`{tool}` is counted and no step names it")));
        let not_counted = called
            .iter()
            .filter(|program| !ORDINARY.contains(*program) && !listed.iter().any(|tool| tool == *program));
        wrong.extend(not_counted.map(|program| format!("`{program}` is called and not counted")));
        wrong
    });
}

/// The programs that a line calls: the first word of each command that is no assignment, outside of single quotes.
fn programs(line: &str) -> Vec<&str> {
    let is_name = |word: &&str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let mut called = Vec::new();
    for (index, part) in line.split('\'').enumerate().filter(|(index, _)| index % 2 == 0) {
        let commands = part.split(['|', '&', ';', '{', '}', '(', ')']);
        // What follows a closing quote belongs to the command before it.
        let commands = commands.skip(usize::from(index > 0));
        called.extend(commands.filter_map(|command| command.trim().split(' ').next()).filter(is_name));
    }
    called
}

#[test]
fn programs_of_lines_are_found() {
    assert_eq!(
        programs("gh api 'repos/{owner}/{repo}' && TF_VAR=\"$(openssl rand)\" && export TF_VAR"),
        ["gh", "openssl", "export"]
    );
    assert_eq!(
        programs("{ gcloud secrets describe x > /dev/null 2>&1 || gcloud secrets create x; }"),
        ["gcloud"; 2]
    );
    assert_eq!(programs("read -r value && printf '%s; no\\n' | ssh host tee"), ["read", "printf", "ssh"]);
}

#[test]
fn every_file_of_a_platform_is_in_its_list_whatever_the_application() {
    let catalog = Catalog::embedded().expect("the catalog loads");
    let mut missing = BTreeSet::new();
    let mut seen = 0;
    for (platform, design, files) in crate::matrix::with_github() {
        let components = design.topology.components.iter().filter_map(|component| component.service.as_ref());
        // Some services of some applications run on a companion.
        let hosts: BTreeSet<&PlatformId> =
            components.filter_map(|service| service.platform.as_ref()).chain([platform]).collect();
        let items = || hosts.iter().flat_map(|host| &catalog.platforms[*host].effort.files.value);
        for file in files.iter().filter(|file| file.part == Part::Platform) {
            seen += 1;
            if !items().flat_map(EffortItem::paths).any(|path| is_of(&file.path, path, design)) {
                missing.insert(format!("{platform} writes `{}`", file.path));
            }
        }
    }
    assert!(seen > 500, "{seen} files only");
    assert!(missing.is_empty(), "no list has these:\n{missing:#?}");
}
