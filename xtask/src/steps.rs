//! Every step of `cargo xtask test`, in order: what fails fast comes first.

use crate::cargo;
use crate::examples;
use crate::execute;
use crate::failure::Outcome;
use crate::fuzz;
use crate::health;
use crate::images;
use crate::oracles;
use crate::reference;
use crate::step::Step;
use crate::world::World;

/// All steps.
pub(crate) fn all(world: &World) -> Outcome<Vec<Step>> {
    let mut steps = cargo::steps();
    steps.push(fuzz::step());
    steps.push(Step::new(
        "install-checks",
        "validators pinned in xtask/checks, installed into the cache once",
        |world| world.tools().map(|_| ()),
    ));
    steps.extend(examples::steps(world)?);
    steps.push(Step::new("reference", "docs/reference says what the binary says", reference::check));
    steps.push(Step::new(
        "plan-examples",
        "every platform and code host, planned for the examples; every file has a validator, and documents show it as it is written",
        |world| world.plans()?.all_are_checked(),
    ));
    steps.extend(execute::steps());
    steps.extend(oracles::steps());
    steps.extend(images::steps());
    steps.extend(health::steps());
    Ok(steps)
}
