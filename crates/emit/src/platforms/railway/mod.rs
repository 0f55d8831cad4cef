//! Railway: `.railway/railway.ts`, applied with `railway config apply`. Text reaches it as JSON string literals only.
//!
//! Format: <https://docs.railway.com/infrastructure-as-code/reference> (2026-08-21, npm package `railway` 3.11.0, seen 2026-11-22).

use std::collections::BTreeSet;
use std::fmt::Write as _;

use siteplan_model::design::{DataResource, ServicePlan, VariablePlan};
use siteplan_model::file::{File, Part};
use siteplan_model::survey::ServiceKind;

use super::site::{Placed, Site, build_line, folder, literal, schedule};

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    vec![File {
        part: Part::Platform,
        path: ".railway/railway.ts".to_owned(),
        contents: program(site),
        purpose: "services, databases and variables; `railway config plan` shows what it changes".to_owned(),
        syntax: "ts".to_owned(),
    }]
}

fn program(site: &Site<'_>) -> String {
    let mut uses = BTreeSet::from(["defineRailway", "project", "service"]);
    let mut body = String::new();
    let mut resources = Vec::new();
    for (at, data) in (0..).zip(site.own_data()) {
        let Some(function) = function(data) else { continue };
        uses.insert(function);
        let _ = writeln!(body, "  const data{at} = {function}({});", text(&data.engine));
        resources.push(format!("data{at}"));
    }
    if let Some(repository) = &site.design.delivery.repository {
        uses.insert("github");
        let _ = writeln!(
            body,
            "  const source = github({}, {{ branch: {} }});",
            text(repository),
            text(site.branch())
        );
    }
    for (at, placed) in (0..).zip(&site.services) {
        let entries = entries(site, placed, &mut uses);
        let _ =
            writeln!(body, "  const service{at} = service({}, {{\n{entries}  }});", text(&placed.plan.slug));
        resources.push(format!("service{at}"));
    }
    let name = text(&site.design.application.slug);
    let imports = uses.into_iter().collect::<Vec<_>>().join(", ");
    format!(
        "import {{ {imports} }} from \"railway/iac\";\n\nexport default defineRailway(() => {{\n{body}  return project({name}, {{ resources: [{}] }});\n}});\n",
        resources.join(", ")
    )
}

/// A string literal of TypeScript: JSON's are.
fn text(value: &str) -> String {
    let literal = serde_json::Value::String(value.to_owned()).to_string();
    literal.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

/// The function of Railway's package that makes a data service.
fn function(data: &DataResource) -> Option<&'static str> {
    Some(match data.engine.as_str() {
        "postgres" => "postgres",
        "mysql" => "mysql",
        "redis" | "valkey" => "redis",
        "mongodb" => "mongo",
        _ => return None,
    })
}

fn entries(site: &Site<'_>, placed: &Placed<'_>, uses: &mut BTreeSet<&'static str>) -> String {
    let plan = placed.plan;
    let mut lines: Vec<(&str, String)> = Vec::new();
    if site.design.delivery.repository.is_some() {
        lines.push(("source", "source".to_owned()));
    }
    lines.extend(build(plan).map(|line| ("build", text(&line))));
    lines.extend(plan.commands.start.as_deref().map(|start| ("start", text(start))));
    lines.extend(site.migration(plan).map(|migrate| ("preDeploy", text(migrate))));
    let health = plan.health_path.as_deref();
    let is_checked = site.design.health.included && matches!(plan.kind, ServiceKind::Web | ServiceKind::Api);
    lines.extend(health.filter(|_| is_checked).map(|path| ("healthcheck", text(path))));
    if plan.kind != ServiceKind::Cron {
        lines.push(("replicas", placed.instances.to_string()));
    }
    if let Some(schedule) = schedule(plan).map(text) {
        lines.push(("deploy", format!("{{ cronSchedule: {schedule}, restartPolicyType: \"NEVER\" }}")));
    }
    let variables: Vec<String> = site
        .variables(plan)
        .map(|variable| format!("      {}: {},\n", text(&variable.name), value(site, variable, uses)))
        .collect();
    if !variables.is_empty() {
        lines.push(("env", format!("{{\n{}    }}", variables.concat())));
    }
    lines.iter().fold(String::new(), |mut block, (key, value)| {
        let _ = writeln!(block, "    {key}: {value},");
        block
    })
}

/// Railway builds a Dockerfile that it finds; commands are for what it builds itself.
fn build(plan: &ServicePlan) -> Option<String> {
    let line = if plan.needs_image { None } else { build_line(plan) }?;
    Some(match folder(plan) {
        Some(path) => format!("cd {} && {line}", shlex::try_quote(path).unwrap_or_default()),
        None => line,
    })
}

fn value(site: &Site<'_>, variable: &VariablePlan, uses: &mut BTreeSet<&'static str>) -> String {
    let bound = site.data_of(variable).and_then(|data| {
        let at = site.own_data().position(|own| own.engine == data.engine)?;
        Some((at, function(data)?))
    });
    if let Some((at, function)) = bound {
        let address = match function {
            "redis" => "REDIS_URL",
            "mongo" => "MONGO_URL",
            "mysql" => "MYSQL_URL",
            _ => "DATABASE_URL",
        };
        return format!("data{at}.env.{address}");
    }
    let shared =
        site.environments().map(|environment| literal(variable, environment)).collect::<BTreeSet<_>>();
    if let [Some(value)] = shared.into_iter().collect::<Vec<_>>().as_slice() {
        return text(value);
    }
    // The value that the dashboard holds stays.
    uses.insert("preserve");
    "preserve()".to_owned()
}
