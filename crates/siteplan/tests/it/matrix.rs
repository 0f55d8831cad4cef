//! Seven kinds of application on every platform with every CI host: everything that is written for each is read again, and
//! the hosts are compared with each other.

mod hosts;
pub(crate) mod shapes;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use std::thread;

use serde_json::Value;
use siteplan_catalog::Catalog;
use siteplan_catalog::signals::Signals;
use siteplan_cost::{Choices, Depth, quote};
use siteplan_design::{Inputs, design};
use siteplan_model::Date;
use siteplan_model::brief::{
    AppType, Brief, BudgetBand, DatabaseHosting, EnvironmentSet, Expertise, MigrationMode, ScaleBand,
    SecretsHosting,
};
use siteplan_model::design::Design;
use siteplan_model::file::{File, Part};
use siteplan_model::gate::{Channel, Gate, Provenance};
use siteplan_model::id::{CodeHostId, PlatformId};
use siteplan_model::recommendation::{Recommendation, RecommendationCertainty, SCHEMA};
use siteplan_model::survey::Survey;

/// The environments that each shape takes in turn, two of them on each platform.
const ENVIRONMENTS: [EnvironmentSet; 4] = [
    EnvironmentSet::StagingProduction,
    EnvironmentSet::Production,
    EnvironmentSet::PreviewStagingProduction,
    EnvironmentSet::DevStagingProduction,
];

/// One cell: where, for which host, and what is written.
struct Cell {
    shape: usize,
    platform: PlatformId,
    host: CodeHostId,
    environments: EnvironmentSet,
    design: Design,
    files: Vec<File>,
}

impl Cell {
    fn label(&self) -> String {
        let shape = shapes::ALL[self.shape].name;
        format!("{shape} on {} with {}, {:?}", self.platform, self.host, self.environments)
    }
}

static CELLS: LazyLock<Vec<Cell>> = LazyLock::new(all);

fn all() -> Vec<Cell> {
    let catalog = Catalog::embedded().expect("the catalog loads");
    let signals = Signals::builtin().expect("the signals load");
    let surveys: Vec<Survey> = shapes::ALL.iter().map(|shape| shape.survey(&signals)).collect();
    let row = |shape: usize| {
        let mut cells = Vec::new();
        for (column, platform) in catalog.platforms.keys().enumerate() {
            for turn in [0, 1] {
                let environments = ENVIRONMENTS[(shape + column + turn) % ENVIRONMENTS.len()];
                for host in catalog.ci_hosts.keys() {
                    let brief = brief(&surveys[shape], platform, host, environments);
                    let design = designed(&catalog, &surveys[shape], &brief, platform);
                    let files = siteplan_emit::files(&design);
                    let (platform, host) = (platform.clone(), host.clone());
                    cells.push(Cell { shape, platform, host, environments, design, files });
                }
            }
        }
        cells
    };
    thread::scope(|scope| {
        let rows: Vec<_> = (0..shapes::ALL.len()).map(|shape| scope.spawn(move || row(shape))).collect();
        rows.into_iter().flat_map(|row| row.join().expect("every cell has a design")).collect()
    })
}

pub(crate) fn brief(
    survey: &Survey,
    platform: &PlatformId,
    host: &CodeHostId,
    environments: EnvironmentSet,
) -> Brief {
    let mut brief = Brief::new(Date::constant(2026, 11, 25));
    let answers = &mut brief.answers;
    answers.app_type = Some(survey.app_type.as_ref().map_or(AppType::WebApi, |fact| fact.value));
    answers.expertise = Some(Expertise::Intermediate);
    answers.scale = Some(ScaleBand::Medium);
    answers.budget = Some(BudgetBand::Medium);
    answers.platform = Some(platform.clone());
    answers.auto_deploy = Some(true);
    answers.code_host = Some(host.clone());
    answers.environments = Some(environments);
    answers.database = Some(DatabaseHosting::SamePlatform);
    answers.migrations = Some(MigrationMode::Auto);
    answers.secrets = Some(SecretsHosting::Platform);
    let secrets = survey.environment.iter().filter(|variable| variable.secret);
    answers.required_secrets = Some(secrets.map(|variable| variable.name.clone()).collect());
    answers.health_checks = Some(true);
    for gate in Gate::ALL {
        brief.provenance.insert(gate, Provenance::Flag);
        brief.channels.insert(gate, Channel::Flag);
    }
    brief
}

pub(crate) fn designed(catalog: &Catalog, survey: &Survey, brief: &Brief, platform: &PlatformId) -> Design {
    let answers = &brief.answers;
    let context = answers.context().expect("the brief has its context");
    let choices = Choices {
        environments: answers.environments.unwrap_or(EnvironmentSet::StagingProduction),
        database: answers.database,
        database_service: None,
        secrets_service: None,
        code_host: answers.code_host.clone(),
        secrets: 3,
        settings: brief.settings.clone(),
        assumed: BTreeSet::new(),
    };
    let quote =
        quote(catalog, survey, &context, &choices, platform, Depth::Full).expect("the platform is known");
    let recommendation = recommendation(brief, platform);
    let because = BTreeMap::new();
    let inputs = Inputs {
        catalog,
        survey,
        brief,
        recommendation: &recommendation,
        quote: &quote,
        spec_path: "specs",
        because: &because,
    };
    design(inputs).unwrap_or_else(|error| panic!("{} on {platform}: {error}", survey.name.value))
}

