//! Container builds and processes: which component they are of.

use siteplan_model::brief::AppType;

use crate::tree::{service, services, start, surveyed};

const EXPRESS: &str = r#"{"name": "@acme/server", "scripts": {"start": "node dist/index.js", "build": "tsc"}, "dependencies": {"express": "4"}}"#;
const NEXT: &str = r#"{"name": "web", "scripts": {"build": "next build", "start": "next start"}, "dependencies": {"next": "15"}}"#;
const ROOT: &str = r#"{"private": true, "workspaces": ["apps/*"], "devDependencies": {"turbo": "2"}}"#;

#[test]
fn a_build_at_the_root_is_of_the_member_that_it_names() {
    for (path, text) in [
        ("Dockerfile.server", "FROM node:22\nCOPY . .\nEXPOSE 4000\nCMD [\"node\", \"index.js\"]\n"),
        (
            "Dockerfile",
            "FROM node:22\nCOPY . .\nEXPOSE 4000\nCMD [\"node\", \"apps/server/dist/index.js\"]\n",
        ),
        ("Dockerfile", "FROM node:22\nCOPY . .\nEXPOSE 4000\nCMD pnpm --filter @acme/server start\n"),
        ("Dockerfile", "FROM node:22\nCOPY apps/server ./\nEXPOSE 4000\nCMD npm start\n"),
    ] {
        let survey = surveyed(&[
            ("package.json", ROOT),
            (path, text),
            ("apps/web/package.json", NEXT),
            ("apps/web/app/page.tsx", ""),
            ("apps/server/package.json", EXPRESS),
            ("apps/server/src/index.ts", "app.listen(4000)"),
        ]);
        assert_eq!(services(&survey), ["apps/web:web", "apps/server:api"], "{text}");
        assert_eq!(service(&survey, "apps/server").dockerfile.as_deref(), Some(path), "{text}");
        assert_eq!(service(&survey, "apps/web").dockerfile, None, "{text}");
        assert_eq!(service(&survey, "apps/server").port, Some(4000));
    }
}

#[test]
fn a_proxy_with_settings_alone_is_no_service_and_one_filled_with_pages_is() {
    let proxy = surveyed(&[
        (
            "compose.yaml",
            "services:\n  web:\n    build: ./web\n  proxy:\n    build: ./proxy\n    ports: [\"80:80\"]\n",
        ),
        ("proxy/Dockerfile", "FROM nginx\nRUN mkdir -p /srv\nCOPY nginx.conf /etc/nginx/nginx.conf\n"),
        ("web/Dockerfile", "FROM python:3.12\nEXPOSE 8000\n"),
        ("web/requirements.txt", "flask\n"),
        ("web/app.py", "from flask import Flask\napp = Flask(__name__)\n"),
    ]);
    assert_eq!(services(&proxy), ["web:api"]);
    let site = surveyed(&[
        ("site/Dockerfile", "FROM nginx\nCOPY pages /usr/share/nginx/html\nEXPOSE 80\n"),
        ("site/pages/index.html", "<p>"),
    ]);
    assert_eq!(site.services.len(), 1, "{:?}", services(&site));
}

