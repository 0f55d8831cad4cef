//! How long a full recommendation takes: `cargo bench -p siteplan-recommend`.

use std::sync::LazyLock;

use siteplan_catalog::Catalog;
use siteplan_model::Date;
use siteplan_model::brief::{AppType, Brief, BudgetBand, Context, Expertise, ScaleBand};
use siteplan_model::fact::{Certainty, Fact};
use siteplan_model::recommendation::Recommendation;
use siteplan_model::survey::{DatabaseFact, Survey};
use siteplan_recommend::{Inputs, recommend};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().expect("the embedded catalog"));

fn main() {
    divan::main();
}

fn ask(survey: &Survey, context: &Context) -> Recommendation {
    let brief = Brief::new(Date::constant(2026, 11, 25));
    recommend(Inputs { catalog: &CATALOG, survey, brief: &brief, context })
}

/// An application that is only planned, of each type.
#[divan::bench(args = AppType::ALL.iter().copied(), sample_count = 20)]
fn planned(bencher: divan::Bencher<'_, '_>, app_type: AppType) {
    let survey = Survey::nothing(".", "planned");
    let context = Context::of(app_type, Expertise::Intermediate, ScaleBand::Medium, BudgetBand::Medium);
    LazyLock::force(&CATALOG);
    bencher.bench(|| ask(&survey, &context));
}

/// An application that was found, with a database.
#[divan::bench(args = ScaleBand::ALL.iter().copied(), sample_count = 20)]
fn with_database(bencher: divan::Bencher<'_, '_>, scale: ScaleBand) {
    let mut survey = Survey::nothing(".", "found");
    let fact = Fact::new("postgres".to_owned(), Certainty::High, Vec::new());
    survey.databases = vec![DatabaseFact { fact, version: None, optional: false }];
    let context = Context::of(AppType::WebApi, Expertise::Beginner, scale, BudgetBand::Small);
    LazyLock::force(&CATALOG);
    bencher.bench(|| ask(&survey, &context));
}
