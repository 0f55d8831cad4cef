//! The costs of one platform → what is paid for, what grows with the load, what is assumed.

use std::fmt::Write;

use anstyle::Style;
use siteplan_model::cost::{Assumption, CostLine, LoadPoint, NotIncluded};
use siteplan_model::money::{Usd, UsdRange};

use super::super::chart::bar;
use super::super::numbers::{counted, grouped, money, number, price, units};
use super::super::sanitise::line;
use super::super::style::{GOOD, QUIET, STRONG, WARNING, padded, paint, wrapped};
use super::super::table::{Row, Side, table};
use crate::costs::{Costs, PlatformCost};

/// From this width on a line of the bill also says how it arises; below it, that stands under the line.
const ROOMY: usize = 96;
/// Longest bar of the charts.
const LONGEST_BAR: usize = 32;

/// Everything about one platform.
pub(crate) fn cost_at(costs: &Costs, platform: &PlatformCost, width: usize) -> String {
    let report = &platform.report;
    let mut text = format!(
        "{}   {} a month expected, {}\n",
        paint(STRONG, &line(&platform.name)),
        paint(STRONG, &report.total.expected.rounded()),
        report.total.span(),
    );
    say(&mut text, "  ", &about(costs, platform), width);
    for broken in &platform.violates {
        let words = format!("breaks {}: {}", broken.constraint, broken.because);
        text.push_str(&paint(WARNING, &wrapped("  ", &line(&words), width)));
        text.push('\n');
    }
    if let Some(relaxation) = &platform.feasible_with {
        let words = format!("feasible with {}", relaxation.words);
        text.push_str(&paint(WARNING, &wrapped("  ", &line(&words), width)));
        text.push('\n');
    }
    text.push('\n');
    text.push_str(&bill(platform, width));
    text.push_str(&environments(platform, width));
    text.push_str(&loads(&report.loads, width));
    text.push_str(&verdict(platform, width));
    text.push_str(&not_included(&report.not_included, width));
    text.push_str(&assumptions(&report.assumptions, width));
    text.push_str(&sources(&report.lines, width));
    text
}

/// Which answers and which account the figures are for.
fn about(costs: &Costs, platform: &PlatformCost) -> String {
    let answers: Vec<String> = costs.answers.iter().map(|(key, answer)| format!("{key} {answer}")).collect();
    let environments: Vec<&str> = platform.by_environment.keys().map(String::as_str).collect();
    let because = platform.plan_because.as_ref().map_or_else(String::new, |because| format!(" ({because})"));
    let plan =
        if platform.plan.is_empty() { String::new() } else { format!("; plan {}{because}", platform.plan) };
    let seats = counted(u64::from(platform.seats), "seat");
    let standing = if platform.recommended { "recommended; " } else { "" };
    format!("{standing}{}; environments {}{plan}, {seats}", answers.join(", "), environments.join(", "))
}

fn bill(platform: &PlatformCost, width: usize) -> String {
    let (lines, total) = (&platform.report.lines, platform.report.total);
    let roomy = width >= ROOMY;
    let sources = cited(lines);
    let mark = |of: &CostLine| {
        let place = sources.iter().position(|source| *source == (of.source.as_str(), of.seen.to_string()));
        place.map(|place| format!("[{}]", place + 1)).unwrap_or_default()
    };
    let levels = |range: UsdRange| [range.low, range.expected, range.high].map(money);
    let head = ["what", "where", "how it arises", "low", "expected", "high", ""].map(str::to_owned);
    let mut rows = vec![Row::new(kept(head, roomy)).styled(QUIET)];
    for of in lines {
        let [low, expected, high] = levels(of.monthly);
        let component = what(platform, of);
        let cells = [line(&component), of.environment.clone(), how(of), low, expected, high, mark(of)];
        let style = if of.monthly.high == Usd::ZERO { QUIET } else { Style::new() };
        let row = Row::new(kept(cells, roomy)).styled(style);
        rows.push(if roomy || is_one(of) { row } else { row.with_below(how(of)) });
    }
    let [low, expected, high] = levels(total);
    let sum = ["together".to_owned(), "all".to_owned(), String::new(), low, expected, high, String::new()];
    rows.push(Row::new(kept(sum, roomy)).styled(STRONG));
    let sides = [Side::Left, Side::Left, Side::Left, Side::Right, Side::Right, Side::Right, Side::Left];
    table(&kept(sides, roomy), 0, &rows, 2, width)
}

/// What a line pays for. The main platform's own name is left out: it is above the table.
fn what(platform: &PlatformCost, of: &CostLine) -> String {
    let main = platform.name.split(" + ").next().unwrap_or_default();
    let short = |words: &str| match words.strip_prefix(main) {
        Some(rest) if rest.is_empty() || rest.starts_with(' ') => rest.trim_start().to_owned(),
        _ => words.to_owned(),
    };
    let (component, item) = (short(&of.component), short(&of.item));
    if item.is_empty() { component } else { format!("{component}: {item}") }
}

/// The cells of a row; without room those that say how a line arises stand below it.
fn kept<T: Clone>(cells: [T; 7], roomy: bool) -> Vec<T> {
    cells.into_iter().enumerate().filter(|(index, _)| roomy || *index != 2).map(|(_, cell)| cell).collect()
}

/// Whether a line is one of something at its price, so that nothing has to be said about how it arises.
fn is_one(of: &CostLine) -> bool {
    of.included == 0.0 && (of.quantity - 1.0).abs() < 1e-9
}

