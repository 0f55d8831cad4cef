//! Section 4: environments, their addresses and their variables.

use std::collections::{BTreeMap, BTreeSet};

use siteplan_catalog::platform::Platform;
use siteplan_model::brief::EnvironmentSet;
use siteplan_model::design::{DataPart, Deployer, EnvironmentPlan, Environments, VariablePlan};
use siteplan_model::survey::{DefaultUse, EnvironmentVariable, ServiceKind, VariableTime};

use crate::delivery::deployer::deployer;
use crate::delivery::{checks, waits_for_a_person};
use crate::ground::{Ground, PREVIEW, PRODUCTION};
use crate::services::PlacedService;
use crate::{address, prose, secrets};

/// What stands in place of an address that nobody knows yet.
pub(crate) const ASSIGNED: &str = "assigned at the first deploy";

/// The section.
pub(crate) fn environments(ground: &Ground<'_>) -> Environments {
    Environments {
        list: ground.environments.names().iter().map(|name| environment(ground, name)).collect(),
        variables: variables(ground),
        because: because(ground),
    }
}

fn environment(ground: &Ground<'_>, name: &'static str) -> EnvironmentPlan {
    let url = ground.main().filter(|main| main.plan.kind.serves_http()).map_or_else(
        || "none: no component answers over HTTP".to_owned(),
        |main| {
            ground.url(main, name).unwrap_or_else(|| {
                if name == PREVIEW { "assigned to each pull request".to_owned() } else { ASSIGNED.to_owned() }
            })
        },
    );
    EnvironmentPlan {
        name: name.to_owned(),
        url,
        purpose: purpose(ground, name),
        trigger: trigger(ground, name),
        made_by: made_by_all(ground, name),
        monthly_usd: ground.quote.by_environment.get(name).copied().unwrap_or_default(),
    }
}

/// How an environment is made on each platform in use.
fn made_by_all(ground: &Ground<'_>, name: &'static str) -> String {
    let on = |platform: &'_ Platform| {
        let facts = &platform.environments;
        let made_by = if name == PREVIEW { &facts.preview.value } else { &facts.made_by.value };
        made_by.clone()
    };
    let filled = ground.platforms().into_iter().enumerate().map(|(at, platform)| {
        let sentence = ground.blanks(platform, name).sentence(&on(platform));
        if at == 0 { sentence } else { format!("; on {}: {sentence}", platform.name) }
    });
    filled.collect()
}

fn purpose(ground: &Ground<'_>, name: &str) -> String {
    match name {
        PREVIEW => "one pull request by itself, before it is merged".to_owned(),
        "dev" => "shared development: the newest state, may be broken".to_owned(),
        "staging" => format!(
            "the last look before users: same platform, {}no user data",
            if ground.migrates_automatically() { "same migrations, " } else { "" }
        ),
        _ => {
            let label = ground.context.scale.label();
            let users = label.split_once('(').map_or(label, |(_, rest)| rest.trim_end_matches(')'));
            format!("live: {users}")
        }
    }
}

fn trigger(ground: &Ground<'_>, name: &'static str) -> String {
    if name == PREVIEW {
        return "opening or updating a pull request; it ends with the pull request".to_owned();
    }
    if !ground.automatic {
        return "a person, with the deploy commands".to_owned();
    }
    if deployer(ground) == Deployer::PlatformAfterChecks {
        return format!(
            "push to `{}`, which {} deploys once the checks have passed",
            ground.branch, ground.platform.name
        );
    }
    let before = ground.deployed().take_while(|environment| *environment != name).last();
    let cause = match before {
        Some(before) if ground.over_http().next().is_none() => format!("after the release to {before}"),
        Some(before) => format!("after the smoke test of {before} has passed"),
        None if checks::tasks(ground).is_empty() => format!("push to `{}`", ground.branch),
        None if checks::test_commands(ground).is_empty() => {
            format!("push to `{}`, after the checks have passed", ground.branch)
        }
        None => format!("push to `{}`, after the tests have passed", ground.branch),
    };
    if name == PRODUCTION && waits_for_a_person(ground) {
        format!("{cause} and a person has approved or started it")
    } else {
        cause
    }
}

