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
