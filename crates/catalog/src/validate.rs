//! What a catalog must fulfil beyond its types: sources present, references resolved, figures plausible.

use siteplan_model::brief::{BudgetBand, Expertise};
use siteplan_model::id::is_kebab_case;
use siteplan_model::recommendation::Philosophy;

use crate::condition::Condition;
use crate::data_service::{Caution, DataService};
use crate::figure::{Figure, Grade, Sources};
use crate::load::Catalog;
use crate::platform::{Ability, EffortItem, LifecycleState, Platform, RunMode};
use crate::reasoning::{DataPlace, MaturityPart, ParameterBy};

/// One thing wrong with the catalog.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// File below the data folder.
    pub path: String,
    /// Field, as far as it is known.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// Everything that is wrong with a catalog, in the order of its files; empty when it can be relied on.
pub fn validate(catalog: &Catalog) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in &catalog.files {
        sources(path, text, &mut problems);
    }
    for platform in catalog.platforms.values() {
        statements(platform, &mut problems);
    }
    for service in catalog.data_services.values() {
        data_service(catalog, service, &mut problems);
    }
    parameters(catalog, &mut problems);
    problems.extend(crate::refinement::problems(catalog));
    for platform in catalog.platforms.values() {
        stepped(platform, &mut problems);
        account(platform, &mut problems);
        of_kind(platform, &mut problems);
        for tool in platform.deploy.tools.iter().filter(|id| !catalog.tools.contains_key(*id)) {
            problems.push(Problem {
                path: format!("platforms/{}.toml", platform.id),
                field: "deploy.tools".to_owned(),
                message: format!("there is no tool `{tool}`; name a file of the folder `tools`"),
            });
        }
    }
    tools(catalog, &mut problems);
    installer(catalog, &mut problems);
    usage(catalog, &mut problems);
    problems.sort();
    problems
}

/// Every parameter of the method has a reason, and every word of a scale its number.
fn parameters(catalog: &Catalog, problems: &mut Vec<Problem>) {
    let path = "reasoning/criteria.toml";
    let mut report = |field: String, message: String| {
        problems.push(Problem { path: path.to_owned(), field, message });
    };
    let table = catalog.files.get(path).and_then(|text| text.parse::<toml::Table>().ok()).unwrap_or_default();
    for (key, parameter) in table.get("value").and_then(toml::Value::as_table).into_iter().flatten() {
        let reason = parameter.get("reason").and_then(toml::Value::as_str).unwrap_or_default();
        if reason.trim().is_empty() {
            report(
                format!("value.{key}.reason"),
                "says nothing; say why the number is what it is".to_owned(),
            );
        }
    }
    let value = &catalog.criteria.value;
    let grades = [
        Grade::Vendor,
        Grade::Corroborated,
        Grade::Transcribed,
        Grade::Single,
        Grade::Derived,
        Grade::Assumed,
    ];
    let modes = [RunMode::Native, RunMode::Container, RunMode::Function, RunMode::Limited, RunMode::No];
    let places =
        [DataPlace::Own, DataPlace::Elsewhere, DataPlace::SelfRun, DataPlace::NotLasting, DataPlace::Missing];
    let states = [LifecycleState::Active, LifecycleState::Sustaining, LifecycleState::Ending];
    let parts = [MaturityPart::Age, MaturityPart::Promise, MaturityPart::State];
    let missing = [
        ("width_by_grade", without(&value.width_by_grade, &grades)),
        ("run_mode_value", without(&value.run_mode_value, &modes)),
        ("ability_value", without(&value.ability_value, &[Ability::Yes, Ability::Limited, Ability::No])),
        ("data_place_value", without(&value.data_place_value, &places)),
        ("lifecycle_value", without(&value.lifecycle_value, &states)),
        ("maturity_share", without(&value.maturity_share, &parts)),
        ("effort_ceiling", without(&value.effort_ceiling, Expertise::ALL)),
        ("image_to_write_cost", without(&value.image_to_write_cost, Expertise::ALL)),
        ("waiting_cost", without(&value.waiting_cost, BudgetBand::ALL)),
        ("further_vendor_items", without(&value.further_vendor_items, BudgetBand::ALL)),
        ("further_cloud_items", without(&value.further_cloud_items, BudgetBand::ALL)),
    ];
    for (key, count) in missing.into_iter().filter(|(_, count)| *count > 0) {
        report(format!("value.{key}"), format!("{count} of its words have no number; give each one"));
    }
}

