//! The workflow's three cases: its platforms are among the options, and its recommendation is the one made.

use siteplan_model::brief::AppType;
use siteplan_model::recommendation::{Philosophy, Recommendation};
use siteplan_model::survey::{ServiceKind, Survey};

use crate::sample::{application, ask, catalog, context};

fn ids(recommendation: &Recommendation) -> Vec<&str> {
    recommendation.options.iter().map(|option| option.platform.as_str()).collect()
}

fn assert_holds(recommendation: &Recommendation, platforms: &[&str], what: &str) {
    let ids = ids(recommendation);
    for platform in platforms {
        assert!(ids.contains(platform), "{what}: {platform} is not among {ids:?}");
    }
}

/// Applications of every type, as found and as only planned.
fn applications() -> Vec<(AppType, Survey)> {
    use ServiceKind::{Api, Static, Web, Worker};
    let found = [
        application(AppType::WebApi, "python", Some("fastapi"), &[Api], &["postgres"]),
        application(AppType::FullStack, "typescript", Some("next"), &[Web], &["postgres"]),
        application(AppType::FullStack, "python", Some("django"), &[Web, Worker], &["postgres"]),
        application(AppType::Frontend, "typescript", Some("next"), &[Static], &[]),
        application(AppType::Frontend, "typescript", Some("react"), &[Static], &[]),
        application(AppType::Monolith, "ruby", Some("rails"), &[Web, Worker], &["postgres"]),
        application(AppType::Workers, "python", None, &[Worker], &[]),
        application(AppType::Microservices, "go", None, &[Web, Api, Worker], &["postgres"]),
    ];
    let planned = AppType::ALL.iter().map(|app_type| (*app_type, Survey::nothing(".", "planned")));
    found
        .into_iter()
        .map(|survey| (survey.app_type.as_ref().map_or(AppType::WebApi, |fact| fact.value), survey))
        .chain(planned)
        .collect()
}

#[test]
fn a_beginner_with_a_small_scale_sees_vercel_render_and_railway() {
    let catalog = catalog();
    for (app_type, survey) in applications() {
        for budget in ["free", "small"] {
            let recommendation = ask(&catalog, &survey, &context(app_type, ("beginner", "low", budget)));
            assert_holds(&recommendation, &["vercel", "render", "railway"], &format!("{app_type} {budget}"));
        }
    }
}

#[test]
fn a_beginner_is_recommended_vercel_for_a_react_front_end_and_render_for_a_back_end() {
    let catalog = catalog();
    for (app_type, survey) in applications() {
        for budget in ["free", "small"] {
            let recommendation = ask(&catalog, &survey, &context(app_type, ("beginner", "low", budget)));
            let framework = survey.frameworks.first().map(|framework| framework.fact.value.as_str());
            // The workflow names Vercel for Next.js and React and Render for what is full-stack; Next.js is both.
            let expected: &[&str] = match (app_type, framework) {
                (AppType::Frontend, _) => &["vercel"],
                (AppType::Microservices, _) => continue,
                // It names none for what is neither: any that keeps a process running, as a beginner can have it.
                (AppType::Workers, _) => {
                    assert_eq!(recommendation.options[0].philosophy, Philosophy::ManagedPaas, "{budget}");
                    continue;
                }
                (_, Some("next")) => &["vercel", "render"],
                // Two processes of Rails fit into no half gigabyte. Where the next size costs three times as much, what sells memory in
                // smaller steps, or bills what is really used, is nearer to what may be spent.
                (_, Some("rails")) => &["railway", "fly"],
                _ => &["render"],
            };
            let recommended = recommendation.recommended.as_str();
            assert!(expected.contains(&recommended), "{app_type} {budget} {framework:?}: {recommended}");
        }
    }
}

#[test]
fn an_intermediate_team_sees_fly_digitalocean_and_heroku_and_is_recommended_a_paas() {
    let catalog = catalog();
    for (app_type, survey) in applications() {
        let recommendation = ask(&catalog, &survey, &context(app_type, ("intermediate", "medium", "medium")));
        let named = ["fly", "digitalocean-app-platform", "heroku"];
        assert_holds(&recommendation, &named, &app_type.to_string());
        if app_type != AppType::Frontend {
            assert_eq!(recommendation.options[0].philosophy, Philosophy::ManagedPaas, "{app_type}");
        }
    }
}

#[test]
fn an_advanced_team_sees_ecs_and_cloud_run_and_kubernetes_where_it_is_asked_for() {
    let catalog = catalog();
    for (app_type, survey) in applications() {
        for scale in ["high", "very-high"] {
            let recommendation =
                ask(&catalog, &survey, &context(app_type, ("advanced", scale, "enterprise")));
            let what = format!("{app_type} {scale}");
            assert_holds(&recommendation, &["aws-ecs-fargate", "google-cloud-run"], &what);
            let kubernetes =
                recommendation.options.iter().any(|option| option.philosophy == Philosophy::Orchestrator);
            if app_type == AppType::Microservices || scale == "very-high" {
                assert!(kubernetes, "{what}: no Kubernetes among {:?}", ids(&recommendation));
            }
            if app_type != AppType::Frontend {
                let philosophy = recommendation.options[0].philosophy;
                assert!(
                    matches!(philosophy, Philosophy::ContainerCloud | Philosophy::Orchestrator),
                    "{what}: {philosophy:?}"
                );
                let overkill = scale == "high" && app_type != AppType::Microservices;
                assert!(
                    !(overkill && philosophy == Philosophy::Orchestrator),
                    "{what}: Kubernetes is overkill"
                );
            }
        }
    }
}
