//! The method's own choices, made differently → what would be recommended then.

use siteplan_model::recommendation::{MethodParameter, MethodSensitivity};

use super::Ground;
use crate::round;
use crate::smaa::Method;

/// Factors by which the tolerance is changed.
const TOLERANCES: [f64; 2] = [0.5, 1.5];

/// The recommendation under half and one and a half times the tolerance, and without what the answers say about weights.
pub(crate) fn method_sensitivity(ground: Ground<'_, '_>) -> Vec<MethodSensitivity> {
    let declared = Method::declared(ground.desk, ground.here);
    let under = |parameter: MethodParameter, value: Option<f64>, method: Method| {
        let field = ground.field.judged_by(ground.desk, ground.here, method);
        let best = field.best();
        MethodSensitivity {
            parameter,
            value,
            recommended: best.id().clone(),
            level: best.level,
            support: round(best.support),
        }
    };
    let tolerances = TOLERANCES.into_iter().map(|factor| {
        let tolerance = declared.tolerance * factor;
        let method = Method { tolerance, ..declared.clone() };
        under(MethodParameter::Tolerance, Some(round(tolerance)), method)
    });
    let free = Method { weights: ground.desk.free_weights(), ..declared.clone() };
    let free = std::iter::once_with(|| under(MethodParameter::FreeWeights, None, free));
    tolerances.chain(free).collect()
}
