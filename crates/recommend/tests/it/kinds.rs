//! What a fact says of one kind of component is not held against another.

use std::collections::BTreeSet;

use siteplan_catalog::Catalog;
use siteplan_catalog::condition::Condition;
use siteplan_catalog::platform::Ability;
use siteplan_catalog::reasoning::CriterionId;
use siteplan_model::Date;
use siteplan_model::brief::{AppType, Brief, Context};
use siteplan_model::id::PlatformId;
use siteplan_model::recommendation::Philosophy;
use siteplan_model::survey::{ServiceKind, Survey};
use siteplan_recommend::{Inputs, explain, recommend, standings};

use crate::sample::{application, ask, catalog, context};

/// A program in Python that runs once a night and ends.
pub(crate) fn one_job() -> Survey {
    let mut survey = application(AppType::Workers, "python", None, &[ServiceKind::Worker], &[]);
    survey.needs.workers.value = false;
    survey.needs.cron.value = true;
    survey.services[0].ends = true;
    survey.services[0].schedule = Some("0 3 * * *".to_owned());
    survey.services[0].dockerfile = Some("Dockerfile".to_owned());
    survey
}

/// An application with one service.
fn one(kind: ServiceKind) -> Survey {
    let app_type = match kind {
        ServiceKind::Static => AppType::Frontend,
        ServiceKind::Worker | ServiceKind::Cron => AppType::Workers,
        ServiceKind::Web | ServiceKind::Api => AppType::WebApi,
    };
    application(app_type, "python", None, &[kind], &[])
}

/// The platforms whose value on a criterion moves with a change of the catalog.
fn moved(
    survey: &Survey,
    criterion: CriterionId,
    people: &str,
    change: impl Fn(&mut Catalog),
) -> BTreeSet<String> {
    let (before, mut after) = (catalog(), catalog());
    change(&mut after);
    let app_type = survey.app_type.as_ref().expect("a type").value;
    let context = context(app_type, ("advanced", "medium", "medium"));
    let mut brief = Brief::new(Date::constant(2026, 11, 25));
    brief.settings.insert("team_size".to_owned(), people.to_owned());
    let value = |catalog: &Catalog, id| {
        explain(Inputs { catalog, survey, brief: &brief, context: &context }, id, criterion)
            .expect("the platform is known")
            .value
    };
    let ids = before.platforms.keys();
    let moved = ids.filter(|id| (value(&before, id) - value(&after, id)).abs() > 1e-9);
    moved.map(ToString::to_string).collect()
}

fn without_autoscaling(catalog: &mut Catalog) {
    for platform in catalog.platforms.values_mut() {
        platform.capabilities.autoscaling.value = Ability::No;
    }
}

fn in_one_region(catalog: &mut Catalog) {
    for platform in catalog.platforms.values_mut() {
        platform.limits.regions.value = 1;
    }
}

fn without_previews(catalog: &mut Catalog) {
    for platform in catalog.platforms.values_mut() {
        platform.capabilities.preview_environments.value = Ability::No;
    }
}

#[test]
fn instances_are_added_only_where_there_can_be_several() {
    let of = |survey: &Survey| moved(survey, CriterionId::Headroom, "1", without_autoscaling);
    let file = application(AppType::WebApi, "python", None, &[ServiceKind::Api], &["sqlite"]);
    assert_eq!(of(&one_job()), BTreeSet::new(), "a run of a job is one instance");
    assert_eq!(of(&file), BTreeSet::new(), "one instance opens the file");
    let catalog = catalog();
    let near = |id: &String| catalog.platforms[id.as_str()].capabilities.cdn.value == Ability::Yes;
    let files = of(&one(ServiceKind::Static));
    assert!(!files.iter().any(near) && !files.is_empty(), "{files:?}");
    for kind in [ServiceKind::Api, ServiceKind::Worker] {
        assert!(of(&one(kind)).len() > 10, "{kind}");
    }
}

