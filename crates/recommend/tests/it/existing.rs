//! What exists already, at an account or where the application runs, is no work; one vendor more is.

use std::collections::BTreeMap;

use siteplan_catalog::Catalog;
use siteplan_catalog::platform::EffortItem;
use siteplan_catalog::reasoning::CriterionId;
use siteplan_model::Date;
use siteplan_model::brief::{AppType, Brief, Context};
use siteplan_model::explanation::Explanation;
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::recommendation::Recommendation;
use siteplan_model::survey::{CiDeploy, ServiceKind, Survey};
use siteplan_recommend::{Inputs, explain, recommend};

use crate::sample::{application, catalog, context};

fn brief(cloud: &str) -> Brief {
    let given = (!cloud.is_empty()).then(|| ("existing_cloud".to_owned(), cloud.to_owned()));
    Brief { settings: given.into_iter().collect(), ..Brief::new(Date::constant(2026, 11, 26)) }
}

fn api() -> Survey {
    application(AppType::WebApi, "rust", None, &[ServiceKind::Api], &["postgres"])
}

fn seen(path: &str) -> Evidence {
    Evidence { path: path.to_owned(), line: None, seen: path.to_owned() }
}

fn used(mut survey: Survey, platform: &str, paths: &[&str]) -> Survey {
    let evidence = paths.iter().map(|path| seen(path)).collect();
    survey.platforms_in_use = vec![Fact::new(platform.to_owned(), Certainty::High, evidence)];
    survey
}

fn simplicity(
    catalog: &Catalog,
    survey: &Survey,
    context: &Context,
    cloud: &str,
    platform: &str,
) -> Explanation {
    let brief = brief(cloud);
    let inputs = Inputs { catalog, survey, brief: &brief, context };
    explain(inputs, &catalog.platforms[platform].id, CriterionId::Simplicity).expect("a platform")
}

fn term(explanation: &Explanation, name: &str) -> f64 {
    let term = explanation.terms.iter().find(|term| term.name == name);
    term.unwrap_or_else(|| panic!("no term `{name}`: {:?}", explanation.terms)).value
}

fn items(explanation: &Explanation) -> f64 {
    term(explanation, "items of effort")
}

fn ask(catalog: &Catalog, survey: &Survey, context: &Context, cloud: &str) -> Recommendation {
    recommend(Inputs { catalog, survey, brief: &brief(cloud), context })
}

#[test]
fn an_account_brings_what_is_marked_and_one_vendor_more_asks_by_the_budget() {
    let catalog = catalog();
    let survey = api();
    for (budget, further) in [("free", 0.0), ("small", 1.0), ("medium", 3.0), ("enterprise", 5.0)] {
        let context = context(AppType::WebApi, ("advanced", "low", budget));
        for (id, platform) in &catalog.platforms {
            let of = |cloud: &str| simplicity(&catalog, &survey, &context, cloud, id.as_str());
            let (without, with) = (of("none"), of("google"));
            let change = items(&with) - items(&without);
            if platform.cloud.as_deref() == Some("google") {
                let lists = [&platform.effort.resources, &platform.effort.tools];
                let marked = || {
                    let all = lists.iter().flat_map(|list| &list.value);
                    all.filter(|item| item.comes_with_account()).map(EffortItem::text)
                };
                assert_eq!(marked().count(), 2, "{id}: the account and its command line");
                assert!((change + 2.0).abs() < 1e-9, "{id}: {change}");
                for item in marked() {
                    let named = format!("{item}, with the account");
                    assert!(with.inputs.iter().any(|input| input.name == named), "{id}: {named}");
                }
            } else if platform.cloud.is_some() {
                assert!((change - 2.0 * further).abs() < 1e-9, "{id}: {change}");
            } else if without.inputs.iter().all(|i| !i.name.contains("Google")) {
                assert!((change - further).abs() < 1e-9, "{id}: {change}");
            }
        }
    }
}

