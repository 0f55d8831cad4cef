//! The platforms' own files, one folder per platform: its name is the platform's id with `_` for `-`.
//!
//! A folder and a row in [`EMITTERS`] is all that a platform needs here; a test compares the two.

mod aws_app_runner;
mod aws_ecs_express;
mod aws_ecs_fargate;
mod azure_container_apps;
mod cloudflare;
mod compose;
mod coolify;
mod digitalocean_app_platform;
mod docker_compose_vps;
mod fly;
mod google_cloud_run;
mod heroku;
mod kamal_vps;
mod kubernetes;
mod kubernetes_aks;
mod kubernetes_eks;
mod kubernetes_gke;
mod netlify;
mod railway;
mod render;
mod server;
mod site;
mod terraform;
mod vercel;

use site::Site;
use siteplan_model::design::Design;
use siteplan_model::file::File;

/// What turns the part of a design that one platform runs into that platform's files.
type Emitter = fn(&Site<'_>) -> Vec<File>;

/// The platforms with files of their own, by id.
const EMITTERS: &[(&str, Emitter)] = &[
    ("aws-app-runner", aws_app_runner::files),
    ("aws-ecs-express", aws_ecs_express::files),
    ("aws-ecs-fargate", aws_ecs_fargate::files),
    ("azure-container-apps", azure_container_apps::files),
    ("cloudflare", cloudflare::files),
    ("coolify", coolify::files),
    ("digitalocean-app-platform", digitalocean_app_platform::files),
    ("docker-compose-vps", docker_compose_vps::files),
    ("fly", fly::files),
    ("google-cloud-run", google_cloud_run::files),
    ("heroku", heroku::files),
    ("kamal-vps", kamal_vps::files),
    ("kubernetes-aks", kubernetes_aks::files),
    ("kubernetes-eks", kubernetes_eks::files),
    ("kubernetes-gke", kubernetes_gke::files),
    ("netlify", netlify::files),
    ("railway", railway::files),
    ("render", render::files),
    ("vercel", vercel::files),
];

/// The files of the design's platform, then those of the companions that run some of its services.
pub fn platform_files(design: &Design) -> Vec<File> {
    let sites = Site::all(design);
    let emitted = sites.iter().filter_map(|site| {
        let emitter = EMITTERS.iter().find(|(id, _)| *id == site.platform.as_str());
        emitter.map(|(_, emitter)| emitter(site))
    });
    emitted.flatten().collect()
}

/// Ids of the platforms that have files of their own.
pub fn platforms_with_files() -> impl Iterator<Item = &'static str> {
    EMITTERS.iter().map(|(id, _)| *id)
}
