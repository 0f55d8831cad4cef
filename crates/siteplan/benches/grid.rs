//! Every context and every choice of the later gates, decided and designed: `cargo bench -p siteplan --bench grid`.
//!
//! Prints decisions and designs for each second of one core, and the peak memory after a tenth of the work and at its end: it
//! must not grow with the number of decisions.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use siteplan_catalog::Catalog;
use siteplan_cost::{Depth, quote};
use siteplan_design::design;
use siteplan_interview::Interview;
use siteplan_model::Date;
use siteplan_model::brief::{
    AppType, Brief, BudgetBand, Context, DatabaseHosting, EnvironmentSet, Expertise, MigrationMode,
    ScaleBand, SecretsHosting,
};
use siteplan_model::gate::{Channel, Gate, Provenance};
use siteplan_model::id::CodeHostId;
use siteplan_model::recommendation::Recommendation;
use siteplan_model::survey::Survey;
use siteplan_recommend::{Inputs, choices, recommend};

/// What was done in how much time.
#[derive(Default)]
struct Tally {
    decisions: u32,
    deciding: Duration,
    slowest: Duration,
    designs: u32,
    designing: Duration,
}

fn main() {
    let catalog = Catalog::embedded().expect("the embedded catalog");
    let survey = Survey::nothing(".", "planned");
    let contexts = contexts();
    let mut tally = Tally::default();
    let mut early = 0;
    for (number, context) in contexts.iter().enumerate() {
        let started = Instant::now();
        let (brief, recommendation) = decide(&catalog, &survey, context);
        let elapsed = started.elapsed();
        tally.deciding += elapsed;
        tally.slowest = tally.slowest.max(elapsed);
        tally.decisions += 1;
        let started = Instant::now();
        tally.designs += design_all(&catalog, &survey, context, &brief, &recommendation);
        tally.designing += started.elapsed();
        if number == contexts.len() / 10 {
            early = peak_kb();
        }
    }
    println!(
        "{} contexts decided: {:.1} a second, {:.1} ms each, the slowest {:.1} ms",
        tally.decisions,
        f64::from(tally.decisions) / tally.deciding.as_secs_f64(),
        tally.deciding.as_secs_f64() * 1e3 / f64::from(tally.decisions),
        tally.slowest.as_secs_f64() * 1e3,
    );
    println!(
        "{} designs: {:.0} a second; peak memory {} KB after a tenth, {} KB at the end",
        tally.designs,
        f64::from(tally.designs) / tally.designing.as_secs_f64(),
        early,
        peak_kb()
    );
}

fn contexts() -> Vec<Context> {
    let mut all = Vec::new();
    for app_type in AppType::ALL {
        for expertise in Expertise::ALL {
            for scale in ScaleBand::ALL {
                for budget in BudgetBand::ALL {
                    all.push(Context::of(*app_type, *expertise, *scale, *budget));
                }
            }
        }
    }
    all
}

/// The recommendation of a context, and a Brief that takes it with every default.
fn decide(catalog: &Catalog, survey: &Survey, context: &Context) -> (Brief, Recommendation) {
    let mut brief = Brief::new(Date::constant(2026, 11, 25));
    brief.answers.app_type = Some(context.app_type);
    brief.answers.expertise = Some(context.expertise);
    brief.answers.scale = Some(context.scale);
    brief.answers.budget = Some(context.budget);
    for gate in [Gate::AppType, Gate::Expertise, Gate::Scale, Gate::Budget] {
        brief.provenance.insert(gate, Provenance::Flag);
        brief.channels.insert(gate, Channel::Flag);
    }
    let recommendation = recommend(Inputs { catalog, survey, brief: &brief, context });
    let known = recommendation.clone();
    let recommender = move |_: &Brief, _: &Context| known.clone();
    let mut interview = Interview::new(catalog, survey, brief, &recommender).expect("answers that are right");
    interview.accept_defaults();
    (interview.into_brief(), recommendation)
}

/// Designs every combination of the later gates; returns how many there were.
fn design_all(
    catalog: &Catalog,
    survey: &Survey,
    context: &Context,
    brief: &Brief,
    recommendation: &Recommendation,
) -> u32 {
    let because = BTreeMap::new();
    let mut designed = 0;
    for later in later_gates(catalog, brief) {
        let inputs = Inputs { catalog, survey, brief: &later, context };
        let Some(platform) = &later.answers.platform else { continue };
        let Some(quote) = quote(catalog, survey, context, &choices(inputs), platform, Depth::Full) else {
            continue;
        };
        let made = design(siteplan_design::Inputs {
            catalog,
            survey,
            brief: &later,
            recommendation,
            quote: &quote,
            spec_path: "specs",
            because: &because,
        });
        designed += u32::from(made.is_ok());
    }
    designed
}

/// The Brief with each combination of environments, database, secrets, migrations, health checks and code host.
fn later_gates(catalog: &Catalog, brief: &Brief) -> Vec<Brief> {
    let known = catalog.ci_hosts.keys().cloned().map(Some);
    let hosts: Vec<Option<CodeHostId>> = std::iter::once(None).chain(known).collect();
    let databases: Vec<Option<DatabaseHosting>> = match brief.answers.database {
        None => vec![None],
        Some(_) => [DatabaseHosting::SamePlatform, DatabaseHosting::SelfManaged, DatabaseHosting::None]
            .into_iter()
            .map(Some)
            .collect(),
    };
    let mut all = Vec::new();
    for environments in EnvironmentSet::ALL {
        for database in &databases {
            for migrations in MigrationMode::ALL {
                for health_checks in [true, false] {
                    for host in &hosts {
                        let mut later = brief.clone();
                        let answers = &mut later.answers;
                        answers.environments = Some(*environments);
                        answers.database = *database;
                        answers.database_service = None;
                        answers.migrations = answers.migrations.and(Some(*migrations));
                        answers.secrets = Some(SecretsHosting::Platform);
                        answers.secrets_service = None;
                        answers.health_checks = Some(health_checks);
                        answers.auto_deploy = Some(host.is_some());
                        answers.code_host.clone_from(host);
                        all.push(later);
                    }
                }
            }
        }
    }
    all
}

/// Peak resident memory of this process in KB; zero where the system does not say.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
