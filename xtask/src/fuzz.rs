//! The fuzz targets of detection, each for some seconds from the same seed, with what they find kept in the cache.

use std::fs;

use crate::copy;
use crate::failure::{Failure, Outcome};
use crate::program::Program;
use crate::step::Step;
use crate::world::World;

/// All targets, with the largest input that each is worth.
const TARGETS: [(&str, u32); 5] =
    [("readers", 2048), ("structured", 2048), ("dockerfile", 1024), ("shell", 1024), ("tree", 4096)];
/// How long each runs.
const SECONDS: u32 = 6;
/// What makes the compiler count which code is reached, for a fuzzer without sanitizer: all of it stable.
const COUNTED: [&str; 7] = [
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
];

/// The step.
pub(crate) fn step() -> Step {
    let about = format!("{} targets of detection under libFuzzer, {SECONDS} s each", TARGETS.len());
    Step::new("fuzz", about, fuzz)
}

fn fuzz(world: &World) -> Outcome {
    // libFuzzer itself is C++, which nothing else here needs; the targets' own corpora run with the tests in any case.
    let compiler = std::env::var_os("CXX").filter(|name| !name.is_empty()).unwrap_or_else(|| "c++".into());
    if Program::new(compiler, world.root()).args(["--version"]).output().is_err() {
        println!("left out: there is no C++ compiler (Debian: apt-get install g++)");
        return Ok(());
    }
    let host = Program::new("rustc", world.root()).args(["--print", "host-tuple"]).output()?;
    // With the triple named, build scripts are not counted, and nothing is built anew for other steps.
    let cargo = |command: &'static str| {
        Program::new("cargo", world.root())
            .args([command, "--locked", "--quiet", "--package", "siteplan-fuzz", "--profile", "fuzz"])
            .args(["--target", host.trim()])
            .env("RUSTFLAGS", COUNTED.join(" "))
    };
    cargo("build").args(["--bins"]).stream()?;
    for (target, largest) in TARGETS {
        let corpus = world.work().join("fuzz").join(target);
        copy::fresh(&world.root().join("fuzz/corpus").join(target), &corpus)?;
        let found = world.work().join("fuzz").join(format!("{target}-found"));
        fs::create_dir_all(&found)
            .map_err(|error| Failure::new(format!("cannot make `{}`: {error}", found.display())))?;
        // What it says on the way is for those who write fuzzers; a failure repeats it.
        cargo("run")
            .args([format!("--bin=fuzz-{target}"), "--".to_owned()])
            .args(["-seed=1", "-timeout=20", "-rss_limit_mb=2048"])
            .args([format!("-max_len={largest}"), format!("-max_total_time={SECONDS}")])
            .args([format!("-artifact_prefix={}/", found.display())])
            .files(std::slice::from_ref(&corpus))
            .output()
            .map_err(|failure| {
                failure.mend(format!("give the file in `{}` to the same command", found.display()))
            })?;
    }
    Ok(())
}