#[test]
fn regions_count_for_whom_somebody_reaches_and_files_are_near_by_their_network() {
    let of = |survey: &Survey| moved(survey, CriterionId::Reach, "1", in_one_region);
    assert_eq!(of(&one_job()), BTreeSet::new());
    assert_eq!(of(&one(ServiceKind::Worker)), BTreeSet::new());
    let catalog = catalog();
    let near = |id: &String| catalog.platforms[id.as_str()].capabilities.cdn.value == Ability::Yes;
    let files = of(&one(ServiceKind::Static));
    assert!(!files.iter().any(near) && !files.is_empty(), "{files:?}");
    assert_eq!(of(&one(ServiceKind::Web)).len(), catalog.platforms.len());
}

#[test]
fn previews_count_where_there_is_an_address_to_open() {
    for people in ["1", "10"] {
        let of = |survey: &Survey| moved(survey, CriterionId::Team, people, without_previews);
        assert_eq!(of(&one_job()), BTreeSet::new());
        assert_eq!(of(&one(ServiceKind::Worker)), BTreeSet::new());
        for kind in [ServiceKind::Static, ServiceKind::Web] {
            assert!(of(&one(kind)).len() > 10, "{kind}");
        }
    }
}

#[test]
fn a_job_grows_by_its_data_and_not_by_the_users_of_an_application() {
    let catalog = catalog();
    let brief = Brief::new(Date::constant(2026, 11, 25));
    let headroom = |survey: &Survey, context: &Context, id: &str| {
        let id: PlatformId = PlatformId::new(id);
        let inputs = Inputs { catalog: &catalog, survey, brief: &brief, context };
        explain(inputs, &id, CriterionId::Headroom).expect("the platform is known").value
    };
    let bands = |scale| context(AppType::Workers, ("advanced", scale, "enterprise"));
    let (small, mut large) = (one_job(), one_job());
    large.needs.memory.value = Some(8192);
    for id in catalog.platforms.keys() {
        let of = |survey, scale| headroom(survey, &bands(scale), id.as_str());
        assert!((of(&small, "low") - of(&small, "very-high")).abs() < 1e-12, "{id}");
        assert!(of(&large, "low") < of(&small, "low") + 1e-12, "{id}");
    }
    let mut by_memory: Vec<_> =
        catalog.platforms.values().map(|it| (it.limits.memory_mb.value, it.id.as_str())).collect();
    by_memory.sort_unstable();
    let values: Vec<f64> = by_memory.iter().map(|(_, id)| headroom(&large, &bands("low"), id)).collect();
    assert!(values.windows(2).all(|pair| pair[0] <= pair[1]), "{by_memory:?} {values:?}");
    assert!(values.first().expect("a platform") + 0.2 < *values.last().expect("a platform"));
}

#[test]
fn within_a_budget_nobody_is_recommended_a_cluster_for_one_job() {
    let catalog = catalog();
    let survey = one_job();
    for cloud in ["none", "aws", "google", "azure"] {
        for expertise in ["beginner", "intermediate", "advanced"] {
            for budget in ["small", "medium"] {
                let context = context(AppType::Workers, (expertise, "low", budget));
                let mut brief = Brief::new(Date::constant(2026, 11, 25));
                brief.settings.insert("existing_cloud".to_owned(), cloud.to_owned());
                let said = recommend(Inputs {
                    catalog: &catalog,
                    survey: &survey,
                    brief: &brief,
                    context: &context,
                });
                let first = &said.options[0];
                assert_ne!(
                    first.philosophy,
                    Philosophy::Orchestrator,
                    "{cloud} {expertise} {budget}: {}",
                    first.name
                );
            }
        }
    }
}

/// A team of ten with many users, and its answers for an application.
fn of_a_team(survey: &Survey) -> (Brief, Context) {
    let mut brief = Brief::new(Date::constant(2026, 11, 25));
    brief.settings.insert("team_size".to_owned(), "10".to_owned());
    let app_type = survey.app_type.as_ref().expect("a type").value;
    (brief, context(app_type, ("advanced", "high", "medium")))
}

