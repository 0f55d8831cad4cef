//! Images are planned exactly where a platform needs one that the repository lacks, from what the repository has.

use siteplan_catalog::Catalog;
use siteplan_model::design::{Design, ImagePlan, ImageStep};
use siteplan_model::survey::{EnvironmentVariable, ServiceKind, Survey, VariableTime};

use crate::fixtures::{bookshelf, brief, design_of, ledger, notes, planned, surveys, tasks};

/// A platform that runs nothing but images.
const IMAGES: &str = "kubernetes-gke";

fn designed(survey: &Survey, platform: &str) -> Design {
    let catalog = Catalog::embedded().expect("the catalog loads");
    design_of(&catalog, survey, &brief(survey, platform)).expect("a design")
}

fn with_files(mut survey: Survey, files: &[&str]) -> Survey {
    survey.build_files = files.iter().map(|file| (*file).to_owned()).collect();
    survey
}

fn image(survey: &Survey) -> ImagePlan {
    let mut images = designed(survey, IMAGES).images;
    assert_eq!(images.len(), 1);
    images.remove(0)
}

/// Shell lines of a stage, in order.
fn lines(image: &ImagePlan, stage: usize) -> Vec<&str> {
    let steps = image.stages[stage].steps.iter();
    steps
        .filter_map(|step| if let ImageStep::Run { line, .. } = step { Some(line.as_str()) } else { None })
        .collect()
}

fn command(image: &ImagePlan) -> Vec<String> {
    let last = image.stages.last().expect("there are stages");
    let found = last.steps.iter().find_map(|step| match step {
        ImageStep::Command(words) => Some(words.clone()),
        _ => None,
    });
    found.unwrap_or_default()
}

fn gaps(design: &Design) -> Vec<&String> {
    design.delivery.gaps.iter().filter(|gap| gap.contains("no production Dockerfile")).collect()
}

#[test]
fn every_platform_has_an_image_or_a_reason_for_what_it_needs() {
    let catalog = Catalog::embedded().expect("the catalog loads");
    for (name, survey) in surveys() {
        for platform in catalog.platforms.keys() {
            let Ok(design) = design_of(&catalog, &survey, &brief(&survey, platform.as_str())) else {
                continue;
            };
            for service in
                design.topology.components.iter().filter_map(|component| component.service.as_ref())
            {
                let planned = design.images.iter().any(|image| image.services.contains(&service.slug));
                let said = gaps(&design).iter().any(|gap| gap.contains(&format!("`{}`", service.slug)));
                let needs = service.needs_image && service.dockerfile.is_none();
                assert_eq!(planned || said, needs, "{name} on {platform}: {}", service.slug);
                assert!(!(planned && said), "{name} on {platform}: {}", service.slug);
            }
            for image in &design.images {
                let last = image.stages.last().expect("there are stages");
                let user = last.steps.iter().find_map(|step| match step {
                    ImageStep::User(user) => Some(user.as_str()),
                    _ => None,
                });
                let user = user.unwrap_or_default();
                assert!(
                    user.split(':').all(|id| id.parse::<u32>().is_ok_and(|id| id > 0)),
                    "{name}: {user:?}"
                );
                assert!(
                    image.stages.iter().all(|stage| !stage.base.contains('{')),
                    "{name}: a blank is left"
                );
            }
        }
    }
}

#[test]
fn a_repository_with_an_image_or_without_code_gets_none() {
    assert!(designed(&ledger(), IMAGES).images.is_empty());
    let design = designed(&planned(), IMAGES);
    assert!(design.images.is_empty());
    assert!(gaps(&design).iter().all(|gap| gap.contains("not written yet")));
}

