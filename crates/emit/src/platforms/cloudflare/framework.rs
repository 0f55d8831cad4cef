//! What the adapters of frameworks that render on the server leave behind: a program for Workers, and files.
//!
//! Entry points are those that `wrangler` 4.164.0 itself sets up (seen 2026-11-25).

use siteplan_model::design::ServicePlan;
use siteplan_model::survey::ServiceKind;

use super::super::site::{build_line, folder};

/// What an adapter makes, by paths within the service's folder.
pub(super) struct Output {
    /// The program.
    pub(super) main: &'static str,
    /// The files beside it.
    pub(super) assets: Option<&'static str>,
    build: Builds,
}

/// How the adapter is reached.
enum Builds {
    /// The framework's own build does it, as its configuration says.
    Configured,
    /// The framework's own build does it under this variable.
    Variable(&'static str),
    /// The adapter's program does it, and calls the framework's build.
    OpenNext,
    /// Nothing is built: the program is source.
    Source,
}

/// What is made of a service, if its framework has an adapter with a known result.
pub(super) fn output(service: &ServicePlan) -> Option<Output> {
    let nitro = |build| Output { main: ".output/server/index.mjs", assets: Some(".output/public"), build };
    let framework =
        service.framework.as_deref().filter(|_| matches!(service.kind, ServiceKind::Web | ServiceKind::Api));
    Some(match framework? {
        "next" => Output {
            main: ".open-next/worker.js",
            assets: Some(".open-next/assets"),
            build: Builds::OpenNext,
        },
        "nuxt" | "nitro" => nitro(Builds::Variable("NITRO_PRESET=cloudflare_module")),
        "solid-start" => nitro(Builds::Configured),
        "sveltekit" => Output {
            main: ".svelte-kit/cloudflare/_worker.js",
            assets: Some(".svelte-kit/cloudflare"),
            build: Builds::Configured,
        },
        "hono" => Output {
            main: if service.language.as_deref() == Some("javascript") {
                "src/index.js"
            } else {
                "src/index.ts"
            },
            assets: None,
            build: Builds::Source,
        },
        _ => return None,
    })
}

impl Output {
    /// The line that builds it in the service's folder; `configuration` is the Worker's, from the root.
    pub(super) fn build_line(&self, service: &ServicePlan, configuration: &str) -> Option<String> {
        let install = service.commands.install.as_deref();
        match self.build {
            Builds::Configured => build_line(service),
            Builds::Variable(variable) => {
                build_line(service).map(|line| format!("export {variable} && {line}"))
            }
            Builds::OpenNext => {
                let up = folder(service).map_or(0, |folder| folder.split('/').count());
                let adapter =
                    format!("npx opennextjs-cloudflare build --config {}{configuration}", "../".repeat(up));
                Some(install.map_or(adapter.clone(), |install| format!("{install} && {adapter}")))
            }
            Builds::Source => install.map(str::to_owned),
        }
    }
}
