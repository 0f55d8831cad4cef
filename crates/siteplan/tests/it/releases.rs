//! What a release does where a platform fails, on every platform: the scripts really run, with stand-ins for its tools.

mod place;
mod platforms;

use siteplan_catalog::Catalog;
use siteplan_catalog::signals::Signals;
use siteplan_model::brief::EnvironmentSet;
use siteplan_model::design::Design;
use siteplan_model::id::{CodeHostId, PlatformId};

use crate::matrix::{brief, designed, shapes};
use place::Place;
use platforms::{BY_TAG, DIGEST, EMPTY, SERVED, UNTOLD};

/// The shape that every question about releases is tried with besides: one service with a database.
const ONE_SERVICE: usize = 1;

/// The shape with several services.
const SEVERAL_SERVICES: usize = 4;

/// The designs of some shapes on every platform, each with what it is.
fn designs(wanted: impl Fn(usize) -> bool) -> Vec<(String, PlatformId, Design)> {
    let catalog = Catalog::embedded().expect("the catalog loads");
    let signals = Signals::builtin().expect("the signals load");
    let host = CodeHostId::new("other");
    let mut designs = Vec::new();
    for (_, shape) in shapes::ALL.iter().enumerate().filter(|(index, _)| wanted(*index)) {
        let survey = shape.survey(&signals);
        for platform in catalog.platforms.keys() {
            let brief = brief(&survey, platform, &host, EnvironmentSet::StagingProduction);
            let design = designed(&catalog, &survey, &brief, platform);
            designs.push((format!("{} on {platform}", shape.name), platform.clone(), design));
        }
    }
    designs
}

#[test]
fn a_failed_lookup_stops_the_release_on_every_platform() {
    let mut asked = 0;
    for (label, _, design) in designs(|_| true) {
        let Some(place) = Place::new("failing", &label, &design).filter(|place| place.has("previous")) else {
            continue;
        };
        place.rules(&[
            // Signing in works; whatever is asked then does not.
            ("*get-credentials*", ":"),
            ("*update-kubeconfig*", ":"),
            ("npm install*", ":"),
            ("kubelogin *", ":"),
            ("tar *", ":"),
            ("curl *github.com*", ":"),
            ("*", "echo 'HTTP 401' >&2; exit 22"),
        ]);
        let (status, said) = place.run("previous production");
        assert!(status == 1 && said.contains("nothing was changed"), "{label}: {status}\n{said}");
        assert!(place.kept().is_empty(), "{label}: {:?}", place.kept());
        asked += 1;
    }
    assert!(asked > 90, "{asked} designs only keep what serves");
}

#[test]
fn an_empty_answer_is_the_first_release_on_every_platform() {
    for (label, _, design) in designs(|_| true) {
        let Some(place) = Place::new("empty", &label, &design).filter(|place| place.has("previous")) else {
            continue;
        };
        place.rules(EMPTY);
        let (status, said) = place.run("previous production");
        assert!(status == 0 && said.contains("knows no earlier release"), "{label}: {status}\n{said}");
        let (status, said) = place.run("rollback production recorded");
        assert!(status == 1 && said.contains("no earlier release was kept"), "{label}: {status}\n{said}");
    }
}

#[test]
fn nobody_goes_forward_to_the_release_that_was_left() {
    let mut told = 0;
    for (label, platform, design) in designs(|shape| shape == ONE_SERVICE) {
        let place = Place::new("served", &label, &design).expect("it has scripts");
        if UNTOLD.contains(&platform.as_str()) {
            place.rules(EMPTY);
            let (status, said) = place.run("rollback production");
            assert!(
                status == 1 && said.contains("does not tell which release before this one was good"),
                "{label}: {status}\n{said}"
            );
            assert!(said.contains("name a good one in the variable PREVIOUS_"), "{label}: {said}");
            continue;
        }
        let known = SERVED.iter().find(|known| known.platforms.contains(&platform.as_str()));
        let known = known.unwrap_or_else(|| panic!("{platform} is not known"));
        let rules: Vec<_> = known.rules.iter().chain(EMPTY).copied().collect();
        place.rules(&rules);
        let (status, said) = place.run("rollback production");
        assert!(status == 0, "{label}: {status}\n{said}\n{}", place.calls());
        assert!(said.lines().any(|line| line.ends_with(&format!("={}", known.target))), "{label}: {said}");
        assert!(place.calls().contains(known.call), "{label}: no `{}` among\n{}", known.call, place.calls());
        told += 1;
    }
    assert!(told >= 13, "{told} platforms only tell what served");
}

