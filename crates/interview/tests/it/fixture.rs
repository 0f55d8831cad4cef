//! Surveys, a recommender and answers to test with.

use std::sync::LazyLock;

use siteplan_catalog::Catalog;
use siteplan_model::Date;
use siteplan_model::brief::{AppType, Brief, BudgetBand, Context, EnvironmentSet};
use siteplan_model::fact::{Certainty, Fact};
use siteplan_model::id::PlatformId;
use siteplan_model::money::{Usd, UsdRange};
use siteplan_model::recommendation::{Ranked, Recommendation};
use siteplan_model::survey::Survey;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().expect("the catalog loads"));

/// The catalog inside the binary.
pub(crate) fn catalog() -> &'static Catalog {
    &CATALOG
}

/// A brief without answers.
pub(crate) fn brief() -> Brief {
    Brief::new(Date::constant(2026, 11, 22))
}

/// A recommender that is fast and depends on the answers as the real one does: on the type which platform leads, on the
/// environments what it costs.
pub(crate) fn recommend(brief: &Brief, context: &Context) -> Recommendation {
    assert!(brief.answers.platform.is_none(), "options do not depend on which one is taken");
    let order: &[(&str, i64)] = match context.app_type {
        AppType::Frontend => &[("vercel", 0), ("render", 7), ("fly", 20)],
        AppType::Microservices => &[("kubernetes-gke", 150), ("aws-ecs-fargate", 90), ("render", 40)],
        _ if context.budget == BudgetBand::Free => &[("vercel", 10), ("render", 13), ("fly", 20)],
        _ => &[("render", 13), ("vercel", 20), ("fly", 23)],
    };
    let copies = match brief.answers.environments.unwrap_or(EnvironmentSet::StagingProduction) {
        EnvironmentSet::Production => 1,
        EnvironmentSet::StagingProduction => 2,
        EnvironmentSet::PreviewStagingProduction => 3,
        EnvironmentSet::DevStagingProduction => 4,
    };
    let ceiling = context.ceiling();
    let mut options = Vec::new();
    let mut ranking = Vec::new();
    for (index, (id, dollars)) in order.iter().enumerate() {
        let expected = Usd::whole(dollars * copies);
        let monthly = UsdRange { low: expected, expected, high: expected };
        let within = ceiling.is_none_or(|ceiling| expected <= ceiling);
        let support = [0.83, 0.52, 0.12][index];
        options.push(serde_json::json!({
            "platform": id, "name": catalog().platforms[*id].name, "philosophy": "managed-paas", "current": false,
            "placement": [], "feasible": true, "violates": [],
            "confidence": {"level": "high", "support": support, "wins": 0.5, "conditions": []},
            "best_for": ["Everything"], "pros": [], "cons": [], "avoid_if": [], "reasoning": "Because.",
            "complexity": "low", "effort": {"resources": 1, "files": 1, "credentials": 1, "tools": 0},
            "reference": "https://example.org", "monthly_usd": monthly, "price_note": "", "within_budget": within,
        }));
        ranking.push(Ranked {
            feasible_with: None,
            platform: PlatformId::new(*id),
            name: (*id).to_owned(),
            feasible: true,
            level: siteplan_model::recommendation::Level::High,
            support,
            wins: 0.5,
            monthly_usd: monthly,
        });
    }
    serde_json::from_value(serde_json::json!({
        "schema": "siteplan/recommendation@1", "brief": brief, "options": options, "recommended": order[0].0,
        "because": "it leads", "certainty": "confident", "certainty_because": "it leads everywhere",
        "would_change": [], "worth_asking": [], "ranking": ranking,
        "excluded": [{"platform": "heroku", "constraint": "closed-to-new-customers", "because": "it takes no new customers",
                      "relax": "none", "source": "https://example.org"}],
    }))
    .expect("a recommendation")
}

/// Nothing found: a planned application.
pub(crate) fn planned() -> Survey {
    let not_found =
        || serde_json::json!({"value": false, "certainty": "low", "evidence": [], "runner_up": null});
    serde_json::from_value(serde_json::json!({
        "schema": "siteplan/survey@1", "root": ".", "app_type": null, "languages": [], "frameworks": [],
        "name": {"value": "shop", "certainty": "low", "evidence": [], "runner_up": null},
        "package_manager": null, "services": [], "databases": [], "caches": [], "migrations": null,
        "containerised": {"value": false, "certainty": "high", "evidence": [], "runner_up": null, "production": false},
        "needs": {"websockets": not_found(), "workers": not_found(), "cron": not_found(), "long_requests": not_found(),
                  "file_storage": not_found(), "gpu": not_found(),
                  "memory": {"value": null, "certainty": "low", "evidence": [], "runner_up": null}},
        "commands": {}, "port": null, "health_endpoint": null, "environment": [], "ci": [], "code_host": null,
        "default_branch": null, "platforms_in_use": [], "proposals": {}, "conflicts": [], "missing": [], "skipped": [],
    }))
    .expect("a survey")
}

/// A full-stack application with a database, on GitLab, with two secrets and one variable that is none.
pub(crate) fn shop() -> Survey {
    let mut survey = planned();
    survey.app_type = Some(fact(AppType::FullStack, "\"next\": \"15.1\"", "package.json", 14));
    survey.code_host = Some(fact("gitlab".to_owned(), "git@gitlab.com:a/b", ".git/config", 8));
    survey.languages = serde_json::from_value(serde_json::json!([
        {"value": "typescript", "certainty": "high", "evidence": [], "runner_up": null, "primary": true, "version": null}
    ]))
    .expect("languages");
    survey.databases = serde_json::from_value(serde_json::json!([
        {"value": "postgres", "certainty": "high", "evidence": [], "runner_up": null, "version": "16", "optional": false}
    ]))
    .expect("databases");
    survey.environment = serde_json::from_value(serde_json::json!([
        {"name": "DATABASE_URL", "secret": true, "required": true, "when": "run", "default": null,
         "evidence": [{"path": "src/env.ts", "line": 3, "seen": "DATABASE_URL"}]},
        {"name": "LOG_LEVEL", "secret": false, "required": false, "when": "run", "default": "info", "evidence": []},
        {"name": "Stripe__Key", "secret": true, "required": true, "when": "run", "default": null, "evidence": []}
    ]))
    .expect("variables");
    survey
}

/// A browser application, which keeps no data.
pub(crate) fn site() -> Survey {
    let mut survey = shop();
    survey.app_type = Some(fact(AppType::Frontend, "\"vite\"", "package.json", 9));
    survey.databases.clear();
    survey.environment.clear();
    survey
}

fn fact<T>(value: T, seen: &str, path: &str, line: u32) -> Fact<T> {
    let evidence =
        siteplan_model::fact::Evidence { path: path.to_owned(), line: Some(line), seen: seen.to_owned() };
    Fact::new(value, Certainty::High, vec![evidence])
}
