//! Context and assumptions → what the application uses in a month, at a level of optimism and a multiple of the load.

use std::collections::BTreeMap;

use siteplan_catalog::reasoning::Usage;
use siteplan_model::brief::{Context, ScaleBand};
use siteplan_model::cost::Assumption;

/// Seconds of a month of 730 hours.
pub const SECONDS_PER_MONTH: f64 = 730.0 * 3600.0;

/// Hours of a month, as cloud vendors count them.
pub const HOURS_PER_MONTH: f64 = 730.0;

/// Which end of every uncertain number is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The cheap end.
    Low,
    /// The expected value.
    Expected,
    /// The dear end.
    High,
}

impl Level {
    /// All levels, cheap first.
    pub const ALL: [Self; 3] = [Self::Low, Self::Expected, Self::High];

    /// Position in a `[low, expected, high]` array.
    pub fn index(self) -> usize {
        match self {
            Self::Low => 0,
            Self::Expected => 1,
            Self::High => 2,
        }
    }
}

/// Declares the assumptions that the cost model asks for.
macro_rules! keys {
    ($($variant:ident = $key:literal;)+) => {
        /// An assumption that the cost model asks for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Key { $(#[doc = $key] $variant,)+ }

        impl Key {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The key in the catalog and in `--set`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $key,)+ }
            }
        }
    };
}

keys! {
    RequestsPerUser = "requests_per_user";
    TransferKbPerRequest = "transfer_kb_per_request";
    CpuMsPerRequest = "cpu_ms_per_request";
    RequestMs = "request_ms";
    PeakFactor = "peak_factor";
    RequestsPerSecondPerVcpu = "requests_per_second_per_vcpu";
    MemoryMb = "memory_mb";
    IdleCpuShare = "idle_cpu_share";
    Instances = "instances";
    DatabaseGb = "database_gb";
    DatabaseMemoryMb = "database_memory_mb";
    CacheMemoryMb = "cache_memory_mb";
    CacheCommandsPerRequest = "cache_commands_per_request";
    DeploysPerMonth = "deploys_per_month";
    BuildMinutes = "build_minutes";
    TestMinutes = "test_minutes";
    LogKbPerRequest = "log_kb_per_request";
    ImageGb = "image_gb";
    DiskGb = "disk_gb";
    StagingLoadShare = "staging_load_share";
    PreviewShare = "preview_share";
    CronShare = "cron_share";
    JobsPerRequest = "jobs_per_request";
}

/// Low, expected and high value of every key, for one language.
type Table = [[f64; 3]; Key::ALL.len()];

/// The assumptions as they apply to one application.
#[derive(Clone, Debug)]
pub struct Assumptions<'a> {
    /// The catalog's assumptions.
    pub usage: &'a Usage,
    /// The answers.
    pub context: &'a Context,
    /// Values that somebody knows better, by key.
    pub known: &'a BTreeMap<String, String>,
    /// Without a language, then for each language of the application.
    tables: Vec<(Option<String>, Table)>,
}

