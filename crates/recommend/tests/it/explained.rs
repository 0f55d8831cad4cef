//! An explanation can be worked out again by somebody who has nothing but what is printed.

use std::collections::BTreeMap;

use serde_json::Value;
use siteplan_catalog::Catalog;
use siteplan_catalog::platform::{Ability, RunMode};
use siteplan_catalog::reasoning::CriterionId;
use siteplan_model::Date;
use siteplan_model::brief::{AppType, Brief, Context};
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::id::PlatformId;
use siteplan_model::survey::{ServiceKind, Survey};
use siteplan_recommend::{Inputs, explain};

use crate::sample::{application, catalog, context};

/// Applications of several kinds under answers of several kinds.
fn questions() -> Vec<(Survey, Context)> {
    let web = [ServiceKind::Web, ServiceKind::Worker, ServiceKind::Cron];
    let few = ("advanced", "low", "small");
    let of_one =
        |app_type, kind| (application(app_type, "python", None, &[kind], &[]), context(app_type, few));
    let mut demanding = application(AppType::Monolith, "ruby", Some("rails"), &web, &["postgres"]);
    demanding.needs.websockets.value = true;
    demanding.needs.long_requests.value = true;
    demanding.needs.gpu.value = true;
    demanding.needs.clustering.value = true;
    demanding.needs.file_storage.value = true;
    let api = [ServiceKind::Api];
    let mut in_use = application(AppType::WebApi, "go", None, &api, &["postgres"]);
    let seen = |path: &str| Evidence { path: path.to_owned(), line: None, seen: path.to_owned() };
    let runs_on =
        |platform: &str, path: &str| Fact::new(platform.to_owned(), Certainty::High, vec![seen(path)]);
    in_use.platforms_in_use =
        vec![runs_on("render", "render.yaml"), runs_on("docker-compose-vps", "compose.production.yaml")];
    let mut on_aws = application(AppType::WebApi, "go", None, &api, &["postgres", "redis"]);
    on_aws.platforms_in_use = vec![runs_on("aws-ecs-fargate", "task-definition.json")];
    vec![
        (crate::kinds::one_job(), context(AppType::Workers, few)),
        of_one(AppType::Workers, ServiceKind::Worker),
        of_one(AppType::Frontend, ServiceKind::Static),
        (Survey::nothing(".", "planned"), context(AppType::FullStack, ("beginner", "low", "free"))),
        (Survey::nothing(".", "planned"), context(AppType::Frontend, ("beginner", "low", "small"))),
        (demanding, context(AppType::Monolith, ("intermediate", "medium", "medium"))),
        (
            application(AppType::FullStack, "typescript", Some("next"), &[ServiceKind::Web], &["postgres"]),
            context(AppType::FullStack, ("intermediate", "low", "small")),
        ),
        (
            application(AppType::WebApi, "go", None, &[ServiceKind::Api], &["mongodb"]),
            context(AppType::WebApi, ("advanced", "very-high", "enterprise")),
        ),
        (
            application(AppType::Monolith, "ruby", Some("rails"), &[ServiceKind::Web], &["postgres"]),
            context(AppType::Monolith, ("beginner", "low", "free")),
        ),
        (
            application(AppType::WebApi, "python", Some("fastapi"), &[ServiceKind::Api], &["postgres"]),
            context(AppType::WebApi, ("intermediate", "low", "small")),
        ),
        (in_use, context(AppType::WebApi, ("intermediate", "low", "medium"))),
        (on_aws, context(AppType::WebApi, ("advanced", "high", "enterprise"))),
    ]
}

fn explained(catalog: &Catalog, question: &(Survey, Context), criterion: CriterionId) -> Vec<Value> {
    let brief = Brief::new(Date::constant(2026, 11, 25));
    explained_under(catalog, question, &brief, criterion)
}

fn explained_under(
    catalog: &Catalog,
    question: &(Survey, Context),
    brief: &Brief,
    criterion: CriterionId,
) -> Vec<Value> {
    let (survey, context) = question;
    let one = |id: &PlatformId| {
        let explanation = explain(Inputs { catalog, survey, brief, context }, id, criterion);
        serde_json::to_value(explanation.expect("the platform is known")).expect("it is JSON")
    };
    catalog.platforms.keys().map(one).collect()
}

