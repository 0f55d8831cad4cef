//! A site → the assumptions that its figures rest on, each with its source or reason.

use std::fmt::Write;

use siteplan_catalog::data_service::{DataKind, DataService};
use siteplan_catalog::platform::{Billing, Builder, MeterId, Platform};
use siteplan_model::cost::Assumption;
use siteplan_model::digits::grouped;
use siteplan_model::survey::ServiceKind;

use crate::load::load_beside_scale;
use crate::place::{Arrangement, Placed, Site};
use crate::plans::Plans;
use crate::rest::Rest;
use crate::usage::{Key, Level, Total, whole};

/// The assumptions that the figures rest on: users first, then what somebody gave as a total, then the catalog's.
pub(crate) fn assumptions<'a>(
    site: &Site<'a>,
    today: &Arrangement<'a>,
    plans: &Plans<'a>,
) -> Vec<Assumption> {
    let users = Level::ALL.map(|level| site.assumptions.users(level).round());
    let exact = site.context.users.is_some();
    let mut list = vec![Assumption {
        key: "users".to_owned(),
        name: "users in a month".to_owned(),
        low: users[0],
        expected: users[1],
        high: users[2],
        unit: "users".to_owned(),
        reason: if exact {
            "as answered".to_owned()
        } else {
            format!("the middle half of the band `{}` on a logarithmic scale", site.context.scale)
        },
    }];
    if site.context.requests_per_month.is_some() {
        let requests = site.assumptions.requests(Level::Expected);
        list.push(Assumption {
            key: "requests_per_month".to_owned(),
            name: "requests in a month".to_owned(),
            low: requests,
            expected: requests,
            high: requests,
            unit: "requests".to_owned(),
            reason: requests_reason(site),
        });
    }
    list.extend(site.team_line(today, plans));
    list.extend(site.regions_line(today));
    list.extend(Total::ALL.iter().filter_map(|total| site.assumptions.total_line(*total)));
    let part = Part::of(site, today);
    let counts = |key: &&Key| part.matters(**key);
    let row = |key: &Key| Some(as_billed(site, *key, site.assumptions.line(*key, site.language())?));
    list.extend(Key::ALL.iter().filter(counts).filter_map(row));
    list
}

/// Why the requests are what they are, and whose data is kept where they are more than the users make.
fn requests_reason(site: &Site<'_>) -> String {
    let both = load_beside_scale(site.catalog, site.context, &site.choices.settings);
    let mut reason = both.map_or_else(|| "as answered".to_owned(), |both| format!("as answered: {both}"));
    let (kept, users) = (site.assumptions.users_of_data(), site.assumptions.users(Level::Expected));
    if kept > users && !site.workload.databases.is_empty() {
        let [.., most] = site.assumptions.values(Key::RequestsPerUser, None);
        let (kept, most) = (grouped(whole(kept)), grouped(whole(most)));
        let _ = write!(reason, "; the database keeps what {kept} users leave, who make {most} each");
    }
    reason
}

/// A row as it is billed: what grows with the users at the number of them, not at the middle of their band.
fn as_billed(site: &Site<'_>, key: Key, row: Assumption) -> Assumption {
    let given = site.assumptions.is_given(key) || site.assumptions.total(Total::StorageGb).is_some();
    let (low, expected, high) = match key {
        Key::DatabaseGb | Key::DiskGb if !given && row.expected > 0.0 => {
            let times = site.stored(key, Level::Expected, 1.0) / row.expected;
            (significant(row.low * times), significant(row.expected * times), significant(row.high * times))
        }
        Key::DatabaseMemoryMb | Key::CacheMemoryMb if !given => {
            let reached = site.assumptions.reached(site.assumptions.users_of_data());
            let band = site.catalog.usage.get(key.as_str()).and_then(|row| row.by_scale.get(&reached));
            band.map_or((row.low, row.expected, row.high), |[low, expected, high]| (*low, *expected, *high))
        }
        _ => (row.low, row.expected, row.high),
    };
    Assumption { low, expected, high, ..row }
}

/// A number with three digits that say something.
fn significant(number: f64) -> f64 {
    if number <= 0.0 {
        return number;
    }
    let step = libm::pow(10.0, libm::floor(libm::log10(number)) - 2.0);
    // Below one the step is no whole number: dividing by its inverse keeps the digits.
    if step < 1.0 {
        (number * (1.0 / step).round()).round() / (1.0 / step).round()
    } else {
        (number / step).round() * step
    }
}

/// What of the model has a part in a quote.
struct Part<'s, 'a> {
    site: &'s Site<'a>,
    today: &'s Arrangement<'a>,
    hosts: Vec<&'a Platform>,
}

impl<'s, 'a> Part<'s, 'a> {
    fn of(site: &'s Site<'a>, today: &'s Arrangement<'a>) -> Self {
        Self { site, today, hosts: site.hosts(today) }
    }

    /// Whether one of the platforms bills a meter.
    fn bills(&self, id: MeterId) -> bool {
        self.hosts.iter().any(|host| host.meters.iter().any(|meter| meter.id == id))
    }

