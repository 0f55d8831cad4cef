//! What a quote must fulfil on every platform of the catalog, and worked examples of published prices.

use std::collections::{BTreeMap, BTreeSet};

mod allowances;
mod demanded;
mod environments;
mod files;
mod limits;
mod memory;
mod plans;
mod properties;
mod published;
mod regions;
mod settings;

use siteplan_catalog::Catalog;
use siteplan_catalog::platform::Billing;
use siteplan_catalog::platform::RunMode;
use siteplan_cost::{Choices, Depth, Quote, Rest, Wait, expected_at, quote};
use siteplan_model::brief::{
    AppType, BudgetBand, Context, DatabaseHosting, EnvironmentSet, Expertise, ScaleBand,
};
use siteplan_model::id::{CodeHostId, PlatformId, SecretsServiceId};
use siteplan_model::money::{Usd, UsdRange};
use siteplan_model::survey::Survey;

fn catalog() -> Catalog {
    Catalog::embedded().unwrap_or_else(|error| panic!("{error}"))
}

fn choices() -> Choices {
    Choices {
        environments: EnvironmentSet::StagingProduction,
        database: None,
        database_service: None,
        secrets_service: None,
        code_host: Some(CodeHostId::new("github")),
        secrets: 3,
        settings: BTreeMap::new(),
        assumed: BTreeSet::new(),
    }
}

fn context(app_type: AppType, scale: ScaleBand) -> Context {
    Context::of(app_type, Expertise::Intermediate, scale, BudgetBand::Enterprise)
}

fn planned(catalog: &Catalog, context: &Context, choices: &Choices, platform: &str) -> Quote {
    let survey = Survey::nothing(".", "planned");
    let id = PlatformId::new(platform);
    quote(catalog, &survey, context, choices, &id, Depth::Full).expect("a platform of the catalog")
}

/// Every application type and scale on every platform.
fn everywhere(mut check: impl FnMut(&Context, &Quote)) {
    let catalog = catalog();
    for app_type in AppType::ALL {
        for scale in ScaleBand::ALL {
            let context = context(*app_type, *scale);
            for platform in catalog.platforms.keys() {
                check(&context, &planned(&catalog, &context, &choices(), platform.as_str()));
            }
        }
    }
}

#[test]
fn the_lines_add_up_to_the_total_and_to_the_environments() {
    everywhere(|context, quote| {
        let what = format!("{} {context:?}", quote.platform);
        let lines: UsdRange = quote.report.lines.iter().map(|line| line.monthly).sum();
        let environments: UsdRange = quote.by_environment.values().copied().sum();
        assert_eq!(lines.expected.cents(), quote.report.total.expected.cents(), "{what}");
        assert_eq!(environments.expected.cents(), quote.report.total.expected.cents(), "{what}");
    });
}

#[test]
fn every_component_and_engine_has_a_place() {
    let catalog = catalog();
    everywhere(|context, quote| {
        let what = format!("{} {context:?}", quote.platform);
        assert_eq!(quote.components.len() + quote.idle.len(), quote.workload.components.len(), "{what}");
        // Only what the platform does not run at all, with nothing that users meet to stay there, has no place.
        let runs = &catalog.platforms[&quote.platform].runs;
        let mut idle =
            quote.workload.components.iter().filter(|component| quote.idle.contains(&component.name));
        assert!(
            idle.all(|component| runs.mode(component.kind).value == RunMode::No),
            "{what}: {:?}",
            quote.idle
        );
        assert_eq!(quote.data.len(), quote.workload.databases.len(), "{what}");
        assert!(quote.unplaced.is_empty(), "{what}: {:?}", quote.unplaced);
    });
}

#[test]
fn production_keeps_its_data_where_it_lasts() {
    everywhere(|context, quote| {
        for data in quote.data.iter().filter(|data| !data.is_cache) {
            assert!(data.lasts || !data.same_platform, "{} {context:?}: {data:?}", quote.platform);
        }
    });
}