#[test]
fn a_way_back_that_does_not_serve_has_failed() {
    for (label, platform, design) in designs(|shape| shape == ONE_SERVICE) {
        let Some(known) = SERVED.iter().find(|known| known.platforms.contains(&platform.as_str())) else {
            continue;
        };
        let Some(stuck) = known.stuck else { continue };
        let place = Place::new("stuck", &label, &design).expect("it has scripts");
        let rules: Vec<_> = std::iter::once(&stuck).chain(known.rules).chain(EMPTY).copied().collect();
        place.rules(&rules);
        let (status, said) = place.run("rollback production");
        assert!(status != 0, "{label}: {said}\n{}", place.calls());
    }
}

#[test]
fn every_environment_runs_the_very_image_that_was_built() {
    let mut built = 0;
    for (label, platform, design) in designs(|shape| shape == ONE_SERVICE || shape == SEVERAL_SERVICES) {
        let services = design.topology.components.iter().filter_map(|component| component.service.as_ref());
        if services.filter_map(|service| service.platform.as_ref()).any(|runs| *runs != platform) {
            continue;
        }
        let place = Place::new("digest", &label, &design);
        let Some(place) = place.filter(|place| place.has("build") && !BY_TAG.contains(&platform.as_str()))
        else {
            continue;
        };
        place.rules(&[
            ("docker image inspect *", &format!("echo registry.example/x/y@{DIGEST}")),
            ("docker pull *", "exit 1"),
            ("*", ":"),
        ]);
        let (status, said) = place.run("build");
        assert!(status == 0 && said.contains(&format!("={DIGEST}")), "{label}: {said}");
        assert!(place.calls().contains("docker push "), "{label}");
        place.rules(&[
            ("docker image inspect *", &format!("echo registry.example/x/y@{DIGEST}")),
            ("docker push *", "exit 1"),
            ("*", ":"),
        ]);
        assert_eq!(place.run("build").0, 0, "{label}: an image that is there is not built again");
        let unknown = place.run_as("deploy staging", &"e".repeat(40));
        assert!(
            unknown.0 == 2 && unknown.1.contains("the digest of the image is not known"),
            "{label}: {}",
            unknown.1
        );
        for environment in ["staging", "production"] {
            place.run(&format!("deploy {environment}"));
            assert!(place.wrote(DIGEST), "{label}: {environment} runs another image\n{}", place.calls());
        }
        let jobs = &design.delivery.pipeline.jobs;
        let hands_on = &jobs.iter().find(|job| job.id == "build").expect("a job that builds").hands_on;
        assert!(!hands_on.is_empty(), "{label}");
        for job in jobs.iter().filter(|job| job.id.starts_with("deploy-")) {
            assert!(job.needs.iter().any(|id| id == "build"), "{label}: {}", job.id);
            assert!(hands_on.iter().all(|name| job.env.contains_key(name)), "{label}: {}", job.id);
        }
        built += 1;
    }
    assert!(built > 8, "{built} designs only build an image");
}

#[test]
fn every_script_that_talks_to_a_platform_ends_itself_before_its_job_does() {
    for (label, _, design) in designs(|_| true) {
        let scripts = &design.delivery.scripts;
        for name in ["previous", "migrate", "deploy", "verify", "rollback"] {
            let script = scripts.iter().find(|script| script.name == name);
            assert!(script.is_none_or(|script| script.limit_seconds.is_some()), "{label}: {name}");
        }
        let jobs = design.delivery.pipeline.jobs.iter();
        for job in jobs.chain(design.delivery.rollback_pipeline.iter().flat_map(|pipeline| &pipeline.jobs)) {
            let called = job.steps.iter().filter_map(|step| match step {
                siteplan_model::pipeline::Step::Script { script, .. } => {
                    scripts.iter().find(|known| known.name == *script)?.limit_seconds
                }
                _ => None,
            });
            let seconds: u32 = called.sum();
            assert!(
                seconds < job.timeout_minutes * 60,
                "{label}: {} ends after {} minutes",
                job.id,
                job.timeout_minutes
            );
        }
    }
}
