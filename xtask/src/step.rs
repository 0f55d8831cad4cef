//! One step of `cargo xtask test`, and running several of them: each is named, timed, and tells how to see its failure again.

use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome};
use crate::world::World;

/// One step.
pub(crate) struct Step {
    /// What it is called on the command line.
    pub(crate) name: String,
    /// What it checks, in a line.
    pub(crate) about: String,
    /// The check.
    pub(crate) run: Box<dyn Fn(&World) -> Outcome>,
}

impl Step {
    /// A step.
    pub(crate) fn new(
        name: impl Into<String>,
        about: impl Into<String>,
        run: impl Fn(&World) -> Outcome + 'static,
    ) -> Self {
        Self { name: name.into(), about: about.into(), run: Box::new(run) }
    }
}

/// Runs all steps, also after a failure, and sums up.
pub(crate) fn run(world: &World, steps: &[Step]) -> Outcome {
    let started = Instant::now();
    let mut summary = Vec::new();
    let mut failed = Vec::new();
    for step in steps {
        println!("== {}: {}", step.name, step.about);
        let begun = Instant::now();
        let outcome = (step.run)(world);
        let time = shown(begun.elapsed());
        let verdict = if outcome.is_ok() { "ok" } else { "FAILED" };
        if let Err(failure) = outcome {
            println!("{failure}\n  this step alone: cargo xtask test {}", step.name);
            failed.push(step.name.clone());
        }
        println!("-- {}: {verdict}, {time}\n", step.name);
        summary.push(format!("{time:>9}  {:<28}  {verdict}", step.name));
    }
    println!("{}", summary.join("\n"));
    println!("{:>9}  in all", shown(started.elapsed()));
    if let Some(left_out) = world.schema_checks_not_run() {
        println!("{left_out} vendor-schema checks not run");
    }
    if failed.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("{} of {} steps failed: {}", failed.len(), steps.len(), failed.join(", ")))
        .reproduce(format!("cargo xtask test {}", failed.join(" "))))
}

fn shown(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        return format!("{:.1} s", time.as_secs_f64());
    }
    format!("{} min {:02} s", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::shown;

    #[test]
    fn times_are_short() {
        assert_eq!(shown(Duration::from_millis(340)), "0.3 s");
        assert_eq!(shown(Duration::from_secs(125)), "2 min 05 s");
    }
}