#[test]
fn what_the_application_runs_on_already_is_no_work_and_leaving_it_costs_what_it_did() {
    let catalog = catalog();
    let context = context(AppType::WebApi, ("advanced", "low", "medium"));
    let new = simplicity(&catalog, &api(), &context, "", "render");
    assert!(term(&new, "things to create") > 2.0 && term(&new, "files to write") > 0.0);

    let here = used(api(), "render", &["render.yaml"]);
    let now = simplicity(&catalog, &here, &context, "", "render");
    assert!(term(&now, "things to create beside those that exist").abs() < 1e-9, "{:?}", now.terms);
    // What else is to be written, is still.
    let files = term(&now, "files to write beside those in the repository");
    assert!((files - term(&new, "files to write") + 1.0).abs() < 1e-9, "{files}");
    let file = now.inputs.iter().find(|input| input.name.starts_with("files for Render in"));
    assert!(file.is_some_and(|file| file.words.as_ref().is_some_and(|words| words.contains("render.yaml"))));
    // A pipeline is still to be given its credentials, unless there is one.
    let left = |explanation: &Explanation| term(explanation, "credentials to set beside those that are set");
    assert!(left(&now) > 0.0);
    let mut released = here.clone();
    released.ci_deploys = vec![CiDeploy {
        path: "ci.yml".to_owned(),
        job: "deploy".to_owned(),
        runs: "deploys".to_owned(),
        means: Some("render".to_owned()),
        seen: seen("ci.yml"),
    }];
    assert!(left(&simplicity(&catalog, &released, &context, "", "render")).abs() < 1e-9);

    let shown = ask(&catalog, &here, &context, "");
    let incumbent = shown.options.iter().find(|option| option.current).expect("what is in use is shown");
    assert_eq!(incumbent.effort.resources, 0);
    assert!(incumbent.pros.iter().any(|pro| pro.contains("runs there")), "{:?}", incumbent.pros);
    let leaving = incumbent.leaving.as_ref().expect("what leaving costs");
    assert!(leaving.files == ["render.yaml"] && leaving.data.len() == 1 && !leaving.interfaces.is_empty());
    for other in shown.options.iter().filter(|option| !option.current) {
        assert!(other.cons.iter().any(|con| con.contains("vendor more beside Render")), "{:?}", other.cons);
    }
}

#[test]
fn a_platform_in_use_stands_for_an_account_with_its_vendor() {
    let catalog = catalog();
    let context = context(AppType::WebApi, ("advanced", "low", "medium"));
    let change = |survey: &Survey, cloud: &str, platform: &str| {
        let of = |survey| items(&simplicity(&catalog, survey, &context, cloud, platform));
        of(survey) - of(&api())
    };
    let on_ecs = used(api(), "aws-ecs-fargate", &["task-definition.json"]);
    assert!((change(&on_ecs, "", "kubernetes-eks") + 2.0).abs() < 1e-9);
    assert!((change(&on_ecs, "", "fly") - 3.0).abs() < 1e-9);
    let on_server = used(api(), "docker-compose-vps", &["compose.production.yaml"]);
    assert!((change(&on_server, "", "kamal-vps") + 1.0).abs() < 1e-9, "the server's vendor is the same");
    assert!((change(&on_server, "", "kubernetes-eks") - 3.0).abs() < 1e-9);
}

#[test]
fn an_account_is_passed_over_only_for_a_gain_and_the_reason_says_so() {
    let catalog = catalog();
    let gain = catalog.criteria.account_gain;
    let spring =
        application(AppType::WebApi, "java", Some("spring-boot"), &[ServiceKind::Api], &["postgres"]);
    let mut seen: BTreeMap<bool, usize> = BTreeMap::new();
    for survey in [&api(), &spring] {
        for words in [
            ("beginner", "low", "free"),
            ("intermediate", "low", "small"),
            ("advanced", "medium", "medium"),
            ("advanced", "high", "enterprise"),
            ("advanced", "very-high", "enterprise"),
        ] {
            let context = context(AppType::WebApi, words);
            for cloud in ["aws", "google", "azure"] {
                let told = ask(&catalog, survey, &context, cloud);
                let of_cloud = |id: &str| catalog.platforms[id].cloud.as_deref() == Some(cloud);
                let goes_there = of_cloud(told.recommended.as_str());
                *seen.entry(goes_there).or_default() += 1;
                assert!(told.because.contains("account at"), "{}", told.because);
                let winner = told.ranking.iter().find(|one| one.platform == told.recommended).expect("it is");
                let near = told.ranking.iter().filter(|one| {
                    one.feasible
                        && of_cloud(one.platform.as_str())
                        && winner.support - one.support < gain - 0.002
                });
                assert!(goes_there || near.count() == 0, "{cloud} {words:?}: {}", told.because);
            }
        }
    }
    assert!(seen[&true] > 4 && seen[&false] > 4, "{seen:?}");
}
