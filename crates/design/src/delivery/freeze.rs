//! The setting `freeze_window` → a weekly window in minutes, or what is wrong with it.

use siteplan_model::script::FreezeWindow;

use crate::error::DesignError;
use crate::ground::Ground;

/// The setting's key.
const KEY: &str = "freeze_window";

/// What the setting may say.
const FORM: &str = "write day and time of its begin and its end and, unless it is UTC, a time zone: `Fri 15:00-Mon 08:00 Europe/Berlin`";

/// The zone where none is named.
const UTC: &str = "UTC";

/// Minutes of a day.
const DAY: u32 = 24 * 60;

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The window, if one is set.
pub(crate) fn window(ground: &Ground<'_>) -> Option<FreezeWindow> {
    parse(ground.setting(KEY)).ok().flatten()
}

/// Whether the setting can be read.
pub(crate) fn check(ground: &Ground<'_>) -> Result<(), DesignError> {
    parse(ground.setting(KEY)).map(|_| ())
}

/// `Fri 15:00-Mon 08:00 Europe/Berlin` as minutes since Monday, 00:00.
fn parse(text: &str) -> Result<Option<FreezeWindow>, DesignError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = |what: String| DesignError::Setting { key: KEY, value: text.to_owned(), what, form: FORM };
    let (begin, rest) =
        text.split_once('-').ok_or_else(|| wrong("no `-` between begin and end".to_owned()))?;
    let mut words = rest.split_whitespace();
    let (day, time, zone) = (words.next(), words.next(), words.next().unwrap_or(UTC));
    let end = match (day, time, words.next()) {
        (Some(day), Some(time), None) => format!("{day} {time}"),
        (_, _, Some(extra)) => return Err(wrong(format!("`{extra}` is one word too many"))),
        _ => return Err(wrong(format!("its end `{}` is not a day and a time", rest.trim()))),
    };
    let from = minute(begin)
        .ok_or_else(|| wrong(format!("its begin `{}` is not a day and a time", begin.trim())))?;
    let until = minute(&end).ok_or_else(|| wrong(format!("its end `{end}` is not a day and a time")))?;
    if from == until {
        return Err(wrong("it begins where it ends".to_owned()));
    }
    if !is_zone(zone) {
        return Err(wrong(format!("`{zone}` is no time zone such as `Europe/Berlin`")));
    }
    Ok(Some(FreezeWindow {
        text: format!("{}-{end} {zone}", begin.split_whitespace().collect::<Vec<_>>().join(" ")),
        from,
        until,
        zone: zone.to_owned(),
    }))
}

/// `Fri 15:00` as minutes since Monday, 00:00.
fn minute(text: &str) -> Option<u32> {
    let mut words = text.split_whitespace();
    let (day, time, None) = (words.next()?.to_lowercase(), words.next()?, words.next()) else { return None };
    let is_day = |name: &&str| day.len() >= 3 && name.starts_with(day.as_str());
    let day = (0..).zip(DAYS).find(|(_, name)| is_day(name))?.0;
    let (hour, minute) = time.split_once(':')?;
    let number = |digits: &str, most: u32| {
        let known = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
        digits.parse::<u32>().ok().filter(|number| known && *number <= most)
    };
    Some(day * DAY + number(hour, 23)? * 60 + number(minute, 59)?)
}

/// Whether a word has the form of a name of the time zone database: an area and a place, or `UTC`.
fn is_zone(zone: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_uppercase())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+'))
    };
    zone == UTC || ((2..=3).contains(&zone.split('/').count()) && zone.split('/').all(part))
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn minutes(text: &str) -> Option<(u32, u32, String)> {
        parse(text).ok().flatten().map(|window| (window.from, window.until, window.zone))
    }

    #[test]
    fn a_window_is_two_points_of_a_week_and_a_zone() {
        let berlin = "Europe/Berlin".to_owned();
        assert_eq!(minutes("Fri 15:00-Mon 08:00 Europe/Berlin"), Some((4 * 1440 + 900, 480, berlin.clone())));
        assert_eq!(
            minutes(" friday  15:00 - monday 08:00  Europe/Berlin "),
            Some((4 * 1440 + 900, 480, berlin))
        );
        assert_eq!(minutes("fri 12:00-mon 06:00"), Some((4 * 1440 + 720, 360, "UTC".to_owned())));
        assert_eq!(
            minutes("Tue 09:30-Tue 17:00 America/Argentina/Salta").map(|window| window.1),
            Some(1440 + 1020)
        );
        assert_eq!(minutes(""), None);
        assert!(parse("").is_ok());
    }

    #[test]
    fn what_is_no_window_is_an_error_that_says_what_to_write() {
        for text in [
            "friday",
            "Fri 15:00",
            "Fri 15:00-Mon",
            "Fri 25:00-Mon 08:00",
            "Fri 1:00-Mon 08:00",
            "Fri +1:00-Mon 08:00",
            "Fry 15:00-Mon 08:00",
            "Fr 15:00-Mon 08:00",
            "Fri 15:00-Fri 15:00",
            "Fri 15:00-Mon 08:00 Berlin",
            "Fri 15:00-Mon 08:00 Europe/Ber;lin",
            "Fri 15:00-Mon 08:00 ../../etc/passwd",
            "Fri 15:00-Mon 08:00 Europe/Berlin x",
        ] {
            let error = parse(text).map_err(|error| error.to_string());
            let Err(said) = error else { panic!("`{text}` is taken for {error:?}") };
            assert!(said.contains("freeze_window") && said.contains("Europe/Berlin"), "{said}");
        }
    }
}
