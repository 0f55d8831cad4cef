//! A Survey → the first screen, which shows that the tool has understood this application, each line with its place.

use siteplan_catalog::Catalog;
use siteplan_model::brief::AppType;
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::survey::{DatabaseFact, Service, Survey};

use super::super::numbers::grouped;
use super::super::sanitise::{line, short};
use super::super::style::{QUIET, STRONG, columns, padded, paint};

/// One line: what it is about, what was found, where.
struct Row {
    label: String,
    found: String,
    place: String,
}

/// More services than this are counted, not listed.
const MOST_SERVICES: usize = 8;

/// The first screen at a width.
pub(crate) fn survey_at(catalog: &Catalog, survey: &Survey, width: usize) -> String {
    let files = match survey.files {
        1 => "1 file".to_owned(),
        count => format!("{} files", grouped(count)),
    };
    let mut text = format!("Surveyed {files}\n\n");
    if survey.is_empty() {
        text.push_str(
            "  Nothing that could be deployed was found: this is taken for a planned application.\n",
        );
    }
    let rows = rows(catalog, survey);
    let labels = rows.iter().map(|row| columns(&row.label)).max().unwrap_or(0);
    let places = rows.iter().map(|row| columns(&row.place)).max().unwrap_or(0).min(width / 3);
    let room = width.saturating_sub(labels + places + 8).max(20);
    for row in rows {
        let place = short(&row.place, places);
        let lines = textwrap::wrap(&row.found, room);
        for (number, found) in lines.iter().enumerate() {
            let (label, place) = if number == 0 { (row.label.as_str(), place.as_str()) } else { ("", "") };
            let shown = format!("{}   {}", paint(STRONG, &padded(label, labels)), padded(found, room));
            let shown = if place.is_empty() {
                shown.trim_end().to_owned()
            } else {
                format!("{shown}   {}", paint(QUIET, place))
            };
            text.push_str("  ");
            text.push_str(&shown);
            text.push('\n');
        }
    }
    text
}

fn rows(catalog: &Catalog, survey: &Survey) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut add = |label: &str, found: Vec<String>, evidence: Option<String>| {
        let found: Vec<String> = found.into_iter().filter(|part| !part.is_empty()).collect();
        if !found.is_empty() {
            let place = line(&evidence.unwrap_or_default());
            rows.push(Row { label: label.to_owned(), found: line(&found.join(" · ")), place });
        }
    };
    let name = |id: &str| name_of(catalog, id);
    if let Some(app_type) = &survey.app_type {
        add(label_of(app_type.value), stack(catalog, survey), app_type.place());
    }
    let count = survey.services.len();
    for (index, service) in survey.services.iter().take(MOST_SERVICES).enumerate() {
        let label = match (index, count) {
            (0, 1) => "1 service".to_owned(),
            (0, _) => format!("{count} services"),
            _ => String::new(),
        };
        let place = service.evidence.get("kind").and_then(|evidence| evidence.first()).map(Evidence::place);
        add(&label, self::service(catalog, service), place);
    }
    if count > MOST_SERVICES {
        add("", vec![format!("and {} more", count - MOST_SERVICES)], None);
    }
    add("data", data(catalog, survey), data_place(survey));
    let optional = |cache: &DatabaseFact| if cache.optional { " (optional)" } else { "" };
    let caches = survey.caches.iter().map(|cache| format!("{}{}", name(&cache.fact.value), optional(cache)));
    let caches: Vec<String> = caches.collect();
    add("cache", caches, survey.caches.first().and_then(|cache| cache.fact.place()));
    add("cluster", cluster(survey), survey.needs.clustering.place());
    add("tests", tests(catalog, survey), place_of(survey, "commands.test"));
    add("environment", variables(survey), variables_place(survey));
    let images = &survey.containerised;
    let image = match (&images.dockerfile, images.fact.value) {
        (Some(path), _) => path.clone(),
        (None, true) => "Dockerfile for development only".to_owned(),
        (None, false) => String::new(),
    };
    add("image", vec![image], None);
    let talks_to: Vec<String> = survey.external_services.iter().map(|fact| name(&fact.value)).collect();
    add("talks to", talks_to, survey.external_services.first().and_then(Fact::place));
    let platforms = survey.platforms_in_use.iter().filter(|fact| fact.certainty > Certainty::Low);
    let in_use = platforms.chain(&survey.ci).chain(&survey.infrastructure);
    let in_use: Vec<&Fact<String>> = in_use.collect();
    let place = in_use.first().and_then(|fact| fact.place());
    add("in use", in_use.iter().map(|fact| name(&fact.value)).collect(), place);
    add("not found", vec![absent(survey)], None);
    for conflict in &survey.conflicts {
        let taken = conflict.values.first().cloned().unwrap_or_default();
        let others = conflict.values.iter().skip(1).cloned().collect::<Vec<_>>().join(", ");
        let words = format!("{}: took {taken}; also {others}", conflict.field.replace('_', " "));
        add("in doubt", vec![words], conflict.evidence.first().map(Evidence::place));
    }
    if let Some(app_type) = &survey.app_type
        && let Some(other) = app_type.runner_up
    {
        add("in doubt", vec![format!("type: took {}; {other} is the runner-up", app_type.value)], None);
    }
    if !survey.skipped.is_empty() {
        let first = &survey.skipped[0];
        let words = format!("{}: {} ({})", count_of(survey.skipped.len(), "path"), first.path, first.why);
        add("not read", vec![words], None);
    }
    rows
}

