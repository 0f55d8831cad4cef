//! Two statements about the load that disagree → which of them counts, in a sentence.

use std::collections::BTreeMap;

use siteplan_catalog::Catalog;
use siteplan_model::brief::Context;
use siteplan_model::digits::grouped;

use crate::usage::{Assumptions, Key};

/// An exact number of requests decides the load. Where it is not one that the users of the answered scale would make, that is said
/// with both; `None` where the two agree, or where only one was given.
pub fn load_beside_scale(
    catalog: &Catalog,
    context: &Context,
    settings: &BTreeMap<String, String>,
) -> Option<String> {
    let requests = context.requests_per_month?;
    let of_users = Context { requests_per_month: None, ..context.clone() };
    let [low, _, high] =
        Assumptions::new(&catalog.usage, &of_users, settings, []).values(Key::RequestsPerUser, None);
    let (fewest, most) = context.users.map_or_else(|| context.scale.users(), |users| (users, users));
    let (least, highest) = (times(fewest, low), times(most, high));
    if (least..=highest).contains(&requests) {
        return None;
    }
    let said = context
        .users
        .map_or_else(|| format!("scale = {}", context.scale), |users| format!("users = {}", grouped(users)));
    Some(format!(
        "`requests_per_month = {}` decides the load, although `{said}` would make {} to {}",
        grouped(requests),
        grouped(least),
        grouped(highest)
    ))
}

/// So many requests of each user.
#[expect(clippy::cast_precision_loss, reason = "users stay far below 2^52")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a product of two counts")]
fn times(users: u64, each: f64) -> u64 {
    (users as f64 * each).round() as u64
}