#[test]
fn dependencies_have_a_layer_where_the_lock_file_was_found() {
    let without = image(&bookshelf());
    assert_eq!(lines(&without, 0), ["npm ci", "npm run build"]);
    let with = image(&with_files(bookshelf(), &["package-lock.json", "package.json", "docs/package.json"]));
    assert_eq!(lines(&with, 0), ["npm ci --ignore-scripts --no-audit --no-fund", "npm ci", "npm run build"]);
    assert_eq!(command(&with), ["npm", "start"]);
    assert!(with.ignored.is_some());
    let own = image(&with_files(bookshelf(), &[".dockerignore", "package-lock.json", "package.json"]));
    assert!(own.ignored.is_none(), "the team's own list stays");
}

#[test]
fn build_time_values_are_arguments_and_secrets_are_not() {
    let mut survey = bookshelf();
    survey.environment.push(EnvironmentVariable {
        name: "SENTRY_AUTH_TOKEN".to_owned(),
        secret: true,
        required: false,
        when: VariableTime::Build,
        default: None,
        default_use: siteplan_model::survey::DefaultUse::None,
        deployed: None,
        evidence: Vec::new(),
    });
    let image = image(&survey);
    let arguments: Vec<&str> = image
        .stages
        .iter()
        .flat_map(|stage| &stage.steps)
        .filter_map(
            |step| if let ImageStep::Argument { name, .. } = step { Some(name.as_str()) } else { None },
        )
        .collect();
    assert_eq!(arguments, ["NEXT_PUBLIC_SITE_NAME"]);
    assert!(image.about.iter().any(|line| line.contains("SENTRY_AUTH_TOKEN")), "{:?}", image.about);
}

#[test]
fn services_of_one_folder_share_an_image_and_start_without_the_package_manager() {
    let design = designed(&with_files(tasks(), &["pyproject.toml", "uv.lock"]), IMAGES);
    assert_eq!(design.images.len(), 1);
    let image = &design.images[0];
    assert_eq!(image.services, ["web", "worker"]);
    assert_eq!(image.stages[0].base, "python:3.13.15-bookworm");
    assert_eq!(command(image), ["sh", "-c", "exec uvicorn app.main:app --host 0.0.0.0 --port $PORT"]);
    let services = design.topology.components.iter().filter_map(|component| component.service.as_ref());
    let starts: Vec<&str> = services.filter_map(|service| service.commands.start.as_deref()).collect();
    assert_eq!(starts[1], "rq worker", "what the platform runs is what the image holds");
}

#[test]
fn what_cannot_be_built_is_said() {
    let mut folder = notes();
    folder.services[0].path = "my $(app)".to_owned();
    let mut language = notes();
    language.services[0].language = Some("cobol".to_owned());
    let mut start = notes();
    start.services[0].commands.start = None;
    let mut version = notes();
    version.services[0].language = Some("java".to_owned());
    version.services[0].package_manager = Some("gradle".to_owned());
    version.services[0].commands.build = Some("gradle bootJar".to_owned());
    for (survey, reason) in [
        (folder, "takes for syntax"),
        (language, "no recipe"),
        (start, "No command that starts it"),
        (version, "calls `gradle`"),
    ] {
        let design = designed(&survey, IMAGES);
        assert!(design.images.is_empty());
        assert!(gaps(&design).iter().any(|gap| gap.contains(reason)), "{reason}: {:?}", design.delivery.gaps);
    }
}

#[test]
fn static_files_stand_behind_a_server() {
    let mut survey = bookshelf();
    survey.databases.clear();
    survey.migrations = None;
    let site = &mut survey.services[0];
    site.kind = ServiceKind::Static;
    site.static_output = Some("dist".to_owned());
    site.databases.clear();
    site.migrations = None;
    site.commands.start = None;
    let image = image(&survey);
    let last = image.stages.last().expect("there are stages");
    assert!(last.base.starts_with("nginx:"), "{}", last.base);
    let copies = last.steps.iter().any(|step| {
        matches!(step, ImageStep::Copy { from: Some(from), sources, .. } if from == "build" && sources == &["/app/dist/"])
    });
    assert!(copies, "{:?}", last.steps);
}

