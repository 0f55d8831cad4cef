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
use platforms::{BY_TAG, DIGEST, EMPTY, FORMED, SERVED, UNSERVED, UNTOLD};

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
fn after_a_release_that_never_served_the_way_back_is_to_the_one_that_serves() {
    let mut known = 0;
    for (label, platform, design) in designs(|shape| shape == ONE_SERVICE) {
        let Some((_, rules, target)) = UNSERVED.iter().find(|(id, ..)| *id == platform.as_str()) else {
            continue;
        };
        let place = Place::new("unserved", &label, &design).expect("it has scripts");
        place.rules(&rules.iter().chain(EMPTY).copied().collect::<Vec<_>>());
        let (_, said) = place.run("rollback production");
        assert!(said.lines().any(|line| line.ends_with(&format!("={target}"))), "{label}: {said}");
        known += 1;
    }
    assert_eq!(known, UNSERVED.len());
}

#[test]
fn what_is_no_answer_is_never_the_first_release() {
    for (label, platform, design) in designs(|shape| shape == ONE_SERVICE) {
        if !FORMED.contains(&platform.as_str()) {
            continue;
        }
        for answer in ["{}", "{\"error\": \"unauthorized\"}", "[{\"error\": 1}]", "<html>502</html>", "null"]
        {
            // Tools in Go write an empty list as `null`.
            if answer == "null" && ["fly", "digitalocean-app-platform"].contains(&platform.as_str()) {
                continue;
            }
            let place = Place::new("garbage", &label, &design).expect("it has scripts");
            let said = format!("printf '%s\\n' '{answer}'");
            place.rules(&[("npm install*", ":"), ("tar *", ":"), ("curl *github.com*", ":"), ("*", &said)]);
            let (status, said) = place.run("previous production");
            assert!(
                status == 1 && said.contains("nothing was changed"),
                "{label}: {answer}: {status}\n{said}"
            );
            assert!(place.kept().is_empty(), "{label}: {answer}: {:?}", place.kept());
        }
    }
}

#[test]
fn the_ids_of_two_releases_never_stand_beside_each_other() {
    for (label, _, design) in
        designs(|shape| shape == ONE_SERVICE).into_iter().filter(|(_, id, _)| id.as_str() == "render")
    {
        let place = Place::new("beside", &label, &design).expect("it has scripts");
        let deploys =
            r#"[{"deploy": {"id": "dep-2", "status": "live", "createdAt": "2", "commit": {"id": "b"}}}]"#;
        place
            .rules(&[("curl *", &format!("if [ -e asked ]; then exit 22; fi; : > asked; echo '{deploys}'"))]);
        let (status, said) = place.run("previous production");
        assert!(status == 1 && said.contains("=dep-2"), "{label}: {said}");
        assert!(place.kept().is_empty(), "{label}: {:?}", place.kept());
    }
}

#[test]
fn of_several_servers_the_first_is_signed_in_to() {
    for (label, _, design) in
        designs(|shape| shape == ONE_SERVICE).into_iter().filter(|(_, id, _)| id.as_str() == "kamal-vps")
    {
        let place = Place::new("servers", &label, &design).expect("it has scripts");
        place.set("SERVER_HOST", "192.0.2.1,192.0.2.2");
        let known = SERVED.iter().find(|known| known.platforms == ["kamal-vps"]).expect("it is known");
        place.rules(&known.rules.iter().chain(EMPTY).copied().collect::<Vec<_>>());
        for call in ["deploy production", "rollback production"] {
            let (status, said) = place.run(call);
            assert_eq!(status, 0, "{label}: {call}: {said}");
        }
        let calls = place.calls();
        let signed_in: Vec<&str> = calls.lines().filter(|line| line.starts_with("ssh ")).collect();
        assert!(signed_in.len() > 2, "{calls}");
        assert!(signed_in.iter().all(|line| line.contains("deploy@192.0.2.1 ")), "{calls}");
    }
}

