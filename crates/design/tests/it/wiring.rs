//! That each variable of a data service gets its part of the address, and no other variable a value of development.

use siteplan_catalog::Catalog;
use siteplan_model::design::{DataPart, Design, VariablePlan};
use siteplan_model::pipeline::EnvValue;
use siteplan_model::script::Action;
use siteplan_model::survey::{
    DefaultUse, EnvironmentVariable, ImageFacts, ServiceKind, Survey, TestAccess, VariableTime,
};

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

#[test]
fn an_address_of_somebody_else_is_not_the_applications_own() {
    let mut survey = bookshelf();
    let mut add = |name: &str, default: Option<&str>, default_use: DefaultUse| {
        let default = default.map(str::to_owned);
        survey.environment.push(EnvironmentVariable { default, default_use, ..variable(name, false) });
    };
    add("EMAIL_CLIENT_BASE_URL", None, DefaultUse::None);
    add("GEO_BASE_URL", Some("https://geo.example.net"), DefaultUse::Code);
    add("SHOP_BASE_URL", Some("http://localhost:3000"), DefaultUse::None);
    let design = designed(&survey, "render");
    let own = |name: &str| row(&design, name).literals.contains_key("production");
    assert!(!own("EMAIL_CLIENT_BASE_URL") && !own("GEO_BASE_URL") && own("SHOP_BASE_URL"));
}

#[test]
fn a_migration_tool_gets_the_address_that_it_reads() {
    let mut survey = with(PARTS);
    survey.services[0].commands.migrate = Some("sqlx migrate run".to_owned());
    let migrations = survey.migrations.as_mut().expect("migrations");
    migrations.fact.value = "sqlx".to_owned();
    migrations.program = Some("sqlx".to_owned());
    survey.services[0].migrations = Some("sqlx".to_owned());
    let design = designed(&survey, "render");
    let address = row(&design, "DATABASE_URL");
    assert!(address.wired && address.required && address.secret);
    // What the application applies itself nobody does for it.
    survey.migrations.as_mut().expect("migrations").at_start = true;
    let design = designed(&survey, "render");
    assert!(design.environments.variables.iter().all(|known| known.name != "DATABASE_URL"));
    let services = design.topology.components.iter().filter_map(|component| component.service.as_ref());
    assert!(services.into_iter().all(|service| service.migrate.is_none()));
    let guarded =
        design.delivery.scripts.iter().any(|script| {
            script.actions.iter().any(|action| matches!(action, Action::MigrationGuard { .. }))
        });
    assert!(guarded, "code goes back only where no migration lies between");
}

#[test]
fn browsers_are_installed_for_tests_that_drive_them() {
    let mut survey = bookshelf();
    let seen = survey.services[0].evidence.get_mut("commands.test").expect("evidence");
    seen[0].seen = "playwright test --reporter=line".to_owned();
    let design = designed(&survey, "render");
    let test = design.delivery.scripts.iter().find(|script| script.name == "test").expect("a script");
    let lines: Vec<&str> = test
        .actions
        .iter()
        .filter_map(
            |action| if let Action::Command { command, .. } = action { Some(command.as_str()) } else { None },
        )
        .collect();
    let at = |line: &str| {
        lines.iter().position(|known| *known == line).unwrap_or_else(|| panic!("{line}: {lines:?}"))
    };
    assert!(at("npm ci") < at("npx playwright install --with-deps"));
    assert!(at("npx playwright install --with-deps") < at("npm test"));
}

#[test]
fn a_workspace_is_built_as_a_whole() {
    let mut survey = bookshelf();
    survey.services[0].path = "apps/web".to_owned();
    let whole = |survey: &Survey| {
        let design = designed(survey, "render");
        let mut services = design.topology.components.into_iter().filter_map(|component| component.service);
        services.next().expect("a service").whole_repository
    };
    survey.build_files =
        vec!["package.json".to_owned(), "package-lock.json".to_owned(), "apps/web/package.json".to_owned()];
    assert!(whole(&survey));
    survey.build_files.push("apps/web/package-lock.json".to_owned());
    assert!(!whole(&survey));
}

