//! Several components in one repository: which are deployed, and what each is.

use siteplan_model::brief::AppType;

use crate::tree::{service, services, start, surveyed};

#[test]
fn workspace_members_are_services_unless_they_are_libraries() {
    let survey = surveyed(&[
        (
            "package.json",
            r#"{"name": "mono", "private": true, "workspaces": ["apps/*", "packages/*"], "scripts": {"start": "turbo run start"}}"#,
        ),
        ("pnpm-lock.yaml", ""),
        (
            "apps/web/package.json",
            r#"{"name": "@m/web", "scripts": {"build": "vite build"}, "dependencies": {"react-dom": "19"}, "devDependencies": {"vite": "6"}}"#,
        ),
        ("apps/web/index.html", ""),
        ("apps/web/src/main.tsx", "import.meta.env.VITE_API_URL"),
        (
            "apps/api/package.json",
            r#"{"name": "@m/api", "scripts": {"start": "node dist/main.js", "build": "tsc"}, "dependencies": {"fastify": "5", "pg": "8"}}"#,
        ),
        (
            "apps/api/src/main.ts",
            "const app = fastify();\napp.get('/health', f);\napp.listen({ port: 4000 });\n",
        ),
        (
            "packages/ui/package.json",
            r#"{"name": "@m/ui", "main": "dist/index.js", "peerDependencies": {"react-dom": "19"}}"#,
        ),
        ("packages/ui/src/index.ts", "export {}"),
        (
            "examples/demo/package.json",
            r#"{"name": "demo", "scripts": {"start": "node a.js"}, "dependencies": {"express": "4"}}"#,
        ),
        ("examples/demo/a.js", "app.listen(1)"),
    ]);
    assert_eq!(services(&survey), ["apps/api:api", "apps/web:static"]);
    assert_eq!(survey.app_type.as_ref().map(|fact| fact.value), Some(AppType::FullStack));
    assert_eq!(
        service(&survey, "apps/api").package_manager.as_deref(),
        Some("pnpm"),
        "the lock file is at the root"
    );
    assert!(
        service(&survey, "apps/web").databases.is_empty(),
        "a dependency of one service is not the other's"
    );
    assert_eq!(service(&survey, "apps/api").databases, ["postgres"]);
    assert_eq!(service(&survey, "apps/web").static_output.as_deref(), Some("dist"));
}

#[test]
fn folders_of_two_languages_are_two_services() {
    let survey = surveyed(&[
        ("backend/requirements.txt", "fastapi\nuvicorn\n"),
        ("backend/app/main.py", "app = FastAPI()\n"),
        (
            "frontend/package.json",
            r#"{"name": "frontend", "scripts": {"build": "vite build"}, "dependencies": {"vue": "3"}, "devDependencies": {"vite": "6"}}"#,
        ),
        ("frontend/index.html", ""),
        ("supabase/functions/a/index.ts", "Deno.serve(() => {})"),
    ]);
    assert_eq!(services(&survey), ["backend:api", "frontend:static"]);
    assert_eq!(survey.languages[0].fact.value, "python", "a sub-folder of functions decides nothing");
    assert_eq!(start(&survey), "uvicorn app.main:app --host 0.0.0.0 --port 8000");
}

#[test]
fn a_procfile_of_workers_alone_makes_no_web_service() {
    let survey = surveyed(&[
        ("Procfile", "worker: python bot.py\nclock: python clock.py\nrelease: python migrate.py\n"),
        ("requirements.txt", "requests\n"),
        ("bot.py", "x = 1\n"),
        ("clock.py", "x = 1\n"),
    ]);
    assert_eq!(services(&survey), [".:worker", ".:cron"]);
    assert_eq!(survey.app_type.as_ref().map(|fact| fact.value), Some(AppType::Workers));
    assert_eq!(survey.services[0].commands.start.as_deref(), Some("python bot.py"));
}

#[test]
fn a_procfile_says_how_to_start_and_what_to_release() {
    let survey = surveyed(&[
        (
            "Procfile",
            "release: python manage.py migrate\nweb: gunicorn shop.wsgi --workers 3\nworker: celery -A shop worker\n",
        ),
        ("requirements.txt", "django\ncelery\n"),
        ("manage.py", ""),
        ("shop/wsgi.py", ""),
    ]);
    assert_eq!(start(&survey), "gunicorn shop.wsgi --workers 3");
    assert_eq!(survey.commands.migrate.as_deref(), Some("python manage.py migrate"));
    assert_eq!(services(&survey), [".:web", ".:worker"]);
}

#[test]
fn compose_names_components_and_its_databases_are_none() {
    let survey = surveyed(&[
        (
            "compose.yml",
            "services:\n  vote:\n    build: ./vote\n    ports: [\"5000:80\"]\n  worker:\n    build: ./worker\n  result:\n    build: ./result\n    ports: [\"5001:80\"]\n  db:\n    image: postgres:16-alpine\n  proxy:\n    image: traefik:3\n",
        ),
        ("vote/Dockerfile", "FROM python:3.12\nEXPOSE 80\nCMD [\"gunicorn\", \"app:app\"]\n"),
        ("vote/requirements.txt", "flask\ngunicorn\n"),
        ("vote/app.py", "app = Flask(__name__)\n"),
        ("worker/Dockerfile", "FROM golang:1.23\nCMD [\"/worker\"]\n"),
        ("worker/go.mod", "module worker\n\ngo 1.23\n"),
        ("worker/main.go", "package main\n\nfunc main() {}\n"),
        ("result/Dockerfile", "FROM node:20\nCMD [\"node\", \"server.js\"]\n"),
        ("result/package.json", r#"{"name": "result", "dependencies": {"express": "4"}}"#),
        ("result/server.js", "app.listen(process.env.PORT || 80)"),
    ]);
    assert_eq!(services(&survey), ["result:api", "vote:api", "worker:worker"]);
    assert_eq!(survey.app_type.as_ref().map(|fact| fact.value), Some(AppType::Microservices));
    assert_eq!(survey.databases[0].version.as_deref(), Some("16"));
    assert_eq!(service(&survey, "vote").port, Some(80));
}
