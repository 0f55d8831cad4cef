//! Hand-made Surveys of applications like those under `examples/`, and a design of each from the real catalog and quote.

use std::collections::BTreeMap;

use siteplan_catalog::Catalog;
use siteplan_cost::{Choices, Depth, quote};
use siteplan_design::{DesignError, Inputs, design};
use siteplan_model::Date;
use siteplan_model::brief::{
    AppType, Brief, BudgetBand, DatabaseHosting, EnvironmentSet, Expertise, MigrationMode, ScaleBand,
    SecretsHosting,
};
use siteplan_model::design::Design;
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::gate::{Channel, Gate, Provenance};
use siteplan_model::id::{CodeHostId, PlatformId};
use siteplan_model::recommendation::{Recommendation, RecommendationCertainty, SCHEMA};
use siteplan_model::survey::{
    CiJob, CiStarts, Commands, DatabaseFact, EnvironmentVariable, LanguageFact, MigrationsFact, Service,
    ServiceKind, Survey, VariableTime, VersionedFact,
};

pub(crate) fn seen(path: &str, line: u32, what: &str) -> Evidence {
    Evidence { path: path.to_owned(), line: Some(line), seen: what.to_owned() }
}

pub(crate) fn fact<T>(value: T, path: &str, line: u32) -> Fact<T> {
    Fact::new(value, Certainty::High, vec![seen(path, line, "")])
}

fn text(value: &str, path: &str, line: u32) -> Fact<String> {
    fact(value.to_owned(), path, line)
}

#[expect(clippy::unnecessary_wraps, reason = "the fields of a Survey are optional")]
fn some(value: &str) -> Option<String> {
    Some(value.to_owned())
}

fn variable(
    name: &str,
    secret: bool,
    required: bool,
    when: VariableTime,
    place: (&str, u32),
) -> EnvironmentVariable {
    EnvironmentVariable {
        name: name.to_owned(),
        secret,
        required,
        when,
        default: None,
        default_use: siteplan_model::survey::DefaultUse::None,
        deployed: None,
        evidence: vec![seen(place.0, place.1, name)],
    }
}

fn service(name: &str, kind: ServiceKind, language: &str, framework: &str, manager: &str) -> Service {
    Service {
        path: ".".to_owned(),
        name: name.to_owned(),
        kind,
        language: some(language),
        framework: (!framework.is_empty()).then(|| framework.to_owned()),
        package_manager: some(manager),
        port: None,
        health_endpoint: None,
        databases: Vec::new(),
        migrations: None,
        commands: Commands::default(),
        dockerfile: None,
        build_context: None,
        static_output: None,
        schedule: None,
        own_clock: false,
        ends: false,
        image: None,
        code: siteplan_model::survey::CodeFacts::default(),
        evidence: BTreeMap::new(),
    }
}

fn language(name: &str, version: Option<&str>, place: &str) -> LanguageFact {
    LanguageFact { fact: text(name, place, 1), primary: true, version: version.map(str::to_owned) }
}

/// Next.js with Postgres through Drizzle: no health endpoint, no CI.
pub(crate) fn bookshelf() -> Survey {
    let mut survey = Survey::nothing(".", "bookshelf-next");
    survey.app_type = Some(fact(AppType::FullStack, "package.json", 14));
    survey.languages = vec![language("typescript", Some("^5.9.3"), "package.json")];
    survey.frameworks = vec![VersionedFact { fact: text("next", "package.json", 14), version: some("15.1") }];
    survey.package_manager = Some(text("npm", "package-lock.json", 1));
    let mut web = service("bookshelf-next", ServiceKind::Web, "typescript", "next", "npm");
    web.port = Some(3000);
    web.databases = vec!["postgres".to_owned()];
    web.migrations = some("drizzle");
    web.commands = Commands {
        install: some("npm ci"),
        build: some("npm run build"),
        test: some("npm test"),
        start: some("npm start"),
        lint: some("npm run lint"),
        migrate: some("npm run db:migrate"),
    };
    web.evidence.insert("commands.test".to_owned(), vec![seen("package.json", 9, "vitest run")]);
    survey.commands = web.commands.clone();
    survey.services = vec![web];
    survey.databases = vec![DatabaseFact {
        fact: text("postgres", "lib/db/index.ts", 4),
        version: some("16"),
        optional: false,
    }];
    survey.migrations = Some(MigrationsFact {
        fact: text("drizzle", "drizzle.config.ts", 3),
        directory: some("drizzle"),
        count: Some(3),
        irreversible: Vec::new(),
        command: some("npm run db:migrate"),
        at_start: false,
        program: None,
        in_image: false,
    });
    survey.test_services = vec![text("postgres", "tests/books-api.test.ts", 4)];
    survey.external_services = vec![text("stripe", "app/api/checkout/route.ts", 2)];
    let mut site_name =
        variable("NEXT_PUBLIC_SITE_NAME", false, false, VariableTime::Build, ("lib/env.ts", 8));
    site_name.default = some("Bookshelf");
    site_name.default_use = siteplan_model::survey::DefaultUse::Code;
    survey.environment = vec![
        variable("DATABASE_URL", true, true, VariableTime::Run, ("lib/env.ts", 3)),
        variable("SESSION_SECRET", true, true, VariableTime::Run, ("lib/env.ts", 4)),
        variable("STRIPE_SECRET_KEY", true, true, VariableTime::Run, ("lib/env.ts", 5)),
        site_name,
    ];
    survey
}

