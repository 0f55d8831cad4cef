//! Worked pricing examples that vendors publish, computed with the catalog's rates.
//!
//! Each test names the page and the day on which it was read. A test states the vendor's *use*; the rates are the catalog's.
//! Where the example is older than the rate, the catalog is overlaid with the rate of the example.

use siteplan_catalog::Catalog;
use siteplan_catalog::data_service::{DataPlan, DataService};
use siteplan_catalog::platform::{MeterId, Plan, Platform};
use siteplan_cost::account::{MonthlyUse, account};
use siteplan_cost::data::{DataUse, data, data_account};
use siteplan_cost::price::Charge;
use siteplan_cost::services::{ci, secrets};
use siteplan_model::id::{CodeHostId, DatabaseServiceId, PlatformId, SecretsServiceId};
use siteplan_model::money::Usd;

use crate::catalog;

/// The catalog with one line of a data file replaced.
fn overlaid(path: &str, from: &str, to: &str) -> Catalog {
    let text = &catalog().files[path];
    assert!(text.contains(from), "{path} does not hold `{from}`");
    let changed = (path.to_owned(), text.replacen(from, to, 1));
    Catalog::with_files([changed]).unwrap_or_else(|error| panic!("{error}"))
}

fn platform<'a>(catalog: &'a Catalog, id: &str) -> &'a Platform {
    &catalog.platforms[&PlatformId::new(id)]
}

fn plan<'a>(platform: &'a Platform, id: &str) -> &'a Plan {
    platform.plans.iter().find(|plan| plan.id == id).expect("a plan of the platform")
}

fn service<'a>(catalog: &'a Catalog, id: &str) -> &'a DataService {
    &catalog.data_services[&DatabaseServiceId::new(id)]
}

fn data_plan<'a>(service: &'a DataService, id: &str) -> &'a DataPlan {
    service.plans.iter().find(|plan| plan.id == id).expect("a plan of the service")
}

/// What an account on a plan pays for use of the meters.
fn pays(platform: &Platform, id: &str, used: &[(MeterId, f64)]) -> Usd {
    let mut total = Usd::ZERO;
    let used = MonthlyUse::of(used.iter().copied());
    account(platform, plan(platform, id), 1, &used, &mut |charge: Charge<'_>| total += charge.monthly());
    total
}

/// What databases on plans of a service cost together.
fn databases(service: &DataService, all: &[(&str, DataUse)]) -> Usd {
    let mut total = Usd::ZERO;
    let add = &mut |charge: Charge<'_>| total += charge.monthly();
    for (id, used) in all {
        data(service, data_plan(service, id), ["postgres", "production"], used, add);
    }
    let plans = all.iter().map(|(id, used)| (data_plan(service, id), used.months));
    data_account(service, "postgres", plans, add);
    total
}

fn stored(storage_gb: f64) -> DataUse {
    DataUse { months: 1.0, storage_gb, ..DataUse::default() }
}

#[track_caller]
fn assert_usd(found: Usd, published: &str) {
    assert_eq!(found.cents().to_string(), published);
}

/// AWS Fargate, example 1: 5 tasks of 1 vCPU and 2 GB, 10 minutes a day for 30 days, are $1.01 and $0.22.
/// <https://aws.amazon.com/fargate/pricing/>, read 2026-11-25. The $0.03 for 10 GB of additional disk are left out: the model
/// asks for none.
#[test]
fn fargate_five_tasks_ten_minutes_a_day() {
    let catalog = catalog();
    let fargate = platform(&catalog, "aws-ecs-fargate");
    let hours = 5.0 * 600.0 * 30.0 / 3600.0;
    assert_usd(pays(fargate, "pay-as-you-go", &[(MeterId::VcpuHour, hours)]), "$1.01");
    assert_usd(pays(fargate, "pay-as-you-go", &[(MeterId::MemoryGbHour, 2.0 * hours)]), "$0.22");
}

/// AWS Fargate, example 3: 10 pods of 0.25 vCPU and 1 GB, an hour a day for 30 days, are $3.04 + $1.33 = $4.37.
/// <https://aws.amazon.com/fargate/pricing/>, read 2026-11-25.
#[test]
fn fargate_ten_pods_an_hour_a_day() {
    let catalog = catalog();
    let fargate = platform(&catalog, "aws-ecs-fargate");
    let hours = 10.0 * 30.0;
    assert_usd(pays(fargate, "pay-as-you-go", &[(MeterId::VcpuHour, 0.25 * hours)]), "$3.04");
    let both = [(MeterId::VcpuHour, 0.25 * hours), (MeterId::MemoryGbHour, hours)];
    assert_usd(pays(fargate, "pay-as-you-go", &both), "$4.37");
}

/// Railway, "Understanding Your Bill": on Hobby $3, $5, $8 and $15 of use make a bill of $5, $5, $8 and $15.
/// <https://docs.railway.com/pricing/understanding-your-bill>, read 2026-11-25.
#[test]
fn railway_the_fee_is_a_minimum_of_use() {
    let catalog = catalog();
    let railway = platform(&catalog, "railway");
    let price = railway.meters.iter().find(|meter| meter.id == MeterId::TransferGb).expect("a meter");
    for (used, bill) in [(3, "$5"), (5, "$5"), (8, "$8"), (15, "$15")] {
        let gigabytes = f64::from(used) / price.usd.to_f64();
        assert_usd(pays(railway, "hobby", &[(MeterId::TransferGb, gigabytes)]), bill);
    }
}

/// The same page: on Pro $20 cover a use below $20; beyond it the difference is paid (its first example and its rule).
#[test]
fn railway_pro_covers_twenty_dollars() {
    let catalog = catalog();
    let railway = platform(&catalog, "railway");
    // A use of $15.39 as on its example invoice, whose credit is $15.39.
    let mut used = MonthlyUse::default();
    used.other_usd = Usd::from_f64(15.39);
    let mut credit = Usd::ZERO;
    account(railway, plan(railway, "pro"), 3, &used, &mut |charge: Charge<'_>| {
        if charge.unit_price < Usd::ZERO {
            credit += charge.monthly();
        }
    });
    assert_usd(credit, "$-15.39");
}