#[test]
fn ten_times_the_load_never_costs_less() {
    everywhere(|context, quote| {
        let loads: Vec<Usd> = quote.report.loads.iter().map(|load| load.monthly.expected).collect();
        assert!(loads.windows(2).all(|pair| pair[0] <= pair[1]), "{} {context:?}: {loads:?}", quote.platform);
    });
}

#[test]
fn more_users_never_cost_less() {
    let catalog = catalog();
    let survey = Survey::nothing(".", "planned");
    let users = [10, 100, 1_000, 10_000, 100_000, 1_000_000];
    for app_type in AppType::ALL {
        let context = context(*app_type, ScaleBand::Medium);
        for platform in catalog.platforms.keys() {
            let curve = expected_at(&catalog, &survey, &context, &choices(), platform, &users);
            assert!(
                curve.windows(2).all(|pair| pair[0] <= pair[1] + 0.01),
                "{platform} {app_type}: {curve:?}"
            );
        }
    }
}

#[test]
fn every_further_environment_costs_something_or_is_free_on_the_platform() {
    let catalog = catalog();
    let context = context(AppType::WebApi, ScaleBand::Medium);
    for (id, platform) in &catalog.platforms {
        let one = Choices { environments: EnvironmentSet::Production, ..choices() };
        let three = Choices { environments: EnvironmentSet::DevStagingProduction, ..choices() };
        let cost =
            |choices: &Choices| planned(&catalog, &context, choices, id.as_str()).report.total.expected;
        let billing = platform.compute.billing.value;
        let (one, three) = (cost(&one), cost(&three));
        assert!(one <= three, "{id}");
        // What is paid by use may stay within an allowance, and a free database serves seed data.
        let by_machine = matches!(billing, Billing::Instance | Billing::Reserved | Billing::Server);
        let free = platform.environments.staging_is_free.value;
        assert!(one < three || free || !by_machine, "{id}: {one} and {three}");
    }
}

#[test]
fn without_a_database_nothing_is_placed_for_one() {
    let catalog = catalog();
    let context = context(AppType::FullStack, ScaleBand::Low);
    let without = Choices { database: Some(DatabaseHosting::None), ..choices() };
    let quote = planned(&catalog, &context, &without, "render");
    assert!(quote.data.is_empty() && quote.workload.databases.is_empty());
}

#[test]
fn a_known_number_of_users_narrows_the_range() {
    let catalog = catalog();
    let band = context(AppType::WebApi, ScaleBand::High);
    let exact = Context { users: Some(100_000), ..band.clone() };
    let width = |context: &Context| {
        let total = planned(&catalog, context, &choices(), "google-cloud-run").report.total;
        (total.high - total.low).to_f64()
    };
    assert!(width(&exact) < width(&band));
}

#[test]
fn a_number_that_somebody_knows_replaces_the_assumption() {
    let catalog = catalog();
    let context = context(AppType::Frontend, ScaleBand::High);
    let settings = BTreeMap::from([("transfer_kb_per_request".to_owned(), "0".to_owned())]);
    let known = Choices { settings, ..choices() };
    let quote = planned(&catalog, &context, &known, "render");
    assert!(
        quote.report.lines.iter().all(|line| line.component != "data transfer"),
        "{:?}",
        quote.report.lines
    );
}

