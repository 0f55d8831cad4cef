//! The platforms' own files.
#![expect(clippy::disallowed_methods, reason = "the test looks at its own source folder")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};
use serde_json::Value;
use siteplan_emit::{platform_files, platforms_with_files};
use siteplan_model::design::{DataPart, Design, ServicePlan};
use siteplan_model::file::File;
use siteplan_model::survey::{ImageFacts, ServiceKind};

use crate::{hostile, sample};

#[test]
fn every_platform_folder_has_a_row_and_every_row_a_folder() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/platforms");
    let folders: BTreeSet<String> = fs::read_dir(&source)
        .expect("the source is here")
        .filter_map(|entry| entry.ok().filter(|entry| entry.path().is_dir())?.file_name().into_string().ok())
        // What the managed clusters share.
        .filter(|name| name != "kubernetes")
        .map(|name| name.replace('_', "-"))
        .collect();
    let rows: Vec<String> = platforms_with_files().map(str::to_owned).collect();
    assert_eq!(
        rows,
        folders.into_iter().collect::<Vec<_>>(),
        "EMITTERS lists the folders of src/platforms, sorted"
    );
}

#[test]
fn a_web_service_a_worker_and_a_job_on_each_platform() {
    for platform in platforms_with_files() {
        insta::assert_snapshot!(platform, shown(&platform_files(&sample::everything_on(platform))));
    }
}

#[test]
fn static_files_on_vercel() {
    insta::assert_snapshot!(shown(&platform_files(&sample::front_end_on_vercel())));
}

fn shown(files: &[File]) -> String {
    let texts: Vec<String> =
        files.iter().map(|file| format!("=== {}: {}\n{}", file.path, file.purpose, file.contents)).collect();
    texts.join("\n")
}

#[test]
fn paths_are_unique_and_stay_inside() {
    for platform in platforms_with_files() {
        let files = platform_files(&sample::everything_on(platform));
        let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths.len(), files.len(), "{platform}");
        assert!(!files.is_empty(), "{platform}");
        for file in &files {
            assert!(!file.path.starts_with('/') && !file.path.contains(".."), "{}", file.path);
            assert!(file.contents.ends_with('\n') && !file.contents.ends_with("\n\n"), "{}", file.path);
        }
    }
}

/// The file as values, in the format that its syntax names; lines and string literals for the others.
fn parsed(file: &File) -> Value {
    let text = file.contents.as_str();
    let value = match file.syntax.as_str() {
        "json" => serde_json::from_str(text).map_err(|error| error.to_string()),
        "toml" => toml::from_str(text).map_err(|error| error.to_string()),
        "yaml" => {
            serde_saphyr::from_multiple::<Value>(text).map(Value::from).map_err(|error| error.to_string())
        }
        "hcl" => hcl::from_str(text).map_err(|error| error.to_string()),
        "ts" => Ok(Value::Array(code(text).lines().map(Value::from).collect())),
        _ => Ok(Value::from(text.lines().count())),
    };
    value.unwrap_or_else(|error| panic!("{}: {error}\n{text}", file.path))
}

/// TypeScript with its string literals emptied.
fn code(text: &str) -> String {
    let mut out = String::new();
    let (mut inside, mut escaped) = (false, false);
    for c in text.chars() {
        match c {
            '"' if !escaped => {
                inside = !inside;
                out.push(c);
            }
            _ if !inside => out.push(c),
            _ => {}
        }
        escaped = inside && c == '\\' && !escaped;
    }
    out
}

fn shape(value: &Value) -> Value {
    match value {
        Value::String(_) => Value::String(String::new()),
        Value::Array(items) => Value::Array(items.iter().map(shape).collect()),
        Value::Object(fields) => Value::Array(fields.values().map(shape).collect()),
        other => other.clone(),
    }
}

/// Names of variables that are none are left out; here they stay, so that all files have the same variables.
fn with_names_of(design: &Design, mut hostile: Design) -> Design {
    for (variable, original) in hostile.environments.variables.iter_mut().zip(&design.environments.variables)
    {
        variable.name.clone_from(&original.name);
    }
    hostile
}