/// A platform of a cloud says which of its things come with an account there. Elsewhere nothing tells of an account alone, except of
/// the vendor of rented servers.
fn account(platform: &Platform, problems: &mut Vec<Problem>) {
    let effort = &platform.effort;
    let brought = |list: &Figure<Vec<EffortItem>>| list.value.iter().any(EffortItem::comes_with_account);
    let of_cloud = platform.cloud.is_some();
    let marks = brought(&effort.resources) || brought(&effort.tools);
    let mut report = |field: &str, message: &str| {
        let path = format!("platforms/{}.toml", platform.id);
        problems.push(Problem { path, field: field.to_owned(), message: message.to_owned() });
    };
    if of_cloud && !brought(&effort.resources) {
        report("effort.resources", "say `with_account = true` of the account at the cloud");
    }
    if marks && !of_cloud && platform.philosophy != Philosophy::SelfHosted {
        report("effort", "nothing tells of an account without a `cloud`; leave `with_account` out");
    }
    if brought(&effort.files) {
        report("effort.files", "an account brings no file; leave `with_account` out");
    }
}

/// The program that installs runtimes is known.
fn installer(catalog: &Catalog, problems: &mut Vec<Problem>) {
    let id = &catalog.runtimes.installer;
    if !catalog.tools.contains_key(id) {
        problems.push(Problem {
            path: "reasoning/runtimes.toml".to_owned(),
            field: "installer".to_owned(),
            message: format!("there is no tool `{id}`; name a file of the folder `tools`"),
        });
    }
}

/// Every program is installed in exactly the stated version, and the file says how that is checked or why it is not.
fn tools(catalog: &Catalog, problems: &mut Vec<Problem>) {
    for tool in catalog.tools.values() {
        let mut report = |field: &str, message: &str| {
            problems.push(Problem {
                path: format!("tools/{}.toml", tool.id),
                field: field.to_owned(),
                message: message.to_owned(),
            });
        };
        if tool.checked.is_some() == tool.unchecked.is_some() {
            report("checked", "say either how the download is checked or, in `unchecked`, why it is not");
        }
        let exact = tool.version.value.split('.').filter(|part| !part.is_empty()).count() >= 3;
        let is_shell = |part: &str| matches!(part.split_whitespace().next(), Some("sh" | "bash"));
        let follows = tool.line.contains("latest") || tool.line.split('|').skip(1).any(is_shell);
        if !exact || follows {
            report(
                "line",
                "install one exact version, with all its parts, and run no script from the network",
            );
        }
        let names_it = tool.line.contains("{version}");
        let with_another = catalog.tools.values().any(|other| {
            other.id != tool.id
                && other.version.value == tool.version.value
                && tool.line.starts_with(&other.id)
        });
        if !names_it && !with_another {
            report("line", "let it name `{version}`");
        }
    }
}

fn without<K: Ord>(scale: &ParameterBy<K>, words: &[K]) -> usize {
    words.iter().filter(|word| !scale.values.contains_key(word)).count()
}

/// Facts for some kinds name them, and say something.
fn of_kind(platform: &Platform, problems: &mut Vec<Problem>) {
    let mut report = |message: &str| {
        problems.push(Problem {
            path: format!("platforms/{}.toml", platform.id),
            field: "of_kind".to_owned(),
            message: message.to_owned(),
        });
    };
    for facts in &platform.of_kind {
        if facts.kinds.is_empty() {
            report("it holds for nothing; name the kinds of components in `kinds`");
        }
        if facts.sla_percent.is_none() && facts.autoscaling.is_none() {
            report("it says nothing; give a fact that differs for these kinds, or leave it out");
        }
    }
}