/// Example of the published rates: half a vCPU and 1 GB on Fargate for 730 hours in us-east-1 is
/// 0.5 × $29.55 + $3.24 = $18.02 (rates of 2026-09-20 and 2026-03-10, see the catalog).
#[test]
fn a_task_on_fargate_costs_what_its_rates_say() {
    let catalog = catalog();
    let settings = BTreeMap::from([
        ("memory_mb".to_owned(), "1000".to_owned()),
        ("requests_per_second_per_vcpu".to_owned(), "0.3".to_owned()),
        ("staging_load_share".to_owned(), "0".to_owned()),
    ]);
    let one = Choices { environments: EnvironmentSet::Production, settings, ..choices() };
    let mut context = context(AppType::Workers, ScaleBand::Low);
    context.users = Some(50);
    let quote = planned(&catalog, &context, &one, "aws-ecs-fargate");
    let placed = &quote.components[0];
    assert!(placed.memory_mb >= 1000 && placed.instances == 1, "{placed:?}");
    let computing: Usd = quote
        .report
        .lines
        .iter()
        .filter(|line| line.component == "computing" || line.component == "memory")
        .map(|line| line.monthly.expected)
        .sum();
    let hours = 730.0;
    let expected = placed.vcpu * 0.04048 * hours + f64::from(placed.memory_mb) / 1024.0 * 0.004_445 * hours;
    assert!((computing.to_f64() - expected).abs() < 0.01, "{computing} against {expected}");
}

/// Render's price list of October 2026: an always-on web service of 512 MB is $7, the smallest lasting Postgres $6 and
/// $0.30 for each GB.
#[test]
fn a_small_application_on_render_costs_what_the_price_list_says() {
    let catalog = catalog();
    let settings = BTreeMap::from([("database_gb".to_owned(), "2".to_owned())]);
    let one = Choices { environments: EnvironmentSet::Production, settings, ..choices() };
    let quote = planned(&catalog, &context(AppType::FullStack, ScaleBand::Low), &one, "render");
    // 2 GB of storage at $0.30.
    assert_eq!(quote.report.total.expected.cents(), Usd::from_f64(7.0 + 6.0 + 2.0 * 0.3).cents());
}

#[test]
fn a_secrets_manager_is_paid_for_each_secret_and_environment() {
    let catalog = catalog();
    let id = SecretsServiceId::new("aws-secrets-manager");
    let with = Choices { secrets_service: Some(id), ..choices() };
    let context = context(AppType::WebApi, ScaleBand::Low);
    let extra = planned(&catalog, &context, &with, "render").report.total.expected
        - planned(&catalog, &context, &choices(), "render").report.total.expected;
    // Three secrets in two environments at $0.40.
    assert_eq!(extra.cents(), Usd::from_f64(2.4).cents());
}

/// A `FastAPI` interface with Postgres, for 80 users, production alone, nothing else to pay.
fn on_a_server(platform: &str, context: &Context) -> Quote {
    with_processes_of("450", platform, context)
}

/// The same with processes of another size.
fn with_processes_of(memory_mb: &str, platform: &str, context: &Context) -> Quote {
    let catalog = catalog();
    let settings = BTreeMap::from([("memory_mb".to_owned(), memory_mb.to_owned())]);
    let alone = Choices { environments: EnvironmentSet::Production, code_host: None, settings, ..choices() };
    planned(&catalog, context, &alone, platform)
}

#[test]
fn everything_of_an_environment_shares_one_server() {
    let context = context(AppType::WebApi, ScaleBand::Low);
    let quote = on_a_server("docker-compose-vps", &context);
    // 400 MB for the system, 450 for the application, 256 for Postgres: more than 1 GB, so the 2 GB server for $12; $5 for
    // the place of its backups; the database has no price of its own.
    assert_eq!(quote.report.total.expected.cents(), Usd::whole(17), "{:#?}", quote.report.lines);
    assert_eq!(quote.components[0].size, "s-1vcpu-2gb");
    let servers: Vec<_> = quote.report.lines.iter().filter(|line| line.component == "server").collect();
    assert_eq!(servers.len(), 1, "{servers:#?}");
    let data: Vec<_> = quote.data.iter().map(|data| (data.same_platform, data.lasts)).collect();
    assert_eq!(data, [(true, true)]);
}

#[test]
fn a_further_component_costs_nothing_while_it_fits_on_the_server() {
    let one = with_processes_of("395", "docker-compose-vps", &context(AppType::WebApi, ScaleBand::Low));
    let fits = |memory_mb| {
        let three = context(AppType::Microservices, ScaleBand::Low);
        let three = with_processes_of(memory_mb, "docker-compose-vps", &three);
        assert_eq!(three.components.len(), 3);
        three.report.total.expected.cents() == one.report.total.expected.cents()
    };
    // Three processes of 395 MB, Postgres and the system need 1,841 MB, nine tenths of 2,048.
    assert!(fits("395"));
    // Of 400 MB they would fill more, and of 450 nearly all of it.
    assert!(!fits("400") && !fits("450"));
}

