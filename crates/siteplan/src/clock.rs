//! The date of a plan: an input, and the local clock only where nobody gave one.

use std::env;

use jiff::civil::Date;
use jiff::{Timestamp, Zoned, tz::TimeZone};

use crate::error::{Failure, Outcome};

/// The variable by which builds pin their time.
const SOURCE_DATE_EPOCH: &str = "SOURCE_DATE_EPOCH";

/// The date that was asked for: `--date`, else `SOURCE_DATE_EPOCH` in UTC, else none.
pub(crate) fn given_date(flag: Option<Date>) -> Outcome<Option<Date>> {
    if flag.is_some() {
        return Ok(flag);
    }
    let Some(epoch) = env::var_os(SOURCE_DATE_EPOCH) else { return Ok(None) };
    let epoch = epoch.to_string_lossy().into_owned();
    let seconds = epoch.trim().parse::<i64>().ok();
    let moment = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
    let date = moment.map(|moment| moment.to_zoned(TimeZone::UTC).date());
    date.map(Some).ok_or_else(|| {
        Failure::input(format!(
            "`{SOURCE_DATE_EPOCH}` is `{epoch}`, which is no number of seconds since 1970"
        ))
        .hint("set it to a number such as 1795564800, unset it, or give --date YYYY-MM-DD")
    })
}

/// Today, where the person is.
pub(crate) fn today() -> Date {
    Zoned::now().date()
}
