//! The health endpoint of every kit with every library, written for the compilers of their languages; the contract as OpenAPI.
#![expect(clippy::disallowed_methods, reason = "the compilers read files")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use siteplan_model::design::{Design, HealthAnswers, HealthCheck, HealthCode};
use siteplan_model::file::{File, Part};

use crate::sample;

/// A kit with the file of its code, its dialects, and the libraries that it takes for a database and for a cache.
struct Kit {
    id: &'static str,
    file: &'static str,
    beside: &'static [(&'static str, &'static str)],
    dialects: &'static [&'static str],
    databases: &'static [&'static str],
    caches: &'static [&'static str],
}

const NODE: &[&str] = &["typescript", "typescript-esm", "esm", "mjs", "commonjs"];
const NODE_DATABASES: &[&str] = &["pg", "postgres", "mysql2", "mongoose", "mongodb", "prisma"];
const NODE_CACHES: &[&str] = &["ioredis", "redis"];
const PYTHON_DATABASES: &[&str] = &["psycopg", "psycopg2", "asyncpg", "sqlalchemy", "pymongo"];
const GO_DATABASES: &[&str] = &["pgx", "gorm", "database-sql", "mongo-driver"];

const fn kit(
    id: &'static str,
    file: &'static str,
    dialects: &'static [&'static str],
    databases: &'static [&'static str],
    caches: &'static [&'static str],
) -> Kit {
    Kit { id, file, beside: &[], dialects, databases, caches }
}

const KITS: [Kit; 16] = [
    kit("express", "health", NODE, NODE_DATABASES, NODE_CACHES),
    kit("fastify", "health", NODE, NODE_DATABASES, NODE_CACHES),
    kit("nest", "health.module", &["typescript"], NODE_DATABASES, NODE_CACHES),
    Kit {
        beside: &[("live", "app/api/health/live/route")],
        ..kit("next-app", "app/api/health/route", &["typescript", "esm"], NODE_DATABASES, NODE_CACHES)
    },
    Kit {
        beside: &[("live", "pages/api/health/live/index")],
        ..kit("next-pages", "pages/api/health/index", &["typescript", "esm"], NODE_DATABASES, NODE_CACHES)
    },
    kit("fastapi", "app/health.py", &[""], PYTHON_DATABASES, &["redis-py"]),
    kit("flask", "app/health.py", &[""], PYTHON_DATABASES, &["redis-py"]),
    kit("django", "shop/health.py", &[""], &["django"], &["redis-py"]),
    Kit {
        beside: &[("routes", "config/routes/health.rb")],
        ..kit("rails", "app/controllers/health_controller.rb", &[""], &["rails"], &["redis-rb"])
    },
    kit("laravel", "routes/health.php", &[""], &["laravel"], &["laravel-redis"]),
    kit(
        "spring-boot",
        "src/main/java/com/acme/shop/HealthController.java",
        &[""],
        &["spring-boot"],
        &["spring-redis"],
    ),
    kit("net-http", "internal/health/health.go", &[""], GO_DATABASES, &["go-redis"]),
    kit("gin", "internal/health/health.go", &[""], GO_DATABASES, &["go-redis"]),
    kit("axum", "src/health.rs", &[""], &["sqlx", "sea-orm", "deadpool-postgres"], &["redis-rs"]),
    kit("phoenix", "lib/shop_web/health.ex", &[""], &["phoenix"], &[]),
    kit("aspnet", "HealthEndpoints.cs", &[""], &["ef-core", "npgsql"], &["stackexchange-redis"]),
];

fn namespace(kit: &str) -> &'static str {
    match kit {
        "spring-boot" => "com.acme.shop",
        "phoenix" => "Shop",
        "django" => "shop",
        _ => "example.com/shop",
    }
}

fn check(field: &str, client: &str) -> HealthCheck {
    let engine = match client {
        _ if field == "cache" => "redis",
        "mysql2" => "mysql",
        "mongoose" | "mongodb" | "pymongo" | "mongo-driver" => "mongodb",
        _ => "postgres",
    };
    // These ask through a connection that is there already.
    let connected =
        ["mongoose", "prisma", "django", "rails", "laravel", "spring-boot", "phoenix"].contains(&client);
    let variable = if field == "cache" { "REDIS_URL" } else { "DATABASE_URL" };
    HealthCheck {
        field: field.to_owned(),
        engine: engine.to_owned(),
        client: client.to_owned(),
        variable: (!connected).then(|| variable.to_owned()),
    }
}

fn code(kit: &Kit, dialect: &str, answers: HealthAnswers, checks: Vec<HealthCheck>) -> HealthCode {
    let ending = match dialect {
        "" => "",
        "typescript" | "typescript-esm" => ".ts",
        "mjs" => ".mjs",
        _ => ".js",
    };
    let beside: BTreeMap<String, String> = kit
        .beside
        .iter()
        .filter(|(role, _)| answers == HealthAnswers::Both || *role == "routes")
        .map(|(role, path)| ((*role).to_owned(), format!("{path}{ending}")))
        .collect();
    HealthCode {
        kit: kit.id.to_owned(),
        answers,
        file: format!("{}{ending}", kit.file),
        beside,
        dialect: (!dialect.is_empty()).then(|| dialect.to_owned()),
        namespace: Some(namespace(kit.id).to_owned()),
        checks,
        version_variables: vec!["APP_VERSION".to_owned(), "RENDER_GIT_COMMIT".to_owned()],
        wiring: vec!["join it: `app.use(health);`".to_owned()],
    }
}