#[test]
fn files_are_judged_by_what_serves_files() {
    let catalog = catalog();
    let survey = one(ServiceKind::Static);
    let value = |survey: &Survey, id: &str, criterion| {
        let (brief, context) = of_a_team(survey);
        let inputs = Inputs { catalog: &catalog, survey, brief: &brief, context: &context };
        explain(inputs, &PlatformId::new(id), criterion).expect("the platform is known")
    };
    let server = one(ServiceKind::Web);
    // Who promises an uptime for instances promises none for files.
    let covered = |survey: &Survey| value(survey, "digitalocean-app-platform", CriterionId::Maturity).value;
    assert!(covered(&survey) + 0.2 < covered(&server), "{} {}", covered(&survey), covered(&server));
    // A runtime that files do not use binds nobody.
    let free = |id: &str, survey: &Survey| value(survey, id, CriterionId::Portability).value;
    for id in ["cloudflare", "vercel", "netlify"] {
        assert!(free(id, &survey) > free(id, &server) + 0.1, "{id}");
    }
    let said = serde_json::to_string(&value(&survey, "cloudflare", CriterionId::Portability)).expect("JSON");
    assert!(said.contains("others, which do not count") && said.contains("Workers runtime"), "{said}");
    let (brief, context) = of_a_team(&survey);
    let said = recommend(Inputs { catalog: &catalog, survey: &survey, brief: &brief, context: &context });
    assert_eq!(said.options[0].philosophy, Philosophy::FrontendCloud, "{}", said.options[0].name);
    let cons = said.options.iter().flat_map(|option| &option.cons);
    assert!(cons.clone().all(|con| !con.contains("Requests end")), "{:?}", cons.collect::<Vec<_>>());
}

#[test]
fn what_is_demanded_of_instances_and_regions_is_not_asked_of_files_near_users() {
    let catalog = catalog();
    let broken = |survey: &Survey| -> BTreeSet<String> {
        let (mut brief, context) = of_a_team(survey);
        brief.settings.insert("availability".to_owned(), "multi-region".to_owned());
        brief.settings.insert("regions".to_owned(), "africa,south-america".to_owned());
        let said = standings(Inputs { catalog: &catalog, survey, brief: &brief, context: &context });
        let demanded = said.excluded.iter().filter(|one| {
            let demands = ["region", "availability"];
            demands.contains(&one.constraint.as_str())
        });
        demanded.map(|one| one.platform.to_string()).collect()
    };
    let near = |id: &String| catalog.platforms[id.as_str()].capabilities.cdn.value == Ability::Yes;
    let (files, server) = (broken(&one(ServiceKind::Static)), broken(&one(ServiceKind::Web)));
    assert!(!files.iter().any(near), "{files:?}");
    assert!(server.iter().any(near), "{server:?}");
}

#[test]
fn workers_are_not_scaled_by_the_requests_of_others() {
    let catalog = catalog();
    let heroku = &catalog.platforms["heroku"];
    let able = |kind| heroku.autoscaling_of(std::iter::once(kind)).figure.value;
    assert_eq!((able(ServiceKind::Web), able(ServiceKind::Worker)), (Ability::Limited, Ability::No));
    let both = [ServiceKind::Web, ServiceKind::Worker].into_iter();
    assert_eq!(heroku.autoscaling_of(both).figure.value, Ability::Limited, "what users reach decides");
}

/// What somebody says of an application that is not written yet decides what is said of the platforms.
#[test]
fn what_concerns_a_kind_is_said_of_an_application_that_is_only_planned() {
    let catalog = catalog();
    let (mut said, mut left_out) = (0, 0);
    for app_type in AppType::ALL {
        let survey = Survey::nothing(".", "planned");
        let told = ask(&catalog, &survey, &context(*app_type, ("intermediate", "medium", "medium")));
        for option in &told.options {
            let platform = &catalog.platforms[option.platform.as_str()];
            let lists = [(&platform.pros, &option.pros), (&platform.cons, &option.cons)];
            let lists = lists.into_iter().chain([(&platform.avoid_if, &option.avoid_if)]);
            for (statement, shown) in
                lists.flat_map(|(known, shown)| known.iter().map(move |one| (one, shown)))
            {
                let when = &statement.when;
                let of_kind_alone = Condition { kind: Vec::new(), ..when.clone() } == Condition::default();
                if when.kind.is_empty() || !of_kind_alone {
                    continue;
                }
                let meant = app_type.means().iter().any(|kind| when.kind.contains(kind));
                assert_eq!(shown.contains(&statement.text), meant, "{app_type}: {}", statement.text);
                *(if meant { &mut said } else { &mut left_out }) += 1;
            }
        }
    }
    assert!(said > 0 && left_out > 0, "{said} said, {left_out} left out");
}