fn because(ground: &Ground<'_>) -> String {
    let migrations = if ground.migrates_automatically() { "migrations and releases" } else { "releases" };
    match ground.environments {
        EnvironmentSet::Production => format!(
            "One environment is the simplest and costs once; the risk is that {migrations} meet users untested, so each change is tried locally first."
        ),
        EnvironmentSet::StagingProduction => {
            format!(
                "Staging is where {migrations} fail first; it is the least that an application with users should have."
            )
        }
        EnvironmentSet::DevStagingProduction => {
            format!(
                "A shared dev environment keeps unfinished work out of staging, where {migrations} are rehearsed; it costs a third copy."
            )
        }
        EnvironmentSet::PreviewStagingProduction => {
            format!(
                "Each pull request can be looked at by itself, and {migrations} are rehearsed together on staging; previews cost while they live."
            )
        }
    }
}

pub(crate) fn variables(ground: &Ground<'_>) -> Vec<VariablePlan> {
    let mut seen = BTreeSet::new();
    let mut list = Vec::new();
    let required = secrets::required_names(ground);
    let demanded = if secrets::are_demanded(ground) { required.as_slice() } else { &[] };
    for variable in &ground.survey.environment {
        if seen.insert(variable.name.clone()) {
            let secret = variable.secret || required.contains(&variable.name);
            let mut variable = variable.clone();
            variable.required |= demanded.contains(&variable.name)
                || secret && secrets::is_database_part(ground, &variable.name)
                || address::is_missing_part(ground, &variable.name);
            variable.required &=
                demanded.contains(&variable.name) || !address::is_alternative(ground, &variable.name);
            list.push(plan(ground, &variable, if secret { Secrecy::Secret } else { Secrecy::Plain }));
        }
    }
    let of_others = address::of_others(ground);
    for name in required.iter().chain(&of_others) {
        if seen.insert(name.clone()) {
            let unseen = EnvironmentVariable {
                name: name.clone(),
                secret: true,
                required: true,
                when: VariableTime::Run,
                default: None,
                default_use: DefaultUse::None,
                deployed: None,
                evidence: Vec::new(),
            };
            list.push(plan(ground, &unseen, Secrecy::Secret));
        }
    }
    list.sort_by(|a, b| (!a.required, !a.secret, &a.name).cmp(&(!b.required, !b.secret, &b.name)));
    list
}

/// Whether a variable's value may be written down.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Secrecy {
    Secret,
    Plain,
}

fn plan(ground: &Ground<'_>, variable: &EnvironmentVariable, secrecy: Secrecy) -> VariablePlan {
    let values: BTreeMap<String, String> = ground
        .environments
        .names()
        .iter()
        .map(|environment| ((*environment).to_owned(), value(ground, variable, secrecy, environment)))
        .collect();
    let taken = !address::is_alternative(ground, &variable.name);
    let address = address::of(ground, &variable.name).filter(|_| taken);
    let wired = taken && address::is_wired(ground, &variable.name);
    VariablePlan {
        name: variable.name.clone(),
        secret: secrecy == Secrecy::Secret,
        required: variable.required,
        when: match variable.when {
            VariableTime::Build => "while building".to_owned(),
            VariableTime::Run => "while running".to_owned(),
            VariableTime::Both => "while building and running".to_owned(),
        },
        values,
        data: address.map(|address| address.data.engine.clone()),
        part: address.map(|address| address.part).unwrap_or_default(),
        wired,
        default: variable.default.clone().filter(|_| variable.default_use != DefaultUse::None),
        literals: ground
            .environments
            .names()
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), literal(ground, variable, secrecy, name)?)))
            .collect(),
        stored_in: match secrecy {
            Secrecy::Secret if wired => ground.platform.secrets.name.clone(),
            Secrecy::Secret => secrets::storage(ground),
            Secrecy::Plain => ground.platform.secrets.name.clone(),
        },
        read_by: variable.evidence.first().map(siteplan_model::fact::Evidence::place),
    }
}