#[test]
fn a_variable_whose_name_is_none_is_left_out() {
    for platform in platforms_with_files() {
        let mut design = sample::everything_on(platform);
        for variable in &mut design.environments.variables {
            variable.name = "NOT A\nNAME".to_owned();
        }
        let files = platform_files(&design);
        assert!(files.iter().all(|file| !file.contents.contains("NOT A")), "{platform}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_value_is_syntax_of_a_platform_file(text in hostile::text()) {
        for platform in platforms_with_files() {
            // App Platform would fill `${…}` in: such values are left out there.
            if platform == "digitalocean-app-platform" && text.contains("${") {
                continue;
            }
            let design = sample::everything_on(platform);
            let plain = platform_files(&with_names_of(&design, hostile::everywhere(&design, "x")));
            let hostile = platform_files(&with_names_of(&design, hostile::everywhere(&design, &text)));
            prop_assert_eq!(plain.len(), hostile.len(), "{} {:?}", platform, hostile.iter().map(|file| &file.path).collect::<Vec<_>>());
            for (plain, hostile) in plain.iter().zip(&hostile) {
                prop_assert_eq!(shape(&parsed(plain)), shape(&parsed(hostile)), "{}", hostile.contents);
            }
        }
    }
}

/// The sample whose database is found by the parts of its address.
fn found_by_parts(platform: &str) -> Design {
    let mut design = sample::everything_on(platform);
    let model = design.environments.variables[0].clone();
    for (name, secret, part) in [
        ("DB_HOST", false, DataPart::Host),
        ("DB_PORT", false, DataPart::Port),
        ("DB_USER", false, DataPart::User),
        ("DB_PASSWORD", true, DataPart::Password),
        ("DB_NAME", false, DataPart::Name),
        ("DB_JDBC", false, DataPart::Jdbc),
    ] {
        let mut variable = model.clone();
        name.clone_into(&mut variable.name);
        variable.secret = secret;
        variable.part = part;
        design.environments.variables.push(variable);
    }
    design.environments.variables.remove(0);
    design
}

#[test]
fn parts_of_an_address_reach_the_application() {
    let text = |platform: &str| shown(&platform_files(&found_by_parts(platform)));
    let render = text("render");
    for property in ["host", "port", "user", "password", "database"] {
        assert!(render.contains(&format!("property: {property}\n")), "{property}: {render}");
    }
    let railway = text("railway");
    for name in ["PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE"] {
        assert!(railway.contains(&format!("data0.env.{name}")), "{name}: {railway}");
    }
    let app_platform = text("digitalocean-app-platform");
    assert!(app_platform.contains("${postgres.HOSTNAME}"), "{app_platform}");
    assert!(
        app_platform.contains("jdbc:postgresql://${postgres.HOSTNAME}:${postgres.PORT}/${postgres.DATABASE}")
    );
    let compose = text("docker-compose-vps");
    for line in [
        "DB_HOST: postgres\n",
        "DB_PORT: \"5432\"\n",
        "DB_USER: app\n",
        "DB_NAME: app\n",
        "DB_PASSWORD: ${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD in .env}\n",
        "DB_JDBC: jdbc:postgresql://postgres:5432/app\n",
    ] {
        assert!(compose.contains(line), "{line}: {compose}");
    }
    let kamal = text("kamal-vps");
    assert!(kamal.contains("POSTGRES_PASSWORD=$DB_PASSWORD"), "{kamal}");
    assert!(kamal.contains("DB_USER: app"), "{kamal}");
    for platform in ["aws-ecs-fargate", "google-cloud-run"] {
        let stack = text(platform);
        assert!(stack.contains("DB_HOST") && stack.contains("\"host\""), "{platform}: {stack}");
    }
}

/// The sample with another plan of its services.
fn with_services(platform: &str, change: impl Fn(&mut ServicePlan)) -> Design {
    let mut design = sample::everything_on(platform);
    for plan in design.topology.components.iter_mut().filter_map(|component| component.service.as_mut()) {
        change(plan);
    }
    design
}

#[test]
fn a_workspace_is_built_at_its_root() {
    let workspace = |plan: &mut ServicePlan| {
        plan.path = "apps/web".to_owned();
        plan.whole_repository = true;
    };
    let render = shown(&platform_files(&with_services("render", workspace)));
    assert!(!render.contains("rootDir"), "{render}");
    assert!(render.contains("startCommand: cd apps/web && pnpm start"), "{render}");
    let railway = shown(&platform_files(&with_services("railway", workspace)));
    assert!(!railway.contains("root:") && railway.contains("cd apps/web && pnpm start"), "{railway}");
    let alone = |plan: &mut ServicePlan| plan.path = "apps/web".to_owned();
    assert!(shown(&platform_files(&with_services("render", alone))).contains("rootDir: apps/web"));
}

#[test]
fn a_command_stands_in_place_of_an_entry_point() {
    let own = |plan: &mut ServicePlan| {
        plan.dockerfile = Some("Dockerfile".to_owned());
        plan.image =
            Some(ImageFacts { entrypoint: true, user: Some("4711".to_owned()), unknown_user: false });
    };
    let compose = shown(&platform_files(&with_services("docker-compose-vps", own)));
    assert!(compose.contains("entrypoint:\n      - sh\n      - -c\n      - node worker.js"), "{compose}");
    let ecs = shown(&platform_files(&with_services("aws-ecs-fargate", own)));
    assert!(ecs.contains("\"entryPoint\": [\n"), "{ecs}");
    let pods = shown(&platform_files(&with_services("kubernetes-gke", own)));
    assert!(pods.contains("runAsUser: 4711"), "{pods}");
}

#[test]
fn what_keeps_a_schedule_never_runs_twice() {
    let clock = |plan: &mut ServicePlan| plan.single = plan.kind == ServiceKind::Worker;
    let pods = shown(&platform_files(&with_services("kubernetes-gke", clock)));
    assert!(pods.contains("type: Recreate"), "{pods}");
    let stack = shown(&platform_files(&with_services("aws-ecs-fargate", clock)));
    assert!(stack.contains("single = true"), "{stack}");
}

#[test]
fn an_environment_has_the_plan_that_its_price_counts() {
    let mut design = sample::everything_on("render");
    for data in &mut design.data {
        data.further_plan_id = Some(format!("{}-smaller", data.plan_id));
    }
    let database = design.data.iter().find(|data| data.same_platform && !data.is_cache).unwrap();
    let shown = shown(&platform_files(&design));
    let further = format!("plan: {}-smaller\n", database.plan_id);
    let own = format!("plan: {}\n", database.plan_id);
    // Staging, then production, which is last.
    let (staging, production) = shown.split_once("name: production").unwrap();
    assert!(staging.contains(&further) && !staging.contains(&own), "{shown}");
    assert!(production.contains(&own) && !production.contains(&further), "{shown}");
}
