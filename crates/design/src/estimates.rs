//! What one deployment takes and what the chosen sizes carry: estimates from named assumptions.

use std::collections::BTreeSet;

use siteplan_catalog::platform::{Billing, Builder};
use siteplan_cost::usage::{Key, SECONDS_PER_MONTH};
use siteplan_model::design::Estimates;

use crate::delivery::checks::minutes;
use crate::ground::Ground;
use crate::prose::{list, number};

/// The estimates.
pub(crate) fn estimates(ground: &Ground<'_>) -> Estimates {
    let (deploy_minutes_low, deploy_minutes_high, deploy_because) = deployment(ground);
    let (capacity_users, capacity_requests_per_second, capacity_because) = capacity(ground);
    let capacity_open = !served_by_sizes(ground);
    Estimates {
        deploy_minutes_low,
        deploy_minutes_high,
        deploy_because,
        capacity_users,
        capacity_requests_per_second,
        capacity_because,
        capacity_open,
    }
}

fn deployment(ground: &Ground<'_>) -> (u32, u32, String) {
    let mut low = 0_u32;
    let mut high = 0_u32;
    let mut parts = Vec::new();
    let mut add = |[least, most]: [u32; 2], what: &str| {
        low = low.saturating_add(least);
        high = high.saturating_add(most);
        parts.push(if least == most {
            format!("{least} for {what}")
        } else {
            format!("{least} to {most} for {what}")
        });
    };
    let range = |key| {
        let [low, _, high] = ground.assumption(key);
        [minutes(low), minutes(high)]
    };
    if ground.automatic && !ground.planned {
        add(range(Key::TestMinutes), "the tests");
    }
    if ground.platform.deploy.builds.value == Builder::CiImage {
        add(range(Key::MinutesPerBuild), "the image");
    }
    let release = ground.platform.deploy.minutes.value;
    for environment in ground.deployed() {
        let what = match ground.platform.deploy.builds.value {
            Builder::CiImage => format!("the release to {environment}"),
            Builder::Platform | Builder::CiArtifact => format!("build and release to {environment}"),
        };
        add(release, &what);
    }
    (low, high, list(&parts))
}

/// Whether the chosen sizes are what limits the requests.
fn served_by_sizes(ground: &Ground<'_>) -> bool {
    ground.over_http().any(|service| service.plan.vcpu > 0.0)
}

fn capacity(ground: &Ground<'_>) -> (u64, f64, String) {
    let expected = |key| ground.assumption(key)[1];
    let a_vcpu = expected(Key::RequestsPerSecondPerVcpu);
    let peak = expected(Key::PeakFactor).max(1.0);
    let a_user = expected(Key::RequestsPerUser).max(1.0);
    let mut vcpus = 0.0;
    let mut sizes = Vec::new();
    let mut servers = BTreeSet::new();
    for service in ground.over_http().filter(|service| service.plan.vcpu > 0.0) {
        // Servers that everything shares are counted once, however many services they run.
        let is_shared = service.platform.compute.billing.value == Billing::Server;
        if is_shared && !servers.insert(&service.platform.id) {
            continue;
        }
        let instances = service.placed.instances.max(1);
        vcpus += service.plan.vcpu * f64::from(instances);
        let times = if instances == 1 { String::new() } else { format!("{instances} × ") };
        let what = if is_shared { "everything".to_owned() } else { format!("`{}`", service.plan.slug) };
        sizes.push(format!("{times}{} vCPU for {what}", number(service.plan.vcpu)));
    }
    if !served_by_sizes(ground) {
        let highest = ground.quote.report.loads.iter().max_by_key(|load| load.factor);
        let (users, requests) = highest.map_or((0, 0), |load| (load.users, load.requests_per_month));
        #[expect(clippy::cast_precision_loss, reason = "an estimate with two digits")]
        let per_second = round_two(requests as f64 / SECONDS_PER_MONTH * peak);
        let because = if ground.over_http().next().is_some() {
            "the highest load that section 9 prices: static files come from a delivery network, and no server of yours limits them"
        } else {
            "the highest load that section 9 prices: no component answers requests, and how many jobs it finishes only a measurement tells"
        };
        return (users, per_second, because.to_owned());
    }
    let per_second = vcpus * a_vcpu;
    let users = per_second * SECONDS_PER_MONTH / (peak * a_user);
    let because = format!(
        "{}; a vCPU serves {} requests a second, the busiest minute has {} times the mean load and a user makes {} requests a month{}",
        list(&sizes),
        number(a_vcpu),
        number(peak),
        number(a_user),
        if ground.over_http().any(crate::services::PlacedService::scales_by_itself) {
            format!("; {} adds instances by itself beyond that", ground.platform.name)
        } else {
            String::new()
        }
    );
    (two_digits(users), round_two(per_second), because)
}

fn round_two(value: f64) -> f64 {
    if value >= 10.0 { value.round() } else { (value * 10.0).round() / 10.0 }
}

/// A count with two significant digits: more would pretend to a precision that the assumptions lack.
fn two_digits(value: f64) -> u64 {
    if !value.is_finite() || value < 1.0 {
        return 0;
    }
    let step = 10_f64.powf((value.log10().floor() - 1.0).max(0.0));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive and far below the limit"
    )]
    let rounded = ((value / step).floor() * step).min(1e15) as u64;
    rounded
}

#[cfg(test)]
mod tests {
    use super::two_digits;

    #[test]
    fn an_estimate_has_two_digits() {
        assert_eq!(two_digits(17_654.0), 17_000);
        assert_eq!(two_digits(7.9), 7);
        assert_eq!(two_digits(-1.0), 0);
        assert_eq!(two_digits(f64::NAN), 0);
    }
}
