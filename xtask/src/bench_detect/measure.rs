//! One run of a program → what it took, by the system's own account of the finished process.

use std::process::Stdio;
use std::time::Instant;

use wait4::Wait4 as _;

use crate::failure::{Failure, Outcome};
use crate::program::Program;

/// What one run took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    /// Seconds of processor time, of the program and of what it waited for.
    pub(super) cpu: f64,
    /// Seconds that passed.
    pub(super) elapsed: f64,
    /// The most memory that it held.
    pub(super) megabytes: f64,
}

/// Runs a program to its end; what it prints is thrown away.
pub(super) fn run(program: &Program) -> Outcome<Run> {
    let began = Instant::now();
    let child = program
        .command()
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| program.not_run(&error))?;
    let used =
        child.wait4().map_err(|error| Failure::new(format!("cannot wait: {error}")).reproduce(program))?;
    let elapsed = began.elapsed().as_secs_f64();
    // A search that finds nothing ends with 1, and a detector may refuse a tree: both did their work.
    if used.status.code().is_none() {
        return Err(Failure::new(format!("a process was stopped: {}", used.status)).reproduce(program));
    }
    let cpu = used.rusage.utime.as_secs_f64() + used.rusage.stime.as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "no process has so much memory")]
    let megabytes = used.rusage.maxrss as f64 / (1024.0 * 1024.0);
    Ok(Run { cpu, elapsed, megabytes })
}

/// The one in the middle.
pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn one_slow_run_does_not_move_the_median() {
        assert!((median(vec![1.0, 100.0, 2.0]) - 2.0).abs() < f64::EPSILON);
    }
}
