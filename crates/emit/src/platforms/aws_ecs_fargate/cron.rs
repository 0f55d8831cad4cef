//! A cron expression of five fields → schedules of EventBridge, which has six fields, counts weekdays from Sunday as 1 and
//! takes a day of the month or of the week, never both.
//!
//! Format: <https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html> (seen 2026-11-25, assumed).

use std::collections::BTreeSet;

/// The schedules that together start at the times of the expression; none if it is no such expression.
pub(super) fn schedules(expression: &str) -> Option<Vec<String>> {
    let expression = match expression.trim() {
        "@hourly" => "0 * * * *",
        "@daily" | "@midnight" => "0 0 * * *",
        "@weekly" => "0 0 * * 0",
        "@monthly" => "0 0 1 * *",
        "@yearly" | "@annually" => "0 0 1 1 *",
        other => other,
    };
    let fields: Vec<&str> = expression.split_ascii_whitespace().collect();
    let &[minute, hour, day, month, weekday] = fields.as_slice() else { return None };
    let minute = numbers(minute, 0, 59, &[])?;
    let hour = numbers(hour, 0, 23, &[])?;
    let of_month = numbers(day, 1, 31, &[])?;
    let month = numbers(month, 1, 12, &MONTHS)?;
    let of_week = numbers(weekday, 0, 7, &WEEKDAYS)?;
    // Sunday is 0 or 7 here and 1 there.
    let of_week: BTreeSet<u8> = of_week.iter().map(|day| day % 7 + 1).collect();
    let every_day = of_month.len() == 31;
    let any_weekday = of_week.len() == 7;
    let line = |day: &str, weekday: &str| {
        let (minute, hour) = (shown(&minute, 60), shown(&hour, 24));
        format!("cron({minute} {hour} {day} {} {weekday} *)", shown(&month, 12))
    };
    let by_month = || line(&shown(&of_month, 31), "?");
    let by_week = || line("?", &shown(&of_week, 7));
    Some(match (every_day, any_weekday) {
        (_, true) => vec![by_month()],
        (true, false) => vec![by_week()],
        // Cron starts on either.
        (false, false) => vec![by_month(), by_week()],
    })
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// The numbers that a field means.
fn numbers(field: &str, least: u8, most: u8, names: &[&str]) -> Option<BTreeSet<u8>> {
    let number = |text: &str| {
        let place = names.iter().position(|name| text.eq_ignore_ascii_case(name));
        let place = place.and_then(|at| u8::try_from(at).ok()).map(|at| at + least);
        place.or_else(|| text.parse().ok()).filter(|number| (least..=most).contains(number))
    };
    let mut found = BTreeSet::new();
    for part in field.split(',') {
        let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
        let step: usize = step.map_or(Some(1), |step| step.parse().ok().filter(|step| *step > 0))?;
        let (from, to) = match range.split_once('-') {
            Some((from, to)) => (number(from)?, number(to)?),
            None if range == "*" => (least, most),
            // A step from one number goes on to the last.
            None if part.contains('/') => (number(range)?, most),
            None => (number(range)?, number(range)?),
        };
        if from > to {
            return None;
        }
        found.extend((from..=to).step_by(step));
    }
    Some(found)
}

/// The numbers as a field: `*` for all of them.
fn shown(numbers: &BTreeSet<u8>, all: usize) -> String {
    if numbers.len() == all {
        return "*".to_owned();
    }
    let mut parts: Vec<String> = Vec::new();
    let mut rest: &[u8] = &numbers.iter().copied().collect::<Vec<u8>>();
    while let Some(&first) = rest.first() {
        let run = rest.iter().zip(first..).take_while(|(number, expected)| *number == expected).count();
        // Two in a row are read as easily one by one.
        let taken = if run > 2 { run } else { 1 };
        let last = rest[taken - 1];
        parts.push(if taken > 1 { format!("{first}-{last}") } else { first.to_string() });
        rest = &rest[taken..];
    }
    parts.join(",")
}

#[cfg(test)]
mod tests {
    use super::schedules;

    #[test]
    fn five_fields_become_six() {
        for (cron, expected) in [
            ("0 3 * * *", "cron(0 3 * * ? *)"),
            ("*/15 * * * *", "cron(0,15,30,45 * * * ? *)"),
            ("5/20 8-18 * * MON-FRI", "cron(5,25,45 8-18 ? * 2-6 *)"),
            ("0 0 * * 7", "cron(0 0 ? * 1 *)"),
            ("0 0 * * 5-7", "cron(0 0 ? * 1,6,7 *)"),
            ("30 1 1,15 jan,jul *", "cron(30 1 1,15 1,7 ? *)"),
            ("@weekly", "cron(0 0 ? * 1 *)"),
        ] {
            assert_eq!(schedules(cron).as_deref(), Some([expected.to_owned()].as_slice()), "{cron}");
        }
    }

    #[test]
    fn a_day_of_the_month_and_one_of_the_week_are_two_schedules() {
        let both = ["cron(0 4 1 * ? *)", "cron(0 4 ? * 2 *)"].map(str::to_owned);
        assert_eq!(schedules("0 4 1 * 1"), Some(both.into()));
    }

    #[test]
    fn what_is_no_cron_expression_is_none() {
        for text in [
            "",
            "every day",
            "0 3 * *",
            "60 * * * *",
            "0 3 * * * *",
            "5-1 * * * *",
            "*/0 * * * *",
            "0 3 * * x",
        ] {
            assert_eq!(schedules(text), None, "{text}");
        }
    }
}