/// The operations as `siteplan_model::explanation::Operation` describes them, once more.
fn once_more(operation: &str, of: &[f64]) -> f64 {
    match operation {
        "sum" => of.iter().sum(),
        "difference" => of[0] - of[1],
        "product" => of.iter().product(),
        "quotient" => of[0] / of[1],
        "mean" if of.is_empty() => 0.0,
        "mean" => of.iter().sum::<f64>() / f64::from(u32::try_from(of.len()).expect("a few")),
        "weighted-mean" => {
            let (mut sum, mut shares) = (0.0, 0.0);
            for pair in of.chunks(2) {
                sum += pair[0] * pair[1];
                shares += pair[1];
            }
            sum / shares
        }
        "complement" => 1.0 - of[0],
        "unit" => of[0].clamp(0.0, 1.0),
        "larger" => of[0].max(of[1]),
        "smallest" => of[1..].iter().fold(of[0], |least, other| least.min(*other)),
        "logarithm-over" => of[0].max(1.0).ln() / of[1].ln(),
        "logarithm-of-one-more-over" => (1.0 + of[0]).ln() / (1.0 + of[1]).ln(),
        "exponential-of-minus" => (-of[0]).exp(),
        "nothing" => f64::from(u8::from(of[0] < 0.005)),
        other => panic!("no operation is called `{other}`"),
    }
}

/// Works an explanation out again from nothing but its inputs.
fn worked_out_again(explanation: &Value) {
    let mut numbers: BTreeMap<u64, f64> = BTreeMap::new();
    for input in explanation["inputs"].as_array().expect("a list") {
        let id = input["id"].as_u64().expect("a number");
        numbers.insert(id, input["value"].as_f64().expect("a number"));
    }
    let mut last = f64::NAN;
    for term in explanation["terms"].as_array().expect("a list") {
        let of: Vec<f64> = term["of"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|id| numbers[&id.as_u64().expect("a number")])
            .collect();
        last = once_more(term["operation"].as_str().expect("a word"), &of);
        let printed = term["value"].as_f64().expect("a number");
        assert!((last - printed).abs() < 1e-9 * printed.abs().max(1.0), "{term}: {last}");
        numbers.insert(term["id"].as_u64().expect("a number"), printed);
    }
    let value = explanation["value"].as_f64().expect("a number");
    assert!((last - value).abs() < 1e-9, "{last} is not the value of\n{explanation:#}");
    assert!((0.0..=1.0).contains(&value));
}

/// Every word against the scale that is printed with it; tells how many there are.
fn words_against_scales(explanation: &Value) -> usize {
    let scales = explanation["scales"].as_array().expect("a list");
    let inputs = explanation["inputs"].as_array().expect("a list");
    let worded: Vec<_> = inputs.iter().filter_map(|input| Some((input, input["scale"].as_str()?))).collect();
    for (input, key) in &worded {
        let scale = scales.iter().find(|scale| scale["key"] == *key);
        let scale = scale.unwrap_or_else(|| panic!("{key} is not explained"));
        assert_eq!(scale["values"][input["words"].as_str().expect("words")], input["value"]);
    }
    worded.len()
}

#[test]
fn every_value_follows_from_what_its_explanation_prints() {
    let catalog = catalog();
    for question in questions() {
        for criterion in CriterionId::ALL {
            explained(&catalog, &question, criterion).iter().for_each(worked_out_again);
        }
    }
}

/// Every answer to every refinement, and some that name several things.
fn refined(catalog: &Catalog) -> Vec<(String, String)> {
    let of = |refinement: &siteplan_catalog::refinement::Refinement| {
        let choices = refinement.choice.iter().filter(|choice| !choice.value.is_empty());
        choices.map(|choice| (refinement.key.clone(), choice.value.clone())).collect::<Vec<_>>()
    };
    let several =
        [("regions", "europe,africa"), ("compliance", "soc2,hipaa"), ("existing_cloud", "aws,google")];
    let several = several.map(|(key, value)| (key.to_owned(), value.to_owned()));
    catalog.refinements.refinement.iter().flat_map(of).chain(several).collect()
}