/// A recommendation of the platform that was chosen; none of the files depends on the others.
fn recommendation(brief: &Brief, platform: &PlatformId) -> Recommendation {
    Recommendation {
        schema: SCHEMA.to_owned(),
        brief: brief.clone(),
        options: Vec::new(),
        recommended: platform.clone(),
        because: "it runs every part of the application".to_owned(),
        certainty: RecommendationCertainty::Moderate,
        certainty_because: "The prices are close".to_owned(),
        would_change: Vec::new(),
        excluded: Vec::new(),
        break_even_load: Vec::new(),
        break_even_price: Vec::new(),
        weight_stability: Vec::new(),
        load_bearing: Vec::new(),
        method_sensitivity: Vec::new(),
        worth_asking: Vec::new(),
        value_of_asking: Vec::new(),
        not_worth_asking: Vec::new(),
        ranking: Vec::new(),
    }
}

/// What is written for each cell with GitHub.
pub(crate) fn with_github() -> impl Iterator<Item = (&'static PlatformId, &'static Design, &'static [File])> {
    CELLS
        .iter()
        .filter(|cell| cell.host.as_str() == "github")
        .map(|cell| (&cell.platform, &cell.design, cell.files.as_slice()))
}

/// What is wrong in any cell, all of it at once.
fn assert_all(check: impl Fn(&Cell) -> Vec<String>) {
    let wrong: Vec<String> = CELLS
        .iter()
        .flat_map(|cell| check(cell).into_iter().map(|what| format!("{}: {what}", cell.label())))
        .collect();
    assert!(CELLS.len() > 1000, "{} cells only", CELLS.len());
    assert!(wrong.is_empty(), "{} mistakes\n{}", wrong.len(), wrong[..wrong.len().min(30)].join("\n"));
}

#[test]
fn every_file_has_a_place_of_its_own_in_the_repository() {
    assert_all(|cell| {
        let mut wrong = Vec::new();
        let mut seen = BTreeSet::new();
        for file in &cell.files {
            let parts: Vec<&str> = file.path.split('/').collect();
            if parts.iter().any(|part| matches!(*part, "" | "." | ".." | ".git"))
                || file.path.contains(['\\', '\0', '\n'])
            {
                wrong.push(format!("`{}` is no place", file.path));
            }
            // Some file systems take both for one.
            if !seen.insert(file.path.to_lowercase()) {
                wrong.push(format!("`{}` is written twice", file.path));
            }
            if !file.contents.ends_with('\n') || file.contents.contains('\0') {
                wrong.push(format!("`{}` is no text that ends with a line", file.path));
            }
        }
        wrong
    });
}

#[test]
fn every_file_can_be_read_by_its_kind() {
    assert_all(|cell| {
        cell.files
            .iter()
            .filter_map(|file| unreadable(file).map(|why| format!("`{}`: {why}", file.path)))
            .collect()
    });
}

/// Why a file cannot be read, by a real parser where there is one for its kind.
fn unreadable(file: &File) -> Option<String> {
    let text = &file.contents;
    let name = file.path.rsplit('/').next().unwrap_or_default();
    let kind = name.rsplit_once('.').map_or("", |(_, kind)| kind);
    match kind {
        "yaml" | "yml" => yaml(text).err(),
        "json" => serde_json::from_str::<Value>(text).err().map(|error| error.to_string()),
        "jsonc" => {
            serde_json::from_str::<Value>(&without_comments(text)).err().map(|error| error.to_string())
        }
        "toml" => text.parse::<toml::Table>().err().map(|error| error.to_string()),
        _ if text.starts_with("#!") => script(text),
        _ => None,
    }
}

/// All documents of a file of YAML.
fn yaml(text: &str) -> Result<Vec<Value>, String> {
    serde_saphyr::from_multiple(text).map_err(|error| error.to_string())
}

fn without_comments(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// What a script of ours always has; its grammar is shellcheck's matter.
fn script(text: &str) -> Option<String> {
    let mut lines = text.lines();
    if lines.next() != Some("#!/bin/sh") {
        return Some("it is not for a POSIX shell".to_owned());
    }
    (!text.contains("\nset -eu\n")).then(|| "it does not stop at a failure".to_owned())
}

#[test]
fn no_value_of_a_secret_is_written() {
    assert_all(|cell| {
        let design = serde_json::to_string(&cell.design).expect("a design serialises");
        let files = cell.files.iter().filter(|file| file.contents.contains(shapes::CANARY));
        let files = files.map(|file| format!("`{}` holds a secret", file.path));
        files.chain(design.contains(shapes::CANARY).then(|| "the design holds a secret".to_owned())).collect()
    });
}

#[test]
fn every_service_is_in_a_file_of_a_platform_that_has_files() {
    assert_all(|cell| {
        let platform: Vec<&File> = cell.files.iter().filter(|file| file.part == Part::Platform).collect();
        let services =
            cell.design.topology.components.iter().filter_map(|component| component.service.as_ref());
        let services: Vec<_> = services
            .filter(|service| service.platform.as_ref().is_none_or(|id| *id == cell.platform))
            .collect();
        // A file for one service alone need not name it.
        if platform.is_empty() || services.len() < 2 {
            return Vec::new();
        }
        // What a platform's file cannot hold (a scheduled Machine) the script makes that releases, what a person has to enter by
        // hand is said, and a table of schedules holds the command.
        let scripts = cell.files.iter().filter(|file| file.path == "deploy/deploy");
        let places: Vec<&File> = platform.iter().copied().chain(scripts).collect();
        let missing = services.iter().filter(|service| {
            let known = |text: &str| {
                text.contains(&service.slug)
                    || service.commands.start.as_ref().is_some_and(|start| text.contains(start.as_str()))
            };
            let said = cell.design.delivery.gaps.iter().any(|gap| known(gap));
            !said && !places.iter().any(|file| known(&file.path) || known(&file.contents))
        });
        missing.map(|service| format!("no file names the service `{}`", service.slug)).collect()
    });
}
