//! Weakly founded values → those that carry the result: moved to an end of their interval, they change winner or level.

use siteplan_catalog::figure::Grade;
use siteplan_catalog::reasoning::CriterionId;
use siteplan_model::recommendation::LoadBearing;

use super::Ground;
use crate::criteria::Value;
use crate::round;
use crate::weights::AXES;

/// The load-bearing weak values of the options, in the order of the options and criteria.
pub(crate) fn load_bearing(ground: Ground<'_, '_>) -> Vec<LoadBearing> {
    let criteria = &ground.desk.catalog.criteria;
    // A value is weak from the width of a fact that a single source gives, which is not the vendor's.
    let weak = criteria.value.width_by_grade.of(&Grade::Single);
    let mut list = Vec::new();
    for index in ground.chosen.iter().copied() {
        for axis in 0..AXES {
            let value = ground.field.candidates[index].values[axis];
            // An effort is a count: one item more or less is no weakness of a fact.
            let step = match CriterionId::ALL[axis] {
                CriterionId::Simplicity => {
                    1.0 / criteria.value.effort_ceiling.of(&ground.here.context.expertise)
                }
                _ => 0.0,
            };
            if value.half_width >= weak
                && value.half_width > step + 1e-9
                && let Some(because) = what_moves(ground, index, axis, value)
            {
                list.push(LoadBearing {
                    platform: ground.field.candidates[index].id().clone(),
                    criterion: CriterionId::ALL[axis].as_str().to_owned(),
                    value: round(value.middle),
                    half_width: round(value.half_width),
                    because,
                });
            }
        }
    }
    list
}

/// What happens when a value lies at one of the ends of its interval, if it matters.
fn what_moves(ground: Ground<'_, '_>, index: usize, axis: usize, value: Value) -> Option<String> {
    let today = ground.recommended();
    let now = today.level;
    let criterion = CriterionId::ALL[axis].as_str();
    let ends = [("lower", value.middle - value.half_width), ("upper", value.middle + value.half_width)];
    ends.into_iter().find_map(|(end, middle)| {
        let at_end = Value { middle: middle.clamp(0.0, 1.0), half_width: 0.0 };
        let field = ground.field.altered(ground.desk, ground.here, index, |candidate| {
            candidate.values[axis] = at_end;
        });
        let place = format!(
            "with the {criterion} of {} at the {end} end of what its facts allow ({:.2})",
            ground.field.candidates[index].platform.name, at_end.middle
        );
        let best = field.best();
        if best.id() != today.id() {
            return Some(format!("{place}, {} would be recommended", best.platform.name));
        }
        let then = field.candidates[ground.winner()].level;
        (then != now).then(|| format!("{place}, the confidence would be {}", then.label().to_lowercase()))
    })
}
