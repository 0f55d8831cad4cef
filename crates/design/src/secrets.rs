//! Section 6: secrets, where they are kept, how they are made, rotated and reached.

use std::collections::{BTreeMap, BTreeSet};

use siteplan_catalog::names::{Origin, SecretKind};
use siteplan_cost::PlacedData;
use siteplan_model::design::{Command, DataPart, NamedValue, SecretPlan, SecretsSection, SetCommand};
use siteplan_model::gate::{Gate, Provenance};

use crate::address;
use crate::command::{Blanks, named};
use crate::database;
use crate::delivery::release;
use crate::ground::{Ground, PRODUCTION};
use crate::prose::{code, count, list, number};

/// The section.
pub(crate) fn secrets(ground: &Ground<'_>) -> SecretsSection {
    let names = required_names(ground);
    SecretsSection {
        storage: storage(ground),
        service: ground.secrets_service.map(|service| service.id.clone()),
        required: names.iter().map(|name| secret(ground, name)).collect(),
        set_command: set_command(ground),
        set: set_commands(ground, &names),
        rotation: rotation(ground, &names),
        viewers: viewers(ground),
        access: match ground.secrets_service {
            Some(service) => service.access.value.clone(),
            None => ground.platform.secrets.access.value.clone(),
        },
        cost_note: cost_note(ground, names.len()),
    }
}

/// Where secrets are kept, as people read it.
pub(crate) fn storage(ground: &Ground<'_>) -> String {
    if let Some(service) = ground.secrets_service {
        return service.name.clone();
    }
    let companions = ground.platforms().into_iter().skip(1).map(|platform| {
        let run: Vec<String> =
            release::services_on(ground, platform).map(|service| code(&service.plan.slug)).collect();
        format!("; for {} {}", list(&run), platform.secrets.name)
    });
    ground.platform.secrets.name.clone() + &companions.collect::<String>()
}

/// The same in the middle of a sentence.
pub(crate) fn place(ground: &Ground<'_>) -> String {
    let storage = storage(ground);
    storage.split([',', '(', ';']).next().unwrap_or_default().trim().to_owned()
}

/// The names of the answer, else those of the Survey; in alphabetical order.
pub(crate) fn required_names(ground: &Ground<'_>) -> Vec<String> {
    let read = ground.survey.environment.iter().filter(|variable| variable.secret && variable.required);
    let names: BTreeSet<String> = if let Some(names) = &ground.brief.answers.required_secrets {
        names.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
    } else {
        read.map(|variable| variable.name.clone()).collect()
    };
    let demanded = are_demanded(ground);
    let names = names.into_iter().filter(|name| demanded || !address::is_alternative(ground, name));
    // The brief knows nothing of what a migration tool or a written endpoint reads.
    names.chain(address::of_others(ground)).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Whether somebody said which secrets are required; what detection proposes holds those of optional features too.
pub(crate) fn are_demanded(ground: &Ground<'_>) -> bool {
    let by = ground.brief.provenance.get(&Gate::RequiredSecrets);
    by.is_some_and(|by| !matches!(by, Provenance::Detected | Provenance::Default))
}

/// The secrets without which the application does not run: those that are demanded or that the code insists on, and
/// addresses of data; not those of features that nobody asked for.
pub(crate) fn indispensable(ground: &Ground<'_>) -> Vec<String> {
    let demanded = are_demanded(ground);
    let optional = |name: &String| {
        let mut read = ground.survey.environment.iter().filter(|variable| variable.name == *name).peekable();
        read.peek().is_some() && read.all(|variable| !variable.required)
    };
    let of_data = |name: &String| data_service_of(ground, name).is_some() || is_database_part(ground, name);
    let needed = |name: &String| demanded || !optional(name) || of_data(name);
    required_names(ground).into_iter().filter(needed).collect()
}

/// Whether a variable holds a part of the address of a database, as its password. Caches beside an application have none.
pub(crate) fn is_database_part(ground: &Ground<'_>, name: &str) -> bool {
    data_part_of(ground, name).is_some_and(|data| !data.is_cache)
}

/// The database or cache whose whole address a variable holds.
pub(crate) fn data_service_of<'a>(ground: &Ground<'a>, name: &str) -> Option<&'a PlacedData> {
    let whole = |part| matches!(part, DataPart::Url | DataPart::Jdbc | DataPart::Keywords);
    address::of(ground, name).filter(|address| whole(address.part)).map(|address| address.data)
}

