//! Railway: `.railway/railway.ts`, applied with `railway config apply`. Text reaches it as JSON string literals only.
//!
//! Format: <https://docs.railway.com/infrastructure-as-code/reference> (2026-08-21, npm package `railway` 3.11.0, seen 2026-11-22).

use std::collections::BTreeSet;
use std::fmt::Write as _;

use siteplan_model::design::{DataPart, DataResource, ServicePlan, VariablePlan};
use siteplan_model::file::{File, Part};

use super::site::{Placed, Site, build_line, from_root, literal, own_folder, port, schedule};

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
    // A source that names the repository makes Railway deploy each push to it: only where it is the one that deploys.
    let repository = site.design.delivery.repository.as_ref().filter(|_| site.deploys_by_itself());
    let source = if let Some(repository) = repository {
        uses.insert("github");
        format!("github({}, {{ branch: {}, checkSuites: true }})", text(repository), text(site.branch()))
    } else {
        uses.insert("empty");
        "empty()".to_owned()
    };
    let _ = writeln!(body, "  const source = {source};");
    body.push_str(&site.schedule_note("  //"));
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
    lines.push(("source", "source".to_owned()));
    if plan.needs_image {
        let path = plan.dockerfile_path();
        let below = plan.build_context.as_deref().and_then(|folder| {
            let path = path.strip_prefix(folder)?.strip_prefix('/')?;
            Some((folder, path))
        });
        if let Some((folder, _)) = below {
            lines.push(("root", text(folder)));
        }
        let path = text(below.map_or(path.as_str(), |(_, path)| path));
        lines.push(("build", format!("{{ builder: \"DOCKERFILE\", dockerfilePath: {path} }}")));
    } else {
        // What Railway itself builds, it looks for in this folder.
        lines.extend(own_folder(plan).map(|folder| ("root", text(folder))));
        lines.extend(build_line(plan).map(|line| ("build", text(&line))));
    }
    lines.extend(start(plan).map(|start| ("start", text(&from_root(plan, &start)))));
    lines.extend(site.migration(plan).map(|migrate| ("preDeploy", text(&from_root(plan, migrate)))));
    lines.extend(site.probe_path(plan).map(|path| ("healthcheck", text(path))));
    if placed.runs_always() {
        let count = placed.instances.to_string();
        let replicas = site.region().map(|region| format!("{{ {}: {count} }}", text(region)));
        lines.push(("replicas", replicas.unwrap_or(count)));
    }
    lines.push(match schedule(plan).map(text) {
        Some(cron) => ("deploy", format!("{{ cronSchedule: {cron}, restartPolicyType: \"NEVER\" }}")),
        // Without it a process is killed right after it was told to end.
        None => ("deploy", "{ drainingSeconds: 30 }".to_owned()),
    });
    let own_port = port(plan).map(|port| format!("      \"PORT\": {},\n", text(&port)));
    let variables: Vec<String> = site
        .variables_but_port(plan)
        .map(|variable| format!("      {}: {},\n", text(&variable.name), value(site, variable, uses)))
        .chain(own_port)
        .collect();
    if !variables.is_empty() {
        lines.push(("env", format!("{{\n{}    }}", variables.concat())));
    }
    lines.iter().fold(String::new(), |mut block, (key, value)| {
        let _ = writeln!(block, "    {key}: {value},");
        block
    })
}

/// The image starts what users reach; whatever else it holds is started by its own command.
fn start(plan: &ServicePlan) -> Option<String> {
    let start = plan.commands.start.as_deref()?;
    if !plan.needs_image {
        return Some(start.to_owned());
    }
    (!plan.kind.serves_http()).then(|| start.to_owned())
}

/// The variable by which a data service gives a part of its address.
fn provided(function: &str, part: DataPart) -> String {
    let (prefix, whole) = match function {
        "redis" => ("REDIS", "REDIS_URL"),
        "mongo" => ("MONGO", "MONGO_URL"),
        "mysql" => ("MYSQL", "MYSQL_URL"),
        _ => ("PG", "DATABASE_URL"),
    };
    let part = match part {
        DataPart::Url | DataPart::Jdbc | DataPart::Keywords => return whole.to_owned(),
        DataPart::Host => "HOST",
        DataPart::Port => "PORT",
        DataPart::User => "USER",
        DataPart::Password => "PASSWORD",
        DataPart::Name => "DATABASE",
    };
    format!("{prefix}{part}")
}

fn value(site: &Site<'_>, variable: &VariablePlan, uses: &mut BTreeSet<&'static str>) -> String {
    let bound = site.data_of(variable).and_then(|data| {
        let at = site.own_data().position(|own| own.engine == data.engine)?;
        Some((at, function(data)?))
    });
    if let Some((at, function)) = bound {
        return format!("data{at}.env.{}", provided(function, variable.part));
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
