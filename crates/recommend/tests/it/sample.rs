//! Surveys of applications as detection would describe them.

use siteplan_catalog::Catalog;
use siteplan_model::Date;
use siteplan_model::brief::{AppType, Brief, BudgetBand, Context, Expertise, ScaleBand};
use siteplan_model::fact::{Certainty, EvidenceByField, Fact};
use siteplan_model::recommendation::Recommendation;
use siteplan_model::survey::{
    Commands, DatabaseFact, LanguageFact, Service, ServiceKind, Survey, VersionedFact,
};
use siteplan_recommend::{Inputs, Standings, recommend, standings};

/// The embedded catalog.
pub(crate) fn catalog() -> Catalog {
    Catalog::embedded().unwrap_or_else(|error| panic!("{error}"))
}

/// The recommendation for an application and a context without any other answer.
pub(crate) fn ask(catalog: &Catalog, survey: &Survey, context: &Context) -> Recommendation {
    let brief = Brief::new(Date::constant(2026, 11, 25));
    recommend(Inputs { catalog, survey, brief: &brief, context })
}

/// A context of bands.
pub(crate) fn context(app_type: AppType, words: (&str, &str, &str)) -> Context {
    let (expertise, scale, budget) = words;
    Context::of(
        app_type,
        expertise.parse::<Expertise>().expect("an expertise"),
        scale.parse::<ScaleBand>().expect("a scale"),
        budget.parse::<BudgetBand>().expect("a budget"),
    )
}

/// Where every platform stands for an application and a context without any other answer.
pub(crate) fn stand(catalog: &Catalog, survey: &Survey, context: &Context) -> Standings {
    let brief = Brief::new(Date::constant(2026, 11, 25));
    standings(Inputs { catalog, survey, brief: &brief, context })
}

fn fact<T>(value: T) -> Fact<T> {
    Fact::new(value, Certainty::High, Vec::new())
}

/// An application of one language and framework with these services and databases.
pub(crate) fn application(
    app_type: AppType,
    language: &str,
    framework: Option<&str>,
    kinds: &[ServiceKind],
    databases: &[&str],
) -> Survey {
    let mut survey = Survey::nothing(".", "sample");
    survey.app_type = Some(fact(app_type));
    survey.languages = vec![LanguageFact { fact: fact(language.to_owned()), primary: true, version: None }];
    survey.frameworks = framework
        .map(|name| VersionedFact { fact: fact(name.to_owned()), version: None })
        .into_iter()
        .collect();
    survey.databases = databases
        .iter()
        .map(|engine| DatabaseFact { fact: fact((*engine).to_owned()), version: None, optional: false })
        .collect();
    survey.services = kinds.iter().map(|kind| service(*kind, language, framework)).collect();
    survey.needs.workers.value = kinds.contains(&ServiceKind::Worker);
    survey.needs.cron.value = kinds.contains(&ServiceKind::Cron);
    survey
}

fn service(kind: ServiceKind, language: &str, framework: Option<&str>) -> Service {
    Service {
        path: ".".to_owned(),
        name: kind.to_string(),
        kind,
        language: Some(language.to_owned()),
        framework: framework.map(str::to_owned).filter(|_| kind.serves_http()),
        package_manager: None,
        port: None,
        health_endpoint: None,
        databases: Vec::new(),
        migrations: None,
        commands: Commands::default(),
        dockerfile: None,
        build_context: None,
        static_output: None,
        schedule: None,
        own_clock: false,
        ends: false,
        image: None,
        code: siteplan_model::survey::CodeFacts::default(),
        evidence: EvidenceByField::new(),
    }
}
