//! One small application of each ecosystem, with the facts that the main job needs.

use siteplan_model::brief::AppType;
use siteplan_model::survey::ServiceKind;

use crate::tree::{services, start, surveyed};

#[test]
fn next_with_prisma_is_a_full_stack_application() {
    let survey = surveyed(&[
        (
            "package.json",
            r#"{"name": "shop", "packageManager": "pnpm@9.0.0", "engines": {"node": ">=20"},
            "scripts": {"dev": "next dev", "build": "next build", "start": "next start", "test": "vitest"},
            "dependencies": {"next": "15.1.0", "react-dom": "19", "@prisma/client": "6", "stripe": "17"},
            "devDependencies": {"typescript": "5.9", "prisma": "6", "vitest": "3"}}"#,
        ),
        ("pnpm-lock.yaml", ""),
        (
            "prisma/schema.prisma",
            "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n}\n",
        ),
        ("prisma/migrations/1_init/migration.sql", "create table x ();"),
        ("app/api/health/route.ts", "export async function GET() { return Response.json({}) }"),
        ("app/page.tsx", "export default function Page() { return process.env.NEXT_PUBLIC_URL }"),
    ]);
    assert_eq!(survey.app_type.as_ref().map(|fact| fact.value), Some(AppType::FullStack));
    assert_eq!(survey.frameworks[0].fact.value, "next");
    assert_eq!(survey.frameworks.len(), 1, "react is part of next");
    assert_eq!(survey.package_manager.as_ref().map(|fact| fact.value.as_str()), Some("pnpm"));
    assert_eq!(survey.commands.install.as_deref(), Some("pnpm install --frozen-lockfile"));
    assert_eq!(survey.commands.test.as_deref(), Some("pnpm test --run"));
    assert_eq!(start(&survey), "pnpm start");
    assert_eq!(survey.health_endpoint.as_ref().map(|fact| fact.value.as_str()), Some("/api/health"));
    assert_eq!(survey.databases[0].fact.value, "postgres");
    let migrations = survey.migrations.as_ref().expect("migrations");
    assert_eq!((migrations.fact.value.as_str(), migrations.count), ("prisma", Some(1)));
    assert_eq!(survey.commands.migrate.as_deref(), Some("pnpm exec prisma migrate deploy"));
    let database = survey.environment.iter().find(|one| one.name == "DATABASE_URL").expect("read by Prisma");
    assert!(database.secret && database.required);
    assert_eq!(survey.external_services[0].value, "stripe");
}

#[test]
fn fastapi_is_started_by_module_and_object() {
    let survey = surveyed(&[
        (
            "pyproject.toml",
            "[project]\nname = \"tasks\"\nrequires-python = \">=3.12\"\ndependencies = [\"fastapi\", \"asyncpg\"]\n[dependency-groups]\ndev = [\"pytest\"]\n",
        ),
        ("uv.lock", ""),
        ("requirements.txt", "fastapi\n"),
        (
            "src/tasks/main.py",
            "from fastapi import FastAPI\napp = FastAPI()\n@app.get(\"/healthz\")\ndef h(): ...\n",
        ),
        ("tests/test_a.py", "def test(): ..."),
    ]);
    assert_eq!(
        survey.package_manager.as_ref().map(|fact| fact.value.as_str()),
        Some("uv"),
        "not the exported requirements"
    );
    assert_eq!(start(&survey), "uv run uvicorn tasks.main:app --host 0.0.0.0 --port 8000 --app-dir src");
    assert_eq!(survey.commands.test.as_deref(), Some("uv run pytest"));
    assert_eq!(survey.languages[0].version.as_deref(), Some(">=3.12"));
    assert_eq!(survey.health_endpoint.as_ref().and_then(|fact| fact.evidence[0].line), Some(3));
}

#[test]
fn django_finds_its_project_and_what_cannot_be_undone() {
    let survey = surveyed(&[
        ("requirements.txt", "Django==5.1\npsycopg2-binary\ncelery\nredis\ngunicorn\n"),
        ("manage.py", "import os\nif __name__ == '__main__':\n  pass\n"),
        (
            "shop/settings/base.py",
            "import os\nDATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql'}}\nSECRET_KEY = os.environ['SECRET_KEY']\n",
        ),
        ("shop/wsgi.py", "application = get_wsgi_application()\n"),
        ("shop/celery.py", "app = Celery('shop')\n"),
        ("orders/migrations/0001_initial.py", "operations = []\n"),
        ("orders/migrations/0002_fill.py", "operations = [\n    migrations.RunPython(fill),\n]\n"),
        ("orders/views.py", "def x(request):\n    return render(request, 'a.html')\n"),
    ]);
    assert_eq!(survey.app_type.as_ref().map(|fact| fact.value), Some(AppType::Monolith));
    assert_eq!(start(&survey), "gunicorn shop.wsgi:application --bind 0.0.0.0:8000");
    assert_eq!(services(&survey), [".:web", ".:worker"]);
    assert_eq!(survey.services[1].commands.start.as_deref(), Some("celery -A shop worker --loglevel=info"));
    let migrations = survey.migrations.as_ref().expect("migrations");
    assert_eq!(migrations.count, Some(2));
    assert_eq!(migrations.irreversible[0].place(), "orders/migrations/0002_fill.py:2");
    assert_eq!(survey.caches[0].fact.value, "redis");
}

