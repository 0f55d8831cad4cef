//! The pipeline → the files of one CI host, and the scripts that it runs. One module per host; a host without a module, and
//! a person who deploys by hand, have the scripts alone.

mod actions;
mod bitbucket;
mod github;
mod gitlab;
mod runtimes;
mod scripts;
mod shell;

use siteplan_model::design::Design;
use siteplan_model::file::File;

/// What turns a design into the files of one host.
type Emitter = fn(&Design) -> Vec<File>;

/// The hosts with a pipeline file of their own, by the id of the code host.
const HOSTS: &[(&str, Emitter)] =
    &[("bitbucket", bitbucket::files), ("github", github::files), ("gitlab", gitlab::files)];

/// The files of the pipeline: the host's own, if it has any, and the scripts that every CI and a person run.
pub fn pipeline_files(design: &Design) -> Vec<File> {
    let host = design.delivery.code_host.as_str();
    let emitter = HOSTS.iter().find(|(id, _)| design.delivery.automatic && *id == host);
    let own = emitter.map(|(_, emitter)| emitter(design)).unwrap_or_default();
    own.into_iter().chain(scripts::files(design)).collect()
}

/// The head of a generated YAML file: whose it is, and what to change instead.
fn head(design: &Design) -> String {
    let spec = crate::markdown::one_line(design.spec_path.trim_matches('/'));
    format!(
        "# Written by siteplan from {spec}/siteplan.toml: change the answers there and run `siteplan generate`.\n"
    )
}