/// The database or cache of whose address a variable holds a part (`DB_HOST`, `PGUSER`, `REDIS_PASSWORD`).
pub(crate) fn data_part_of<'a>(ground: &Ground<'a>, name: &str) -> Option<&'a PlacedData> {
    address::of(ground, name).map(|address| address.data)
}

fn kind<'a>(ground: &Ground<'a>, name: &str) -> Option<&'a SecretKind> {
    ground.catalog.secret_kinds.of(name)
}

fn secret(ground: &Ground<'_>, name: &str) -> SecretPlan {
    let kind = kind(ground, name);
    let variable = ground.survey.environment.iter().find(|variable| variable.name == name);
    let (purpose, generate) = match address::of(ground, name) {
        Some(address) => {
            let data = address.data;
            let (service, _) = database::service_and_plan(ground, data);
            let engine = ground.called(&data.engine);
            let is_cache = data.is_cache && address.part == DataPart::Url;
            let what = if is_cache { "address" } else { address.part.called() };
            let from = match service {
                Some(service) if address::is_wired(ground, name) => {
                    format!("{} gives it; the platform wires it into the service", service.name)
                }
                Some(service) => {
                    format!("from the page of {}, once it exists; one for each environment", service.name)
                }
                None => "from the server that the team operates; one user for each environment".to_owned(),
            };
            (format!("{engine} {what}"), from)
        }
        None => kind.map_or_else(
            || {
                (
                    "secret that the application reads".to_owned(),
                    "from whoever runs the service that it belongs to".to_owned(),
                )
            },
            |kind| (kind.purpose.clone(), made(&kind.generate)),
        ),
    };
    SecretPlan {
        name: name.to_owned(),
        purpose,
        generate: Some(generate),
        read_by: variable.and_then(|v| v.evidence.first()).map(siteplan_model::fact::Evidence::place),
    }
}

/// A command makes a value; any other text says who gives one.
fn made(source: &str) -> String {
    if source.starts_with('`') { format!("made with {source}") } else { source.to_owned() }
}

fn set_command(ground: &Ground<'_>) -> Option<Command> {
    let template = match ground.secrets_service {
        Some(service) => &service.set,
        None => ground.platform.secrets.set.as_ref()?,
    };
    let line = |environment| blanks(ground, environment).line(&template.line);
    let others: Vec<String> = ground
        .deployed()
        .filter(|environment| *environment != PRODUCTION && line(environment) != line(PRODUCTION))
        .map(code)
        .collect();
    let purpose = if others.is_empty() {
        template.purpose.clone()
    } else {
        format!("{}; the same for {}", template.purpose, list(&others))
    };
    Some(Command { purpose, line: line(PRODUCTION) })
}

/// Blanks of a line that sets a secret: a manager knows the environments by the plan's names, the platform by its own.
fn blanks(ground: &Ground<'_>, environment: &str) -> Blanks {
    let blanks = ground.blanks(ground.platform, environment);
    if ground.secrets_service.is_some() { blanks.with("environment", environment) } else { blanks }
}