#[test]
fn a_service_that_keeps_a_schedule_runs_once_and_all_the_time() {
    let mut survey = bookshelf();
    let mut clock = survey.services[0].clone();
    "clock".clone_into(&mut clock.name);
    clock.kind = ServiceKind::Cron;
    clock.commands.start = Some("celery -A shop beat".to_owned());
    clock.schedule = Some("0 3 * * *".to_owned());
    clock.own_clock = true;
    survey.services.push(clock);
    let design = designed(&survey, "kubernetes-gke");
    let component = design.topology.components.iter().find(|known| known.name == "clock").expect("placed");
    let plan = component.service.as_ref().expect("a service");
    assert_eq!((plan.kind, component.instances, plan.single), (ServiceKind::Worker, 1, true));
    assert_eq!(plan.schedule, None);
}

#[test]
fn an_image_that_starts_as_root_or_keeps_its_entry_point_is_named() {
    let mut survey = bookshelf();
    survey.containerised.dockerfile = Some("Dockerfile".to_owned());
    survey.services[0].dockerfile = Some("Dockerfile".to_owned());
    survey.services[0].image = Some(ImageFacts { user: None, unknown_user: false, entrypoint: true });
    let gaps = |survey: &Survey, platform: &str| designed(survey, platform).delivery.gaps.concat();
    let text = gaps(&survey, "kubernetes-gke");
    assert!(text.contains("starts its image as root") && !text.contains("entry point"), "{text}");
    assert!(gaps(&survey, "fly").contains("whose entry point is a program"));
    survey.services[0].image = Some(ImageFacts { user: Some("1001".to_owned()), ..ImageFacts::default() });
    assert!(!gaps(&survey, "kubernetes-gke").contains("root"));
}

#[test]
fn of_two_ways_to_find_a_database_one_is_taken() {
    let mut survey =
        with(&[("DATABASE_URL", true), ("DB_HOST", false), ("DB_PASSWORD", true), ("REDIS_PASSWORD", true)]);
    survey.caches = vec![siteplan_model::survey::DatabaseFact {
        fact: crate::fixtures::fact("redis".to_owned(), "a", 1),
        version: None,
        optional: false,
    }];
    let require = |survey: &mut Survey, name: &str, required: bool| {
        let found = survey.environment.iter_mut().find(|known| known.name == name).expect("listed");
        found.required = required;
    };
    require(&mut survey, "REDIS_PASSWORD", false);
    require(&mut survey, "DB_HOST", false);
    require(&mut survey, "DB_PASSWORD", false);
    let taken = |survey: &Survey, platform: &str| {
        let design = designed(survey, platform);
        let names = ["DATABASE_URL", "DB_HOST", "DB_PASSWORD", "REDIS_PASSWORD"];
        names.map(|name| row(&design, name).data.is_some())
    };
    assert_eq!(taken(&survey, "heroku"), [true, false, false, false]);
    assert_eq!(taken(&survey, "kamal-vps"), [true, true, true, false], "what costs nobody anything stays");
    require(&mut survey, "DB_HOST", true);
    require(&mut survey, "DB_PASSWORD", true);
    require(&mut survey, "DATABASE_URL", false);
    assert_eq!(taken(&survey, "kamal-vps"), [false, true, true, false]);
}

#[test]
fn tests_run_with_the_engine_of_production() {
    let mut survey = bookshelf();
    survey.test_services.push(crate::fixtures::fact("mariadb".to_owned(), "ci.yml", 3));
    let names = |survey: &Survey| {
        let design = designed(survey, "render");
        let test =
            design.delivery.pipeline.jobs.into_iter().find(|job| job.id == "test").expect("a test job");
        test.services.into_iter().map(|service| service.name).collect::<Vec<_>>()
    };
    assert_eq!(names(&survey), ["postgres"]);
}