#[test]
fn a_process_that_goes_into_a_folder_is_of_the_component_there() {
    let survey = surveyed(&[
        ("Procfile", "web: cd shop && php artisan serve --port=$PORT\n"),
        ("shop/composer.json", r#"{"require": {"laravel/framework": "^11"}}"#),
        ("shop/artisan", "<?php"),
        ("shop/public/index.php", "<?php"),
    ]);
    assert_eq!(services(&survey), ["shop:web"]);
    assert_eq!(start(&survey), "php artisan serve --port=$PORT");
}

#[test]
fn an_image_of_which_nothing_is_known_is_no_sign_of_background_work() {
    let survey = surveyed(&[("Dockerfile", "FROM example/thing\nCMD [\"thing\"]\n")]);
    assert!(!survey.needs.workers.value);
}

#[test]
fn pages_that_the_build_of_a_server_takes_along_are_part_of_it() {
    let server = [
        ("server/go.mod", "module acme.example/server\nrequire github.com/gin-gonic/gin v1.10.0\n"),
        (
            "server/main.go",
            "package main\nimport \"github.com/gin-gonic/gin\"\nfunc main() { gin.Default().Run(\":8080\") }\n",
        ),
        (
            "web/package.json",
            r#"{"scripts": {"build": "vite build"}, "dependencies": {"react": "19", "react-dom": "19"}, "devDependencies": {"vite": "7"}}"#,
        ),
        ("web/index.html", "<div>"),
        ("web/src/main.tsx", ""),
    ];
    let one = "FROM node AS web\nCOPY web ./\nRUN npm run build\nFROM golang\nCOPY server ./\nRUN go build -o app\nCMD [\"./app\"]\n";
    let together = surveyed(&[&server[..], &[("Dockerfile", one)]].concat());
    assert_eq!(services(&together), ["server:web"]);
    assert_eq!(together.app_type.expect("a type").value, AppType::FullStack);
    assert!(together.frameworks.iter().any(|one| one.fact.value == "react"));
    let own = "FROM golang\nCOPY . .\nRUN go build -o app\nCMD [\"./app\"]\n";
    let apart = surveyed(&[&server[..], &[("server/Dockerfile", own)]].concat());
    assert_eq!(services(&apart), ["server:api", "web:static"]);
}

#[test]
fn packages_beside_applications_are_libraries_unless_something_deploys_them() {
    let workspace = [
        ("package.json", ROOT),
        ("apps/web/package.json", NEXT),
        ("apps/web/app/page.tsx", ""),
        ("packages/hooks/package.json", EXPRESS),
        ("packages/hooks/src/index.ts", "app.listen(4000)"),
    ];
    assert_eq!(services(&surveyed(&workspace)), ["apps/web:web"]);
    let deployed = surveyed(
        &[&workspace[..], &[("packages/hooks/Dockerfile", "FROM node\nCMD node dist/index.js\n")]].concat(),
    );
    assert_eq!(services(&deployed), ["apps/web:web", "packages/hooks:api"]);
}

#[test]
fn two_servers_of_one_build_are_two_services() {
    let survey = surveyed(&[
        (
            "compose.yaml",
            "services:\n  web:\n    build: .\n    command: gunicorn shop.wsgi\n    ports: [\"8000:8000\"]\n  live:\n    build: .\n\
             \x20   command: daphne shop.asgi:application\n    ports: [\"9000:9000\"]\n",
        ),
        ("Dockerfile", "FROM python:3.12\nCOPY . .\n"),
        ("requirements.txt", "django\ngunicorn\ndaphne\n"),
        ("manage.py", "import django\n"),
        ("shop/wsgi.py", "application = get_wsgi_application()\n"),
        ("shop/asgi.py", "application = get_asgi_application()\n"),
    ]);
    let live = survey.services.iter().find(|one| one.name == "live").expect("the second server");
    assert_eq!(
        (live.port, live.commands.start.as_deref()),
        (Some(9000), Some("daphne shop.asgi:application"))
    );
    assert_eq!(survey.services.len(), 2);
}

#[test]
fn jobs_of_a_process_manager_are_workers_and_its_servers_are_no_second_service() {
    let survey = surveyed(&[
        (
            "supervisord.conf",
            "[program:nginx]\ncommand=nginx\n[program:jobs]\ncommand=python manage.py run_huey\n",
        ),
        ("requirements.txt", "django\nhuey\n"),
        ("manage.py", "import django\n"),
        ("shop/wsgi.py", "application = get_wsgi_application()\n"),
    ]);
    assert_eq!(services(&survey), [".:web", ".:worker"]);
    assert_eq!(survey.services[1].commands.start.as_deref(), Some("python manage.py run_huey"));
}

#[test]
fn one_job_that_two_files_state_is_one_worker() {
    let survey = surveyed(&[
        (
            "Procfile",
            "web: gunicorn shop.wsgi\nworker: celery -A shop worker -l info\nbeat: celery -A shop beat\n",
        ),
        (
            "render.yaml",
            "services:\n- type: worker\n  name: shop-worker\n  startCommand: celery -A shop worker --concurrency 2\n\
             - type: worker\n  name: shop-beat\n  startCommand: celery -A shop beat\n",
        ),
        ("requirements.txt", "django\ncelery\ngunicorn\n"),
        ("manage.py", "import django\n"),
        ("shop/wsgi.py", "application = get_wsgi_application()\n"),
    ]);
    assert_eq!(services(&survey), [".:web", ".:worker", ".:cron"]);
}

#[test]
fn what_is_installed_on_a_device_is_no_service() {
    let survey = surveyed(&[
        ("package.json", ROOT),
        ("apps/web/package.json", NEXT),
        ("apps/web/app/page.tsx", ""),
        (
            "apps/desktop/package.json",
            r#"{"scripts": {"build": "vite build"}, "dependencies": {"react-dom": "19"}, "devDependencies": {"vite": "7", "electron": "38"}}"#,
        ),
        ("apps/desktop/index.html", "<div>"),
        ("apps/desktop/src/main.tsx", ""),
    ]);
    assert_eq!(services(&survey), ["apps/web:web"]);
}

#[test]
fn a_member_called_worker_that_consumes_a_queue_is_one() {
    let files = |dependencies: &'static str| {
        surveyed(&[
            ("package.json", ROOT),
            ("apps/web/package.json", NEXT),
            ("apps/web/app/page.tsx", ""),
            ("apps/worker/package.json", dependencies),
            ("apps/worker/src/index.ts", "app.get('/health', ok); app.listen(3030)"),
        ])
    };
    let consumes = files(
        r#"{"scripts": {"start": "node dist/index.js"}, "dependencies": {"express": "5", "bullmq": "5"}}"#,
    );
    assert_eq!(services(&consumes), ["apps/web:web", "apps/worker:worker"]);
    let answers = files(r#"{"scripts": {"start": "node dist/index.js"}, "dependencies": {"express": "5"}}"#);
    assert_eq!(services(&answers), ["apps/web:web", "apps/worker:api"]);
}

#[test]
fn an_image_that_a_platform_routes_to_answers_http() {
    let survey = surveyed(&[
        ("Dockerfile", "FROM example/thing\n"),
        ("render.yaml", "services:\n- type: web\n  name: thing\n  runtime: docker\n"),
    ]);
    assert_eq!(services(&survey), [".:api"]);
}

#[test]
fn a_root_of_scripts_gives_its_build_to_the_only_server() {
    let survey = surveyed(&[
        ("Dockerfile", "FROM alpine\nCOPY build/shop ./shop\nEXPOSE 8080\nCMD [\"./shop\"]\n"),
        ("scripts/seed.py", "print(1)\n"),
        ("backend/go.mod", "module acme.example/shop\nrequire github.com/gin-gonic/gin v1.10.0\n"),
        (
            "backend/main.go",
            "package main\nimport \"github.com/gin-gonic/gin\"\nfunc main() { gin.Default().Run() }\n",
        ),
    ]);
    assert_eq!(services(&survey), ["backend:api"]);
    assert_eq!(survey.services[0].dockerfile.as_deref(), Some("Dockerfile"));
}

#[test]
fn as_whom_an_image_runs_and_what_stands_before_its_commands() {
    let image = |text: &str| {
        let survey = surveyed(&[
            ("package.json", EXPRESS),
            ("src/index.ts", "app.listen(4000)"),
            ("Dockerfile", text),
        ]);
        survey.services[0].image.clone().expect("a Dockerfile")
    };
    for (text, user, unknown, entry) in [
        ("FROM node:22\nCOPY . .\nCMD [\"node\", \"dist/index.js\"]\n", None, false, false),
        ("FROM node:22\nUSER node\nCMD [\"node\", \"dist/index.js\"]\n", Some("1000"), false, false),
        (
            "FROM debian:12\nRUN useradd --uid 4711 -m shop && true\nUSER shop:shop\nENTRYPOINT [\"./serve\"]\n",
            Some("4711"),
            false,
            true,
        ),
        (
            "FROM debian:12\nRUN useradd shop\nUSER shop\nENTRYPOINT [\"/docker-entrypoint.sh\"]\nCMD [\"x\"]\n",
            Some("shop"),
            false,
            false,
        ),
        (
            "FROM node:22 AS a\nUSER 10\nFROM a\nUSER root\nENTRYPOINT [\"tini\", \"--\"]\nCMD [\"x\"]\n",
            None,
            false,
            false,
        ),
        ("FROM gcr.io/distroless/nodejs22-debian12:nonroot\nCMD [\"dist/index.js\"]\n", None, true, false),
    ] {
        let found = image(text);
        assert_eq!(
            (found.user.as_deref(), found.unknown_user, found.entrypoint),
            (user, unknown, entry),
            "{text}"
        );
    }
}

#[test]
fn an_image_that_starts_a_library_is_of_the_project_that_makes_it() {
    let project = "<Project Sdk=\"Microsoft.NET.Sdk.Web\"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>";
    let survey = surveyed(&[
        ("Shop.sln", ""),
        (
            "build/build.csproj",
            "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><OutputType>Exe</OutputType></PropertyGroup></Project>",
        ),
        ("build/Program.cs", "Console.WriteLine(1);"),
        ("src/Shop/Shop.csproj", project),
        ("src/Shop/Program.cs", "var app = WebApplication.Create(args); app.Run();"),
        (
            "Dockerfile",
            "FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build\nCOPY . .\nRUN dotnet run --project build/build.csproj\nFROM mcr.microsoft.com/dotnet/aspnet:10.0\nEXPOSE 8080\nENTRYPOINT [\"dotnet\", \"Shop.dll\"]\n",
        ),
    ]);
    assert_eq!(services(&survey), ["src/Shop:api"]);
    assert_eq!(service(&survey, "src/Shop").dockerfile.as_deref(), Some("Dockerfile"));
}