/// What the application is, in a word or two.
fn label_of(app_type: AppType) -> &'static str {
    match app_type {
        AppType::WebApi => "web API",
        AppType::FullStack => "full-stack application",
        AppType::Frontend => "front end",
        AppType::Workers => "background workers",
        AppType::Microservices => "microservices",
        AppType::Monolith => "monolith",
    }
}

/// The name of anything that the Survey knows by id.
fn name_of(catalog: &Catalog, id: &str) -> String {
    let platform = || catalog.platforms.get(id).map(|platform| platform.name.clone());
    let tool = || catalog.migration_tools.get(id).map(|tool| tool.name.clone());
    let named = Some(catalog.names.of(id)).filter(|name| *name != id).map(str::to_owned);
    named.or_else(platform).or_else(tool).unwrap_or_else(|| id.to_owned())
}

fn stack(catalog: &Catalog, survey: &Survey) -> Vec<String> {
    let versioned = |id: &str, version: Option<&String>| {
        let name = catalog.names.of(id);
        version.map_or_else(|| name.to_owned(), |version| format!("{name} {version}"))
    };
    let frameworks = survey.frameworks.iter().take(2).map(|f| versioned(&f.fact.value, f.version.as_ref()));
    let language = survey.languages.first().map(|l| versioned(&l.fact.value, l.version.as_ref()));
    let manager = survey.package_manager.as_ref().map(|manager| manager.value.clone());
    frameworks.chain(language).chain(manager).collect()
}

fn service(catalog: &Catalog, service: &Service) -> Vec<String> {
    let framework = service.framework.as_ref().map(|id| catalog.names.of(id).to_owned());
    let port = service.port.map(|port| format!("port {port}"));
    let commands = [&service.commands.build, &service.commands.start].into_iter().flatten().cloned();
    let job = if service.ends && service.schedule.is_none() { ", a job that ends" } else { "" };
    let name = format!("{} ({}{job}) at {}", service.name, service.kind, service.path);
    std::iter::once(name)
        .chain(framework)
        .chain(commands.map(|command| short(&command, 48)))
        .chain(port)
        .chain(service.schedule.clone())
        .collect()
}

fn data(catalog: &Catalog, survey: &Survey) -> Vec<String> {
    let engine = |database: &DatabaseFact| {
        let name = catalog.names.of(&database.fact.value);
        let version = database.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
        let optional = if database.optional { " (optional)" } else { "" };
        format!("{name}{version}{optional}")
    };
    let migrations = survey.migrations.as_ref().map(|migrations| {
        let tool = name_of(catalog, &migrations.fact.value);
        match migrations.count {
            Some(count) => format!("{} through {tool}", count_of(count as usize, "migration")),
            None => format!("migrations through {tool}"),
        }
    });
    survey.databases.iter().map(engine).chain(migrations).collect()
}

fn data_place(survey: &Survey) -> Option<String> {
    let database = survey.databases.first().and_then(|database| database.fact.place());
    database.or_else(|| survey.migrations.as_ref().and_then(|migrations| migrations.fact.place()))
}

fn tests(catalog: &Catalog, survey: &Survey) -> Vec<String> {
    let Some(command) = &survey.commands.test else { return Vec::new() };
    let needed: Vec<&str> = survey.test_services.iter().map(|fact| catalog.names.of(&fact.value)).collect();
    let needs = if needed.is_empty() { String::new() } else { format!(" (needs {})", needed.join(", ")) };
    vec![format!("{command}{needs}")]
}

fn variables(survey: &Survey) -> Vec<String> {
    let secret = survey.environment.iter().filter(|variable| variable.secret).count();
    match survey.environment.len() {
        0 => Vec::new(),
        all => vec![format!("{}, {secret} of them secret", count_of(all, "variable"))],
    }
}

fn variables_place(survey: &Survey) -> Option<String> {
    let mut places = survey.environment.iter().filter_map(|variable| variable.evidence.first());
    let first = places.next()?.place();
    Some(if places.next().is_some() { format!("{first} …") } else { first })
}

/// Whether instances find each other.
fn cluster(survey: &Survey) -> Vec<String> {
    let needs = &survey.needs.clustering;
    let words = match (needs.value, needs.runner_up) {
        (true, _) => "instances find each other, where several run",
        (false, Some(true)) => "only hinted at: instances may find each other",
        (false, _) => return Vec::new(),
    };
    vec![words.to_owned()]
}

/// What was looked for in vain.
fn absent(survey: &Survey) -> String {
    let needs = [
        ("workers", survey.needs.workers.value),
        ("cron", survey.needs.cron.value),
        ("WebSockets", survey.needs.websockets.value),
    ];
    let missing = survey.missing.iter().map(|field| field.replace(['_', '.'], " "));
    let unneeded = needs.into_iter().filter(|(_, present)| !present).map(|(name, _)| name.to_owned());
    let mut all: Vec<String> = Vec::new();
    for word in missing.chain(unneeded) {
        if !all.contains(&word) {
            all.push(word);
        }
    }
    if survey.is_empty() { String::new() } else { all.join(", ") }
}

fn place_of(survey: &Survey, field: &str) -> Option<String> {
    survey.evidence.get(field).and_then(|evidence| evidence.first()).map(Evidence::place)
}

fn count_of(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