fn value(ground: &Ground<'_>, variable: &EnvironmentVariable, secrecy: Secrecy, environment: &str) -> String {
    if address::is_alternative(ground, &variable.name) && !variable.required {
        return "not set: other variables hold the address".to_owned();
    }
    if let Some(address) = address::of(ground, &variable.name) {
        return part_of_address(ground, &variable.name, address, environment);
    }
    if secrecy == Secrecy::Secret {
        return match environment {
            PREVIEW => "a test value, or not set".to_owned(),
            _ if !variable.required => "not set, unless its feature is used".to_owned(),
            PRODUCTION => "its own value, set by hand".to_owned(),
            _ => "a test value of its own, set by hand".to_owned(),
        };
    }
    if let Some(literal) = literal(ground, variable, secrecy, environment) {
        return prose::code(&literal);
    }
    if let Some(default) = variable.default.as_deref().filter(|_| variable.default_use == DefaultUse::Code) {
        return format!("{}, to which the code falls back", prose::code(default));
    }
    if asks_for_own_address(ground, variable) || asks_for_own_host(&variable.name) {
        return format!("the environment's address, {ASSIGNED}");
    }
    if let Some(interface) = interface_of(ground, &variable.name) {
        return format!("the address of {}, {ASSIGNED}", prose::code(&interface.plan.slug));
    }
    if variable.required {
        match &variable.default {
            Some(default) => {
                format!("set by hand: {} is for development", prose::code(default))
            }
            None => "set by hand; the repository gives no default".to_owned(),
        }
    } else {
        "not set, unless wanted".to_owned()
    }
}

/// Where a part of an address comes from, and whose it is.
fn part_of_address(
    ground: &Ground<'_>,
    name: &str,
    address: address::Address<'_>,
    environment: &str,
) -> String {
    let data = address.data;
    let whose = if environment == PREVIEW {
        ground
            .platform
            .preview
            .as_ref()
            .map_or_else(|| "none".to_owned(), |preview| preview.database.value.clone())
    } else {
        format!("the {environment} instance")
    };
    let what = if data.is_cache && address.part == DataPart::Url { "address" } else { address.part.called() };
    let by_hand = address::fixed(ground, data).filter(|_| !address::is_wired(ground, name));
    let by_hand = by_hand
        .map(|fixed| format!("; the platform gives {} alone: take the value from there", prose::code(fixed)));
    format!("{what} of {}: {whose}{}", ground.called(&data.engine), by_hand.unwrap_or_default())
}

/// The very value of a variable that is no secret, where it is known.
pub(crate) fn plain_literal(
    ground: &Ground<'_>,
    variable: &EnvironmentVariable,
    environment: &str,
) -> Option<String> {
    literal(ground, variable, Secrecy::Plain, environment)
}

/// The very value, where it is known and no secret.
fn literal(
    ground: &Ground<'_>,
    variable: &EnvironmentVariable,
    secrecy: Secrecy,
    environment: &str,
) -> Option<String> {
    if secrecy == Secrecy::Secret || address::of(ground, &variable.name).is_some() {
        return None;
    }
    if variable.deployed.is_some() {
        return variable.deployed.clone();
    }
    if asks_for_own_address(ground, variable) {
        return ground.url(addressed(ground, &variable.name)?, environment);
    }
    if asks_for_own_host(&variable.name) {
        let url = ground.url(addressed(ground, &variable.name)?, environment)?;
        return Some(url.trim_start_matches("https://").to_owned());
    }
    if let Some(interface) = interface_of(ground, &variable.name) {
        let path = variable.default.as_deref().map(path_of).unwrap_or_default();
        return Some(format!("{}{path}", ground.url(interface, environment)?));
    }
    if is_port(ground, &variable.name) && variable.required {
        return ground
            .main()
            .filter(|main| main.plan.kind.serves_http())
            .map(|main| main.plan.port.to_string());
    }
    // What the code does without the variable it need not be told; what an example says of a feature that nobody asked for neither.
    let stands = variable.required && variable.default_use == DefaultUse::Example;
    variable.default.clone().filter(|default| stands && !default.is_empty())
}