#[test]
fn each_secret_has_its_line_in_each_environment_and_no_value() {
    let design = designed(&bookshelf(), "google-cloud-run");
    let set = &design.secrets.set;
    let of = |name: &str| -> Vec<Option<&str>> {
        set.iter().filter(|one| one.name == name).map(|one| one.environment.as_deref()).collect()
    };
    assert_eq!(of("SESSION_SECRET"), [Some("staging"), Some("production")]);
    assert!(
        set.iter().all(|one| one.line.contains(&one.name) && one.line.contains("--data-file=-")),
        "{set:?}"
    );
    let named: Vec<&str> = design.example.entries.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(named.len(), 4, "{named:?}");
    let secrets = ["DATABASE_URL", "SESSION_SECRET", "STRIPE_SECRET_KEY"];
    assert!(
        design
            .example
            .entries
            .iter()
            .all(|entry| entry.value.is_empty() || !secrets.contains(&entry.name.as_str()))
    );
}

#[test]
fn the_program_that_migrates_is_in_the_image() {
    let tool = |id: &str, program: &str, command: &str, language: &str, manager: &str| {
        let mut survey = bookshelf();
        let service = &mut survey.services[0];
        service.language = Some(language.to_owned());
        service.package_manager = Some(manager.to_owned());
        service.framework = None;
        service.migrations = Some(id.to_owned());
        service.commands.build = Some("make".to_owned());
        service.commands.start = Some("./target/release/shop".to_owned());
        service.commands.migrate = Some(command.to_owned());
        survey.runtimes = Vec::new();
        survey.languages = Vec::new();
        let migrations = survey.migrations.as_mut().expect("migrations");
        migrations.fact.value = id.to_owned();
        migrations.program = Some(program.to_owned());
        let design = designed(&survey, IMAGES);
        let image = design.images.first().cloned().unwrap_or_else(|| panic!("{:?}", gaps(&design)));
        let text = format!("{:?}", image.stages);
        let services = design.topology.components.iter().filter_map(|component| component.service.as_ref());
        (text, services.into_iter().find_map(|service| service.migrate.clone()).expect("a command"))
    };
    let (text, command) = tool("sqlx", "sqlx", "sqlx migrate run", "rust", "cargo");
    assert!(text.contains("--features rustls,postgres") && text.contains("/usr/local/bin/sqlx"), "{text}");
    assert_eq!(command, "sqlx migrate run");
    let (text, _) = tool("goose", "goose", "goose -dir db postgres \"$DATABASE_URL\" up", "go", "go");
    assert!(text.contains("/usr/local/bin/goose"), "{text}");
    let (text, command) =
        tool("ef-core", "dotnet", "dotnet ef database update --project src/Data", "csharp", "dotnet");
    assert!(text.contains("migrations bundle --project src/Data --self-contained"), "{text}");
    assert_eq!(command, "efbundle");
    // A script of the repository brings its own.
    let (text, _) = tool("sqlx", "sqlx", "./scripts/migrate.sh", "rust", "cargo");
    assert!(!text.contains("sqlx-cli"), "{text}");
}

#[test]
fn an_own_image_without_the_program_that_migrates_is_a_gap() {
    let mut survey = bookshelf();
    survey.containerised.dockerfile = Some("Dockerfile".to_owned());
    survey.services[0].dockerfile = Some("Dockerfile".to_owned());
    survey.services[0].commands.migrate = Some("sqlx migrate run".to_owned());
    let migrations = survey.migrations.as_mut().expect("migrations");
    migrations.fact.value = "sqlx".to_owned();
    migrations.program = Some("sqlx".to_owned());
    let lacks = |survey: &Survey| {
        designed(survey, "fly").delivery.gaps.iter().any(|gap| gap.contains("does not hold `sqlx`"))
    };
    assert!(lacks(&survey));
    survey.migrations.as_mut().expect("migrations").in_image = true;
    assert!(!lacks(&survey));
}