#[test]
fn go_builds_the_server_among_several_programs() {
    let survey = surveyed(&[
        (
            "go.mod",
            "module example.com/shop\n\ngo 1.23\n\nrequire (\n\tgithub.com/gin-gonic/gin v1.10.0\n\tgithub.com/lib/pq v1\n)\n",
        ),
        ("go.sum", ""),
        (
            "cmd/server/main.go",
            "package main\n\nfunc main() {\n\tr := gin.New()\n\tr.GET(\"/health\", h)\n\tr.Run(\":9000\")\n}\n",
        ),
        ("cmd/worker/main.go", "package main\n\nfunc main() {}\n"),
        ("cmd/migrate/main.go", "package main\n\nfunc main() {}\n"),
        ("migrations/1_a.up.sql", "x"),
        ("migrations/1_a.down.sql", "x"),
        ("migrations/2_b.up.sql", "x"),
    ]);
    assert_eq!(services(&survey), [".:api", ".:worker"]);
    assert_eq!(survey.commands.build.as_deref(), Some("go build -o bin/server ./cmd/server"));
    assert_eq!(start(&survey), "./bin/server");
    assert_eq!(survey.port.as_ref().map(|fact| fact.value), Some(9000));
    let migrations = survey.migrations.as_ref().expect("migrations");
    assert_eq!((migrations.fact.value.as_str(), migrations.irreversible.len()), ("golang-migrate", 1));
}

#[test]
fn rails_serves_its_own_health_check() {
    let survey = surveyed(&[
        (
            "Gemfile",
            "ruby \"3.3.0\"\ngem \"rails\", \"~> 8.0\"\ngem \"pg\"\ngem \"sidekiq\"\ngroup :test do\n  gem \"rspec-rails\"\nend\n",
        ),
        ("Gemfile.lock", ""),
        ("bin/rails", "#!/usr/bin/env ruby\n"),
        ("config.ru", "run Rails.application\n"),
        ("config/application.rb", "module Shop\nend\n"),
        ("config/puma.rb", "port ENV.fetch(\"PORT\", 3000)\n"),
        (
            "config/routes.rb",
            "Rails.application.routes.draw do\n  get \"up\" => \"rails/health#show\", as: :health\nend\n",
        ),
        (
            "db/migrate/20240101000000_a.rb",
            "class A < ActiveRecord::Migration[8.0]\n  def change\n    execute \"x\"\n  end\nend\n",
        ),
        ("spec/a_spec.rb", ""),
    ]);
    assert_eq!(survey.health_endpoint.as_ref().map(|fact| fact.value.as_str()), Some("/up"));
    assert_eq!(start(&survey), "bundle exec puma -C config/puma.rb");
    assert_eq!(survey.commands.test.as_deref(), Some("bundle exec rspec"));
    assert_eq!(survey.migrations.as_ref().expect("migrations").irreversible.len(), 1);
    assert_eq!(services(&survey), [".:web", ".:worker"]);
}

#[test]
fn spring_boot_has_its_actuator() {
    let survey = surveyed(&[
        (
            "pom.xml",
            "<project><artifactId>shop</artifactId><properties><java.version>21</java.version></properties><dependencies>\
            <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId><version>3.4.0</version></dependency>\
            <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-actuator</artifactId></dependency>\
            <dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId></dependency></dependencies></project>",
        ),
        ("mvnw", ""),
        ("src/main/java/A.java", "@SpringBootApplication\nclass A {}\n"),
        (
            "src/main/resources/application.yml",
            "server:\n  port: 8081\nspring:\n  datasource:\n    url: ${DATABASE_URL}\n",
        ),
    ]);
    assert_eq!(survey.app_type.as_ref().map(|fact| fact.value), Some(AppType::WebApi));
    assert_eq!(survey.health_endpoint.as_ref().map(|fact| fact.value.as_str()), Some("/actuator/health"));
    assert_eq!(survey.port.as_ref().map(|fact| fact.value), Some(8081));
    assert_eq!(survey.commands.build.as_deref(), Some("./mvnw -B -DskipTests package"));
    assert_eq!(survey.languages[0].version.as_deref(), Some("21"));
    assert!(survey.environment.iter().any(|one| one.name == "DATABASE_URL" && one.required));
}