/// `2 seat-months × $20`, `1.9 of 5 GB free`, `(9 − 5 free) GB × $0.15`
fn how(of: &CostLine) -> String {
    let price = price(of.unit_price);
    let (quantity, free) = (number(of.quantity), number(of.included));
    let unit = units(of.quantity, &of.unit);
    if of.included > 0.0 && of.quantity <= of.included {
        format!("{quantity} of {free} {unit} free")
    } else if of.included > 0.0 {
        format!("({quantity} − {free} free) {unit} × {price}")
    } else if of.unit_price == Usd::ZERO {
        format!("{quantity} {unit}, free")
    } else {
        format!("{quantity} {unit} × {price}")
    }
}

/// A bar for each environment.
fn environments(platform: &PlatformCost, width: usize) -> String {
    if platform.by_environment.len() < 2 {
        return String::new();
    }
    let mut text = heading("By environment");
    let names = platform.by_environment.keys().map(|name| name.chars().count()).max().unwrap_or(0);
    let most = platform.by_environment.values().map(|range| range.expected).max().unwrap_or_default();
    for (name, range) in &platform.by_environment {
        let bar = bar(share(range.expected, most), longest(width));
        let gap = if bar.is_empty() { "" } else { " " };
        let _ = writeln!(text, "    {}  {bar}{gap}{}", padded(name, names), range.expected.rounded());
    }
    let words =
        "what is metered counts with the environment that uses it, what all share besides with production";
    say(&mut text, "    ", words, width);
    text
}

/// A bar for each load, with what has to grow to get there.
fn loads(loads: &[LoadPoint], width: usize) -> String {
    let mut text = heading("As the load grows");
    let most = loads.iter().map(|load| load.monthly.expected).max().unwrap_or_default();
    for load in loads {
        let bar = bar(share(load.monthly.expected, most), longest(width));
        let gap = if bar.is_empty() { "" } else { " " };
        let _ = writeln!(
            text,
            "    {}  {bar}{gap}{} {}",
            padded(&multiple(load.factor), 5),
            paint(STRONG, &load.monthly.expected.rounded()),
            paint(QUIET, &format!("({})", load.monthly.span())),
        );
        let (users, requests) = (grouped(load.users), grouped(load.requests_per_month));
        let grows = match (load.factor, load.changes.is_empty()) {
            (1, _) => String::new(),
            (_, true) => "; nothing has to change size".to_owned(),
            (_, false) => format!("; then {}", load.changes.join(", ")),
        };
        let words = format!("{users} users, {requests} requests a month{grows}");
        text.push_str(&paint(QUIET, &wrapped("           ", &line(&words), width)));
        text.push('\n');
    }
    text
}

/// `today`, `2×`, `10×`
pub(super) fn multiple(factor: u32) -> String {
    if factor == 1 { "today".to_owned() } else { format!("{factor}×") }
}

fn verdict(platform: &PlatformCost, width: usize) -> String {
    let budget = &platform.report.budget;
    let style = if budget.surely_within { GOOD } else { WARNING };
    let words = wrapped("  Budget  ", &line(&budget.summary), width);
    format!("\n{}\n", paint(style, &words))
}

/// What no figure holds.
fn not_included(open: &[NotIncluded], width: usize) -> String {
    if open.is_empty() {
        return String::new();
    }
    let mut text = heading("Not in the price");
    for item in open {
        let words = format!("{} ({})", item.what, item.source);
        text.push_str(&paint(WARNING, &wrapped("    ", &line(&words), width)));
        text.push('\n');
    }
    text
}

fn assumptions(assumptions: &[Assumption], width: usize) -> String {
    if assumptions.is_empty() {
        return String::new();
    }
    let mut text =
        heading("Assumed, low, expected and high; whoever knows better says so with --set KEY=NUMBER");
    let head = ["", "low", "expected", "high", ""].map(str::to_owned);
    let mut rows = vec![Row::new(head).styled(QUIET)];
    rows.extend(assumptions.iter().map(|assumption| {
        let values = [assumption.low, assumption.expected, assumption.high].map(number);
        let [low, expected, high] = values;
        let cells = [line(&assumption.name), low, expected, high, assumption.unit.clone()];
        Row::new(cells).with_below(format!("{}: {}", assumption.key, line(&assumption.reason)))
    }));
    text.push_str(&table(
        &[Side::Left, Side::Right, Side::Right, Side::Right, Side::Left],
        0,
        &rows,
        4,
        width,
    ));
    let words = "the low and the high figure go half of the way to these ends, on a logarithmic scale: several of them rarely meet; users, members, regions and what was set are taken as they stand";
    say(&mut text, "    ", words, width);
    text
}

/// Pages and days of the prices, in the order of the lines.
fn cited(lines: &[CostLine]) -> Vec<(&str, String)> {
    let mut all: Vec<(&str, String)> = Vec::new();
    for of in lines {
        let source = (of.source.as_str(), of.seen.to_string());
        if !all.contains(&source) {
            all.push(source);
        }
    }
    all
}

fn sources(lines: &[CostLine], width: usize) -> String {
    let mut text = heading("Prices from");
    for (index, (url, seen)) in cited(lines).into_iter().enumerate() {
        let words = format!("{url} (seen {seen})");
        text.push_str(&paint(QUIET, &wrapped(&format!("    [{}] ", index + 1), &words, width)));
        text.push('\n');
    }
    text
}

fn heading(title: &str) -> String {
    format!("\n  {}\n", paint(STRONG, title))
}

fn say(text: &mut String, first: &str, words: &str, width: usize) {
    text.push_str(&paint(QUIET, &wrapped(first, &line(words), width)));
    text.push('\n');
}

pub(super) fn longest(width: usize) -> usize {
    width.saturating_sub(40).clamp(8, LONGEST_BAR)
}

/// An amount as a share of the largest.
pub(super) fn share(usd: Usd, most: Usd) -> f64 {
    if most == Usd::ZERO { 0.0 } else { usd.to_f64() / most.to_f64() }
}
