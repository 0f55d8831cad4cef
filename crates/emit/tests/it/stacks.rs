//! Terraform stacks of every shape: whole, consistent with themselves and with what the pipeline calls by name.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use serde_json::Value;
use siteplan_emit::platform_files;
use siteplan_model::design::Design;
use siteplan_model::file::File;
use siteplan_model::id::SecretsServiceId;
use siteplan_model::survey::ServiceKind;

use crate::sample;

const PLATFORMS: [&str; 2] = ["aws-ecs-fargate", "google-cloud-run"];
const HOSTS: [&str; 4] = ["github", "gitlab", "bitbucket", "other"];

/// What a person is asked for, because no repository shows it.
const ASKED: [&str; 6] =
    ["project", "repository", "workspace", "workspace_uuid", "repository_uuid", "environment_uuid"];

/// The design without some of its parts.
fn without(design: &Design, kinds: &[ServiceKind], data: &[&str]) -> Design {
    let mut design = design.clone();
    design
        .topology
        .components
        .retain(|component| component.service.as_ref().is_none_or(|service| !kinds.contains(&service.kind)));
    design.data.retain(|resource| !data.contains(&resource.engine.as_str()));
    design
}

/// Shapes of an application on each platform with a stack, for each code host.
fn shapes() -> Vec<(String, Design)> {
    use ServiceKind::{Cron, Web, Worker};
    let mut shapes = Vec::new();
    for platform in PLATFORMS {
        let whole = sample::everything_on(platform);
        let mut two = without(&whole, &[Worker, Cron], &[]);
        let mut second = two.topology.components.last().cloned().expect("the web service");
        if let Some(service) = &mut second.service {
            "api".clone_into(&mut service.slug);
            service.kind = ServiceKind::Api;
        }
        two.topology.components.push(second);
        let mut mysql = whole.clone();
        "mysql".clone_into(&mut mysql.data[0].engine);
        let mut managed = whole.clone();
        managed.secrets.service = Some(SecretsServiceId::new("aws-secrets-manager"));
        for (shape, design) in vec![
            ("everything", whole.clone()),
            ("no data", without(&whole, &[], &["postgres", "redis"])),
            ("no cache", without(&whole, &[Cron], &["redis"])),
            ("only a cache", without(&whole, &[Worker, Cron], &["postgres"])),
            ("web alone", without(&whole, &[Worker, Cron], &["redis"])),
            ("worker alone", without(&whole, &[Web, Cron], &["redis"])),
            ("job alone", without(&whole, &[Web, Worker], &["postgres", "redis"])),
            ("two services", two),
            ("mysql", mysql),
            ("a secrets manager", managed),
        ] {
            for host in HOSTS {
                shapes.push((format!("{platform}, {shape}, {host}"), sample::on_host(&design, host)));
            }
        }
    }
    shapes
}

/// The Terraform files of a design, by folder.
fn stacks(design: &Design) -> BTreeMap<String, Vec<File>> {
    let mut stacks: BTreeMap<String, Vec<File>> = BTreeMap::new();
    for file in platform_files(design).into_iter().filter(|file| file.syntax == "hcl") {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        stacks.entry(folder).or_default().push(file);
    }
    stacks
}

fn is_values(file: &File) -> bool {
    file.path.ends_with(".tfvars")
}

fn body(file: &File) -> hcl::Body {
    hcl::parse(&file.contents).unwrap_or_else(|error| panic!("{}: {error}\n{}", file.path, file.contents))
}

fn module(files: &[File]) -> Vec<hcl::Block> {
    let bodies: Vec<hcl::Body> = files.iter().filter(|file| !is_values(file)).map(body).collect();
    bodies.into_iter().flat_map(|body| body.into_blocks().collect::<Vec<_>>()).collect()
}

fn labels(block: &hcl::Block) -> Vec<&str> {
    block.labels().iter().map(hcl::BlockLabel::as_str).collect()
}

#[test]
fn every_stack_declares_once_what_it_refers_to_and_nothing_else() {
    let reference = Regex::new(r"\b(?:(?<kind>var|local|data\.\w+|(?:aws|google)_\w+)\.(?<name>[a-z]\w*))")
        .expect("a pattern");
    for (shape, design) in shapes() {
        let stacks = stacks(&design);
        assert!(!stacks.is_empty(), "{shape}");
        for (folder, files) in &stacks {
            let mut declared: Vec<String> = Vec::new();
            for block in module(files) {
                match (block.identifier(), labels(&block).as_slice()) {
                    ("variable", [name]) => declared.push(format!("var.{name}")),
                    ("resource", [kind, name]) => declared.push(format!("{kind}.{name}")),
                    ("data", [kind, name]) => declared.push(format!("data.{kind}.{name}")),
                    ("output", [name]) => declared.push(format!("output.{name}")),
                    ("locals", []) => {
                        declared
                            .extend(block.body().attributes().map(|local| format!("local.{}", local.key())));
                    }
                    ("terraform" | "provider", _) => {}
                    other => panic!("{shape}: {other:?}"),
                }
            }
            let unique: BTreeSet<&str> = declared.iter().map(String::as_str).collect();
            assert_eq!(unique.len(), declared.len(), "{shape}: {folder} declares something twice");
            let text: String = files
                .iter()
                .filter(|file| !is_values(file))
                .flat_map(|file| file.contents.lines())
                .filter(|line| !line.trim_start().starts_with('#') && !line.contains("description"))
                .fold(String::new(), |text, line| text + line + "\n");
            let used: BTreeSet<String> = reference
                .captures_iter(&text)
                .map(|found| format!("{}.{}", &found["kind"], &found["name"]))
                .collect();
            for name in &used {
                assert!(unique.contains(name.as_str()), "{shape}: {folder} refers to {name}");
            }
            // `protect` is for whatever the stack holds that must not be lost.
            let ours = |name: &&&str| name.starts_with("var.") || name.starts_with("local.");
            for name in unique.iter().filter(ours).filter(|name| **name != "var.protect") {
                assert!(used.contains(*name), "{shape}: nothing in {folder} uses {name}");
            }
        }
    }
}

