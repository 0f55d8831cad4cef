//! How long a script may take before it ends itself: what hangs has failed, and a failed release is taken back.

use crate::delivery::limits::set;
use crate::delivery::rolling_back::TARGET_MINUTES;
use crate::ground::Ground;

/// Asking a platform which release serves, its tool installed.
pub(super) const PREVIOUS: u32 = 5 * MINUTE;

const MINUTE: u32 = 60;

/// Asking one address, at most: two minutes of requests that each may hang for some seconds.
const SMOKE_TEST: u32 = 4 * MINUTE;

/// Beyond what is counted.
const SPARE: u32 = MINUTE;

/// Migrating a database: what a person has set, else twenty minutes.
pub(super) fn migrate_seconds(ground: &Ground<'_>) -> u32 {
    set(ground, "migration_timeout").unwrap_or(20).saturating_mul(MINUTE)
}

/// A release: what a person has set, else twice what the slowest platform usually needs at most, its tool installed.
pub(super) fn deploy_seconds(ground: &Ground<'_>) -> u32 {
    if let Some(minutes) = set(ground, "deploy_timeout") {
        return minutes.saturating_mul(MINUTE);
    }
    let longest = ground.platforms().iter().map(|platform| platform.deploy.minutes.value[1]).max();
    longest.unwrap_or_default().saturating_mul(2 * MINUTE).saturating_add(PREVIOUS)
}

/// The smoke tests of so many services.
pub(super) fn verify_seconds(services: usize) -> u32 {
    u32::try_from(services).unwrap_or(u32::MAX).saturating_mul(SMOKE_TEST).saturating_add(SPARE)
}

/// The way back: the target, unless the platform itself needs longer.
pub(super) fn rollback_seconds(ground: &Ground<'_>) -> u32 {
    let longest = ground.platforms().iter().map(|platform| platform.rollback.minutes.value).max();
    let longest = longest.unwrap_or_default();
    let minutes =
        if longest <= TARGET_MINUTES { TARGET_MINUTES } else { longest.saturating_add(TARGET_MINUTES) };
    minutes.saturating_mul(MINUTE)
}
