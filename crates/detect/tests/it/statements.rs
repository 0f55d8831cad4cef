//! What files state against what a manifest suggests; contradictions are kept.

use siteplan_model::brief::{AppType, Expertise};
use siteplan_model::fact::Certainty;
use siteplan_model::survey::VariableTime;

use crate::tree::{services, start, surveyed};

#[test]
fn two_lock_files_are_a_conflict_that_the_manifest_decides() {
    let survey = surveyed(&[
        (
            "package.json",
            r#"{"packageManager": "pnpm@9", "scripts": {"start": "node a.js"}, "dependencies": {"express": "4"}}"#,
        ),
        ("a.js", "app.listen(3000)"),
        ("pnpm-lock.yaml", ""),
        ("package-lock.json", "{}"),
    ]);
    let manager = survey.package_manager.as_ref().expect("a package manager");
    assert_eq!((manager.value.as_str(), manager.runner_up.as_deref()), ("pnpm", Some("npm")));
    assert_eq!(survey.conflicts[0].values, ["pnpm", "npm"]);
}

#[test]
fn a_development_server_is_never_the_start() {
    let survey = surveyed(&[
        ("package.json", r#"{"scripts": {"start": "nodemon server.js"}, "dependencies": {"express": "4"}}"#),
        ("package-lock.json", "{}"),
        ("server.js", "app.listen(process.env.PORT || 5000)"),
    ]);
    assert_eq!(start(&survey), "node server.js");
    assert_eq!(survey.port.as_ref().map(|fact| fact.value), Some(5000));
}

#[test]
fn a_main_that_is_not_on_disk_is_not_started() {
    let survey = surveyed(&[
        (
            "package.json",
            r#"{"main": "gone.js", "scripts": {"start": "node gone.js"}, "dependencies": {"express": "4"}}"#,
        ),
        ("src/server.js", "app.listen(3000)"),
    ]);
    assert_eq!(start(&survey), "node src/server.js");
}

#[test]
fn static_export_is_static_and_a_server_is_not() {
    let package = r#"{"scripts": {"build": "next build"}, "dependencies": {"next": "15"}}"#;
    let exported = surveyed(&[
        ("package.json", package),
        ("next.config.ts", "export default { output: 'export' }"),
        ("app/page.tsx", ""),
    ]);
    assert_eq!(services(&exported), [".:static"]);
    assert_eq!(exported.services[0].static_output.as_deref(), Some("out"));
    assert_eq!(exported.commands.start, None);
    assert_eq!(exported.app_type.map(|fact| fact.value), Some(AppType::Frontend));
    let served =
        surveyed(&[("package.json", package), ("next.config.ts", "export default {}"), ("app/page.tsx", "")]);
    assert_eq!(services(&served), [".:web"]);
}

#[test]
fn a_dockerfile_for_development_is_not_production() {
    let survey = surveyed(&[
        ("Dockerfile.dev", "FROM node:20\nEXPOSE 9999\nCMD npm run dev\n"),
        ("package.json", r#"{"scripts": {"start": "node a.js"}, "dependencies": {"express": "4"}}"#),
        ("a.js", "app.listen(3000)"),
    ]);
    assert!(survey.containerised.fact.value && !survey.containerised.production);
    assert_eq!(survey.port.as_ref().map(|fact| fact.value), Some(3000));
}

#[test]
fn the_image_of_browser_tests_is_not_that_of_the_pages() {
    let survey = surveyed(&[
        ("Dockerfile.playwright", "FROM mcr.microsoft.com/playwright:v1.62.1-noble\nCOPY . .\nRUN npm ci\n"),
        (
            "compose.yml",
            "services:\n  playwright:\n    build: {context: ., dockerfile: Dockerfile.playwright}\n    ports: [\"9323:9323\"]\n",
        ),
        ("package.json", r#"{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "7"}}"#),
        ("vite.config.ts", "export default {}"),
        ("index.html", "<script type=module src=/a.js></script>"),
    ]);
    assert_eq!(services(&survey), [".:static"]);
    assert_eq!(survey.services[0].dockerfile, None);
    assert_ne!(survey.services[0].port, Some(9323));
}

#[test]
fn exposed_ports_win_and_the_contradiction_is_kept() {
    let survey = surveyed(&[
        ("Dockerfile", "FROM node:20\nEXPOSE 8080\nCMD [\"node\", \"a.js\"]\n"),
        ("package.json", r#"{"dependencies": {"express": "4"}}"#),
        ("a.js", "app.listen(process.env.PORT || 3000)"),
    ]);
    let port = survey.port.as_ref().expect("a port");
    assert_eq!((port.value, port.runner_up, port.certainty), (8080, Some(3000), Certainty::Medium));
    assert!(survey.conflicts.iter().any(|conflict| conflict.field == "port"));
}

#[test]
fn development_dependencies_are_not_databases() {
    let survey = surveyed(&[
        (
            "Gemfile",
            "gem \"rails\"\ngem \"pg\", group: :production\ngroup :development, :test do\n  gem \"sqlite3\"\nend\n",
        ),
        ("config.ru", ""),
    ]);
    let names: Vec<_> = survey.databases.iter().map(|fact| fact.fact.value.as_str()).collect();
    assert_eq!(names, ["postgres"]);
}

#[test]
fn variables_know_their_time_default_and_secrecy() {
    let survey = surveyed(&[
        (
            "package.json",
            r#"{"scripts": {"build": "vite build"}, "dependencies": {"react-dom": "19"}, "devDependencies": {"vite": "6"}}"#,
        ),
        ("index.html", ""),
        ("src/a.ts", "import.meta.env.VITE_API_URL;\nimport.meta.env.MODE;\n"),
        ("server/b.js", "process.env.API_SECRET;\nprocess.env.LIMIT || '10';\n"),
        (".env.example", "VITE_API_URL=http://localhost:3000\nAPI_SECRET=do-not-show\n"),
        (".env", "API_SECRET=real\nHIDDEN=1\n"),
        (".env.local", "OTHER=1\n"),
    ]);
    let named = |name: &str| survey.environment.iter().find(|one| one.name == name);
    let address = named("VITE_API_URL").expect("read");
    assert_eq!(
        (address.when, address.default.as_deref()),
        (VariableTime::Build, Some("http://localhost:3000"))
    );
    let secret = named("API_SECRET").expect("read");
    assert!(secret.secret && secret.required && secret.default.is_none());
    assert_eq!(named("LIMIT").and_then(|one| one.default.as_deref()), Some("10"));
    assert!(named("MODE").is_none() && named("HIDDEN").is_none() && named("OTHER").is_none());
    let text = serde_json::to_string(&survey).expect("JSON");
    assert!(!text.contains("do-not-show") && !text.contains("real"));
}

#[test]
fn ci_gives_test_jobs_and_their_services() {
    let survey = surveyed(&[
        (
            ".github/workflows/ci.yml",
            "on: push\njobs:\n  test:\n    services:\n      pg:\n        image: postgres:16\n      cache:\n        image: redis:7\n    steps:\n      - run: npm ci\n      - run: npm test\n",
        ),
        (
            "package.json",
            r#"{"scripts": {"start": "node a.js", "test": "jest"}, "dependencies": {"express": "4"}}"#,
        ),
        ("Dockerfile", "FROM node:20\nCMD [\"node\", \"a.js\"]\n"),
        ("a.js", "app.listen(3000)"),
        (".git/config", "[remote \"origin\"]\n\turl = https://user:secret@gitlab.com/a/shop.git\n"),
        (".git/HEAD", "ref: refs/heads/trunk\n"),
        ("fly.toml", "app = \"x\"\n[http_service]\ninternal_port = 3000\n"),
    ]);
    assert_eq!(survey.ci_test_jobs[0].command, "npm test");
    let needed: Vec<_> = survey.test_services.iter().map(|fact| fact.value.as_str()).collect();
    assert_eq!(needed, ["postgres", "redis"]);
    let host = survey.code_host.as_ref().expect("a host");
    assert_eq!((host.value.as_str(), host.runner_up.as_deref()), ("gitlab", Some("github")));
    assert_eq!(survey.default_branch.as_ref().map(|fact| fact.value.as_str()), Some("trunk"));
    assert_eq!(survey.platforms_in_use[0].value, "fly");
    assert_eq!(survey.proposals.expertise.as_ref().map(|fact| fact.value), Some(Expertise::Intermediate));
    assert!(!serde_json::to_string(&survey).expect("JSON").contains("secret@"));
}

#[test]
fn an_architecture_document_is_read_where_it_is() {
    let survey =
        surveyed(&[("specs/02_ARCHITECTURE.md", "# Architecture\n\nThe API uses postgres and redis.\n")]);
    let document = survey.architecture_document.as_ref().expect("found");
    assert_eq!(document.statements[0].line, Some(3));
    assert!(survey.is_empty());
    assert!(survey.missing.contains(&"services".to_owned()));
}

#[test]
fn platform_files_say_how_a_service_starts() {
    let package =
        r#"{"scripts": {"build": "tsc", "start": "node dist/a.js"}, "dependencies": {"express": "4"}}"#;
    let base = |extra: (&'static str, &'static str)| {
        surveyed(&[
            ("package.json", package),
            ("package-lock.json", "{}"),
            ("src/a.ts", "app.listen(3000)"),
            extra,
        ])
    };
    let survey = base((
        "nixpacks.toml",
        "[phases.build]\ncmds = [\"npm run build\", \"npm prune\"]\n[start]\ncmd = \"node dist/server.js\"\n",
    ));
    assert_eq!(start(&survey), "node dist/server.js");
    assert_eq!(survey.commands.build.as_deref(), Some("npm run build && npm prune"));
    assert_eq!(survey.evidence["commands.start"][0].path, "nixpacks.toml");
    let survey =
        base(("railway.json", r#"{"deploy": {"startCommand": "npx prisma migrate deploy && npm start"}}"#));
    assert_eq!(start(&survey), "npm start", "migrations are a step of their own");
    let survey = base(("railway.toml", "[deploy]\nstartCommand = \"npm run start:railway\"\n"));
    assert_eq!(start(&survey), "npm start", "no script that is not there");
    let survey = base(("app.yaml", "runtime: nodejs20\nentrypoint: node dist/gae.js\n"));
    assert_eq!(start(&survey), "node dist/gae.js");
    let survey = base(("app.yaml", "kind: Service\nentrypoint: node dist/gae.js\n"));
    assert_eq!(start(&survey), "npm start", "another kind of file with that name");
    let survey = base(("Procfile", "web: node dist/web.js\n"));
    assert_eq!(start(&survey), "node dist/web.js");
}

#[test]
fn processes_of_platform_files_are_services() {
    let survey = surveyed(&[
        ("requirements.txt", "flask\n"),
        ("app.py", "app = Flask(__name__)\n"),
        (
            "fly.toml",
            "[processes]\napp = \"gunicorn app:app\"\nworker = \"python worker.py\"\n[deploy]\nrelease_command = \"python migrate.py\"\n",
        ),
        ("worker.py", "x = 1\n"),
        ("migrate.py", "x = 1\n"),
    ]);
    assert_eq!(services(&survey), [".:api", ".:worker"]);
    assert_eq!(
        (start(&survey), survey.commands.migrate.as_deref()),
        ("gunicorn app:app", Some("python migrate.py"))
    );
    let survey = surveyed(&[
        (
            "render.yaml",
            "services:\n- type: web\n  name: api\n  rootDir: backend\n  buildCommand: go build -o app\n  startCommand: ./bin/app\n- type: worker\n  name: jobs\n  rootDir: backend\n  startCommand: ./bin/app jobs\n",
        ),
        ("backend/go.mod", "module shop\n\ngo 1.23\n"),
        ("backend/main.go", "package main\n\nfunc main() {\n\thttp.ListenAndServe(\":8080\", nil)\n}\n"),
    ]);
    assert_eq!(services(&survey), ["backend:api", "backend:worker"]);
    assert_eq!(start(&survey), "./bin/app");
}

#[test]
fn a_procfile_and_a_platform_file_that_disagree_are_both_kept() {
    let survey = surveyed(&[
        ("requirements.txt", "flask\ngunicorn\n"),
        ("app.py", "app = Flask(__name__)\n"),
        ("Procfile", "web: gunicorn app:app\n"),
        ("railway.json", r#"{"deploy": {"startCommand": "gunicorn app:app --port 9001"}}"#),
    ]);
    assert_eq!(start(&survey), "gunicorn app:app --port 9001");
    let conflict = survey.conflicts.iter().find(|one| one.field == "commands.start").expect("a conflict");
    assert_eq!(conflict.values, ["gunicorn app:app --port 9001", "gunicorn app:app"]);
    assert_eq!(survey.port.as_ref().map(|fact| fact.value), Some(9001));
}

#[test]
fn nothing_but_a_platform_file() {
    let survey = surveyed(&[(
        "nixpacks.toml",
        "[phases.setup]\naptPkgs = [\"...\", \"ffmpeg\"]\n[start]\ncmd = \"ffmpeg 2>&1\"\n",
    )]);
    assert_eq!((services(&survey), start(&survey)), (vec![".:worker".to_owned()], "ffmpeg 2>&1"));
}