/// FastAPI with a worker, Postgres, Redis and Alembic; GitHub Actions test it already.
pub(crate) fn tasks() -> Survey {
    let mut survey = Survey::nothing(".", "tasks-fastapi");
    survey.app_type = Some(fact(AppType::WebApi, "pyproject.toml", 3));
    survey.languages = vec![language("python", Some(">=3.12"), "pyproject.toml")];
    survey.frameworks = vec![VersionedFact { fact: text("fastapi", "pyproject.toml", 8), version: None }];
    survey.package_manager = Some(text("uv", "uv.lock", 1));
    let mut api = service("web", ServiceKind::Api, "python", "fastapi", "uv");
    api.health_endpoint = some("/healthz");
    api.evidence.insert("health_endpoint".to_owned(), vec![seen("app/routes.py", 12, "/healthz")]);
    api.migrations = some("alembic");
    api.commands = Commands {
        install: some("uv sync --locked"),
        test: some("uv run pytest"),
        start: some("uv run uvicorn app.main:app --host 0.0.0.0 --port $PORT"),
        migrate: some("uv run alembic upgrade head"),
        ..Commands::default()
    };
    survey.commands = api.commands.clone();
    let mut worker = service("worker", ServiceKind::Worker, "python", "", "uv");
    worker.commands = Commands {
        install: some("uv sync --locked"),
        start: some("uv run rq worker"),
        ..Commands::default()
    };
    survey.services = vec![api, worker];
    survey.databases =
        vec![DatabaseFact { fact: text("postgres", "app/db.py", 5), version: None, optional: false }];
    survey.caches =
        vec![DatabaseFact { fact: text("redis", "app/jobs.py", 3), version: None, optional: false }];
    survey.migrations = Some(MigrationsFact {
        fact: text("alembic", "alembic.ini", 1),
        directory: some("migrations/versions"),
        count: Some(3),
        irreversible: vec![seen("migrations/versions/0003_priority_to_urgent.py", 21, "downgrade raises")],
        command: some("uv run alembic upgrade head"),
        at_start: false,
        program: None,
        in_image: false,
    });
    survey.environment = vec![
        variable("DATABASE_URL", true, true, VariableTime::Run, ("app/settings.py", 7)),
        variable("REDIS_URL", true, true, VariableTime::Run, ("app/settings.py", 8)),
        variable("API_KEY", true, true, VariableTime::Run, ("app/settings.py", 9)),
    ];
    survey.ci = vec![text("github-actions", ".github/workflows/test.yml", 1)];
    survey.ci_test_jobs = vec![CiJob {
        path: ".github/workflows/test.yml".to_owned(),
        job: "test".to_owned(),
        command: "uv run pytest".to_owned(),
        system: "github-actions".to_owned(),
        starts: CiStarts { pull_requests: true, ..CiStarts::default() },
        ..CiJob::default()
    }];
    survey.code_host = Some(text("github", ".git/config", 5));
    survey
}

/// A stateless Rust interface with a Dockerfile and GitLab CI.
pub(crate) fn ledger() -> Survey {
    let mut survey = Survey::nothing(".", "ledger-rust");
    survey.app_type = Some(fact(AppType::WebApi, "Cargo.toml", 1));
    survey.languages = vec![language("rust", None, "Cargo.toml")];
    survey.frameworks = vec![VersionedFact { fact: text("axum", "Cargo.toml", 9), version: some("0.8") }];
    let mut api = service("ledger-rust", ServiceKind::Api, "rust", "axum", "cargo");
    api.port = Some(8080);
    api.health_endpoint = some("/health");
    api.evidence.insert("health_endpoint".to_owned(), vec![seen("src/lib.rs", 30, "/health")]);
    api.dockerfile = some("Dockerfile");
    api.commands = Commands { test: some("cargo test --locked"), ..Commands::default() };
    survey.commands = api.commands.clone();
    survey.services = vec![api];
    survey.environment = vec![variable("API_TOKEN", true, true, VariableTime::Run, ("src/config.rs", 11))];
    survey.ci = vec![text("gitlab-ci", ".gitlab-ci.yml", 1)];
    survey.ci_test_jobs = vec![CiJob {
        path: ".gitlab-ci.yml".to_owned(),
        job: "test".to_owned(),
        command: "cargo test --locked".to_owned(),
        system: "gitlab-ci".to_owned(),
        ..CiJob::default()
    }];
    survey
}

