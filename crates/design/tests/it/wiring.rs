//! That each variable of a data service gets its part of the address, and no other variable a value of development.

use siteplan_catalog::Catalog;
use siteplan_model::design::{DataPart, Design, VariablePlan};
use siteplan_model::pipeline::EnvValue;
use siteplan_model::survey::{DefaultUse, EnvironmentVariable, Survey, TestAccess, VariableTime};

use crate::fixtures::{bookshelf, brief, design_of};

fn designed(survey: &Survey, platform: &str) -> Design {
    let catalog = Catalog::embedded().expect("the catalog loads");
    design_of(&catalog, survey, &brief(survey, platform)).expect("a design")
}

fn variable(name: &str, secret: bool) -> EnvironmentVariable {
    EnvironmentVariable {
        name: name.to_owned(),
        secret,
        required: true,
        when: VariableTime::Run,
        default: None,
        default_use: DefaultUse::None,
        deployed: None,
        evidence: Vec::new(),
    }
}

/// The bookshelf, which finds its database by these variables alone.
fn with(variables: &[(&str, bool)]) -> Survey {
    let mut survey = bookshelf();
    survey.environment.retain(|known| known.name != "DATABASE_URL");
    survey.environment.extend(variables.iter().map(|(name, secret)| variable(name, *secret)));
    survey
}

fn row<'d>(design: &'d Design, name: &str) -> &'d VariablePlan {
    design.environments.variables.iter().find(|known| known.name == name).expect("it is listed")
}

const PARTS: &[(&str, bool)] = &[
    ("APP_DATABASE__HOST", false),
    ("DB_PORT", false),
    ("DB_USERNAME", false),
    ("POSTGRES_PASSWORD", true),
    ("PGDATABASE", false),
    ("TEST_DB_HOST", false),
    ("MAIL_DB_HOST", false),
    ("DB_POOL_SIZE", false),
];

#[test]
fn each_part_of_an_address_is_wired_where_the_platform_gives_it() {
    let design = designed(&with(PARTS), "render");
    for (name, part) in [
        ("APP_DATABASE__HOST", DataPart::Host),
        ("DB_PORT", DataPart::Port),
        ("DB_USERNAME", DataPart::User),
        ("POSTGRES_PASSWORD", DataPart::Password),
        ("PGDATABASE", DataPart::Name),
    ] {
        let row = row(&design, name);
        assert_eq!((row.data.as_deref(), row.part, row.wired), (Some("postgres"), part, true), "{name}");
    }
    for name in ["TEST_DB_HOST", "MAIL_DB_HOST", "DB_POOL_SIZE"] {
        assert_eq!(row(&design, name).data, None, "{name}");
    }
    let by_hand = |name: &str| design.secrets.set.iter().any(|command| command.name == name);
    assert!(!by_hand("POSTGRES_PASSWORD"));
}

#[test]
fn a_platform_that_gives_the_whole_address_alone_says_so() {
    let design = designed(&with(PARTS), "heroku");
    let row = row(&design, "POSTGRES_PASSWORD");
    assert!(!row.wired);
    let value = &row.values["production"];
    assert!(value.contains("`DATABASE_URL` alone"), "{value}");
    assert!(design.secrets.set.iter().any(|command| command.name == "POSTGRES_PASSWORD"));
    let whole = designed(&with(&[("DATABASE_URL", true), ("POSTGRES_URL", true)]), "heroku");
    let wired =
        |name: &str| whole.environments.variables.iter().any(|known| known.name == name && known.wired);
    assert!(wired("DATABASE_URL") && !wired("POSTGRES_URL"));
}

#[test]
fn addresses_have_the_form_that_the_language_takes() {
    let mut survey = with(&[("SPRING_DATASOURCE_URL", false), ("ConnectionStrings__Default", true)]);
    survey.services[0].language = Some("java".to_owned());
    let design = designed(&survey, "docker-compose-vps");
    assert_eq!(row(&design, "SPRING_DATASOURCE_URL").part, DataPart::Jdbc);
    assert_eq!(row(&design, "ConnectionStrings__Default").part, DataPart::Keywords);
    let render = designed(&survey, "render");
    assert!(!row(&render, "SPRING_DATASOURCE_URL").wired, "a blueprint joins nothing");
}

#[test]
fn defaults_of_the_code_and_of_development_are_no_settings() {
    let mut survey = bookshelf();
    let mut add = |name: &str, required: bool, default: &str, default_use: DefaultUse| {
        let default = Some(default.to_owned());
        survey.environment.push(EnvironmentVariable {
            required,
            default,
            default_use,
            ..variable(name, false)
        });
    };
    add("PAGE_SIZE", false, "20", DefaultUse::Code);
    add("CDN_HOST", true, "http://localhost:9000", DefaultUse::None);
    add("THEME", true, "dark", DefaultUse::Example);
    add("BANNER", false, "hello", DefaultUse::Example);
    let mut mode = variable("NODE_ENV", false);
    mode.deployed = Some("production".to_owned());
    survey.environment.push(mode);
    let design = designed(&survey, "fly");
    let literal = |name: &str| row(&design, name).literals.get("production").cloned();
    assert_eq!(literal("PAGE_SIZE"), None);
    assert_eq!(literal("CDN_HOST"), None);
    assert_eq!(literal("THEME").as_deref(), Some("dark"));
    assert_eq!(literal("BANNER"), None);
    assert_eq!(literal("NODE_ENV").as_deref(), Some("production"));
    assert_eq!(row(&design, "NODE_ENV").literals["staging"], "production");
    assert!(row(&design, "CDN_HOST").values["production"].contains("for development"));
    let items = design.checklists.before.iter().map(|item| item.detail.as_str()).collect::<Vec<_>>().concat();
    assert!(items.contains("`CDN_HOST`") && !items.contains("`NODE_ENV`"), "{items}");
}

#[test]
fn the_container_beside_the_tests_lets_them_in_as_they_sign_in() {
    let mut survey = with(PARTS);
    survey.test_access = vec![TestAccess {
        engine: "postgres".to_owned(),
        user: Some("shop".to_owned()),
        password: Some("pass".to_owned()),
        database: Some("shop_test".to_owned()),
        ..TestAccess::default()
    }];
    let design = designed(&survey, "render");
    let test = design.delivery.pipeline.jobs.iter().find(|job| job.id == "test").expect("a test job");
    let container = &test.services[0];
    assert_eq!(container.env["POSTGRES_USER"], "shop");
    assert_eq!(container.env["POSTGRES_DB"], "shop_test");
    let given = |name: &str| match test.env.get(name) {
        Some(EnvValue::Literal(value)) => value.clone(),
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!(given("APP_DATABASE__HOST"), "localhost");
    assert_eq!(given("DB_PORT"), "5432");
    assert_eq!(given("POSTGRES_PASSWORD"), "pass");
    // What could be syntax somewhere is not taken over.
    survey.test_access[0].password = Some("${{ secrets.X }}".to_owned());
    let design = designed(&survey, "render");
    let test = design.delivery.pipeline.jobs.iter().find(|job| job.id == "test").expect("a test job");
    assert_eq!(test.services[0].env["POSTGRES_PASSWORD"], "postgres");
}
