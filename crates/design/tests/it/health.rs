//! That health is asked where it is answered, and answered by what the application is written in.

use siteplan_model::survey::{ServiceKind, Survey};

use crate::concrete::designed;
use crate::fixtures::{bookshelf, fact, ledger, tasks};

#[test]
fn each_service_has_its_own_health_path() {
    let mut survey = tasks();
    survey.services[1].kind = ServiceKind::Web;
    survey.services[1].name = "pages".to_owned();
    let design = designed(&survey, "render", |_| {});
    let gaps = &design.delivery.gaps;
    assert!(gaps.iter().any(|gap| gap.contains("`/health` of `pages` has to be written")), "{gaps:?}");
    assert!(design.health.platform_check.iter().any(|line| line.starts_with("`pages` answers at")));
    assert!(
        design
            .delivery
            .workflow
            .iter()
            .any(|step| step.contains("`/healthz` of `web` and `/health` of `pages` until each"))
    );
}

#[test]
fn a_check_that_restarts_asks_nothing_but_the_process() {
    let paths = |platform: &str| {
        let design = designed(&bookshelf(), platform, |_| {});
        let plan = design.topology.components.iter().find_map(|component| component.service.clone());
        let plan = plan.expect("a service");
        assert_eq!(plan.live_path, design.health.live_path, "{platform}");
        (plan.health_path, plan.live_path, plan.probe_path, design.health.platform_check.join("\n"))
    };
    let some = |path: &str| Some(path.to_owned());
    let (ready, live) = (some("/api/health"), some("/api/health/live"));
    let (render_ready, render_live, render_probe, said) = paths("render");
    assert_eq!((&render_ready, &render_live, &render_probe), (&ready, &live, &live));
    assert!(said.contains("Render calls `/api/health/live` every few seconds"), "{said}");
    assert!(said.contains("it gets `/api/health/live`, which asks nothing but the process"), "{said}");
    let (_, _, fly_probe, said) = paths("fly");
    assert_eq!(fly_probe, ready);
    assert!(said.contains("it restarts nothing: it gets `/api/health`"), "{said}");
    let (_, _, _, said) = paths("kubernetes-gke");
    assert!(said.contains("liveness probe, which restarts, gets `/api/health/live`"), "{said}");
}

#[test]
fn an_endpoint_of_its_own_is_not_given_a_live_path_that_nobody_answers() {
    let mut survey = ledger();
    survey.services[0].framework = Some("a-framework-without-a-kit".to_owned());
    let design = designed(&survey, "render", |_| {});
    assert_eq!((design.health.path.as_str(), design.health.live_path.as_deref()), ("/health", None));
    survey.services[0].code.live_endpoint = Some("/livez".to_owned());
    let design = designed(&survey, "render", |_| {});
    assert_eq!(design.health.live_path.as_deref(), Some("/livez"));
}

#[test]
fn nothing_answers_where_only_workers_run() {
    let mut survey = tasks();
    survey.app_type = Some(fact(siteplan_model::brief::AppType::Workers, "pyproject.toml", 3));
    survey.services.remove(0);
    survey.databases.clear();
    survey.migrations = None;
    let design = designed(&survey, "render", |_| {});
    assert_eq!(design.health.path, "");
    assert!(
        design.health.platform_check.iter().all(|line| !line.contains("traffic")),
        "{:?}",
        design.health.platform_check
    );
    assert_eq!(design.health.without_http.len(), 1);
    assert!(design.estimates.capacity_open);
    assert!(design.environments.list.iter().all(|plan| !plan.trigger.contains("smoke test")));
}

#[test]
fn two_services_of_one_folder_share_a_health_file_only_where_it_says_the_same() {
    let codes = |other: &[&str]| {
        let mut survey = bookshelf();
        let code = &mut survey.services[0].code;
        code.clients = vec!["pg".to_owned()];
        (code.dialect, code.routing) = (Some("typescript".to_owned()), Some("app".to_owned()));
        code.folder = Some("src/app".to_owned());
        let mut admin = survey.services[0].clone();
        admin.name = "admin".to_owned();
        admin.code.clients = other.iter().map(|client| (*client).to_owned()).collect();
        survey.services.push(admin);
        let services = designed(&survey, "render", |_| {}).topology.components.into_iter();
        services.filter_map(|component| component.service).map(|plan| plan.health_code).collect::<Vec<_>>()
    };
    let same = codes(&["pg"]);
    assert_eq!(same.len(), 2);
    assert!(same[0].is_some() && same[0] == same[1], "{same:?}");
    let other = codes(&["postgres"]);
    assert!(other[0].is_some() && other[1].is_none(), "{other:?}");
}

#[test]
fn the_endpoint_is_written_for_the_framework_and_asks_with_its_own_driver() {
    use siteplan_model::design::HealthAnswers;
    let code = |survey: &Survey| {
        let design = designed(survey, "render", |_| {});
        let plan = design.topology.components.iter().find_map(|component| component.service.clone());
        let plan = plan.expect("a service");
        (plan.health_code.clone(), plan, design)
    };
    let mut survey = bookshelf();
    survey.services[0].code.clients = vec!["drizzle-orm".to_owned(), "pg".to_owned()];
    survey.services[0].code.dialect = Some("typescript".to_owned());
    survey.services[0].code.routing = Some("app".to_owned());
    survey.services[0].code.folder = Some("src/app".to_owned());
    let (next, _, design) = code(&survey);
    let next = next.expect("Next.js has a kit");
    assert_eq!((next.kit.as_str(), next.answers), ("next-app", HealthAnswers::Both));
    assert_eq!(next.file, "src/app/api/health/route.ts");
    assert_eq!(next.beside["live"], "src/app/api/health/live/route.ts");
    assert_eq!(next.checks[0].client, "pg");
    assert_eq!(next.checks[0].variable.as_deref(), Some("DATABASE_URL"));
    assert!(next.wiring.is_empty());
    assert_eq!(design.health.fields, ["database", "version", "uptime", "timestamp"]);
    assert!(
        !design.delivery.gaps.iter().any(|gap| gap.contains("/api/health")),
        "{:?}",
        design.delivery.gaps
    );

    // A file of that name is a person's.
    survey.services[0].code.health_files = vec!["src/app/api/health/route.ts".to_owned()];
    assert_eq!(code(&survey).0, None);

    // A path of its own keeps its answer: only the live path is written beside it.
    let mut survey = tasks();
    survey.services[0].code.folder = Some("app".to_owned());
    survey.services[0].code.namespace = Some("app".to_owned());
    survey.services[0].code.clients = vec!["psycopg".to_owned(), "redis".to_owned()];
    let (fastapi, plan, _) = code(&survey);
    let fastapi = fastapi.expect("FastAPI has a kit");
    assert_eq!((fastapi.answers, fastapi.file.as_str()), (HealthAnswers::Live, "app/health.py"));
    assert_eq!(
        (plan.live_path.as_deref(), plan.probe_path.as_deref()),
        (Some("/healthz/live"), Some("/healthz/live"))
    );
    assert!(fastapi.wiring[0].contains("`from app.health import router as health`"), "{:?}", fastapi.wiring);

    // Nothing of a repository becomes a path outside it, or a word of code.
    survey.services[0].code.folder = Some("../elsewhere".to_owned());
    assert_eq!(code(&survey).0, None);
    survey.services[0].code.folder = Some("app; rm -rf $HOME".to_owned());
    assert_eq!(code(&survey).0, None);
    survey.services[0].code.folder = Some("app".to_owned());
    survey.services[0].health_endpoint = Some("/health\"); evil(\"".to_owned());
    assert_eq!(code(&survey).0, None);
}
