//! The costs of several platforms → one column for each, and how they grow with the load.

use std::fmt::Write;

use siteplan_model::money::Usd;

use super::super::chart::bar;
use super::super::numbers::{grouped, money};
use super::super::sanitise::{line, short};
use super::super::style::{QUIET, STRONG, columns, padded, paint, wrapped};
use super::super::table::{Row, Side, table};
use super::cost::{longest, multiple, share};
use crate::costs::{Costs, PlatformCost};

/// Every platform in a column.
pub(crate) fn side_by_side_at(costs: &Costs, width: usize) -> String {
    let platforms = &costs.platforms;
    let answers: Vec<String> = costs.answers.iter().map(|(key, answer)| format!("{key} {answer}")).collect();
    let mut text = format!("{}\n", paint(STRONG, "Expected cost of a month, side by side"));
    text.push_str(&paint(QUIET, &wrapped("  ", &line(&answers.join(", ")), width)));
    text.push_str("\n\n");

    let room = (width.saturating_sub(26) / platforms.len().max(1)).saturating_sub(2).max(8);
    let name = |platform: &PlatformCost| short(&platform.name, room);
    let row = |label: &str, cell: &dyn Fn(&PlatformCost) -> String| {
        Row::new(std::iter::once(label.to_owned()).chain(platforms.iter().map(cell)))
    };
    let mut rows = vec![row("", &name).styled(STRONG)];
    for part in parts(platforms) {
        rows.push(row(&part, &|platform| spent(platform, &part)));
        if part == ACCOUNT_PLAN {
            rows.push(row("  called", &|platform| short(&platform.plan, room)).styled(QUIET));
        }
    }
    rows.push(row("together", &|platform| platform.report.total.expected.rounded()).styled(STRONG));
    rows.push(row("low to high", &|platform| platform.report.total.span()).styled(QUIET));
    for environment in environments(platforms) {
        rows.push(
            row(&format!("  of it {environment}"), &|platform| {
                let range = platform.by_environment.get(&environment);
                range.map_or_else(String::new, |range| range.expected.rounded())
            })
            .styled(QUIET),
        );
    }
    for factor in factors(platforms).into_iter().filter(|factor| *factor != 1) {
        rows.push(row(&format!("at {}", multiple(factor)), &|platform| {
            at(platform, factor).map_or_else(String::new, Usd::rounded)
        }));
    }
    rows.push(row("budget", &|platform| budget(platform).to_owned()));
    rows.push(row("ruled out by", &|platform| {
        let broken = platform.violates.iter().map(|broken| broken.constraint.clone());
        short(&broken.collect::<Vec<_>>().join(", "), room)
    }));
    rows.retain(|row| row.cells[1..].iter().any(|cell| !cell.is_empty()));
    let sides: Vec<Side> = std::iter::once(Side::Left).chain(platforms.iter().map(|_| Side::Right)).collect();
    text.push_str(&table(&sides, 0, &rows, 2, width));
    text.push_str(&over_load(platforms, width));
    text.push_str(&grown(platforms, width));
    text
}

/// What is paid for on any of the platforms, in the order in which it first appears. An account plan is called the same
/// everywhere.
fn parts(platforms: &[PlatformCost]) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for platform in platforms {
        for of in &platform.report.lines {
            let part = part(&of.component);
            if !parts.contains(&part) && of.monthly.high != Usd::ZERO {
                parts.push(part);
            }
        }
    }
    parts
}

/// What an account plan is called in the column of parts.
const ACCOUNT_PLAN: &str = "account plan";

fn part(component: &str) -> String {
    if component.ends_with(" plan") { ACCOUNT_PLAN.to_owned() } else { line(component) }
}

fn spent(platform: &PlatformCost, wanted: &str) -> String {
    let mut lines = platform.report.lines.iter().filter(|of| part(&of.component) == wanted).peekable();
    if lines.peek().is_none() {
        return "–".to_owned();
    }
    money(lines.map(|of| of.monthly.expected).sum::<Usd>())
}

fn environments(platforms: &[PlatformCost]) -> Vec<String> {
    let first = platforms.first().filter(|platform| platform.by_environment.len() > 1);
    first.map(|platform| platform.by_environment.keys().cloned().collect()).unwrap_or_default()
}

fn factors(platforms: &[PlatformCost]) -> Vec<u32> {
    let first = platforms.first();
    first.map(|platform| platform.report.loads.iter().map(|load| load.factor).collect()).unwrap_or_default()
}

fn at(platform: &PlatformCost, factor: u32) -> Option<Usd> {
    platform.report.loads.iter().find(|load| load.factor == factor).map(|load| load.monthly.expected)
}

fn budget(platform: &PlatformCost) -> &'static str {
    let budget = &platform.report.budget;
    if budget.open {
        return "not known";
    }
    match (budget.ceiling, budget.surely_within, budget.within) {
        (None, ..) => "no ceiling",
        (_, true, _) => "within",
        (_, _, true) => "expected within",
        _ => "above",
    }
}

/// A group of bars for each load, all on one scale; the cheapest of each is bold.
fn over_load(platforms: &[PlatformCost], width: usize) -> String {
    let factors = factors(platforms);
    let all = factors.iter().flat_map(|factor| platforms.iter().filter_map(|platform| at(platform, *factor)));
    let most = all.max().unwrap_or_default();
    let names: Vec<String> = platforms.iter().map(|platform| short(&platform.name, width / 4)).collect();
    let widest = names.iter().map(|name| columns(name)).max().unwrap_or(0);
    let mut text = format!("\n  {}\n", paint(STRONG, "As the load grows"));
    for factor in factors {
        let least = platforms.iter().filter_map(|platform| at(platform, factor)).min();
        let requests = platforms
            .first()
            .and_then(|platform| platform.report.loads.iter().find(|load| load.factor == factor))
            .map(|load| format!("{} requests a month", grouped(load.requests_per_month)));
        let label = format!("{}  {}", multiple(factor), requests.unwrap_or_default());
        let _ = writeln!(text, "    {}", paint(QUIET, &label));
        for (platform, name) in platforms.iter().zip(&names) {
            let Some(usd) = at(platform, factor) else { continue };
            let bar = bar(share(usd, most), longest(width));
            let gap = if bar.is_empty() { "" } else { " " };
            let amount = usd.rounded();
            let amount = if Some(usd) == least { paint(STRONG, &amount) } else { amount };
            let _ = writeln!(text, "      {}  {bar}{gap}{amount}", padded(name, widest));
        }
    }
    text
}

/// What has to grow, platform by platform.
fn grown(platforms: &[PlatformCost], width: usize) -> String {
    let mut text = String::new();
    for platform in platforms {
        for load in platform.report.loads.iter().filter(|load| !load.changes.is_empty()) {
            let words =
                format!("{} at {}: {}", platform.name, multiple(load.factor), load.changes.join(", "));
            text.push_str(&wrapped("    ", &line(&words), width));
            text.push('\n');
        }
    }
    if text.is_empty() { text } else { format!("\n  {}\n{text}", paint(STRONG, "What then has to grow")) }
}