/// Whether a variable holds the port that the application listens on, by its name, and not an address with it.
fn is_port(ground: &Ground<'_>, name: &str) -> bool {
    let known = &ground.catalog.signals.variables.port_names;
    name.ends_with("PORT") && known.iter().any(|one| one == name)
}

/// The service whose address a variable holds: the pages, where its name says so, else the main one.
fn addressed<'g, 'a>(ground: &'g Ground<'a>, name: &str) -> Option<&'g PlacedService<'a>> {
    let pages = || ground.over_http().find(|service| service.plan.kind == ServiceKind::Static);
    let asked = if name.contains("FRONTEND") { pages() } else { None };
    asked.or_else(|| ground.main().filter(|main| main.plan.kind.serves_http()))
}

/// Whether a variable holds the application's own address, by its name: not where a word of it speaks of somebody else, or the
/// default is an address that anybody can reach.
fn asks_for_own_address(ground: &Ground<'_>, variable: &EnvironmentVariable) -> bool {
    let name = variable.name.as_str();
    let foreign = &ground.catalog.signals.variables.foreign_words;
    let of_others = name.split('_').any(|word| foreign.iter().any(|one| one == word) && word != "SITE");
    let elsewhere = variable.default_use != DefaultUse::None
        && variable.default.as_deref().is_some_and(|default| default.contains("://"));
    if of_others || elsewhere {
        return false;
    }
    let asks = [
        "APP_URL",
        "SITE_URL",
        "BASE_URL",
        "PUBLIC_URL",
        "NEXTAUTH_URL",
        "AUTH_URL",
        "FRONTEND_URL",
        "FRONTEND_HOST",
    ];
    asks.iter().any(|word| name == *word || name.ends_with(&format!("_{word}")))
}

/// The service whose address a variable holds, where pages ask for that of their interface and there is one to ask for.
fn interface_of<'g, 'a>(ground: &'g Ground<'a>, name: &str) -> Option<&'g PlacedService<'a>> {
    const PUBLIC: [&str; 8] = [
        "NEXT_PUBLIC_",
        "NUXT_PUBLIC_",
        "VITE_",
        "REACT_APP_",
        "GATSBY_",
        "EXPO_PUBLIC_",
        "NG_APP_",
        "PUBLIC_",
    ];
    let bare = PUBLIC.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
    let asks = ["API_URL", "API_BASE_URL", "BACKEND_URL", "BACKEND_API_URL", "API_ENDPOINT", "API_ROOT"];
    if !asks.contains(&bare) {
        return None;
    }
    let of = |kind| ground.services.iter().filter(move |service| service.plan.kind == kind);
    let mut interfaces = of(ServiceKind::Api);
    let (only, further) = (interfaces.next()?, interfaces.next());
    let pages = of(ServiceKind::Web).chain(of(ServiceKind::Static)).next();
    pages.filter(|_| further.is_none()).map(|_| only)
}

/// The path of an address, without its last `/`.
fn path_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or("", |(_, rest)| rest);
    let path = rest.find('/').map_or("", |at| &rest[at..]);
    let plain = path.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.'));
    if plain { path.trim_end_matches('/') } else { "" }
}

/// Whether a variable holds the host name of the application's own address, by its name.
fn asks_for_own_host(name: &str) -> bool {
    ["PHX_HOST", "APP_HOST", "SITE_HOST", "APP_DOMAIN", "SITE_DOMAIN", "VIRTUAL_HOST"].contains(&name)
}
