//! Scheduled services and their cron expressions.

use siteplan_model::survey::{ServiceKind, Survey};

use crate::tree::surveyed;

/// Scheduled services as `name expression`.
fn schedules(survey: &Survey) -> Vec<String> {
    let crons = survey.services.iter().filter(|service| service.kind == ServiceKind::Cron);
    crons.map(|one| format!("{} {}", one.name, one.schedule.as_deref().unwrap_or("?"))).collect()
}

const PACKAGE: (&str, &str) =
    ("package.json", r#"{"scripts": {"start": "node a.js"}, "dependencies": {"express": "4"}}"#);
const CODE: (&str, &str) = ("a.js", "app.listen(3000)\n");

#[test]
fn render_names_a_job_with_its_command() {
    let survey = surveyed(&[
        PACKAGE,
        CODE,
        (
            "render.yaml",
            "services:\n- type: web\n  name: web\n- type: cron\n  name: report\n  schedule: \"0 6 * * 1\"\n  startCommand: node report.js\n",
        ),
        ("report.js", ""),
    ]);
    assert_eq!(schedules(&survey), ["report 0 6 * * 1"]);
    assert!(survey.needs.cron.value);
}

#[test]
fn kubernetes_crontabs_and_processes() {
    let job = "apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: clean\nspec:\n  schedule: \"*/5 * * * *\"\n  jobTemplate:\n    command: [\"node\", \"clean.js\"]\n";
    let survey = surveyed(&[PACKAGE, CODE, ("k8s/clean.yaml", job)]);
    assert_eq!(schedules(&survey), ["clean */5 * * * *"]);
    let survey = surveyed(&[PACKAGE, CODE, ("crontab", "0 3 * * * node nightly.js\n")]);
    assert_eq!(schedules(&survey), ["nightly-cron 0 3 * * *"]);
    // A clock that runs all the time has no expression.
    let survey = surveyed(&[PACKAGE, CODE, ("Procfile", "web: node a.js\nclock: node clock.js\n")]);
    assert_eq!(schedules(&survey), ["clock ?"]);
}

#[test]
fn a_literal_in_code_is_that_of_the_one_scheduled_service() {
    let survey = surveyed(&[
        (
            "package.json",
            r#"{"scripts": {"start": "node a.js"}, "dependencies": {"express": "4", "node-cron": "3"}}"#,
        ),
        ("a.js", "app.listen(3000)\n"),
        ("Procfile", "web: node a.js\nscheduler: node jobs.js\n"),
        ("jobs.js", "cron.schedule('0 0 * * *', run)\n"),
    ]);
    assert_eq!(schedules(&survey), ["scheduler 0 0 * * *"]);
}

#[test]
fn vercel_calls_a_path_and_github_is_not_the_application() {
    let survey = surveyed(&[
        PACKAGE,
        CODE,
        ("vercel.json", r#"{"crons": [{"path": "/api/clean", "schedule": "0 5 * * *"}]}"#),
        (".github/workflows/x.yml", "on:\n  schedule:\n    - cron: '0 1 * * *'\njobs: {}\n"),
    ]);
    assert!(schedules(&survey).is_empty());
    assert_eq!(survey.needs.cron.evidence[0].seen, "/api/clean at 0 5 * * *");
    let only_ci = surveyed(&[
        PACKAGE,
        CODE,
        (".github/workflows/x.yml", "on:\n  schedule:\n    - cron: '0 1 * * *'\njobs: {}\n"),
    ]);
    assert!(!only_ci.needs.cron.value);
}

#[test]
fn a_scheduler_that_waits_by_itself_keeps_its_own_schedule() {
    let clock = |process: &str, text: &str| {
        let survey = surveyed(&[
            ("requirements.txt", "django\ncelery\n"),
            ("manage.py", ""),
            ("shop/celery.py", "app = Celery('shop')\n"),
            ("Procfile", &format!("web: gunicorn shop.wsgi\n{process}: {text}\n")),
        ]);
        let cron = survey.services.into_iter().find(|one| one.kind == ServiceKind::Cron).expect("a job");
        cron.own_clock
    };
    assert!(clock("beat", "celery -A shop beat --loglevel=info"));
    assert!(!clock("cron", "python manage.py clearsessions"));
}

const ETL: &[(&str, &str)] = &[
    (
        "pyproject.toml",
        "[project]\nname = \"etl\"\ndependencies = [\"polars\", \"google-cloud-bigquery\"]\n[project.scripts]\netl = \"etl.main:main\"\n",
    ),
    ("etl/main.py", "def main():\n    load()\nif __name__ == \"__main__\":\n    main()\n"),
    ("Dockerfile", "FROM python:3.13-slim\nCOPY . .\nRUN pip install .\nCMD [\"etl\"]\n"),
];

fn nightly(run: &str) -> String {
    format!(
        "name: nightly\non:\n  schedule:\n    - cron: \"0 2 * * *\"\n  workflow_dispatch:\njobs:\n  etl:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: {run}\n"
    )
}

/// ETL with further files.
fn etl(more: &[(&str, &str)]) -> Survey {
    let all: Vec<(&str, &str)> = ETL.iter().chain(more).copied().collect();
    surveyed(&all)
}

#[test]
fn a_program_that_ends_is_a_job() {
    let survey = etl(&[]);
    let one = &survey.services[0];
    assert_eq!((survey.services.len(), one.kind, one.ends), (1, ServiceKind::Worker, true));
    assert!(!one.own_clock && one.schedule.is_none());
}

#[test]
fn ci_that_runs_the_program_says_when() {
    let workflow = nightly("pip install . && etl");
    let survey = etl(&[(".github/workflows/nightly.yml", &workflow)]);
    assert_eq!(schedules(&survey), ["etl 0 2 * * *"]);
    let one = &survey.services[0];
    assert!(one.ends && !one.own_clock && survey.needs.cron.value && !survey.needs.workers.value);
    let place = &one.evidence["schedule"][0];
    assert_eq!((place.path.as_str(), place.line), (".github/workflows/nightly.yml", Some(4)));
    assert_eq!(survey.needs.cron.evidence[0].path, ".github/workflows/nightly.yml");
}

#[test]
fn what_goes_on_stays_a_worker() {
    let ends = |text: &str| {
        let survey = surveyed(&[("requirements.txt", "requests\n"), ("main.py", text)]);
        survey.services[0].ends
    };
    let begins = "import requests\nif __name__ == '__main__':\n";
    assert!(!ends(&format!("{begins}    while True:\n        run()\n        time.sleep(60)\n")));
    assert!(!ends(&format!("{begins}    schedule.run_pending()\n")) && ends(begins));
    let node =
        |text: &str| surveyed(&[("package.json", r#"{"scripts": {"start": "node a.js"}}"#), ("a.js", text)]);
    assert!(
        !node("setInterval(poll, 60_000)\n").services[0].ends && node("await report()\n").services[0].ends
    );
    let go = |text: &str| surveyed(&[("go.mod", "module m\n"), ("main.go", text)]);
    let ticker = "package main\nfunc main() {\n\tfor range time.Tick(time.Minute) {\n\t\tpoll()\n\t}\n}\n";
    assert!(!go(ticker).services[0].ends);
    assert!(go("package main\nfunc main() {\n\treport()\n}\n").services[0].ends);
    // A queue's library, and a file that names the process.
    let queue = surveyed(&[("requirements.txt", "pika\ncelery\n"), ("main.py", begins)]);
    assert!(queue.services.iter().all(|one| !one.ends));
    let named = etl(&[("Procfile", "worker: etl\n")]);
    assert!(!named.services.is_empty() && named.services.iter().all(|one| !one.ends));
    let again = etl(&[("compose.yaml", "services:\n  etl:\n    build: .\n    restart: always\n")]);
    assert!(!again.services[0].ends);
}

#[test]
fn ci_that_looks_after_the_repository_is_no_job_of_the_application() {
    let workflows = [
        nightly("pytest"),
        nightly("python -m etl.lint"),
        nightly("pip-audit"),
        nightly("etl && git commit -am data && git push"),
        nightly("python tests/probe.py"),
        nightly("etl").replace("  workflow_dispatch:\n", "  pull_request:\n"),
        nightly("etl").replace("  workflow_dispatch:\n", "  push:\n    branches: [main]\n"),
        nightly("etl").replace("jobs:\n  etl:", "jobs:\n  test:"),
        nightly("etl").replace(
            "      - uses: actions/checkout@v4\n",
            "      - uses: peter-evans/create-pull-request@v8\n",
        ),
        nightly("etl ").replace("0 2 * * *", "${{ vars.WHEN }}"),
    ];
    for workflow in workflows {
        let survey =
            etl(&[(".github/workflows/a.yml", &workflow), ("etl/lint.py", ""), ("tests/probe.py", "")]);
        assert!(schedules(&survey).is_empty() && survey.services[0].ends, "{workflow}");
        assert!(!survey.needs.workers.value && !survey.needs.cron.value, "{workflow}");
    }
}

#[test]
fn a_server_whose_ci_runs_a_program_of_it_has_a_job_beside() {
    let of = |run: &str| {
        let workflow = nightly(run);
        surveyed(&[
            (
                "package.json",
                r#"{"scripts": {"start": "node a.js", "digest": "node jobs/digest.js", "lint": "eslint ."}, "dependencies": {"express": "4"}}"#,
            ),
            CODE,
            ("jobs/digest.js", "send()\n"),
            ("scripts/labels.js", ""),
            (".github/workflows/nightly.yml", &workflow),
        ])
    };
    let survey = of("npm ci && npm run digest");
    assert_eq!(schedules(&survey).len(), 1, "{:?}", schedules(&survey));
    assert!(
        survey.services.iter().any(|one| one.commands.start.as_deref() == Some("npm run digest") && one.ends)
    );
    assert_eq!(schedules(&of("node ./jobs/digest.js")), ["digest-cron 0 2 * * *"]);
    for other in
        ["npm run lint", "node scripts/labels.js", "node missing.js", "npm ci", "curl https://a.example"]
    {
        assert!(schedules(&of(other)).is_empty(), "{other}");
    }
}
