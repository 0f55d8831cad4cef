//! The health endpoint's answers, as the document shows them.

use serde::Serialize;
use serde_json::{Map, Value, json};
use siteplan_model::Date;
use siteplan_model::design::{Design, HealthAnswers, HealthSection};

/// The generated code of one service.
#[derive(Serialize)]
pub(super) struct Endpoint<'a> {
    service: &'a str,
    file: &'a str,
    /// The live path, where the code answers that one alone.
    only: Option<&'a str>,
    wiring: &'a [String],
}

/// The generated code of every service that needs some.
pub(super) fn endpoints(design: &Design) -> Vec<Endpoint<'_>> {
    let services = design.topology.components.iter().filter_map(|component| component.service.as_ref());
    services
        .filter_map(|plan| {
            let code = plan.health_code.as_ref()?;
            let live = plan.live_path.as_deref().filter(|_| code.answers == HealthAnswers::Live);
            Some(Endpoint { service: &plan.slug, file: &code.file, only: live, wiring: &code.wiring })
        })
        .collect()
}

/// The answer with status 200.
pub(super) fn healthy(health: &HealthSection, date: Date) -> String {
    let mut body = Map::from_iter([("status".to_owned(), json!("healthy"))]);
    for field in &health.fields {
        body.insert(field.clone(), sample(field, date));
    }
    pretty(&Value::Object(body))
}

/// The answer with status 503: what is down, and the class of the error, never a raw message.
pub(super) fn unhealthy(health: &HealthSection, date: Date) -> String {
    let mut body = Map::from_iter([("status".to_owned(), json!("unhealthy"))]);
    let down = health.fields.iter().find(|field| matches!(field.as_str(), "database" | "cache"));
    for field in &health.fields {
        let value = if Some(field) == down { json!("disconnected") } else { sample(field, date) };
        body.insert(field.clone(), value);
    }
    let error = down.map_or("not_ready".to_owned(), |field| format!("{field}_unreachable"));
    body.insert("error".to_owned(), json!(error));
    pretty(&Value::Object(body))
}

fn sample(field: &str, date: Date) -> Value {
    match field {
        "version" => json!("1.0.0"),
        "uptime" => json!(3600),
        "timestamp" => json!(format!("{date}T12:00:00Z")),
        _ => json!("connected"),
    }
}

fn pretty(body: &Value) -> String {
    format!("{body:#}")
}