impl<'a> Assumptions<'a> {
    /// The assumptions for an application in these languages.
    pub fn new<'l>(
        usage: &'a Usage,
        context: &'a Context,
        known: &'a BTreeMap<String, String>,
        languages: impl IntoIterator<Item = &'l str>,
    ) -> Self {
        let mut assumptions = Self { usage, context, known, tables: Vec::new() };
        for language in std::iter::once(None).chain(languages.into_iter().map(Some)) {
            if assumptions.tables.iter().all(|(known, _)| known.as_deref() != language) {
                let table = std::array::from_fn(|index| assumptions.look_up(Key::ALL[index], language));
                assumptions.tables.push((language.map(str::to_owned), table));
            }
        }
        assumptions
    }

    /// Zeros for an unknown key, which the catalog's validation excludes.
    fn look_up(&self, key: Key, language: Option<&str>) -> [f64; 3] {
        let given = self.known.get(key.as_str()).and_then(|text| text.replace('_', "").parse::<f64>().ok());
        if let Some(value) = given.filter(|value| value.is_finite() && *value >= 0.0) {
            return [value; 3];
        }
        let Some(assumption) = self.usage.get(key.as_str()) else { return [0.0; 3] };
        language
            .and_then(|language| assumption.by_language.get(language))
            .or_else(|| assumption.by_scale.get(&self.context.scale))
            .copied()
            .unwrap_or(assumption.values)
    }

    /// Low, expected and high value for one of the application's languages.
    pub fn values(&self, key: Key, language: Option<&str>) -> [f64; 3] {
        let table = self.tables.iter().find(|(known, _)| known.as_deref() == language);
        table.map_or_else(|| self.look_up(key, language), |(_, table)| table[key as usize])
    }

    /// One value under another scale than the answered one, for loads that leave its band.
    pub fn value_at(&self, key: Key, scale: ScaleBand, level: Level) -> f64 {
        let own = self.values(key, None);
        let fixed = self.known.contains_key(key.as_str()) || scale == self.context.scale;
        let other = self.usage.get(key.as_str()).filter(|_| !fixed);
        other.map_or(own, |a| a.by_scale.get(&scale).copied().unwrap_or(a.values))[level.index()]
    }

    /// One value.
    pub fn value(&self, key: Key, language: Option<&str>, level: Level) -> f64 {
        self.values(key, language)[level.index()]
    }

    /// Users in a month: the exact number, else the lower quartile, the middle and the upper quartile of the band on a
    /// logarithmic scale.
    pub fn users(&self, level: Level) -> f64 {
        if let Some(users) = self.context.users {
            return to_f64(users.max(1));
        }
        let (low, high) = self.context.scale.users();
        let position = match level {
            Level::Low => 0.25,
            Level::Expected => 0.5,
            Level::High => 0.75,
        };
        to_f64(low) * libm::pow(to_f64(high) / to_f64(low), position)
    }

    /// Requests in a month.
    pub fn requests(&self, level: Level) -> f64 {
        match self.context.requests_per_month {
            Some(requests) => to_f64(requests.max(1)),
            None => self.users(level) * self.value(Key::RequestsPerUser, None, Level::Expected),
        }
    }

    /// One line of the document's table of assumptions; `None` for an unknown key.
    pub fn line(&self, key: Key, language: Option<&str>) -> Option<Assumption> {
        let assumption = self.usage.get(key.as_str())?;
        let [low, expected, high] = self.values(key, language);
        Some(Assumption {
            key: key.as_str().to_owned(),
            name: assumption.name.clone(),
            low,
            expected,
            high,
            unit: assumption.unit.clone(),
            reason: assumption.reason.clone(),
        })
    }
}

/// Load of the whole application in one month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    /// Requests a month.
    pub requests: f64,
    /// GB sent to the internet.
    pub transfer_gb: f64,
    /// Requests a second, on average.
    pub mean_rps: f64,
    /// Requests a second in the busiest minute.
    pub peak_rps: f64,
}

impl Load {
    /// The load at a level and a multiple of today's.
    pub fn of(assumptions: &Assumptions<'_>, level: Level, factor: f64) -> Self {
        let requests = assumptions.requests(level) * factor;
        let mean_rps = requests / SECONDS_PER_MONTH;
        Self {
            requests,
            transfer_gb: requests * assumptions.value(Key::TransferKbPerRequest, None, level) / 1e6,
            mean_rps,
            peak_rps: mean_rps * assumptions.value(Key::PeakFactor, None, level),
        }
    }

    /// A share of the load, for a further environment.
    #[must_use]
    pub fn share(self, share: f64) -> Self {
        Self {
            requests: self.requests * share,
            transfer_gb: self.transfer_gb * share,
            mean_rps: self.mean_rps * share,
            peak_rps: self.peak_rps * share,
        }
    }
}

/// Exact for every count that occurs here.
#[expect(clippy::cast_precision_loss, reason = "counts of users and requests stay far below 2^52")]
pub(crate) fn to_f64(count: u64) -> f64 {
    count as f64
}

/// The nearest whole count.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts stay far below 2^63")]
pub(crate) fn whole(count: f64) -> u64 {
    count.round().clamp(0.0, 1e18) as u64
}