#[test]
fn what_was_answered_beyond_the_context_is_in_the_explanation_by_name() {
    let catalog = catalog();
    let brief = Brief::new(Date::constant(2026, 11, 25));
    let of = |explanation: &Value| explanation["value"].as_f64().expect("a number");
    // By key: in how many explanations the value is another one.
    let mut moved: BTreeMap<String, usize> = BTreeMap::new();
    for question in questions() {
        for criterion in CriterionId::ALL {
            let before = explained_under(&catalog, &question, &brief, criterion);
            for (key, answer) in refined(&catalog) {
                let mut brief = brief.clone();
                brief.settings.insert(key.clone(), answer.clone());
                let after = explained_under(&catalog, &question, &brief, criterion);
                for (before, after) in before.iter().zip(&after) {
                    worked_out_again(after);
                    words_against_scales(after);
                    assert_eq!(after["answers"][&key], answer);
                    if of(before).to_bits() == of(after).to_bits() {
                        continue;
                    }
                    *moved.entry(key.clone()).or_default() += 1;
                    // What moved the value is an input that was not there, or was another one.
                    assert_ne!(before["inputs"], after["inputs"], "{key} = {answer}: {after:#}");
                }
            }
        }
    }
    for key in ["regions", "compliance", "availability", "existing_cloud", "team_size", "gpu"] {
        assert!(moved.contains_key(key), "{key} changes no value: {moved:?}");
    }
}

#[test]
fn an_explanation_says_what_the_answers_make_a_criterion_weigh() {
    let catalog = catalog();
    let question = &questions()[6];
    let mut brief = Brief::new(Date::constant(2026, 11, 25));
    let said = |brief: &Brief| {
        let all = explained_under(&catalog, question, brief, CriterionId::Portability);
        all[0]["weighs"].as_array().expect("a list").clone()
    };
    let asked = |said: &[Value]| {
        said.iter().any(|one| {
            one.as_str().is_some_and(|one| one.starts_with("at least") && one.contains("`lock_in`"))
        })
    };
    assert!(!asked(&said(&brief)));
    brief.settings.insert("lock_in".to_owned(), "avoid".to_owned());
    assert!(asked(&said(&brief)));
}