#[test]
fn several_servers_need_a_load_balancer() {
    let quote = on_a_server("kamal-vps", &context(AppType::WebApi, ScaleBand::VeryHigh));
    assert!(quote.components[0].instances >= 3, "{:?}", quote.components);
    let balanced = quote.report.lines.iter().any(|line| line.component == "load balancer");
    assert!(balanced, "{:#?}", quote.report.lines);
    let small = on_a_server("kamal-vps", &context(AppType::WebApi, ScaleBand::Low));
    assert!(small.report.lines.iter().all(|line| line.component != "load balancer"));
}

/// An application of one server in a language and framework.
fn server(language: &str, framework: Option<&str>) -> Survey {
    let mut survey = Survey::nothing(".", "server");
    let written = serde_json::json!({
        "path": ".", "name": "web", "kind": "web", "language": language, "framework": framework, "package_manager": null,
        "port": null, "health_endpoint": null, "databases": [], "migrations": null,
        "commands": {"install": "", "build": "", "test": "", "start": ""}, "schedule": null
    });
    survey.services = vec![serde_json::from_value(written).unwrap_or_else(|error| panic!("{error}"))];
    survey.app_type = Some(siteplan_model::fact::Fact::new(
        AppType::Monolith,
        siteplan_model::fact::Certainty::High,
        Vec::new(),
    ));
    survey
}

#[test]
fn an_instance_is_kept_and_paid_where_the_start_is_slow_and_money_may_be_spent() {
    let catalog = catalog();
    let of = |language: &str, framework: Option<&str>, budget: BudgetBand, settings: &[(&str, &str)]| {
        let context = Context { budget, ..context(AppType::Monolith, ScaleBand::Low) };
        // Images of another language are of another size.
        let settings = settings.iter().chain(&[("image_gb", "0")]);
        let settings = settings.map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let choices =
            Choices { environments: EnvironmentSet::Production, code_host: None, settings, ..choices() };
        let id = PlatformId::new("google-cloud-run");
        quote(&catalog, &server(language, framework), &context, &choices, &id, Depth::Full)
            .expect("a platform")
    };
    let rest = |quote: &Quote| quote.components[0].rest;
    let go = of("go", None, BudgetBand::Small, &[]);
    let rails = of("ruby", Some("rails"), BudgetBand::Small, &[]);
    assert_eq!((rest(&go), rest(&rails)), (Rest::Stops, Rest::Kept(1)));
    // 1 vCPU and 1 GB around the clock at the vendor's idle rates, with the free allowance counted in dollars at the active
    // ones: 2,628,000 s × $0.0000025 − 180,000 s × $0.000024, and 2,628,000 s × $0.0000025 − 360,000 s × $0.0000025.
    let idle = 6.57 - 4.32 + 6.57 - 0.9;
    let paid = rails.report.total.expected.to_f64() - go.report.total.expected.to_f64();
    assert!((paid - idle).abs() < 0.15, "{paid} in place of {idle}");
    // Nothing may be spent, or somebody measured a shorter start: it stops.
    assert_eq!(rest(&of("ruby", Some("rails"), BudgetBand::Free, &[])), Rest::Stops);
    assert_eq!(rest(&of("ruby", Some("rails"), BudgetBand::Small, &[("start_seconds", "1.5")])), Rest::Stops);
    assert_eq!(rest(&of("go", None, BudgetBand::Small, &[("start_seconds", "20")])), Rest::Kept(1));
    let wait = Wait::of(&catalog, &go, &go.components[0]).expect("it stops");
    assert!(!wait.is_noticed(), "{wait:?}");
}