#[test]
fn each_run_signs_in_with_its_own_key_and_leaves_none_behind() {
    for (label, platform, design) in designs(|shape| shape == ONE_SERVICE) {
        let Some(file) =
            siteplan_emit::files(&design).into_iter().find(|file| file.path == "deploy/rollback")
        else {
            continue;
        };
        if !file.contents.contains("SSH_PRIVATE_KEY") || !BY_TAG.contains(&platform.as_str()) {
            continue;
        }
        let place = Place::new("keys", &label, &design).expect("it has scripts");
        let known = SERVED.iter().find(|known| known.platforms == [platform.as_str()]).expect("it is known");
        let shown = ("ssh *", "f=${call#ssh -F }; f=${f%%/config *}; cat \"$f/key\" \"$f/known_hosts\" >&2");
        place.rules(&known.rules.iter().chain(&[shown]).chain(EMPTY).copied().collect::<Vec<_>>());
        place.set("PREVIOUS_COMMIT", &"a".repeat(40));
        for key in ["first", "second"] {
            place.set("SSH_PRIVATE_KEY", &format!("{key}-key"));
            place.set("SSH_KNOWN_HOSTS", &format!("{key}-host"));
            let (_, said) = place.run("rollback production");
            assert!(said.contains(&format!("{key}-key\n{key}-host\n")), "{label}: {said}");
        }
        let calls = place.calls();
        let folder = calls.lines().find_map(|line| line.strip_prefix("ssh -F ")?.split("/config ").next());
        let folder = folder.expect("a folder of the run");
        assert!(!std::path::Path::new(folder).exists(), "{label}: {folder} is left");
    }
}

#[test]
fn a_release_of_a_dirty_tree_is_a_release() {
    for (label, _, design) in
        designs(|shape| shape == ONE_SERVICE).into_iter().filter(|(_, id, _)| id.as_str() == "kamal-vps")
    {
        let place = Place::new("dirty", &label, &design).expect("it has scripts");
        let version = format!("{}_uncommitted_0123456789abcdef", "a".repeat(40));
        place.rules(&[
            ("kamal app version *", &format!("printf 'App Host: 192.0.2.1\\n{version}\\n\\n'")),
            ("*", ":"),
        ]);
        let (status, said) = place.run("previous production");
        assert!(status == 0 && said.contains(&format!("PREVIOUS_COMMIT={version}")), "{label}: {said}");
    }
}

#[test]
fn the_way_back_on_a_server_starts_no_older_migration() {
    let mut migrating = 0;
    for (label, platform, design) in designs(|_| true) {
        let files = siteplan_emit::files(&design);
        let text =
            |path: &str| files.iter().find(|file| file.path == path).map(|file| file.contents.as_str());
        let rollback = text("deploy/rollback").unwrap_or_default();
        match platform.as_str() {
            "docker-compose-vps" => {
                assert!(rollback.contains("MIGRATION_CONTAINERS=0"), "{label}");
                let compose = text("compose.production.yaml").expect("a file");
                assert_eq!(
                    compose.contains("  migrate:\n"),
                    compose.contains("scale: ${MIGRATION_CONTAINERS:-1}"),
                    "{label}"
                );
                migrating += usize::from(compose.contains("scale: "));
            }
            "kamal-vps" => {
                let returns = rollback.lines().filter(|line| line.contains("kamal rollback"));
                assert!(
                    returns.into_iter().all(|line| line.starts_with("WITHOUT_MIGRATIONS=yes ")),
                    "{label}"
                );
                let roles = text("config/deploy.yml").expect("a file");
                let skipped = "sh -c '<% unless ENV.key?(%(WITHOUT_MIGRATIONS)) %>";
                migrating += usize::from(roles.contains(skipped));
            }
            _ => {}
        }
    }
    assert!(migrating > 1, "{migrating} designs only migrate on a server");
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