/// Steps name plans of the platform, rise in price and in what they hold, and each names the same meters.
fn stepped(platform: &Platform, problems: &mut Vec<Problem>) {
    let mut report = |field: &str, message: String| {
        problems.push(Problem {
            path: format!("platforms/{}.toml", platform.id),
            field: format!("stepped.{field}"),
            message,
        });
    };
    for stepped in &platform.stepped {
        for plan in stepped.plans.iter().filter(|id| !platform.plans.iter().any(|plan| plan.id == **id)) {
            report("plans", format!("there is no plan `{plan}` here; name one of the file's own plans"));
        }
        for pair in stepped.steps.windows(2) {
            let [lower, upper] = pair else { continue };
            let same = lower.upto.keys().eq(upper.upto.keys());
            let more =
                lower.upto.iter().all(|(id, most)| upper.upto.get(id).is_some_and(|next| next >= most));
            if !same || !more || lower.usd_per_month > upper.usd_per_month {
                report(
                    "step",
                    format!("`{}` must cost and hold no less than the step before it", upper.name),
                );
            }
        }
        let metered = |id| platform.meters.iter().any(|meter| meter.id == id);
        let first = stepped.steps.first();
        if first.is_none_or(|step| !step.upto.keys().all(|id| metered(*id))) {
            report("step", "what a step holds needs a meter for what exceeds the last one".to_owned());
        }
    }
}

/// Every assumption's values rise, lie in its range, and no key is taken twice.
fn usage(catalog: &Catalog, problems: &mut Vec<Problem>) {
    let mut report = |key: &str, message: &str| {
        problems.push(Problem {
            path: "reasoning/usage.toml".to_owned(),
            field: key.to_owned(),
            message: message.to_owned(),
        });
    };
    let mut taken = std::collections::BTreeSet::new();
    for key in catalog.usage.keys() {
        if !taken.insert(key) || catalog.settings.setting.iter().any(|setting| setting.key == key) {
            report(key, "the key is taken; `--set` must mean one thing");
        }
    }
    let team = &catalog.usage.team;
    for [low, expected, high] in std::iter::once(&team.values).chain(team.by_scale.values()) {
        if !(1 <= *low && low <= expected && expected <= high) {
            report("team", "somebody deploys, and low, expected and high must rise");
        }
    }
    for assumption in &catalog.usage.assumption {
        let [least, most] = assumption.range;
        let all = std::iter::once(&assumption.values)
            .chain(assumption.by_scale.values())
            .chain(assumption.by_language.values());
        for [low, expected, high] in all {
            if !(least <= *low && low <= expected && expected <= high && *high <= most) {
                report(&assumption.key, "low, expected and high must rise and lie within `range`");
            }
        }
    }
}

/// A caution that is bound to plans names plans of its own service, and one that is bound to platforms known ones. A plan that stops
/// says what happens then, and backups are kept for some time.
fn data_service(catalog: &Catalog, service: &DataService, problems: &mut Vec<Problem>) {
    let mut report = |field: &str, message: String| {
        problems.push(Problem {
            path: format!("data-services/{}.toml", service.id),
            field: field.to_owned(),
            message,
        });
    };
    for plan in &service.plans {
        let told =
            |caution: &Caution| caution.plans.contains(&plan.id) && caution.when == Condition::default();
        if plan.capped && !service.cautions.iter().any(told) {
            let message = format!(
                "`{}` stops at what it includes; say in a caution that names it what happens then",
                plan.id
            );
            report("plan.capped", message);
        }
        // Whoever grows out of it stays where the data is.
        if plan.capped && !service.plans.iter().any(|other| other.lasts(BudgetBand::Small)) {
            let message =
                format!("`{}` stops at what it includes and no plan follows it; call it a trial", plan.id);
            report("plan.capped", message);
        }
        let kept = plan.backups.as_ref();
        if kept.is_some_and(|kept| (kept.retention_days == 0) != kept.retention_hours.is_some()) {
            let message =
                format!("`{}` keeps backups for days, or for hours where it is less than one", plan.id);
            report("plan.backups", message);
        }
    }
    for caution in &service.cautions {
        for plan in caution.plans.iter().filter(|id| !service.plans.iter().any(|plan| plan.id == **id)) {
            let message = format!("there is no plan `{plan}` here; name one of the file's own plans");
            report("caution.plans", message);
        }
        let named = [
            ("caution.platforms", &caution.platforms),
            ("caution.except_platforms", &caution.except_platforms),
        ];
        for (field, ids) in named {
            for id in ids.iter().filter(|id| !catalog.platforms.contains_key(*id)) {
                report(field, format!("there is no platform `{id}`; name one of the folder `platforms`"));
            }
        }
    }
}