#[test]
fn every_value_has_a_variable_and_every_variable_a_value() {
    for (shape, design) in shapes() {
        for (folder, files) in &stacks(&design) {
            let variables: BTreeMap<String, bool> = module(files)
                .iter()
                .filter(|block| block.identifier() == "variable")
                .map(|block| {
                    let has_default = block.body().attributes().any(|attribute| attribute.key() == "default");
                    (labels(block)[0].to_owned(), has_default)
                })
                .collect();
            let keys = |file: &File| -> BTreeSet<String> {
                body(file).attributes().map(|attribute| attribute.key().to_owned()).collect()
            };
            let common: BTreeSet<String> =
                files.iter().filter(|file| file.path.ends_with("/terraform.tfvars")).flat_map(keys).collect();
            let own: Vec<BTreeSet<String>> = files
                .iter()
                .filter(|file| is_values(file) && !file.path.ends_with("/terraform.tfvars"))
                .map(keys)
                .collect();
            for name in common.iter().chain(own.iter().flatten()) {
                assert!(variables.contains_key(name), "{shape}: {folder} knows no {name}");
            }
            for (name, has_default) in &variables {
                let given =
                    common.contains(name) || (!own.is_empty() && own.iter().all(|own| own.contains(name)));
                assert!(
                    given || *has_default || ASKED.contains(&name.as_str()),
                    "{shape}: {folder} has no value for {name}"
                );
            }
        }
    }
}

#[test]
fn no_code_host_but_a_known_one_is_trusted_and_none_where_a_person_deploys() {
    for platform in PLATFORMS {
        let design = sample::everything_on(platform);
        let trusts =
            |design: &Design| platform_files(design).iter().any(|file| file.path.ends_with("identity.tf"));
        for (host, expected) in [("github", true), ("gitlab", true), ("bitbucket", true), ("other", false)] {
            assert_eq!(trusts(&sample::on_host(&design, host)), expected, "{platform} with {host}");
        }
        let mut by_hand = design.clone();
        by_hand.delivery.automatic = false;
        assert!(!trusts(&by_hand), "{platform} by hand");
    }
}

#[test]
fn a_plan_without_infrastructure_code_has_none() {
    for platform in PLATFORMS {
        let mut design = sample::everything_on(platform);
        design.settings.insert("iac".to_owned(), "none".to_owned());
        assert!(stacks(&design).is_empty(), "{platform}");
    }
}

#[test]
fn task_definitions_name_the_roles_of_the_stack() {
    let design = sample::everything_on("aws-ecs-fargate");
    let files = platform_files(&design);
    let roles = files.iter().find(|file| file.path.ends_with("environment/roles.tf")).expect("roles");
    assert!(
        roles.contents.contains("\"${local.name}-execution\"")
            && roles.contents.contains("\"${local.name}-task\"")
    );
    for file in files.iter().filter(|file| file.path.starts_with("deploy/ecs/")) {
        let definition: Value = serde_json::from_str(&file.contents).expect("JSON");
        let environment = file.path.split('/').nth(2).expect("its folder");
        let role = |which: &str| format!("arn:aws:iam::ACCOUNT_ID:role/ticket-shop-{environment}-{which}");
        assert_eq!(definition["executionRoleArn"], role("execution"));
        assert_eq!(definition["taskRoleArn"], role("task"));
        let service =
            file.path.rsplit('/').next().and_then(|name| name.strip_suffix(".json")).expect("its name");
        assert_eq!(definition["family"], format!("ticket-shop-{environment}-{service}"));
    }
}

#[test]
fn the_health_check_is_the_contract_and_asks_what_may_restart() {
    let mut design = sample::everything_on("aws-ecs-fargate");
    for component in &mut design.topology.components {
        if let Some(service) = component.service.as_mut().filter(|service| service.kind == ServiceKind::Web) {
            service.probe_path = Some("/live".to_owned());
        }
    }
    let stacks = stacks(&design);
    let files = &stacks["infrastructure/aws/environment"];
    let values = files.iter().find(|file| file.path.ends_with("terraform.tfvars")).expect("values");
    let values: Value = hcl::from_body(body(values)).expect("values");
    assert_eq!(values["services"]["web"]["health"], "/live");
    let health = &design.health;
    assert_eq!(values["health_check"]["interval"], health.interval_seconds);
    assert_eq!(values["health_check"]["timeout"], health.timeout_seconds);
    assert_eq!(values["health_check"]["failures"], health.failure_threshold);
}
