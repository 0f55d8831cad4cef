//! Every gate with its answer, and the application as the document names it.

use siteplan_catalog::refinement::Refinement;
use siteplan_model::design::{Application, GateRecord, RefinementRecord};
use siteplan_model::gate::{Channel, Gate, Provenance};
use siteplan_model::survey::DatabaseFact;

use crate::ground::Ground;
use crate::prose::{capital, code, list, short_list};
use crate::{names, platform};

/// The application.
pub(crate) fn application(ground: &Ground<'_>) -> Application {
    let doubts = ground.survey.conflicts.iter().map(|conflict| {
        let taken = conflict.values.first().map(|value| code(value)).unwrap_or_default();
        let others: Vec<String> = conflict.values.iter().skip(1).map(|value| code(value)).collect();
        let places: Vec<String> = conflict.evidence.iter().map(|evidence| code(&evidence.place())).collect();
        let seen = if places.is_empty() { String::new() } else { format!(" ({})", list(&places)) };
        format!(
            "{}: took {taken}, {} speaks against it{seen}",
            capital(&conflict.field.replace('_', " ")),
            list(&others)
        )
    });
    let unused = unused_databases(ground);
    let skipped: Vec<String> = ground
        .survey
        .skipped
        .iter()
        .map(|skipped| format!("{} ({})", code(&skipped.path), skipped.why))
        .collect();
    let skipped = (!skipped.is_empty()).then(|| format!("Not read: {}", short_list(&skipped, 4)));
    let name = &ground.survey.name.value;
    Application {
        name: if name.trim().is_empty() { "Application".to_owned() } else { name.clone() },
        slug: names::slug(name, names::APPLICATION, "app"),
        app_type: ground.context.app_type,
        planned: ground.planned,
        technology: ground.technology(),
        doubts: doubts.chain(unused).chain(skipped).collect(),
    }
}

/// Signs of a database in a plan that holds none.
fn unused_databases(ground: &Ground<'_>) -> Vec<String> {
    if ground.has_database() {
        return Vec::new();
    }
    let survey = ground.survey;
    let named = |database: &DatabaseFact| {
        let place = database.fact.place().map(|place| format!(" (`{place}`)")).unwrap_or_default();
        format!("{}{place}", ground.called(&database.fact.value))
    };
    let engines: Vec<String> = survey.databases.iter().map(named).collect();
    let mut doubts = Vec::new();
    if !engines.is_empty() {
        doubts.push(format!("The plan holds no database; the code can use {}", list(&engines)));
    }
    if let Some(found) = &survey.migrations {
        let place = found.fact.place().map(|place| format!(" (`{place}`)")).unwrap_or_default();
        doubts.push(format!(
            "Migrations by {}{place} were found, but the plan holds no database for them: say where the data is before the first deploy",
            ground.migration_tool.map_or(found.fact.value.as_str(), |tool| tool.name.as_str())
        ));
    }
    doubts
}

/// The gates that have an answer, in their order.
pub(crate) fn gates(ground: &Ground<'_>) -> Vec<GateRecord> {
    Gate::ALL
        .into_iter()
        .filter_map(|gate| {
            let question = ground.catalog.questions.question.iter().find(|question| question.gate == gate);
            Some(GateRecord {
                gate,
                question: question.map_or_else(|| gate.key().to_owned(), |question| question.text.clone()),
                answer: answer(ground, gate)?,
                provenance: ground.brief.provenance.get(&gate).copied().unwrap_or(Provenance::Default),
                channel: ground.brief.channels.get(&gate).copied().unwrap_or(Channel::Default),
                because: because(ground, gate),
            })
        })
        .collect()
}

/// The refinements that were answered, in the order of the catalog.
pub(crate) fn refinements(ground: &Ground<'_>) -> Vec<RefinementRecord> {
    let settings = &ground.brief.settings;
    let record = |refinement: &Refinement| {
        let value = settings.get(&refinement.key).filter(|value| !value.is_empty())?;
        let labels: Vec<String> = refinement.chosen(settings).map(|choice| choice.label.clone()).collect();
        let given = ground.brief.setting_provenance.get(&refinement.key).copied();
        let provenance = given.unwrap_or(Provenance::File);
        Some(RefinementRecord {
            key: refinement.key.clone(),
            label: capital(&refinement.name),
            question: refinement.text.clone(),
            answer: if labels.is_empty() { value.clone() } else { list(&labels) },
            provenance,
            channel: provenance.usual_channel().unwrap_or(Channel::Default),
            because: refinement.why.trim_end_matches('.').to_owned(),
        })
    };
    ground.catalog.refinements.refinement.iter().filter_map(record).collect()
}

/// Evidence or reason of one answer. The platform's reason is section 1: here stands only whose choice it is.
fn because(ground: &Ground<'_>, gate: Gate) -> Option<String> {
    if gate != Gate::Platform {
        return ground.because.get(&gate).cloned();
    }
    Some(if platform::is_recommended(ground) {
        "the recommended option".to_owned()
    } else {
        format!("the recommended option is {}", platform::name(ground, &ground.recommendation.recommended))
    })
}

/// The gates that no person confirmed.
pub(crate) fn unconfirmed(ground: &Ground<'_>) -> Vec<Gate> {
    gates(ground)
        .into_iter()
        .filter(|record| !record.channel.is_personal())
        .map(|record| record.gate)
        .collect()
}

fn answer(ground: &Ground<'_>, gate: Gate) -> Option<String> {
    let answers = &ground.brief.answers;
    let yes_no = |yes: bool| if yes { "Yes" } else { "No" }.to_owned();
    match gate {
        Gate::AppType => answers.app_type.map(|answer| answer.label().to_owned()),
        Gate::Expertise => answers.expertise.map(|answer| answer.label().to_owned()),
        Gate::Scale => answers.scale.map(|answer| match answers.users {
            Some(users) => format!("{}; {} users", answer.label(), crate::prose::thousands(users)),
            None => answer.label().to_owned(),
        }),
        Gate::Budget => answers.budget.map(|answer| match answers.max_usd_per_month {
            Some(ceiling) => format!("{}; at most {ceiling} a month", answer.label()),
            None => answer.label().to_owned(),
        }),
        Gate::Platform => answers.platform.as_ref().map(|id| platform::name(ground, id)),
        Gate::AutoDeploy => answers.auto_deploy.map(yes_no),
        Gate::CodeHost => answers.code_host.as_ref().map(|id| {
            ground.catalog.ci_hosts.get(id).map_or_else(|| id.to_string(), |host| capital(&host.name))
        }),
        Gate::Environments => answers.environments.map(|answer| answer.label().to_owned()),
        Gate::Database => answers.database.map(|answer| answer.label().to_owned()),
        Gate::DatabaseService => answers.database_service.as_ref().map(|id| {
            ground
                .catalog
                .data_services
                .get(id)
                .map_or_else(|| id.to_string(), |service| service.name.clone())
        }),
        Gate::Migrations => answers.migrations.map(|answer| answer.label().to_owned()),
        Gate::Secrets => answers.secrets.map(|answer| answer.label().to_owned()),
        Gate::SecretsService => answers.secrets_service.as_ref().map(|id| {
            ground
                .catalog
                .secrets_services
                .get(id)
                .map_or_else(|| id.to_string(), |service| service.name.clone())
        }),
        Gate::RequiredSecrets => answers.required_secrets.as_ref().map(|names| {
            let names: Vec<String> = names.iter().map(|name| code(name)).collect();
            if names.is_empty() { "None".to_owned() } else { list(&names) }
        }),
        Gate::HealthChecks => answers.health_checks.map(yes_no),
    }
}