/// Every platform has something to say for and against it, whatever the application; a check that can be set says what it does.
fn statements(platform: &Platform, problems: &mut Vec<Problem>) {
    if platform.health.configured_by.is_some() != platform.health.probe.is_some() {
        problems.push(Problem {
            path: format!("platforms/{}.toml", platform.id),
            field: "health.probe".to_owned(),
            message: "belongs to `configured_by`: say what a failing check leads to, or leave both out"
                .to_owned(),
        });
    }
    let lists = [("pro", &platform.pros), ("con", &platform.cons), ("avoid_if", &platform.avoid_if)];
    for (field, list) in lists {
        if list.iter().all(|statement| statement.when != Condition::default()) {
            problems.push(Problem {
                path: format!("platforms/{}.toml", platform.id),
                field: field.to_owned(),
                message: "no statement applies to every application; add one without `when`".to_owned(),
            });
        }
    }
}

/// Every `source = "key"` of a file names an entry of its `[sources]`, every entry is used, and every URL is one.
fn sources(path: &str, text: &str, problems: &mut Vec<Problem>) {
    let Ok(table) = text.parse::<toml::Table>() else { return };
    let mut report = |field: &str, message: String| {
        problems.push(Problem { path: path.to_owned(), field: field.to_owned(), message });
    };
    let id = table.get("id").and_then(toml::Value::as_str);
    let stem = path.rsplit('/').next().and_then(|name| name.strip_suffix(".toml"));
    if let Some(id) = id
        && (Some(id) != stem || !is_kebab_case(id))
    {
        report("id", format!("`{id}` must be kebab-case and the file's name"));
    }
    let mut used = std::collections::BTreeSet::new();
    collect_sources(&toml::Value::Table(table.clone()), &mut used);
    let known = table.get("sources").and_then(toml::Value::as_table).cloned().unwrap_or_default();
    for key in used.iter().filter(|key| !known.contains_key(key.as_str())) {
        report("source", format!("`{key}` is not in [sources]; add it with url, seen and grade"));
    }
    for (key, source) in &known {
        if !used.contains(key) {
            report("sources", format!("`{key}` is used by no figure; remove it"));
        }
        let url = source.get("url").and_then(toml::Value::as_str).unwrap_or_default();
        if !(url.starts_with("https://") && url.len() > 12 && !url.contains(char::is_whitespace)) {
            report("sources", format!("`{key}` has no https URL"));
        }
    }
}

fn collect_sources(value: &toml::Value, used: &mut std::collections::BTreeSet<String>) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                match value {
                    toml::Value::String(source) if key == "source" => {
                        used.insert(source.clone());
                    }
                    _ => collect_sources(value, used),
                }
            }
        }
        toml::Value::Array(values) => values.iter().for_each(|value| collect_sources(value, used)),
        _ => {}
    }
}

/// The URL of a figure's source; empty if the key is unknown, which `validate` reports.
pub fn url<'a, T>(sources: &'a Sources, figure: &Figure<T>) -> &'a str {
    sources.get(&figure.source).map_or("", |source| source.url.as_str())
}
