//! The program of a Worker that starts a service's container. Text reaches it as JSON string literals only.
//!
//! Interface: npm package `@cloudflare/containers` 0.3.7 (seen 2026-11-25).

use std::fmt::Write as _;

use siteplan_model::design::VariablePlan;
use siteplan_model::survey::ServiceKind;

use super::super::site::{Placed, Site};

/// The class of the container, which its configuration names.
pub(super) const CLASS: &str = "Service";
/// The variable by which the program finds it.
pub(super) const BINDING: &str = "SERVICE";

/// How long an idle container stays awake.
const SLEEP_AFTER: &str = "10m";
/// How long a job may take.
const JOB_LASTS: &str = "2h";

pub(super) fn program(site: &Site<'_>, placed: &Placed<'_>) -> String {
    let service = placed.plan;
    let is_server = service.kind.serves_http();
    let several = is_server && placed.instances > 1;
    let helper = if several { "getRandom" } else { "getContainer" };
    let names: Vec<String> =
        site.variables(service).filter(|variable| is_set(site, variable)).map(|v| text(&v.name)).collect();
    let mut out = format!(
        "import {{ Container, {helper} }} from \"@cloudflare/containers\";\nimport {{ env }} from \"cloudflare:workers\";\n\n\
         declare global {{\n  namespace Cloudflare {{\n    interface Env {{\n      {BINDING}: DurableObjectNamespace<{CLASS}>;\n"
    );
    for name in &names {
        let _ = writeln!(out, "      {name}: string;");
    }
    let _ = write!(out, "    }}\n  }}\n}}\n\nexport class {CLASS} extends Container {{\n");
    if is_server {
        let _ = writeln!(out, "  defaultPort = {};", service.port);
    }
    let awake = if service.kind == ServiceKind::Cron { JOB_LASTS } else { SLEEP_AFTER };
    let _ = writeln!(out, "  sleepAfter = \"{awake}\";");
    if let Some(start) = service.commands.start.as_deref().filter(|_| !is_server) {
        // The image starts what users reach; whatever else it holds is started by its own command.
        let _ = writeln!(out, "  entrypoint = [\"sh\", \"-c\", {}];", text(start));
    }
    out.push_str("  envVars = {\n");
    if is_server {
        let _ = writeln!(out, "    \"PORT\": \"{}\",", service.port);
    }
    for name in names.iter().filter(|name| !is_server || *name != "\"PORT\"") {
        let _ = writeln!(out, "    {name}: env[{name}],");
    }
    out.push_str("  };\n");
    if service.kind == ServiceKind::Worker {
        out.push_str("\n  // A worker has no requests that would keep it awake.\n  async onActivityExpired(): Promise<void> {}\n");
    }
    out.push_str("}\n\nexport default {\n");
    out.push_str(&handler(service.kind, placed.instances));
    out.push_str("};\n");
    out
}

/// What is called on a request, or on a schedule.
fn handler(kind: ServiceKind, instances: u32) -> String {
    let body = match (kind.serves_http(), instances) {
        (true, 0 | 1) => format!("    return getContainer(env.{BINDING}).fetch(request);\n"),
        (true, _) => format!(
            "    const container = await getRandom(env.{BINDING}, {instances});\n    return container.fetch(request);\n"
        ),
        (false, 2..) if kind == ServiceKind::Worker => format!(
            "    for (let index = 0; index < {instances}; index += 1) {{\n      await getContainer(env.{BINDING}, \"instance-\" + index).start();\n    }}\n"
        ),
        (false, _) => format!("    await getContainer(env.{BINDING}).start();\n"),
    };
    let head = if kind.serves_http() {
        "async fetch(request: Request): Promise<Response>"
    } else {
        "async scheduled(): Promise<void>"
    };
    format!("  {head} {{\n{body}  }},\n")
}

/// Whether the Worker holds a value for it: a secret, or one that its configuration writes down.
fn is_set(site: &Site<'_>, variable: &VariablePlan) -> bool {
    variable.secret
        || variable.required
        || site.environments().all(|name| super::literal(variable, name).is_some())
}

/// A string literal of TypeScript: JSON's are.
fn text(value: &str) -> String {
    let literal = serde_json::Value::String(value.to_owned()).to_string();
    literal.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}
