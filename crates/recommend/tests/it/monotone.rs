//! More money, more needs and more platforms: what they may change and what not.

use siteplan_catalog::Catalog;
use siteplan_model::brief::{AppType, BudgetBand, Context};
use siteplan_model::fact::{Certainty, Fact};
use siteplan_model::id::PlatformId;
use siteplan_model::money::Usd;
use siteplan_model::survey::{ServiceKind, Survey};

use crate::sample::{application, catalog, context, stand};

fn contexts() -> [Context; 4] {
    [
        context(AppType::FullStack, ("beginner", "low", "free")),
        context(AppType::FullStack, ("beginner", "low", "small")),
        context(AppType::FullStack, ("intermediate", "medium", "medium")),
        context(AppType::FullStack, ("advanced", "high", "enterprise")),
    ]
}

fn parts() -> Survey {
    let kinds = [ServiceKind::Static, ServiceKind::Api, ServiceKind::Worker];
    application(AppType::FullStack, "typescript", None, &kinds, &["postgres"])
}

fn feasible(catalog: &Catalog, survey: &Survey, context: &Context) -> Vec<PlatformId> {
    let ranking = stand(catalog, survey, context).ranking;
    ranking.into_iter().filter(|ranked| ranked.feasible).map(|ranked| ranked.platform).collect()
}

#[test]
fn every_dollar_more_keeps_every_platform() {
    let catalog = catalog();
    for words in [("beginner", "low", "small"), ("intermediate", "medium", "medium")] {
        let base = context(AppType::FullStack, words);
        let mut before: Vec<PlatformId> = Vec::new();
        for ceiling in [1, 8, 15, 25, 50, 90, 140, 260, 400, 900] {
            let ceiling = Usd::whole(ceiling);
            // The band is kept, for it says what else somebody would buy.
            let asked = Context { max_usd_per_month: Some(ceiling), ..base.clone() };
            let now = feasible(&catalog, &parts(), &asked);
            assert!(before.iter().all(|platform| now.contains(platform)), "{ceiling}: {before:?} {now:?}");
            before = now;
        }
        assert!(before.len() > 3, "{before:?}");
    }
}

#[test]
fn a_few_dollars_never_take_away_what_is_had_for_nothing() {
    let catalog = catalog();
    let web = |database: &[&str]| {
        application(AppType::FullStack, "typescript", Some("next"), &[ServiceKind::Web], database)
    };
    let files = application(AppType::FullStack, "typescript", Some("react"), &[ServiceKind::Static], &[]);
    let mut kept = 0;
    for survey in [web(&["postgres"]), web(&[]), files, parts()] {
        for expertise in ["beginner", "intermediate"] {
            let mut before = Vec::new();
            for ceiling in [0, 1, 2, 4, 6, 9, 14, 30, 49] {
                let band = BudgetBand::of_ceiling(Usd::whole(ceiling)).to_string();
                let context = context(AppType::FullStack, (expertise, "low", &band));
                let asked = Context { max_usd_per_month: Some(Usd::whole(ceiling)), ..context };
                let now = feasible(&catalog, &survey, &asked);
                assert!(before.iter().all(|one| now.contains(one)), "${ceiling}: {before:?} {now:?}");
                kept += before.len();
                before = now;
            }
        }
    }
    assert!(kept > 20, "nothing was possible for nothing");
}