/// Cloudflare Workers, examples 1, 3 and 4: 15 million requests of 7 ms are $8, 720 of 3 minutes $6.99, 100 million of 7 ms
/// $45.40. <https://developers.cloudflare.com/workers/platform/pricing/>, read 2026-11-25.
#[test]
fn cloudflare_requests_and_processor_time() {
    let catalog = catalog();
    let cloudflare = platform(&catalog, "cloudflare");
    for (millions, milliseconds, published) in
        [(15.0, 7.0, "$8"), (0.00072, 180_000.0, "$6.99"), (100.0, 7.0, "$45.40")]
    {
        let hours = millions * 1e6 * milliseconds / 3.6e6;
        let used = [(MeterId::RequestsMillion, millions), (MeterId::VcpuHour, hours)];
        assert_usd(pays(cloudflare, "paid", &used), published);
    }
}

/// GitHub Actions: 3,000 Linux minutes beyond the quota are $24, at the rate of $0.008 that ended on 2026-01-01.
/// <https://docs.github.com/en/billing/concepts/product-billing/github-actions>, read 2026-11-25.
#[test]
fn github_actions_three_thousand_minutes_beyond_the_quota() {
    let today = catalog();
    let older = overlaid(
        "ci-hosts/github.toml",
        "usd_per_minute = { value = 0.006",
        "usd_per_minute = { value = 0.008",
    );
    let beyond = |catalog: &Catalog| {
        let host = &catalog.ci_hosts[&CodeHostId::new("github")];
        let mut total = Usd::ZERO;
        let minutes = f64::from(host.free_minutes.value) + 3000.0;
        ci(host, minutes, &mut |charge: Charge<'_>| total += charge.monthly());
        total
    };
    assert_usd(beyond(&older), "$24");
    assert!(beyond(&today) < beyond(&older));
}

/// Supabase, compute: one project on Micro is $25, three are $45, with $10 of compute credits.
/// <https://supabase.com/docs/guides/platform/manage-your-usage/compute>, read 2026-11-25.
#[test]
fn supabase_projects_share_one_plan_and_its_credit() {
    let catalog = catalog();
    let supabase = service(&catalog, "supabase");
    assert_usd(databases(supabase, &[("pro-micro", stored(8.0))]), "$25");
    let three = ["pro-micro"; 3].map(|id| (id, stored(8.0)));
    assert_usd(databases(supabase, &three), "$45");
}

/// Supabase, disk: three projects on Small with 8, 8 and 50 GB are $65.24 ($5.24 for 42 GB by the hour; $5.25 by the month).
/// <https://supabase.com/docs/guides/platform/manage-your-usage/disk-size>, read 2026-11-25.
#[test]
fn supabase_a_disk_beyond_what_is_included() {
    let catalog = catalog();
    let supabase = service(&catalog, "supabase");
    let small = [8.0, 8.0, 50.0].map(|storage| ("pro-small", stored(storage)));
    let difference = databases(supabase, &small) - Usd::from_f64(65.24);
    assert!(difference.to_f64().abs() <= 0.011, "{difference}");
}

/// Neon's examples of the plans Launch (1, 2 and 3) and Scale (1): hours of computing, storage of root and child branches, history.
/// <https://neon.com/docs/introduction/plans>, read 2026-11-25.
#[test]
fn neon_the_vendors_own_examples() {
    let catalog = catalog();
    let neon = service(&catalog, "neon");
    // Plan, its hours in the example, GB of root and child branches, GB of history, and the published amount.
    let examples = [
        ("launch-1cu", 10.0, 2.0 + 1.0, 1.0, 2.31),
        ("launch-1cu", 120.0, 20.0 + 5.0, 10.0, 23.47),
        ("launch-2cu", 125.0, 40.0 + 10.0, 20.0, 48.00),
        // 4 CU for 425 hours are 2 CU for 850.
        ("scale-2cu", 850.0, 100.0 + 25.0, 50.0, 431.15),
    ];
    for (id, hours, storage, history, published) in examples {
        let months = hours / siteplan_cost::usage::HOURS_PER_MONTH;
        // Storage and history of the examples are those of a whole month.
        let used = DataUse {
            months,
            storage_gb: storage / months,
            history_gb: history / months,
            commands_million: 0.0,
        };
        let found = databases(neon, &[(id, used)]).to_f64();
        // The catalog holds the price of 730 hours in whole cents.
        assert!((found - published).abs() < 0.02, "{id} {hours} h: {found} against {published}");
    }
}

/// Fly.io Managed Postgres: 10 GB provisioned are $2.80 a month.
/// <https://fly.io/docs/mpg/>, read 2026-11-25.
#[test]
fn fly_managed_postgres_ten_gigabytes() {
    let catalog = catalog();
    let postgres = service(&catalog, "fly-managed-postgres");
    let of = |storage| databases(postgres, &[("basic", stored(storage))]);
    let fee = data_plan(postgres, "basic").usd_per_month;
    assert_usd(of(10.0) - fee, "$2.80");
    assert_usd(of(0.5) - fee, "$2.80");
    assert_usd(of(20.0) - of(10.0), "$2.80");
}

/// Fly.io, cost management: in `sjc` one machine of 256 MB is $2.32, three of 1 GB are $20.37 and five of 512 MB about $19.
/// The catalog has the prices of `iad`; regions differ by one factor, which the first figure gives.
/// <https://fly.io/docs/about/cost-management/>, read 2026-11-25.
#[test]
fn fly_machines_of_another_region_keep_their_proportion() {
    let catalog = catalog();
    let fly = platform(&catalog, "fly");
    let price = |id: &str| {
        let size = fly.sizes.iter().find(|size| size.id == id).expect("a size");
        size.usd_per_month.expect("a price").to_f64()
    };
    let region = 2.32 / price("shared-cpu-1x-256mb");
    let three = 3.0 * price("shared-cpu-1x-1gb") * region;
    let five = 5.0 * price("shared-cpu-1x-512mb") * region;
    assert!((three / 20.37 - 1.0).abs() < 0.01, "{three}");
    assert!((five / 19.0 - 1.0).abs() < 0.01, "{five}");
}

/// Vercel's flat CDN: 1 million requests and 1 TB are included in Pro, then $20, $100 and $300 hold 10, 50 and 150 million.
/// <https://vercel.com/docs/pricing/flat-rate-cdn>, as of 2026-09-08, read 2026-11-22.
#[test]
fn vercel_the_delivery_network_is_paid_in_steps() {
    let catalog = catalog();
    let vercel = platform(&catalog, "vercel");
    let fee = pays(vercel, "pro", &[]);
    let of = |millions: f64, gigabytes: f64| {
        let used = [(MeterId::CdnRequestsMillion, millions), (MeterId::TransferGb, gigabytes)];
        pays(vercel, "pro", &used) - fee
    };
    assert_usd(of(1.0, 1000.0), "$0");
    assert_usd(of(1.1, 10.0), "$20");
    assert_usd(of(0.5, 1001.0), "$20");
    assert_usd(of(50.0, 50_000.0), "$100");
    assert_usd(of(150.0, 50_000.0), "$300");
    // Beyond the last step by use, which the plan's $20 of credit covers first.
    assert_usd(of(160.0, 50_000.0), "$300");
    assert!(of(200.0, 50_000.0) > of(160.0, 50_000.0));
}

/// DigitalOcean App Platform: each instance adds its own transfer to one pool; $0.02 for each GiB beyond it.
/// <https://docs.digitalocean.com/products/app-platform/details/pricing/>, as of 2026-07-13, read 2026-11-22.
#[test]
fn digitalocean_instances_bring_their_transfer() {
    let catalog = catalog();
    let platform = platform(&catalog, "digitalocean-app-platform");
    let with = |pool: f64, sent: f64| {
        let mut used = MonthlyUse::of([(MeterId::TransferGb, sent)]);
        used.transfer_of_instances_gb = pool;
        let mut total = Usd::ZERO;
        account(platform, plan(platform, "pay-as-you-go"), 1, &used, &mut |c: Charge<'_>| {
            total += c.monthly();
        });
        total
    };
    assert_usd(with(150.0, 150.0), "$0");
    assert_usd(with(150.0, 250.0), "$2");
    assert_usd(with(0.0, 100.0), "$2");
}

/// Doppler: three people are free, each further one is $8; Infisical: five are free, then all pay $23.
/// <https://www.doppler.com/pricing>, <https://infisical.com/pricing>, read 2026-11-22.
#[test]
fn secrets_managers_are_paid_by_the_person() {
    let catalog = catalog();
    let of = |id: &str, people| {
        let service = &catalog.secrets_services[&SecretsServiceId::new(id)];
        let mut total = Usd::ZERO;
        secrets(service, 10.0, people, &mut |charge: Charge<'_>| total += charge.monthly());
        total
    };
    assert_usd(of("doppler", 3), "$0");
    assert_usd(of("doppler", 5), "$16");
    assert_usd(of("infisical", 5), "$0");
    assert_usd(of("infisical", 6), "$138");
}
