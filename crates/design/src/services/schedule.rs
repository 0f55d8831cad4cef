//! A schedule as a repository states it → the five fields that every platform takes.

/// When a job runs of which nobody says when: at night, so that it shows whether it works without being in the way.
const ASSUMED: &str = "0 3 * * *";

/// Names of schedules that some schedulers know, with their five fields.
const NAMED: [(&str, &str); 7] = [
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
    ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@hourly", "0 * * * *"),
];

/// A cron expression, with where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Schedule {
    /// The repository states it.
    Stated(String),
    /// The repository states none that could be read.
    Assumed,
}

impl Schedule {
    /// Whether it is an assumption.
    pub(super) fn is_assumed(&self) -> bool {
        *self == Self::Assumed
    }

    /// The five fields.
    pub(super) fn expression(self) -> String {
        match self {
            Self::Stated(fields) => fields,
            Self::Assumed => ASSUMED.to_owned(),
        }
    }
}

/// How often a job runs, for platforms that know no times: the finest of their four that the fields do not go below.
pub(crate) fn every(fields: &str) -> &'static str {
    let fields: Vec<&str> = fields.split(' ').collect();
    let is_one =
        |at: usize| fields.get(at).is_some_and(|field| field.chars().all(|c| c.is_ascii_alphanumeric()));
    let is_any = |at: usize| fields.get(at) == Some(&"*");
    if !is_one(1) {
        "hourly"
    } else if is_one(2) {
        "monthly"
    } else if is_any(2) && is_one(4) {
        "weekly"
    } else {
        "daily"
    }
}

/// The schedule of a job.
pub(super) fn of(stated: Option<&str>) -> Schedule {
    let stated = stated.map(str::trim).unwrap_or_default();
    if let Some((_, fields)) = NAMED.iter().find(|(name, _)| *name == stated) {
        return Schedule::Stated((*fields).to_owned());
    }
    let fields: Vec<&str> = stated.split_whitespace().collect();
    let is_field = |field: &&str| {
        field.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '*')
            && field.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '*' | '/' | ',' | '-'))
    };
    let of_five = |fields: &[&str]| {
        if fields.iter().all(is_field) { Schedule::Stated(fields.join(" ")) } else { Schedule::Assumed }
    };
    match fields.as_slice() {
        five if five.len() == 5 => of_five(five),
        // Some schedulers put the second first.
        [second, rest @ ..] if rest.len() == 5 && second.chars().all(|c| c.is_ascii_digit()) => of_five(rest),
        _ => Schedule::Assumed,
    }
}

#[cfg(test)]
mod tests {
    use super::{Schedule, every, of};

    #[test]
    fn a_platform_without_times_runs_a_job_often_enough() {
        for (fields, expected) in [
            ("*/5 * * * *", "hourly"),
            ("0 */6 * * *", "hourly"),
            ("0 3 * * *", "daily"),
            ("0 3 * * 1-5", "daily"),
            ("0 3 * * MON", "weekly"),
            ("0 3 1 * *", "monthly"),
        ] {
            assert_eq!(every(fields), expected, "{fields}");
        }
    }

    #[test]
    fn what_a_repository_states_becomes_five_fields_or_nothing() {
        let stated = |text: &str| Schedule::Stated(text.to_owned());
        assert_eq!(of(Some("*/5 * * * *")), stated("*/5 * * * *"));
        assert_eq!(of(Some(" @hourly ")), stated("0 * * * *"));
        assert_eq!(of(Some("0 30 2 * * 1-5")), stated("30 2 * * 1-5"));
        assert_eq!(of(Some("0 3 * * MON")), stated("0 3 * * MON"));
        for unreadable in
            ["", "every 5 minutes", "* * * *", "$(id) * * * *", "0 3 * *\n*; rm", "*/5 * * * * *"]
        {
            assert_eq!(of(Some(unreadable)), Schedule::Assumed, "{unreadable}");
        }
        assert_eq!(of(None), Schedule::Assumed);
    }
}
