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

/// Declares the numbers that the cost model asks for.
macro_rules! keys {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $key:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $(#[doc = $key] $variant,)+ }

        impl $name {
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
    /// An assumption that the cost model asks for.
    Key {
        RequestsPerUser = "requests_per_user";
        TransferKbPerRequest = "transfer_kb_per_request";
        CpuMsPerRequest = "cpu_ms_per_request";
        RequestMs = "request_ms";
        PeakFactor = "peak_factor";
        RequestsPerSecondPerVcpu = "requests_per_second_per_vcpu";
        MemoryMb = "memory_mb";
        MemoryFill = "memory_fill";
        IdleCpuShare = "idle_cpu_share";
        Instances = "instances";
        DatabaseGb = "database_gb";
        DatabaseMemoryMb = "database_memory_mb";
        StagingDatabaseGb = "staging_database_gb";
        HistoryShare = "history_share";
        CacheMemoryMb = "cache_memory_mb";
        CacheCommandsPerRequest = "cache_commands_per_request";
        DeploysPerMonth = "deploys_per_month";
        MinutesPerBuild = "minutes_per_build";
        TestMinutes = "test_minutes";
        LogKbPerRequest = "log_kb_per_request";
        ImageGb = "image_gb";
        DiskGb = "disk_gb";
        StagingLoadShare = "staging_load_share";
        PreviewShare = "preview_share";
        CronShare = "cron_share";
        JobsPerRequest = "jobs_per_request";
    }
}

keys! {
    /// A figure that somebody may know exactly, in place of what the assumptions would compute or the catalog says.
    Total {
        TransferGb = "transfer_gb";
        StorageGb = "storage_gb";
        BuildMinutes = "build_minutes";
        StartSeconds = "start_seconds";
    }
}

/// Low, expected and high value of every key, for one language.
pub(crate) type Table = [[f64; 3]; Key::ALL.len()];

/// The assumptions as they apply to one application.
#[derive(Clone, Debug)]
pub struct Assumptions<'a> {
    /// The catalog's assumptions.
    pub usage: &'a Usage,
    /// The answers.
    pub context: &'a Context,
    /// Without a language, then for each language of the application: the catalog's values, and those of the levels.
    tables: Vec<(Option<String>, Table, Table)>,
    /// For each key whether somebody gave its value.
    given: [bool; Key::ALL.len()],
    /// The exact figures that somebody gave.
    totals: [Option<f64>; Total::ALL.len()],
    /// Values of each key for each level at the geometric middle of each band, for the keys that grow with the users.
    by_band: [Option<[[f64; 3]; ScaleBand::ALL.len()]>; Key::ALL.len()],
}

impl<'a> Assumptions<'a> {
    /// The assumptions for an application in these languages. A `known` value outside the catalog's range is ignored:
    /// whoever reads settings refuses it.
    pub fn new<'l>(
        usage: &'a Usage,
        context: &'a Context,
        known: &BTreeMap<String, String>,
        languages: impl IntoIterator<Item = &'l str>,
    ) -> Self {
        let read = |key: &str| known.get(key).and_then(|text| usage.bounds(key)?.read(text));
        let rows: [_; Key::ALL.len()] = std::array::from_fn(|index| usage.get(Key::ALL[index].as_str()));
        let fixed: [Option<f64>; Key::ALL.len()] =
            std::array::from_fn(|index| read(Key::ALL[index].as_str()));
        let table = |language: Option<&str>| -> Table {
            std::array::from_fn(|index| match (fixed[index], rows[index]) {
                (Some(value), _) => [value; 3],
                // Zeros for an unknown key, which the catalog's validation excludes.
                (None, None) => [0.0; 3],
                (None, Some(row)) => language
                    .and_then(|language| row.by_language.get(language))
                    .or_else(|| row.by_scale.get(&context.scale))
                    .copied()
                    .unwrap_or(row.values),
            })
        };
        let inverse = rows.map(|row| row.is_some_and(|row| row.more_is_cheaper));
        let by_level =
            |values: Table| -> Table { std::array::from_fn(|index| levels(values[index], inverse[index])) };
        let mut tables = vec![(None, table(None), by_level(table(None)))];
        for language in languages {
            if tables.iter().all(|(known, ..)| known.as_deref() != Some(language)) {
                let values = table(Some(language));
                tables.push((Some(language.to_owned()), values, by_level(values)));
            }
        }
        Self {
            usage,
            context,
            tables,
            given: fixed.map(|value| value.is_some()),
            totals: std::array::from_fn(|index| read(Total::ALL[index].as_str())),
            by_band: std::array::from_fn(|index| {
                let row = rows[index].filter(|row| fixed[index].is_none() && !row.by_scale.is_empty())?;
                Some(std::array::from_fn(|band| {
                    let values = row.by_scale.get(&ScaleBand::ALL[band]).copied().unwrap_or(row.values);
                    levels(values, row.more_is_cheaper)
                }))
            }),
        }
    }

    /// The values by level for one of the application's languages; without a language for another one.
    pub(crate) fn table(&self, language: Option<&str>) -> &Table {
        let own = self.tables.iter().find(|(known, ..)| known.as_deref() == language);
        own.map_or(&self.tables[0].2, |(_, _, table)| table)
    }

    /// Low, expected and high value as the catalog has them, for one of the application's languages.
    pub fn values(&self, key: Key, language: Option<&str>) -> [f64; 3] {
        let own = self.tables.iter().find(|(known, ..)| known.as_deref() == language);
        own.map_or(&self.tables[0].1, |(_, table, _)| table)[key as usize]
    }

    /// The value that a level takes; see [`levels`].
    pub fn value(&self, key: Key, language: Option<&str>, level: Level) -> f64 {
        self.table(language)[key as usize][level.index()]
    }

    /// One value for a number of users that may lie beyond the answered band: the catalog's value of a band belongs to the
    /// band's geometric middle, between two of which it follows a power law.
    pub fn grown(&self, key: Key, users: f64, level: Level) -> f64 {
        let own = self.value(key, None, level);
        let Some(bands) = self.by_band[key as usize] else { return own };
        if self.context.users.is_none() && users.to_bits() == self.users(Level::Expected).to_bits() {
            return own;
        }
        let anchor = |band: usize| middle(ScaleBand::ALL[band]);
        let last = bands.len() - 1;
        if users <= anchor(0) {
            return bands[0][level.index()];
        }
        let lower = (0..last).rev().find(|band| anchor(*band) <= users).unwrap_or(0);
        let [from, to] = [bands[lower][level.index()], bands[lower + 1][level.index()]];
        if from <= 0.0 {
            return to;
        }
        let position = libm::log(users / anchor(lower)) / libm::log(anchor(lower + 1) / anchor(lower));
        from * libm::exp(position * libm::log(to / from))
    }

    /// One value for a number of users, which changes only from band to band.
    pub(crate) fn stepped(&self, key: Key, users: f64, level: Level) -> f64 {
        let Some(bands) = self.by_band[key as usize] else { return self.value(key, None, level) };
        let band = self.reached(users);
        ScaleBand::ALL
            .iter()
            .position(|known| *known == band)
            .map_or(0.0, |index| bands[index][level.index()])
    }

    /// The band that a number of users reaches, the answered one at least; the upper end of a band still belongs to it.
    pub(crate) fn reached(&self, users: f64) -> ScaleBand {
        let holds = |band: &&ScaleBand| users <= to_f64(band.users().1);
        ScaleBand::ALL.iter().find(holds).copied().unwrap_or(ScaleBand::VeryHigh).max(self.context.scale)
    }

    /// Whether somebody gave a value.
    pub(crate) fn is_given(&self, key: Key) -> bool {
        self.given[key as usize]
    }

    /// An exact figure that somebody gave.
    pub(crate) fn total(&self, total: Total) -> Option<f64> {
        self.totals[total as usize]
    }

    /// Users in a month: the exact number, else the lower quartile, the middle and the upper quartile of the band on a
    /// logarithmic scale, which is half of the way to its ends, as for every other uncertain number.
    pub fn users(&self, level: Level) -> f64 {
        if let Some(users) = self.context.users {
            return to_f64(users.max(1));
        }
        let (low, high) = self.context.scale.users();
        let position = match level {
            Level::Low => 0.25,
            Level::Expected => return middle(self.context.scale),
            Level::High => 0.75,
        };
        to_f64(low) * libm::pow(to_f64(high) / to_f64(low), position)
    }

    /// Users whose data is kept: those of the answers, or as many as make the stated requests even if each makes as many as one of
    /// the busiest does.
    pub(crate) fn users_of_data(&self) -> f64 {
        let users = self.users(Level::Expected);
        let Some(requests) = self.context.requests_per_month else { return users };
        let [.., most] = self.values(Key::RequestsPerUser, None);
        if most > 0.0 { users.max(to_f64(requests) / most) } else { users }
    }

    /// Requests in a month.
    pub fn requests(&self, level: Level) -> f64 {
        match self.context.requests_per_month {
            Some(requests) => to_f64(requests.max(1)),
            None => self.users(level) * self.value(Key::RequestsPerUser, None, level),
        }
    }

    /// One line of the document's table of assumptions; `None` for an unknown key.
    pub fn line(&self, key: Key, language: Option<&str>) -> Option<Assumption> {
        let assumption = self.usage.get(key.as_str())?;
        let [low, expected, high] = self.values(key, language);
        let given = self.given[key as usize];
        Some(Assumption {
            key: key.as_str().to_owned(),
            name: assumption.name.clone(),
            low,
            expected,
            high,
            unit: assumption.unit.clone(),
            reason: if given { GIVEN.to_owned() } else { assumption.reason.clone() },
        })
    }

    /// One line of that table for a total that somebody gave.
    pub(crate) fn total_line(&self, total: Total) -> Option<Assumption> {
        let value = self.total(total)?;
        let known = self.usage.total.iter().find(|known| known.key == total.as_str())?;
        Some(Assumption {
            key: total.as_str().to_owned(),
            name: known.name.clone(),
            low: value,
            expected: value,
            high: value,
            unit: known.unit.clone(),
            reason: format!("{GIVEN}, in place of {}", known.replaces),
        })
    }
}