/// Flask whose data lies in a SQLite file; no tests, no migrations.
pub(crate) fn notes() -> Survey {
    let mut survey = Survey::nothing(".", "notes");
    survey.app_type = Some(fact(AppType::Monolith, "app.py", 1));
    survey.languages = vec![language("python", None, "app.py")];
    survey.frameworks = vec![VersionedFact { fact: text("flask", "requirements.txt", 1), version: None }];
    let mut web = service("notes", ServiceKind::Web, "python", "flask", "pip");
    web.databases = vec!["sqlite".to_owned()];
    web.commands = Commands {
        install: some("pip install -r requirements.txt"),
        start: some("gunicorn app:app"),
        ..Commands::default()
    };
    survey.commands = web.commands.clone();
    survey.services = vec![web];
    survey.databases =
        vec![DatabaseFact { fact: text("sqlite", "app.py", 7), version: None, optional: false }];
    survey
}

/// An application that is only planned.
pub(crate) fn planned() -> Survey {
    Survey::nothing(".", "planned")
}

/// Every Survey, by name.
pub(crate) fn surveys() -> Vec<(&'static str, Survey)> {
    vec![
        ("bookshelf", bookshelf()),
        ("tasks", tasks()),
        ("ledger", ledger()),
        ("notes", notes()),
        ("planned", planned()),
    ]
}

/// A complete brief for a Survey on a platform.
pub(crate) fn brief(survey: &Survey, platform: &str) -> Brief {
    let mut brief = Brief::new(Date::constant(2026, 11, 25));
    let answers = &mut brief.answers;
    answers.app_type = Some(survey.app_type.as_ref().map_or(AppType::WebApi, |fact| fact.value));
    answers.expertise = Some(Expertise::Intermediate);
    answers.scale = Some(ScaleBand::Medium);
    answers.budget = Some(BudgetBand::Medium);
    answers.platform = Some(PlatformId::new(platform));
    answers.auto_deploy = Some(true);
    answers.code_host = Some(CodeHostId::new("github"));
    answers.environments = Some(EnvironmentSet::StagingProduction);
    answers.database = Some(DatabaseHosting::SamePlatform);
    answers.migrations = Some(MigrationMode::Auto);
    answers.secrets = Some(SecretsHosting::Platform);
    let secrets = survey.environment.iter().filter(|variable| variable.secret);
    answers.required_secrets = Some(secrets.map(|variable| variable.name.clone()).collect());
    answers.health_checks = Some(true);
    for gate in Gate::ALL {
        brief.provenance.insert(gate, Provenance::Flag);
        brief.channels.insert(gate, Channel::Flag);
    }
    brief
}

/// A recommendation that names one platform and knows no more.
pub(crate) fn recommendation(brief: &Brief, platform: &str) -> Recommendation {
    Recommendation {
        schema: SCHEMA.to_owned(),
        brief: brief.clone(),
        options: Vec::new(),
        recommended: PlatformId::new(platform),
        because: "it runs every part of the application".to_owned(),
        certainty: RecommendationCertainty::Moderate,
        certainty_because: "The prices are close".to_owned(),
        would_change: Vec::new(),
        excluded: Vec::new(),
        break_even_load: Vec::new(),
        break_even_price: Vec::new(),
        weight_stability: Vec::new(),
        load_bearing: Vec::new(),
        method_sensitivity: Vec::new(),
        worth_asking: Vec::new(),
        value_of_asking: Vec::new(),
        not_worth_asking: Vec::new(),
        ranking: Vec::new(),
    }
}

/// The design of a Survey under a brief; the quote is the real one.
pub(crate) fn design_of(catalog: &Catalog, survey: &Survey, brief: &Brief) -> Result<Design, DesignError> {
    let platform = brief.answers.platform.clone().expect("the brief names a platform");
    design_with(catalog, survey, brief, &recommendation(brief, platform.as_str()))
}

/// The same under a recommendation of one's own.
pub(crate) fn design_with(
    catalog: &Catalog,
    survey: &Survey,
    brief: &Brief,
    recommendation: &Recommendation,
) -> Result<Design, DesignError> {
    let answers = &brief.answers;
    let platform = answers.platform.clone().expect("the brief names a platform");
    let context = answers.context().expect("the brief has its context");
    let choices = Choices {
        environments: answers.environments.unwrap_or(EnvironmentSet::StagingProduction),
        database: answers.database,
        database_service: answers.database_service.clone(),
        secrets_service: answers.secrets_service.clone(),
        code_host: answers.code_host.clone(),
        secrets: 3,
        settings: brief.settings.clone(),
        assumed: std::collections::BTreeSet::new(),
    };
    let quote = quote(catalog, survey, &context, &choices, &platform, Depth::Full)
        .expect("the platform is in the catalog");
    design(Inputs {
        catalog,
        survey,
        brief,
        recommendation,
        quote: &quote,
        spec_path: "specs",
        because: &BTreeMap::new(),
    })
}