#[test]
fn a_need_that_somebody_states_never_makes_a_platform_possible() {
    let catalog = catalog();
    let needs: [fn(&mut Survey); 6] = [
        |survey| survey.needs.websockets = Fact::new(true, Certainty::High, Vec::new()),
        |survey| survey.needs.gpu = Fact::new(true, Certainty::High, Vec::new()),
        |survey| survey.needs.clustering = Fact::new(true, Certainty::High, Vec::new()),
        |survey| survey.needs.long_requests = Fact::new(true, Certainty::High, Vec::new()),
        |survey| survey.needs.file_storage = Fact::new(true, Certainty::High, Vec::new()),
        |survey| survey.needs.memory = Fact::new(Some(60_000), Certainty::High, Vec::new()),
    ];
    let single =
        application(AppType::FullStack, "python", Some("django"), &[ServiceKind::Web], &["postgres"]);
    let mut ruled_out = 0;
    for context in contexts() {
        for plain in [&parts(), &single] {
            let before = feasible(&catalog, plain, &context);
            for (first, add) in needs.iter().enumerate() {
                let mut asking = plain.clone();
                add(&mut asking);
                let with_one = feasible(&catalog, &asking, &context);
                assert!(with_one.iter().all(|p| before.contains(p)), "{context:?} {first}");
                ruled_out += before.len() - with_one.len();
                needs[(first + 1) % needs.len()](&mut asking);
                let with_two = feasible(&catalog, &asking, &context);
                assert!(with_two.iter().all(|p| with_one.contains(p)), "{context:?} {first} and the next");
            }
        }
    }
    assert!(ruled_out > 0, "no need rules anything out");
}

/// The catalog with a platform beside one of its own that is nowhere better and in much worse.
fn with_a_worse_twin(catalog: &Catalog, of: &str) -> (Catalog, PlatformId) {
    let twin = format!("a-{of}");
    let path = format!("platforms/{of}.toml");
    let (_, text) = catalog.files.iter().find(|(known, _)| known.ends_with(&path)).expect("its file");
    let mut table: toml::Table = text.parse().expect("TOML");
    table["id"] = twin.clone().into();
    let set = |table: &mut toml::Table, keys: [&str; 2], value: toml::Value| {
        table[keys[0]][keys[1]]["value"] = value;
    };
    set(&mut table, ["lifecycle", "generally_available"], 2025.into());
    set(&mut table, ["limits", "regions"], 1.into());
    for ability in ["roles", "audit_log", "preview_environments", "autoscaling"] {
        set(&mut table, ["capabilities", ability], "no".into());
    }
    let resources = table["effort"]["resources"]["value"].as_array_mut().expect("a list");
    resources.extend(["another network", "another gateway"].map(toml::Value::from));
    for plan in table["plan"].as_array_mut().expect("plans") {
        let price = plan["usd_per_month"].as_float().unwrap_or_default();
        let whole = plan["usd_per_month"].as_integer().unwrap_or_default();
        #[expect(clippy::cast_precision_loss, reason = "a few dollars")]
        let dearer = price + whole as f64 + 1.0;
        plan["usd_per_month"] = dearer.into();
    }
    let mut files: Vec<(String, String)> = catalog.files.clone().into_iter().collect();
    // The same data services are in reach of both.
    for (_, text) in files.iter_mut().filter(|(path, _)| path.starts_with("data-services/")) {
        let mut service: toml::Table = text.parse().expect("TOML");
        let Some(platforms) = service.get_mut("platforms").and_then(toml::Value::as_array_mut) else {
            continue;
        };
        if platforms.iter().any(|known| known.as_str() == Some(of)) {
            platforms.push(twin.clone().into());
            *text = toml::to_string(&service).expect("TOML");
        }
    }
    files.push((format!("platforms/{twin}.toml"), toml::to_string(&table).expect("TOML")));
    (Catalog::with_files(files).expect("a catalog"), PlatformId::new(&twin))
}

#[test]
fn a_dominated_platform_never_wins_and_moves_no_other() {
    let catalog = catalog();
    for of in ["render", "vercel", "google-cloud-run"] {
        let (wider, twin) = with_a_worse_twin(&catalog, of);
        for context in contexts() {
            for survey in [parts(), Survey::nothing(".", "planned")] {
                let ids = |catalog: &Catalog| {
                    let ranking = stand(catalog, &survey, &context).ranking;
                    ranking.into_iter().map(|ranked| ranked.platform).collect::<Vec<_>>()
                };
                let with = ids(&wider);
                let place = |id: &str| with.iter().position(|known| known.as_str() == id);
                assert!(place(of) < place(twin.as_str()), "{of} {context:?}: {with:?}");
                let without: Vec<_> = with.into_iter().filter(|id| *id != twin).collect();
                assert_eq!(without[0], ids(&catalog)[0], "{of} {context:?}");
            }
        }
    }
}
