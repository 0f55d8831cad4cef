//! Databases: what production uses, what is an alternative, and what only looks like one.

use siteplan_model::survey::Survey;

use crate::tree::surveyed;

/// Engines, with a `?` behind those that are optional.
fn engines(survey: &Survey) -> Vec<String> {
    survey
        .databases
        .iter()
        .map(|fact| format!("{}{}", fact.fact.value, if fact.optional { "?" } else { "" }))
        .collect()
}

fn express(dependencies: &str) -> String {
    format!(r#"{{"scripts": {{"start": "node a.js"}}, "dependencies": {{"express": "4", {dependencies}}}}}"#)
}

#[test]
fn many_drivers_beside_a_file_are_what_a_monitor_looks_at() {
    let package = express(
        r#""knex": "3", "better-sqlite3": "9", "pg": "8", "mysql2": "3", "mongodb": "6", "mssql": "9", "oracledb": "6""#,
    );
    let survey = surveyed(&[
        ("package.json", &package),
        ("a.js", "app.listen(3000)\n"),
        (
            "db.js",
            "const dbConfig = read();\nconfig = { client: \"mysql2\" };\nwrite({ type: \"sqlite\" });\nknex(config);\n",
        ),
    ]);
    assert_eq!(engines(&survey), ["sqlite", "mysql?"]);
    assert!(survey.needs.file_storage.value);
}

#[test]
fn the_engine_that_the_orm_is_set_up_with_is_meant() {
    let package = express(r#""typeorm": "0.3", "pg": "8", "mysql2": "3""#);
    let survey = surveyed(&[
        ("package.json", &package),
        ("a.ts", "app.listen(3000)\n"),
        ("src/data.ts", "export default new DataSource({\n  type: 'mysql',\n});\n"),
    ]);
    assert_eq!(engines(&survey), ["mysql", "postgres?"]);
}

#[test]
fn a_file_for_the_laptop_stands_behind_the_server() {
    let survey = surveyed(&[
        ("requirements.txt", "flask\nsqlalchemy\npsycopg2\naiosqlite\n"),
        ("app.py", "app = Flask(__name__)\nos.environ.get('DATABASE_URL', 'sqlite:///x.db')\n"),
        (".env.example", "DATABASE_URL=sqlite:///x.db\n"),
    ]);
    assert_eq!(engines(&survey), ["postgres", "sqlite?"]);
}

#[test]
fn a_schema_that_names_the_file_is_believed() {
    let package = express(r#""@prisma/client": "6", "pg": "8""#);
    let survey = surveyed(&[
        ("package.json", &package),
        ("a.js", "app.listen(3000)\n"),
        (
            "prisma/schema.prisma",
            "datasource db {\n  provider = \"sqlite\"\n  url = env(\"DATABASE_URL\")\n}\n",
        ),
    ]);
    assert_eq!(engines(&survey)[0], "sqlite");
}

#[test]
fn memory_is_no_database_of_production_beside_others() {
    let pom = |more: &str| {
        format!(
            "<project><artifactId>a</artifactId><dependencies><dependency><groupId>org.springframework.boot</groupId>\
             <artifactId>spring-boot-starter-web</artifactId></dependency><dependency><groupId>com.h2database</groupId>\
             <artifactId>h2</artifactId><scope>runtime</scope></dependency>{more}</dependencies></project>"
        )
    };
    let main = ("src/main/java/A.java", "@SpringBootApplication class A {}");
    let alone = pom("");
    assert_eq!(engines(&surveyed(&[("pom.xml", &alone), main])), ["h2"]);
    let beside =
        pom("<dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId></dependency>");
    assert_eq!(engines(&surveyed(&[("pom.xml", &beside), main])), ["postgres", "h2?"]);
}

#[test]
fn what_tests_use_is_not_productions() {
    let survey = surveyed(&[
        ("Gemfile", "gem 'rails'\ngem 'pg'\n"),
        ("config.ru", ""),
        ("config/application.rb", ""),
        (
            "config/database.yml",
            "development:\n  adapter: sqlite3\n  database: x\ntest:\n  adapter: sqlite3\n  database: y\nproduction:\n  adapter: postgresql\n  database: z\n",
        ),
    ]);
    assert_eq!(engines(&survey), ["postgres"]);
}

#[test]
fn a_second_store_is_optional_where_its_variables_are() {
    let package = express(r#""pg": "8", "@clickhouse/client": "1""#);
    let survey = surveyed(&[
        ("package.json", &package),
        (
            "a.js",
            "new Client(process.env.DATABASE_URL);\nif (process.env.CLICKHOUSE_URL) { start() }\napp.listen(3000)\n",
        ),
        (".env.example", "DATABASE_URL=postgres://x\n"),
    ]);
    assert_eq!(engines(&survey), ["postgres", "clickhouse?"]);
}

#[test]
fn what_a_compiled_list_pulls_in_is_no_database() {
    let list =
        "# compiled\nasyncpg==0.30.0\n    # via some-connector\nfastapi==0.1\n    # via -r requirements.in\n";
    assert!(surveyed(&[("requirements.txt", list)]).databases.is_empty());
    let own = list.replace("via some-connector", "via -r requirements.in");
    assert_eq!(surveyed(&[("requirements.txt", &own)]).databases[0].fact.value, "postgres");
}

#[test]
fn an_image_may_leave_its_tag_to_a_variable() {
    let compose = "services:\n  web:\n    build: .\n  db:\n    image: docker.io/postgres:${VERSION:-17}\n  cache:\n    image: redis:${TAG}\n";
    let survey = surveyed(&[("package.json", "{}"), ("compose.yml", compose)]);
    assert_eq!(
        (survey.databases[0].fact.value.as_str(), survey.databases[0].version.as_deref()),
        ("postgres", Some("17"))
    );
    assert_eq!(survey.caches[0].fact.value, "redis");
}

#[test]
fn how_tests_sign_in_is_read_where_their_own_settings_say_so() {
    let survey = surveyed(&[
        (
            "mix.exs",
            "defmodule A.MixProject do\n def project, do: [app: :a, deps: deps()]\n defp deps, do: [{:phoenix, \"~> 1.7\"}, {:ecto_sql, \"~> 3\"}, {:postgrex, \">= 0\"}]\nend\n",
        ),
        (
            "lib/a/repo.ex",
            "defmodule A.Repo do\n use Ecto.Repo, otp_app: :a, adapter: Ecto.Adapters.Postgres\nend\n",
        ),
        (
            "config/test.exs",
            "import Config\n\nconfig :a, A.Repo,\n  username: \"shop\",\n  password: \"pass\",\n  hostname: \"localhost\",\n  database: \"a_test#{System.get_env(\"P\")}\"\n",
        ),
    ]);
    let access = survey.test_access.first().expect("found");
    assert_eq!(access.engine, "postgres");
    assert_eq!((access.user.as_deref(), access.password.as_deref()), (Some("shop"), Some("pass")));
    assert_eq!(access.database.as_deref(), Some("a_test"));
    assert!(survey.test_services.iter().any(|fact| fact.value == "postgres"));
    let spring = surveyed(&[
        (
            "pom.xml",
            "<project><artifactId>a</artifactId><dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency><dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId></dependency></dependencies></project>",
        ),
        ("src/main/resources/application.yml", "spring:\n  datasource:\n    url: ${DB_URL}\n"),
        (
            "src/test/resources/application.yml",
            "spring:\n  datasource:\n    url: jdbc:postgresql://localhost:5432/shop_test\n    username: tester\n    password: tester1\n",
        ),
    ]);
    let access = spring.test_access.first().expect("found");
    assert_eq!((access.user.as_deref(), access.database.as_deref()), (Some("tester"), Some("shop_test")));
    // An address of somebody else's server, or values that could be syntax, are none.
    let foreign = surveyed(&[
        ("package.json", r#"{"dependencies": {"express": "4", "pg": "8"}}"#),
        (".env.test", "DATABASE_URL=postgres://a:b@db.example.org/x\nDB_USER=${{ secrets.X }}\n"),
    ]);
    assert!(foreign.test_access.iter().all(|access| access.user.is_none()), "{:?}", foreign.test_access);
}

#[test]
fn migrations_that_the_application_applies_itself_have_no_command() {
    let files = |main: &str, docker: &str| {
        surveyed(&[
            (
                "Cargo.toml",
                "[package]\nname = \"a\"\nversion = \"0.1.0\"\n[dependencies]\naxum = \"0.8\"\nsqlx = { version = \"0.8\", features = [\"postgres\"] }\n",
            ),
            ("src/main.rs", main),
            ("migrations/1_a.sql", "create table a (id int);\n"),
            ("Dockerfile", docker),
        ])
    };
    let plain =
        "FROM rust:1.90 AS b\nRUN cargo build --release\nFROM debian:12\nCOPY --from=b /a /a\nCMD [\"/a\"]\n";
    let by_itself =
        files("fn main() { sqlx::migrate!(\"./migrations\").run(&pool); axum::serve(l, a); }", plain);
    let fact = by_itself.migrations.expect("migrations");
    assert!(fact.at_start);
    assert_eq!(by_itself.services[0].commands.migrate, None);
    let by_command = files("fn main() { axum::serve(l, a); }", plain);
    let fact = by_command.migrations.expect("migrations");
    assert_eq!((fact.at_start, fact.program.as_deref(), fact.in_image), (false, Some("sqlx"), false));
    assert_eq!(by_command.services[0].commands.migrate.as_deref(), Some("sqlx migrate run"));
    let brought = files(
        "fn main() { axum::serve(l, a); }",
        "FROM rust:1.90 AS b\nRUN cargo install sqlx-cli && cargo build --release\nFROM debian:12\nCOPY --from=b /usr/local/cargo/bin/sqlx /bin/\nCMD [\"/a\"]\n",
    );
    assert!(brought.migrations.expect("migrations").in_image);
}

/// Two services of one workspace: an interface on a server's database, and one whose dependencies are given.
fn beside_postgres(dependencies: &str, more: &[(&str, &str)]) -> Survey {
    let server = express(r#""pg": "8""#);
    let other = express(dependencies);
    let mut files = vec![
        ("package.json", r#"{"private": true, "workspaces": ["services/*"]}"#),
        ("services/orders/package.json", server.as_str()),
        ("services/orders/a.js", "app.listen(3000)\n"),
        ("services/search/package.json", other.as_str()),
        ("services/search/a.js", "app.listen(4000)\n"),
        ("docker-compose.yml", "services:\n  db:\n    image: postgres:16\n"),
    ];
    files.extend_from_slice(more);
    surveyed(&files)
}

#[test]
fn a_file_that_one_service_keeps_is_no_alternative_to_the_server_of_another() {
    let survey = beside_postgres(r#""better-sqlite3": "9""#, &[]);
    assert_eq!(engines(&survey), ["postgres", "sqlite"]);
    let of = |path: &str| crate::tree::service(&survey, path).databases.clone();
    assert_eq!(
        (of("services/orders"), of("services/search")),
        (vec!["postgres".into()], vec!["sqlite".into()])
    );
    let seen = &survey.databases[1].fact.evidence[0];
    assert_eq!(seen.path, "services/search/package.json");
    // Who knows both uses the server, and the file is the laptop's.
    let both = beside_postgres(r#""better-sqlite3": "9", "pg": "8""#, &[]);
    assert!(!engines(&both).contains(&"sqlite".to_owned()), "{:?}", engines(&both));
    // A library of the repository brings the server's driver.
    let library = beside_postgres(
        r#""better-sqlite3": "9", "@m/db": "workspace:*""#,
        &[
            ("services/db/package.json", r#"{"name": "@m/db", "main": "i.js", "dependencies": {"pg": "8"}}"#),
            ("services/db/i.js", "export {}"),
        ],
    );
    assert!(!engines(&library).contains(&"sqlite".to_owned()), "{:?}", engines(&library));
}

#[test]
fn a_schema_of_one_service_does_not_make_the_server_of_another_optional() {
    let survey = beside_postgres(
        r#""@prisma/client": "6""#,
        &[(
            "services/search/prisma/schema.prisma",
            "datasource db {\n  provider = \"sqlite\"\n  url = env(\"DATABASE_URL\")\n}\n",
        )],
    );
    assert_eq!(engines(&survey), ["postgres", "sqlite"]);
}

/// Caches as `engine` or `engine?` where production does without.
fn caches(files: &[(&str, &str)]) -> Vec<String> {
    let shown = |cache: &siteplan_model::survey::DatabaseFact| {
        format!("{}{}", cache.fact.value, if cache.optional { "?" } else { "" })
    };
    surveyed(files).caches.iter().map(shown).collect()
}

#[test]
fn a_cache_whose_address_is_guarded_is_optional() {
    let node = |text: &str| {
        let manifest =
            r#"{"scripts": {"start": "node a.js"}, "dependencies": {"express": "4", "redis": "5"}}"#;
        caches(&[("package.json", manifest), ("a.js", text)])
    };
    assert_eq!(
        node("if (process.env.REDIS_URL) { createClient({ url: process.env.REDIS_URL }) }\n"),
        ["redis?"]
    );
    assert_eq!(
        node("const enabled = !!process.env.REDIS_URL;\nnew Client(process.env.REDIS_URL);\n"),
        ["redis?"]
    );
    assert_eq!(node("createClient({ url: process.env.REDIS_URL })\n"), ["redis"]);
    assert_eq!(node("createClient({ url: process.env.REDIS_URL || 'redis://localhost:6379' })\n"), ["redis"]);
    assert_eq!(
        node("const url = process.env.REDIS_URL;\nif (!url) throw new Error('REDIS_URL');\n"),
        ["redis"]
    );
    let python = |text: &str| caches(&[("requirements.txt", "flask\nredis\n"), ("app.py", text)]);
    assert_eq!(
        python("url = os.getenv(\"REDIS_URL\")\nif url:\n    client = redis.from_url(url)\n"),
        ["redis?"]
    );
    assert_eq!(python("client = redis.from_url(os.environ[\"REDIS_URL\"])\n"), ["redis"]);
    // A variable of any name of which the client is made.
    assert_eq!(python("client = redis.from_url(os.environ.get(\"UPSTASH\"))\n"), ["redis"]);
    // A package that says nothing of how it is used.
    assert_eq!(python("x = 1\n"), ["redis?"]);
    assert_eq!(python("maybe_set(settings, \"cache\", \"REDIS_URL\")\n"), ["redis"]);
}

#[test]
fn a_cache_that_is_deployed_or_needed_is_none_to_do_without() {
    let guarded = ("a.js", "if (process.env.REDIS_URL) { createClient({ url: process.env.REDIS_URL }) }\n");
    let with = |package: &str, more: &[(&str, &str)]| {
        let manifest = format!(
            r#"{{"scripts": {{"start": "node a.js"}}, "dependencies": {{"express": "4", "{package}": "5"}}}}"#
        );
        let mut files = vec![("package.json", manifest.as_str()), guarded];
        files.extend(more);
        caches(&files)
    };
    assert_eq!(with("bullmq", &[]), ["redis"]);
    assert_eq!(with("redis", &[("compose.yaml", "services:\n  cache:\n    image: redis:7\n")]), ["redis"]);
    let cluster = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cache\nspec:\n  template:\n    spec:\n      containers:\n      - name: redis\n        image: redis:7\n        ports:\n        - containerPort: 6379\n";
    assert_eq!(with("redis", &[("k8s/cache.yaml", cluster)]), ["redis"]);
    // Only while developing.
    let manifest = r#"{"scripts": {"start": "node a.js"}, "dependencies": {"express": "4"}, "devDependencies": {"redis": "5"}}"#;
    assert!(caches(&[("package.json", manifest), ("a.js", "app.listen(3000)\n")]).is_empty());
}

#[test]
fn who_looks_at_the_caches_of_others_has_none() {
    let manifest = r#"{"scripts": {"start": "node a.js"}, "dependencies": {"express": "4", "sqlite3": "5", "mysql2": "3", "pg": "8", "mssql": "11", "mongodb": "6", "redis": "5"}}"#;
    let code = "createClient({ url: monitor.url })\n";
    let knex = ("knexfile.js", "module.exports = { client: 'sqlite3' }\n");
    assert!(caches(&[("package.json", manifest), ("a.js", code), knex]).is_empty());
}