/// The line that sets one secret, for each environment that has one of its own.
pub(crate) fn set_lines(ground: &Ground<'_>, name: &str) -> Vec<String> {
    let template = match ground.secrets_service {
        Some(service) => Some(&service.set),
        None => ground.platform.secrets.set.as_ref(),
    };
    let Some(template) = template else { return Vec::new() };
    let mut lines: Vec<String> = Vec::new();
    for environment in ground.deployed() {
        let line = named(&blanks(ground, environment).line(&template.line), name);
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// The line that sets each secret that nobody wires, in each environment and each place that keeps one of its own.
fn set_commands(ground: &Ground<'_>, names: &[String]) -> Vec<SetCommand> {
    let by_hand: Vec<&String> = names.iter().filter(|name| !address::is_wired(ground, name)).collect();
    let mut commands: Vec<SetCommand> = Vec::new();
    for place in places(ground) {
        for environment in ground.deployed() {
            for name in &by_hand {
                let line = (place.line)(environment, name);
                let known = commands.iter_mut().find(|known| known.line == line && known.store == place.name);
                match known {
                    // One value serves several environments, or the line sets all names at once.
                    Some(known) if known.environment.as_deref() != Some(environment) => {
                        known.environment = None;
                    }
                    Some(_) => {}
                    None => commands.push(SetCommand {
                        name: (*name).clone(),
                        environment: Some(environment.to_owned()),
                        store: place.name.clone(),
                        line,
                    }),
                }
            }
        }
    }
    commands
}

/// An environment and a name to the line that sets it.
type SetLine<'p> = Box<dyn Fn(&str, &str) -> String + 'p>;

/// A place that keeps secrets, with the line that sets one there.
struct Place<'p> {
    name: String,
    line: SetLine<'p>,
}

/// The secrets manager, else the platforms in use as far as they have a command for it.
fn places<'p>(ground: &'p Ground<'_>) -> Vec<Place<'p>> {
    if let Some(service) = ground.secrets_service {
        let line =
            |environment: &str, name: &str| named(&blanks(ground, environment).line(&service.set.line), name);
        return vec![Place { name: service.name.clone(), line: Box::new(line) }];
    }
    let platforms = ground.platforms().into_iter().filter_map(|platform| {
        let set = platform.secrets.set.as_ref()?;
        let main = release::services_on(ground, platform).next().map(|service| service.plan.slug.clone());
        let line = move |environment: &str, name: &str| {
            let blanks = ground.blanks(platform, environment);
            let blanks = match &main {
                Some(slug) => blanks.for_service(slug),
                None => blanks,
            };
            named(&blanks.line(&set.line), name)
        };
        Some(Place { name: platform.secrets.name.clone(), line: Box::new(line) })
    });
    platforms.collect()
}

/// One line for each rule, with the names that it covers.
fn rotation(ground: &Ground<'_>, names: &[String]) -> Vec<NamedValue> {
    let mut by_rule: BTreeMap<(Origin, &str), Vec<String>> = BTreeMap::new();
    for name in names {
        let fallback = (Origin::ThirdParty, "as its issuer requires, and when it may have leaked");
        let (origin, rule) =
            kind(ground, name).map_or(fallback, |kind| (kind.origin, kind.rotation.as_str()));
        by_rule.entry((origin, rule)).or_default().push(code(name));
    }
    let mut lines: Vec<NamedValue> = by_rule
        .into_iter()
        .map(|((_, rule), names)| NamedValue { name: list(&names), purpose: rule.to_owned() })
        .collect();
    let deploys: Vec<String> = ground
        .platforms()
        .iter()
        .flat_map(|platform| &platform.deploy.credentials)
        .filter(|credential| credential.secret && ground.automatic)
        .map(|credential| code(&credential.name))
        .collect();
    if !deploys.is_empty() {
        let unique: Vec<String> = deploys.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        lines.push(NamedValue {
            name: list(&unique),
            purpose: "yearly, and when somebody with access leaves: make a second one, store it in the CI, delete the first".to_owned(),
        });
    }
    let process = match ground.secrets_service {
        Some(service) => format!("{}: {}", service.name, service.rotation.value),
        None => format!("by hand: set the new value in {}, deploy, then withdraw the old one", place(ground)),
    };
    lines.push(NamedValue { name: "Process".to_owned(), purpose: process });
    lines
}

fn viewers(ground: &Ground<'_>) -> String {
    let technically = match ground.secrets_service {
        Some(service) => &service.viewers.value,
        None => &ground.platform.secrets.viewers.value,
    };
    let allowed = crate::prose::capital(ground.setting("secret_viewers"));
    format!("{allowed}. {}: {technically}", place(ground))
}

fn cost_note(ground: &Ground<'_>, names: usize) -> Option<String> {
    let service = ground.secrets_service?;
    let environments = ground.deployed().count();
    let kept = names.saturating_mul(environments);
    let free = usize::try_from(service.free_secrets.value).unwrap_or_default();
    let paid = f64::from(u32::try_from(kept.saturating_sub(free)).unwrap_or(u32::MAX));
    let sum = service.usd_per_month.value.to_f64() + paid * service.usd_per_secret.value.to_f64();
    let of_them = if free > 0 { format!(", of which {free} are free") } else { String::new() };
    Some(format!(
        "${} a month for {} ({names} in each of {}){of_them}",
        number(sum),
        count(kept, "secret"),
        count(environments, "environment")
    ))
}
