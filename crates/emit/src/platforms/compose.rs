//! What Compose files of several platforms share: health checks, and text that Compose takes as it stands.

use serde::Serialize;

use super::site::Site;

/// A container's health check.
#[derive(Serialize)]
pub(super) struct Check {
    pub(super) test: Vec<String>,
    pub(super) interval: String,
    pub(super) timeout: String,
    pub(super) retries: u32,
    pub(super) start_period: &'static str,
}

impl Check {
    /// The check of a service by a command that its own image can run.
    pub(super) fn of_service(site: &Site<'_>, command: &[String]) -> Self {
        let test = std::iter::once("CMD".to_owned()).chain(command.iter().map(|part| verbatim(part)));
        Self {
            test: test.collect(),
            interval: format!("{}s", site.design.health.interval_seconds),
            timeout: format!("{}s", site.design.health.timeout_seconds),
            retries: 3,
            start_period: "60s",
        }
    }
}

/// Text in which Compose replaces nothing.
pub(super) fn verbatim(text: &str) -> String {
    text.replace('$', "$$")
}