/// The reason of a number that somebody gave.
pub(crate) const GIVEN: &str = "as set";

/// Low, expected and high value of a number → what the levels take: the expected value, and half of the way from it to the cheap
/// and to the dear end, on a logarithmic scale.
///
/// Several uncertain numbers multiply in each line of a bill: users, requests of a user, what a request costs, its peak. If four
/// independent ones all sat at their ends, that would be far rarer than one of them at its end. The spread of a product
/// grows with the square root of their number, so each of four moves half of its way when the product is as unlikely as one end.
fn levels([low, expected, high]: [f64; 3], more_is_cheaper: bool) -> [f64; 3] {
    let half = |end: f64| {
        if end > 0.0 && expected > 0.0 { libm::sqrt(end * expected) } else { f64::midpoint(end, expected) }
    };
    let exact = |end: f64| if end.to_bits() == expected.to_bits() { expected } else { half(end) };
    let [cheap, dear] = if more_is_cheaper { [high, low] } else { [low, high] };
    [exact(cheap), expected, exact(dear)]
}

/// Users at the geometric middle of a band.
fn middle(band: ScaleBand) -> f64 {
    let (low, high) = band.users();
    libm::sqrt(to_f64(low) * to_f64(high))
}

/// Load of the whole application in one month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    /// Users a month that this load belongs to, in production.
    pub users: f64,
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
        let sent = || requests * assumptions.value(Key::TransferKbPerRequest, None, level) / 1e6;
        Self {
            users: assumptions.users(Level::Expected) * factor,
            requests,
            transfer_gb: assumptions.total(Total::TransferGb).map_or_else(sent, |total| total * factor),
            mean_rps,
            peak_rps: mean_rps * assumptions.value(Key::PeakFactor, None, level),
        }
    }

    /// A share of the load, for a further environment.
    #[must_use]
    pub fn share(self, share: f64) -> Self {
        Self {
            users: self.users,
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