/// The health files of a design whose first service has this code.
fn emitted(code: HealthCode, ready: &str, live: &str) -> Vec<File> {
    let mut design: Design = sample::next_on_render();
    design.health.fields = code.checks.iter().map(|check| check.field.clone()).collect();
    design.health.fields.extend(["version", "uptime", "timestamp"].map(str::to_owned));
    let plan = design.topology.components.iter_mut().find_map(|component| component.service.as_mut());
    let plan = plan.expect("the sample has a service");
    plan.health_path = Some(ready.to_owned());
    plan.live_path = Some(live.to_owned());
    plan.health_code = Some(code);
    siteplan_emit::files(&design).into_iter().filter(|file| file.part == Part::Health).collect()
}

/// Every variant of a kit by a short name.
fn variants(kit: &Kit) -> Vec<(String, HealthCode)> {
    let mut all = Vec::new();
    for dialect in kit.dialects {
        let named = |rest: &str| format!("{}-{dialect}-{rest}", kit.id).replace("--", "-");
        all.push((named("live"), code(kit, dialect, HealthAnswers::Live, Vec::new())));
        all.push((named("bare"), code(kit, dialect, HealthAnswers::Both, Vec::new())));
        for database in kit.databases {
            let checks = vec![check("database", database)];
            all.push((named(database), code(kit, dialect, HealthAnswers::Both, checks.clone())));
            for cache in kit.caches {
                let both = checks.iter().cloned().chain([check("cache", cache)]).collect();
                all.push((
                    named(&format!("{database}-{cache}")),
                    code(kit, dialect, HealthAnswers::Both, both),
                ));
            }
        }
        for cache in kit.caches {
            let checks = vec![check("cache", cache)];
            all.push((named(cache), code(kit, dialect, HealthAnswers::Both, checks)));
        }
    }
    all
}

#[test]
fn every_kit_is_written_for_the_compilers() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("health");
    let _ = fs::remove_dir_all(&root);
    let mut count = 0;
    for kit in &KITS {
        for (name, code) in variants(kit) {
            let (both, clients) = (code.answers == HealthAnswers::Both, code.checks.clone());
            let expected = 1 + code.beside.len() + 1;
            let files = emitted(code, "/api/health", "/api/health/live");
            assert_eq!(
                files.len(),
                expected,
                "{name}: {:?}",
                files.iter().map(|f| &f.path).collect::<Vec<_>>()
            );
            let all: String = files.iter().map(|file| file.contents.as_str()).collect();
            assert!(all.contains("api/health/live"), "{name}");
            let written = &files[0].contents;
            assert!(written.starts_with(|c: char| !c.is_whitespace()) && written.ends_with('\n'), "{name}");
            for check in clients.iter().filter(|_| both) {
                assert!(
                    written.contains(&format!("{}_unreachable", check.field))
                        || written.contains("_unreachable"),
                    "{name}"
                );
                assert!(written.contains("_timeout"), "{name}");
            }
            for file in &files {
                let path = root.join(&name).join(&file.path);
                fs::create_dir_all(path.parent().expect("a folder"))
                    .expect("the target folder can be written");
                fs::write(&path, &file.contents).expect("the target folder can be written");
            }
            count += 1;
        }
    }
    assert!(count > 180, "only {count} variants");
}

#[test]
fn the_contract_is_a_document_that_names_its_answers() {
    let pg = vec![check("database", "pg"), check("cache", "ioredis")];
    let files = emitted(code(&KITS[0], "esm", HealthAnswers::Both, pg), "/health", "/health/live");
    let openapi = files.iter().find(|file| file.path == "openapi/health.yaml").expect("the contract");
    let document: serde_json::Value = serde_saphyr::from_str(&openapi.contents).expect("YAML");
    assert_eq!(document["openapi"], "3.1.0");
    let responses = &document["paths"]["/health"]["get"]["responses"];
    assert!(responses["200"].is_object() && responses["503"].is_object(), "{}", openapi.contents);
    assert!(document["paths"]["/health/live"]["get"]["responses"]["200"].is_object());
    let errors = &document["components"]["schemas"]["Unhealthy"]["properties"]["error"]["enum"];
    let classes = ["database_unreachable", "database_timeout", "cache_unreachable", "cache_timeout"];
    assert_eq!(*errors, serde_json::json!(classes));
}

#[test]
fn nothing_is_written_where_health_is_designed_elsewhere() {
    let mut design = sample::next_on_render();
    design.health.included = false;
    assert!(siteplan_emit::files(&design).iter().all(|file| file.part != Part::Health));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever a path, a variable or a step says, it adds no line of code: as many lines as with plain words.
    #[test]
    fn text_of_a_repository_adds_no_code(text in "\\PC*|[\"'`#{}$\\\\\n\r*/-]{1,12}") {
        for kit in &KITS {
            let dialect = kit.dialects[0];
            let database = check("database", kit.databases[0]);
            let plain = code(kit, dialect, HealthAnswers::Both, vec![database.clone()]);
            let hostile = HealthCode {
                wiring: vec![text.clone()],
                version_variables: vec![text.clone(), text.clone()],
                checks: vec![HealthCheck { variable: Some(text.clone()), ..database }],
                ..plain.clone()
            };
            let lines = |files: Vec<File>| -> Vec<usize> { files[..files.len() - 1].iter().map(|f| f.contents.lines().count()).collect() };
            prop_assert_eq!(
                lines(emitted(plain, "/health", "/health/live")),
                lines(emitted(hostile, &format!("/x{text}"), &format!("/x{text}/live"))),
                "{}", kit.id
            );
        }
    }
}
