//! Prints the Survey of a folder as JSON: `cargo run -p siteplan-detect --example survey PATH`.

#![expect(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    reason = "a program of its own, which may print and read its arguments"
)]

use std::path::Path;
use std::process::ExitCode;

use siteplan_catalog::signals::Signals;
use siteplan_detect::{Options, survey};

fn main() -> ExitCode {
    let path = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let signals = match Signals::builtin() {
        Ok(signals) => signals,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let options = Options { spec_path: "specs", root_name: &path, own: &[], signals: &signals };
    match survey(Path::new(&path), &options).map(|survey| serde_json::to_string_pretty(&survey)) {
        Ok(Ok(json)) => {
            println!("{json}");
            ExitCode::SUCCESS
        }
        Ok(Err(error)) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