#[test]
fn a_word_becomes_the_number_that_its_scale_gives_it() {
    let catalog = catalog();
    let mut seen = 0;
    for question in questions() {
        for criterion in CriterionId::ALL {
            let all = explained(&catalog, &question, criterion);
            seen += all.iter().map(words_against_scales).sum::<usize>();
        }
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn every_number_says_where_it_comes_from() {
    let catalog = catalog();
    for question in questions() {
        for criterion in CriterionId::ALL {
            for explanation in explained(&catalog, &question, criterion) {
                let width = explanation["half_width"].as_f64().expect("a number");
                // Where no fact applies nothing is uncertain.
                let certain = explanation["inputs"]
                    .as_array()
                    .expect("a list")
                    .iter()
                    .all(|input| matches!(input["from"].as_str(), Some("parameter" | "application")));
                assert!((width > 0.0 || certain) && width < 0.5, "{explanation:#}");
                for input in explanation["inputs"].as_array().expect("a list") {
                    match input["from"].as_str().expect("a word") {
                        // A list of what a data service asks for has no page of its own.
                        "fact" => assert!(
                            input["source"]["url"].as_str().is_some_and(|url| url.starts_with("https://"))
                                || input["at"].as_str().is_some_and(|at| at.contains(".effort.")),
                            "{input}"
                        ),
                        "parameter" | "assumption" => assert!(
                            input["note"].as_str().is_some_and(|reason| reason.len() > 10)
                                && input["at"].is_string(),
                            "{input}"
                        ),
                        from => assert_eq!(from, "application"),
                    }
                }
            }
        }
    }
}

/// The fit of every platform for an application.
fn fits(catalog: &Catalog, survey: &Survey, context: &Context) -> BTreeMap<String, f64> {
    let all = explained(catalog, &(survey.clone(), context.clone()), CriterionId::Fit);
    let fit = |value: Value| {
        let id = value["platform"].as_str().expect("a platform").to_owned();
        (id, value["value"].as_f64().expect("a number"))
    };
    all.into_iter().map(fit).collect()
}

#[test]
fn a_database_in_a_file_asks_for_a_disk_on_which_it_lasts() {
    let catalog = catalog();
    let context = context(AppType::Monolith, ("intermediate", "low", "small"));
    let of = |databases: &[&str]| {
        let survey = application(AppType::Monolith, "python", Some("django"), &[ServiceKind::Web], databases);
        fits(&catalog, &survey, &context)
    };
    let (file, both) = (of(&["sqlite"]), of(&["sqlite", "postgres"]));
    let lasts =
        |id: &str| catalog.platforms[id].capabilities.disk_of_embedded_databases().value == Ability::Yes;
    let best_lost = file.iter().filter(|(id, _)| {
        catalog.platforms[id.as_str()].capabilities.disk_of_embedded_databases().value == Ability::No
    });
    let best_lost = best_lost.map(|(_, fit)| *fit).fold(0.0, f64::max);
    for (id, fit) in file.iter().filter(|(id, _)| lasts(id)) {
        assert!(*fit > best_lost + 0.2, "{id}: {fit}, {best_lost} where the file is lost");
    }
    assert!(both["google-cloud-run"] > file["google-cloud-run"], "a server keeps the data");
    assert!(file.keys().any(|id| lasts(id)) && best_lost > 0.0);
}

#[test]
fn a_handler_of_requests_runs_best_where_such_code_is_called() {
    let catalog = catalog();
    let context = context(AppType::WebApi, ("beginner", "low", "small"));
    let mut survey = application(AppType::WebApi, "javascript", None, &[ServiceKind::Api], &[]);
    let process = fits(&catalog, &survey, &context);
    let folder = survey.services[0].path.clone();
    survey.request_handlers = vec![Fact::new(folder, Certainty::High, Vec::new())];
    let handler = fits(&catalog, &survey, &context);
    for platform in catalog.platforms.values() {
        let (before, after) = (process[platform.id.as_str()], handler[platform.id.as_str()]);
        if platform.runs.request_handlers.is_some() {
            let others = handler.iter().filter(|(id, _)| id.as_str() != platform.id.as_str());
            assert!(after > before && others.into_iter().all(|(_, other)| *other < after), "{handler:?}");
        } else if platform.runs.api.value != RunMode::Function && platform.runs.api.value != RunMode::No {
            assert!(after < before, "{}: {before} {after}", platform.id);
        }
    }
}

#[test]
fn an_image_in_the_repository_runs_as_well_as_what_a_platform_builds() {
    let catalog = catalog();
    // With so many users nobody waits for a start.
    let context = context(AppType::WebApi, ("intermediate", "high", "medium"));
    let of = |dockerfile: Option<&str>| {
        let mut survey = application(AppType::WebApi, "java", None, &[ServiceKind::Api], &[]);
        survey.services[0].dockerfile = dockerfile.map(str::to_owned);
        fits(&catalog, &survey, &context)
    };
    let (without, with) = (of(None), of(Some("Dockerfile")));
    let built = with["heroku"];
    for id in ["fly", "google-cloud-run", "render", "docker-compose-vps", "kubernetes-gke"] {
        assert!((with[id] - built).abs() < 1e-12, "{id}: {} {built}", with[id]);
        assert!(without[id] < with[id], "{id}: somebody has to write the image");
    }
}

#[test]
fn a_database_is_worth_less_away_from_the_server_in_the_teams_hands_and_behind_functions() {
    let catalog = catalog();
    let context = context(AppType::FullStack, ("intermediate", "low", "small"));
    let web = [ServiceKind::Web];
    let of = |databases: &[&str]| {
        let survey = application(AppType::FullStack, "typescript", Some("next"), &web, databases);
        fits(&catalog, &survey, &context)
    };
    let (bare, kept) = (of(&[]), of(&["postgres"]));
    let gain = |id: &str| kept[id] - bare[id];
    assert!(gain("render") > gain("fly"), "its own, and one elsewhere");
    assert!(gain("fly") > gain("railway"), "one elsewhere, and one that the team runs");
    assert!(gain("railway") > gain("vercel"), "a process, and functions");
}

#[test]
fn a_promise_of_uptime_counts_from_a_high_scale_on() {
    let catalog = catalog();
    let named = |scale: &str| {
        let question =
            (Survey::nothing(".", "planned"), context(AppType::WebApi, ("intermediate", scale, "medium")));
        let all = explained(&catalog, &question, CriterionId::Maturity);
        all.iter().any(|value| {
            let inputs = value["inputs"].as_array().expect("a list");
            inputs
                .iter()
                .any(|input| input["name"].as_str().is_some_and(|name| name.contains("uptime promised")))
        })
    };
    assert!(!named("low") && !named("medium") && named("high"));
}

#[test]
fn a_database_in_a_file_concerns_the_service_that_opens_it() {
    let catalog = catalog();
    let context = context(AppType::Microservices, ("intermediate", "low", "small"));
    let of = |engines: [&str; 2]| {
        let kinds = [ServiceKind::Web, ServiceKind::Api];
        let mut survey = application(AppType::Microservices, "python", None, &kinds, &engines);
        for (service, engine) in survey.services.iter_mut().zip(engines) {
            service.databases = vec![engine.to_owned()];
            service.path = service.name.clone();
        }
        (survey, context.clone())
    };
    let lost =
        |id: &str| catalog.platforms[id].capabilities.disk_of_embedded_databases().value == Ability::No;
    let said = |engines: [&str; 2], name: &str| {
        let words = format!("`{name}`, whose database is a file that does not last here");
        let all = explained(&catalog, &of(engines), CriterionId::Fit);
        let of_these = all.into_iter().filter(|value| value.to_string().contains(&words));
        of_these.map(|value| value["platform"].as_str().expect("a platform").to_owned()).collect::<Vec<_>>()
    };
    let beside = ["postgres", "sqlite"];
    assert!(said(beside, "web").is_empty(), "its data is on a server");
    let api = said(beside, "api");
    assert!(api.iter().all(|id| lost(id)), "{api:?}");
    // Where both keep files, nothing moves away from what users meet, so more platforms lose them.
    let both = ["sqlite", "sqlite"];
    assert!(said(both, "web").iter().all(|id| lost(id)) && !said(both, "web").is_empty());
    assert!(said(["postgres", "postgres"], "api").is_empty());
}

#[test]
fn one_instance_is_all_the_headroom_of_a_database_in_a_file() {
    let catalog = catalog();
    let context = context(AppType::WebApi, ("intermediate", "high", "enterprise"));
    let of = |engine: &str| {
        let survey = application(AppType::WebApi, "python", None, &[ServiceKind::Api], &[engine]);
        explained(&catalog, &(survey, context.clone()), CriterionId::Headroom)
    };
    let mut less = 0;
    for (file, server) in of("sqlite").iter().zip(of("postgres")) {
        let value = |of: &Value| of["value"].as_f64().expect("a number");
        assert!(value(file) <= value(&server), "{file}");
        less += usize::from(value(file) < value(&server));
        assert!(file.to_string().contains("one: its database is a file"), "{file}");
    }
    assert!(less > 5, "{less}");
}

#[test]
fn who_waits_for_a_start_is_served_worse_the_longer_it_takes_and_the_fewer_come() {
    let catalog = catalog();
    let of = |language: &str, scale: &str| {
        let survey = application(AppType::WebApi, language, None, &[ServiceKind::Api], &[]);
        fits(&catalog, &survey, &context(AppType::WebApi, ("advanced", scale, "small")))["google-cloud-run"]
    };
    let (go, python, unknown) = (of("go", "low"), of("python", "low"), of("cobol", "low"));
    assert!(go > python + 0.02 && python > unknown + 0.02, "{go} {python} {unknown}");
    let steady = application(AppType::WebApi, "go", None, &[ServiceKind::Api], &[]);
    let steady =
        fits(&catalog, &steady, &context(AppType::WebApi, ("advanced", "low", "small")))["kubernetes-gke"];
    assert!((go - steady).abs() < 1e-12, "nobody notices a fifth of a second");
    let busier = of("python", "medium");
    assert!(python + 0.02 < busier && busier < steady, "more often somebody is there already");
}

#[test]
fn what_is_slow_to_start_is_kept_running_where_money_may_be_spent_and_then_nobody_waits() {
    let catalog = catalog();
    let survey = application(AppType::Monolith, "ruby", Some("rails"), &[ServiceKind::Web], &[]);
    let of = |budget: &str| {
        let context = context(AppType::Monolith, ("advanced", "low", budget));
        explained(&catalog, &(survey.clone(), context), CriterionId::Fit)
    };
    let waits = |all: &[Value], id: &str| {
        let one = all.iter().find(|value| value["platform"] == id).expect("a platform");
        one.to_string().contains("share of the visits that wait")
    };
    // A plan that sleeps is treated as a platform that stops; what cannot be kept running keeps visitors waiting.
    let (free, paid) = (of("free"), of("small"));
    assert!(waits(&free, "google-cloud-run") && waits(&free, "render") && !waits(&free, "fly"));
    assert!(!waits(&paid, "google-cloud-run") && !waits(&paid, "render") && waits(&paid, "cloudflare"));
    let fit = fits(&catalog, &survey, &context(AppType::Monolith, ("advanced", "low", "small")));
    assert!((fit["google-cloud-run"] - fit["fly"]).abs() < 1e-12, "{fit:?}");
}
