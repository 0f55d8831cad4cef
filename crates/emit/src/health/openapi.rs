//! The health contract → an OpenAPI 3.1 document, for smoke tests, monitors and whoever writes the endpoint.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use siteplan_model::design::{Design, ServicePlan};
use siteplan_model::file::{File, Part};

use crate::yaml::to_yaml;

/// Where it is written.
const PATH: &str = "openapi/health.yaml";

/// The document, if any service answers the contract.
pub(super) fn file(design: &Design, services: &[&ServicePlan]) -> Option<File> {
    let mut ready: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut live: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for plan in services {
        let Some(path) = plan.health_path.as_deref().filter(|path| *path != "/") else { continue };
        ready.entry(path).or_default().push(&plan.slug);
        if let Some(path) =
            plan.live_path.as_deref().filter(|live| Some(*live) != plan.health_path.as_deref())
        {
            live.entry(path).or_default().push(&plan.slug);
        }
    }
    if ready.is_empty() {
        return None;
    }
    let mut paths = Map::new();
    for (index, (path, of)) in ready.iter().enumerate() {
        paths.insert((*path).to_owned(), readiness(design, &operation("ready", index), of));
    }
    for (index, (path, of)) in live.iter().enumerate() {
        paths.entry((*path).to_owned()).or_insert_with(|| liveness(&operation("live", index), of));
    }
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("Health of {}", design.application.name),
            "version": "1",
            "description": "Who asks: the readiness path is for smoke tests, monitors and routing; a probe that restarts asks the live path, so that a short outage of a database does not restart every instance."
        },
        "tags": [{ "name": "health" }],
        "paths": paths,
        "components": { "schemas": schemas(design, !live.is_empty()) },
    });
    Some(File {
        part: Part::Health,
        path: PATH.to_owned(),
        contents: to_yaml(&document),
        purpose: "the health contract as OpenAPI".to_owned(),
        syntax: "yaml".to_owned(),
    })
}

fn operation(name: &str, index: usize) -> String {
    if index == 0 { name.to_owned() } else { format!("{name}{}", index + 1) }
}

fn body(description: &str, schema: &str) -> Value {
    json!({
        "description": description,
        "headers": { "Cache-Control": { "schema": { "type": "string", "const": "no-store" } } },
        "content": { "application/json": { "schema": { "$ref": format!("#/components/schemas/{schema}") } } },
    })
}

fn readiness(design: &Design, operation: &str, of: &[&str]) -> Value {
    let health = &design.health;
    json!({ "get": {
        "operationId": operation,
        "summary": format!("Whether {} can serve", of.join(", ")),
        "description": format!(
            "Asked every {} seconds with a timeout of {} seconds; {} failures in a row count.",
            health.interval_seconds, health.timeout_seconds, health.failure_threshold
        ),
        "tags": ["health"],
        "security": [],
        "responses": {
            "200": body("It can serve.", "Healthy"),
            "503": body("It cannot; `error` says why as a class.", "Unhealthy"),
        },
    } })
}

fn liveness(operation: &str, of: &[&str]) -> Value {
    json!({ "get": {
        "operationId": operation,
        "summary": format!("Whether the process of {} runs", of.join(", ")),
        "description": "Asks nothing but the process. It is for probes that restart.",
        "tags": ["health"],
        "security": [],
        "responses": { "200": body("The process answers.", "Alive"), "503": { "description": "The process ends or cannot answer." } },
    } })
}

fn schemas(design: &Design, has_live: bool) -> Value {
    let fields = &design.health.fields;
    let parts: Vec<&str> =
        fields.iter().map(String::as_str).filter(|field| matches!(*field, "database" | "cache")).collect();
    let errors: Vec<String> =
        parts.iter().flat_map(|part| [format!("{part}_unreachable"), format!("{part}_timeout")]).collect();
    let answer = |status: &str, states: &[&str], error: Option<Value>| {
        let mut properties = Map::from_iter([("status".to_owned(), json!({ "const": status }))]);
        for field in fields {
            properties.insert(field.clone(), property(field, states));
        }
        let mut required: Vec<String> =
            std::iter::once("status".to_owned()).chain(fields.iter().cloned()).collect();
        if let Some(error) = error {
            properties.insert("error".to_owned(), error);
            required.push("error".to_owned());
        }
        json!({ "type": "object", "required": required, "properties": properties })
    };
    let error = if errors.is_empty() {
        json!({ "type": "string", "pattern": "^[a-z]+(_[a-z]+)*$" })
    } else {
        json!({ "type": "string", "enum": errors })
    };
    let mut schemas = json!({
        "Healthy": answer("healthy", &["connected"], None),
        "Unhealthy": answer("unhealthy", &["connected", "disconnected"], Some(error)),
    });
    if has_live {
        schemas["Alive"] = json!({ "type": "object", "required": ["status"], "properties": { "status": { "const": "alive" } } });
    }
    schemas
}

fn property(field: &str, states: &[&str]) -> Value {
    match field {
        "database" | "cache" => json!({ "type": "string", "enum": states }),
        "uptime" => {
            json!({ "type": "integer", "minimum": 0, "description": "Seconds since the process began." })
        }
        "timestamp" => {
            json!({ "type": "string", "format": "date-time", "description": "The time of the answer in UTC." })
        }
        _ => json!({ "type": "string" }),
    }
}