#[test]
fn laravel_is_not_a_node_application() {
    let survey = surveyed(&[
        (
            "composer.json",
            r#"{"name": "acme/shop", "require": {"php": "^8.3", "laravel/framework": "^11.0"}}"#,
        ),
        ("composer.lock", "{}"),
        (
            "package.json",
            r#"{"scripts": {"build": "vite build", "dev": "vite"}, "devDependencies": {"vite": "5", "vue": "3"}}"#,
        ),
        ("package-lock.json", "{}"),
        ("artisan", "#!/usr/bin/env php\n"),
        ("phpunit.xml", "<phpunit/>"),
        ("public/index.php", "<?php\n"),
        (
            "bootstrap/app.php",
            "<?php\nreturn Application::configure()->withRouting(\n    health: '/up',\n);\n",
        ),
        (".env.example", "DB_CONNECTION=mysql\nDB_PASSWORD=\n"),
        (
            "config/database.php",
            "<?php return ['default' => env('DB_CONNECTION', 'sqlite'), 'password' => env('DB_PASSWORD')];",
        ),
    ]);
    assert_eq!(survey.languages[0].fact.value, "php");
    assert_eq!(survey.frameworks[0].fact.value, "laravel");
    assert_eq!(survey.databases[0].fact.value, "mysql");
    assert_eq!(survey.health_endpoint.as_ref().map(|fact| fact.value.as_str()), Some("/up"));
    assert!(start(&survey).starts_with("frankenphp"), "`artisan serve` is for development");
}

#[test]
fn rust_phoenix_dotnet_and_static_pages() {
    let rust = surveyed(&[
        (
            "Cargo.toml",
            "[package]\nname = \"ledger\"\n[dependencies]\naxum = \"0.8\"\nsqlx = { version = \"0.8\", features = [\"postgres\"] }\n",
        ),
        ("Cargo.lock", ""),
        (
            "src/main.rs",
            "fn main() {\n    Router::new().route(\"/health\", get(h));\n    axum::serve(TcpListener::bind(\"0.0.0.0:3000\"), app);\n}\n",
        ),
    ]);
    assert_eq!(start(&rust), "./target/release/ledger");
    assert_eq!(rust.databases[0].fact.value, "postgres");

    let phoenix = surveyed(&[
        (
            "mix.exs",
            "app: :shop, elixir: \"~> 1.17\"\n{:phoenix, \"~> 1.7\"}, {:phoenix_live_view, \"~> 1.0\"}, {:postgrex, \">= 0.0.0\"}\n",
        ),
        ("lib/shop.ex", "defmodule Shop do\nend\n"),
    ]);
    assert_eq!(phoenix.services[0].kind, ServiceKind::Web);
    assert!(phoenix.needs.websockets.value);

    let dotnet = surveyed(&[
        (
            "Api/Api.csproj",
            "<Project Sdk=\"Microsoft.NET.Sdk.Web\"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>",
        ),
        (
            "Api/Program.cs",
            "var builder = WebApplication.CreateBuilder(args);\napp.MapHealthChecks(\"/health\");\n",
        ),
    ]);
    assert_eq!(services(&dotnet), ["Api:api"]);
    assert_eq!(start(&dotnet), "dotnet out/Api.dll");

    let pages = surveyed(&[("index.html", "<!doctype html>"), ("style.css", "")]);
    assert_eq!(services(&pages), [".:static"]);
    assert_eq!(pages.app_type.map(|fact| fact.value), Some(AppType::Frontend));
}

#[test]
fn a_cloud_is_named_by_the_libraries_of_its_own_services_and_not_by_protocols_that_others_speak() {
    let clouds = |package: &str| {
        let manifest =
            format!("{{\"name\": \"a\", \"dependencies\": {{\"express\": \"5\", \"{package}\": \"1\"}}}}");
        let survey =
            surveyed(&[("package.json", &manifest), ("index.js", "require('express')().listen(3000)")]);
        survey.clouds.iter().map(|fact| fact.value.clone()).collect::<Vec<_>>()
    };
    assert_eq!(clouds("@aws-sdk/client-sqs"), ["aws"]);
    assert_eq!(clouds("@azure/service-bus"), ["azure"]);
    assert_eq!(clouds("@google-cloud/storage"), ["google"]);
    assert!(clouds("@aws-sdk/client-s3").is_empty(), "many stores speak this protocol");
}