    /// Whether a component runs on a machine whose computing is billed one of these ways.
    fn billed(&self, ways: &[Billing]) -> bool {
        self.today.components.iter().any(|placed| {
            placed.size.vcpu > 0.0
                && placed.size.usd_per_month.is_none()
                && ways.contains(&placed.platform.compute.billing.value)
        })
    }

    /// Whether an engine is bought.
    fn bought(&self, kind: DataKind) -> bool {
        self.today.engines.iter().any(|placed| placed.kind == kind)
    }

    /// Whether an engine's service, or an independent one that competes with it by price, bills something.
    fn may_bill(&self, bills: impl Fn(&DataService) -> bool) -> bool {
        self.today.engines.iter().any(|placed| {
            let competes = |service: &&&DataService| placed.host.is_none() && service.platforms.is_empty();
            let offers = self.site.offers.iter().filter(|offers| offers.engine == placed.need.engine);
            let others = offers.flat_map(|offers| offers.services.iter().filter(competes));
            bills(placed.service) || others.into_iter().any(|service| bills(service))
        })
    }

    /// Whether an instance of a kind runs on without a request or a job, at a rate that depends on what it does meanwhile.
    fn runs_idle(&self, of_kind: impl Fn(&Placed<'_>, ServiceKind) -> bool) -> bool {
        self.today.components.iter().any(|placed| {
            let stops = placed.platform.compute.stops.as_ref();
            let depends = stops.and_then(|stops| stops.kept.as_ref()?.idle_below_vcpu.as_ref()).is_some();
            depends && of_kind(placed, self.site.workload.components[placed.component].kind)
        })
    }

    /// Whether a worker waits for jobs at such a rate.
    fn may_wait(&self) -> bool {
        self.runs_idle(|_, kind| kind == ServiceKind::Worker)
    }

    /// Whether an assumption has a part in this quote: setting one that has none changes nothing.
    fn matters(&self, key: Key) -> bool {
        let site = self.site;
        let workload = site.workload;
        let kinds = |kind| workload.components.iter().any(|component| component.kind == kind);
        let serves = workload.components.iter().any(|component| component.kind.serves_http());
        // A database in a file is opened by one instance, whatever is assumed.
        let several = workload.components.iter().any(|one| one.kind.serves_http() && one.data_file.is_none());
        let files_only = self.today.components.iter().all(|placed| placed.size.vcpu == 0.0);
        let given = |total| site.assumptions.total(total).is_some();
        let environments = site.choices.environments.names();
        let balanced = self.bills(MeterId::BalancerUnitHour);
        let transferred = self.bills(MeterId::TransferGb) || balanced;
        let ci = site.choices.code_host.is_some() && !site.account.public;
        let platform_builds =
            |builds: Builder| self.hosts.iter().any(|host| host.deploy.builds.value == builds);
        let builds = platform_builds(Builder::Platform)
            || (ci && site.platform.deploy.builds.value != Builder::Platform);
        let database = self.bought(DataKind::Database) || !self.today.self_run.is_empty();
        let history = self.may_bill(|service| service.history_usd_per_gb.is_some());
        let commands = self.may_bill(|service| service.usd_per_million_commands.is_some());
        let keeps_disk = self.hosts.iter().any(|host| site.disks_on(host, self.today) > 0);
        let both_stored = self.bought(DataKind::Database) && keeps_disk;
        match key {
            Key::RequestsPerUser => site.context.requests_per_month.is_none(),
            Key::DeploysPerMonth => ci || (builds && !given(Total::BuildMinutes)),
            Key::MinutesPerBuild => builds && !given(Total::BuildMinutes),
            Key::TestMinutes => ci,
            Key::TransferKbPerRequest => serves && transferred && !given(Total::TransferGb),
            Key::LogKbPerRequest => serves && self.bills(MeterId::LogGb),
            Key::PeakFactor | Key::RequestsPerSecondPerVcpu => !files_only,
            Key::Instances => !files_only && several,
            Key::MemoryMb => !files_only && workload.memory_mb.is_none(),
            Key::MemoryFill => !files_only && site.leaves_margin(),
            Key::CpuMsPerRequest => self.billed(&[Billing::Active, Billing::Used]),
            Key::RequestMs => {
                (serves && self.billed(&[Billing::Request, Billing::Active])) || self.may_wait()
            }
            Key::IdleCpuShare => {
                let kept = self.runs_idle(|placed, _| matches!(placed.rest, Rest::Kept(_)));
                self.billed(&[Billing::Used]) || kept || self.may_wait()
            }
            Key::DatabaseGb => database && (!given(Total::StorageGb) || both_stored),
            Key::DatabaseMemoryMb => database,
            Key::StagingDatabaseGb => self.bought(DataKind::Database) && environments.len() > 1,
            Key::HistoryShare => history,
            Key::CacheMemoryMb => self.bought(DataKind::Cache),
            Key::CacheCommandsPerRequest => commands,
            Key::ImageGb => platform_builds(Builder::CiImage) && self.bills(MeterId::ImageGb),
            Key::DiskGb => keeps_disk && (!given(Total::StorageGb) || both_stored),
            Key::StagingLoadShare => environments.len() > 1,
            Key::PreviewShare => environments.contains(&"preview"),
            Key::CronShare => kinds(ServiceKind::Cron),
            Key::JobsPerRequest => kinds(ServiceKind::Worker),
        }
    }
}
