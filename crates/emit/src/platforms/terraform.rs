//! What Terraform stacks have in common. A stack is a constant module, written and validated as such; what belongs to one
//! application stands in files of values beside it (`terraform.tfvars`, `<environment>.tfvars`), which a serialiser writes.

use siteplan_model::design::DataPart;
use siteplan_model::file::{File, Part};

use super::site::{PRODUCTION, Site};
use crate::hcl::{Entry, Value, entry, tfvars};
use crate::names::plain;

/// The setting that says whether infrastructure code is wanted, and its answer that says no.
const WANTED: (&str, &str) = ("iac", "none");

/// A code host whose tokens a cloud can trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trusted {
    Github,
    Gitlab,
    Bitbucket,
}

/// Whether the plan wants the stack.
pub(super) fn is_wanted(site: &Site<'_>) -> bool {
    site.design.settings.get(WANTED.0).is_none_or(|answer| answer != WANTED.1)
}

/// The host whose pipeline signs in; none for a host without tokens, and where a person deploys.
pub(super) fn trusted(site: &Site<'_>) -> Option<Trusted> {
    let delivery = &site.design.delivery;
    let host = match delivery.code_host.as_str() {
        "github" => Trusted::Github,
        "gitlab" => Trusted::Gitlab,
        "bitbucket" => Trusted::Bitbucket,
        _ => return None,
    };
    delivery.automatic.then_some(host)
}

/// A file of the module.
pub(super) fn module(folder: &str, name: &str, text: &str, purpose: &str) -> File {
    File {
        part: Part::Platform,
        path: format!("{folder}/{name}"),
        contents: text.to_owned(),
        purpose: purpose.to_owned(),
        syntax: "hcl".to_owned(),
    }
}

/// The values that Terraform reads by itself.
pub(super) fn values(folder: &str, entries: &[Entry]) -> File {
    let about = "What was designed, as values. Terraform reads this file by itself.";
    module(folder, "terraform.tfvars", &tfvars(about, entries), "what was designed, as values")
}

/// The values of one environment.
pub(super) fn environment_values(folder: &str, environment: &str, entries: &[Entry]) -> File {
    let name = format!("{}.tfvars", plain(environment));
    let about = format!("Values of one environment: terraform apply -var-file={name}");
    module(folder, &name, &tfvars(&about, entries), &format!("the values of {environment}"))
}

/// What identifies the repository in the host's tokens, as far as it is known: Terraform asks a person for the rest.
pub(super) fn repository(site: &Site<'_>, host: Trusted) -> Option<Entry> {
    let name = site.design.delivery.repository.as_deref()?;
    match host {
        Trusted::Github | Trusted::Gitlab => Some(entry("repository", Value::text(name))),
        Trusted::Bitbucket => {
            let workspace = name.split('/').next().unwrap_or(name);
            Some(entry("workspace", Value::text(workspace)))
        }
    }
}

/// Instances of what always runs: as many as were designed for users, one of each elsewhere.
pub(super) fn instances(site: &Site<'_>, environment: &str) -> Entry {
    let count = |designed: u32| if environment == PRODUCTION { designed } else { 1 };
    let always = site.services.iter().filter(|placed| placed.runs_always());
    let counts =
        always.map(|placed| (placed.plan.slug.clone(), Value::Number(count(placed.instances).into())));
    entry("instances", Value::Map(counts.collect()))
}

/// The domain of an environment: production has the one that was given.
pub(super) fn domain(site: &Site<'_>, environment: &str) -> String {
    let given = site.design.settings.get("domain").filter(|_| environment == PRODUCTION);
    let host = given.map(|domain| domain.trim_start_matches("https://").trim_start_matches("http://"));
    host.unwrap_or_default().trim_end_matches('/').to_owned()
}

/// Names of the variables that hold the address of a data service.
pub(super) fn address_variables(site: &Site<'_>, engine: &str) -> Value {
    let variables = site
        .running_variables()
        .filter(|variable| variable.part == DataPart::Url && variable.data.as_deref() == Some(engine));
    Value::texts(variables.map(|variable| variable.name.as_str()))
}

/// The variables that hold a part of the address of a data service, each with the part.
pub(super) fn address_parts(site: &Site<'_>, engine: &str) -> Option<Entry> {
    let parts = site
        .running_variables()
        .filter(|variable| variable.part != DataPart::Url && variable.data.as_deref() == Some(engine));
    let part = |part: DataPart| match part {
        DataPart::Url => "url",
        DataPart::Jdbc => "jdbc",
        DataPart::Keywords => "keywords",
        DataPart::Host => "host",
        DataPart::Port => "port",
        DataPart::User => "user",
        DataPart::Password => "password",
        DataPart::Name => "name",
    };
    let parts: Vec<Entry> =
        parts.map(|variable| entry(&variable.name, Value::text(part(variable.part)))).collect();
    (!parts.is_empty()).then(|| entry("parts", Value::Map(parts)))
}

/// What must follow the address of a Postgres that takes encrypted connections only. Most drivers encrypt unasked; those
/// for Node.js have to be told, and know of no authority for the cloud's certificate unless the application brings it.
pub(super) fn postgres_query(site: &Site<'_>) -> Option<&'static str> {
    let mut languages =
        site.services.iter().filter_map(|placed| super::site::runtime(placed.plan.language.as_deref()));
    let node = |language: &str| language == "node";
    let first = languages.next().is_some_and(node);
    (first && languages.all(node)).then_some("?sslmode=no-verify")
}
