//! How long a survey of a generated tree takes: `cargo bench -p siteplan-detect`.

mod generated;

use std::path::Path;
use std::sync::LazyLock;

use siteplan_catalog::signals::Signals;
use siteplan_detect::{Options, survey};
use tempfile::TempDir;

static SIGNALS: LazyLock<Signals> = LazyLock::new(|| Signals::builtin().expect("built-in signals"));

fn main() {
    divan::main();
}

fn measure(bencher: divan::Bencher<'_, '_>, write: impl Fn(&Path) -> std::io::Result<()>) {
    let folder = TempDir::new().expect("a temporary folder");
    write(folder.path()).expect("a tree");
    let options = Options { spec_path: "specs", root_name: ".", own: &[], signals: &SIGNALS };
    bencher.bench_local(|| survey(folder.path(), &options));
}

/// A monorepo: time for each file must not grow with their number.
#[divan::bench(args = [1_000, 2_000, 4_000, 8_000], sample_count = 10)]
fn monorepo(bencher: divan::Bencher<'_, '_>, files: usize) {
    measure(bencher, |root| generated::monorepo(root, files));
}

/// One folder that holds all files.
#[divan::bench(args = [1_000, 10_000, 50_000], sample_count = 10)]
fn flat(bencher: divan::Bencher<'_, '_>, files: usize) {
    measure(bencher, |root| generated::flat(root, files));
}

/// The tables themselves.
#[divan::bench]
fn signals() -> Signals {
    Signals::builtin().expect("built-in signals")
}
