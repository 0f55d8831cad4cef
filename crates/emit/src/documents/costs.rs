//! Section 9 as people read it: sums, rows with their source's number, loads, assumptions.

use serde::Serialize;
use siteplan_model::cost::{Assumption, CostLine, LoadPoint};
use siteplan_model::design::{Design, Role};
use siteplan_model::money::{Usd, UsdRange};

/// The component that has a row of its own among the sums.
const CI: &str = "CI/CD";

/// The rows of section 9.
#[derive(Serialize)]
pub(super) struct Costs {
    hosting: Sum,
    database: Sum,
    /// `$13–27`.
    pub(super) total: String,
    expected: String,
    lines: Vec<LineRow>,
    loads: Vec<LoadRow>,
    assumptions: Vec<AssumptionRow>,
    sources: Vec<SourceRow>,
}

#[derive(Serialize)]
struct Sum {
    monthly: String,
    items: String,
}

#[derive(Serialize)]
struct LineRow {
    environment: String,
    component: String,
    item: String,
    quantity: String,
    unit_price: String,
    monthly: String,
    source: usize,
}

#[derive(Serialize)]
struct LoadRow {
    factor: u32,
    label: String,
    users: String,
    requests: String,
    monthly: String,
    changes: String,
}

#[derive(Serialize)]
struct AssumptionRow {
    key: String,
    name: String,
    expected: String,
    interval: String,
    reason: String,
}

#[derive(Serialize)]
struct SourceRow {
    fact: String,
    source: String,
    seen: String,
    grade: String,
}

impl Costs {
    pub(super) fn new(design: &Design) -> Self {
        let cost = &design.cost;
        let (database, others): (Vec<_>, Vec<_>) =
            cost.lines.iter().partition(|line| is_database(design, line));
        let hosting: Vec<_> = others.into_iter().filter(|line| line.component != CI).collect();
        let mut sources = sources(design);
        let lines = cost.lines.iter().map(|line| line_row(line, &mut sources)).collect();
        Self {
            hosting: sum(&hosting),
            database: sum(&database),
            total: cost.total.span(),
            expected: cost.total.expected.rounded(),
            lines,
            loads: cost.loads.iter().map(load_row).collect(),
            assumptions: cost.assumptions.iter().map(assumption_row).collect(),
            sources,
        }
    }
}

fn is_database(design: &Design, line: &CostLine) -> bool {
    let component = line.component.to_lowercase();
    let engine = design.database.as_ref().is_some_and(|database| component.contains(&database.engine));
    let named = design.topology.components.iter().filter(|component| component.role == Role::Database);
    engine || named.map(|part| part.name.to_lowercase()).any(|name| name == component)
}

fn sum(lines: &[&CostLine]) -> Sum {
    let mut items: Vec<&str> = Vec::new();
    for line in lines.iter().filter(|line| line.monthly.high > Usd::ZERO) {
        if !items.contains(&line.item.as_str()) {
            items.push(&line.item);
        }
    }
    let monthly: UsdRange = lines.iter().map(|line| line.monthly).sum();
    Sum { monthly: monthly.span(), items: items.join(", ") }
}

fn sources(design: &Design) -> Vec<SourceRow> {
    let rows = design.sources.iter().map(|note| SourceRow {
        fact: note.fact.clone(),
        source: note.source.clone(),
        seen: note.seen.to_string(),
        grade: note.grade.clone(),
    });
    rows.collect()
}

fn line_row(line: &CostLine, sources: &mut Vec<SourceRow>) -> LineRow {
    let seen = line.seen.to_string();
    let known = sources.iter().position(|row| row.source == line.source && row.seen == seen);
    let source = known.unwrap_or_else(|| {
        sources.push(SourceRow {
            fact: format!("price of {}", line.item),
            source: line.source.clone(),
            seen,
            grade: String::new(),
        });
        sources.len() - 1
    });
    let free = if line.included > 0.0 { format!(", {} free", number(line.included)) } else { String::new() };
    LineRow {
        environment: line.environment.clone(),
        component: line.component.clone(),
        item: line.item.clone(),
        quantity: format!("{} {}{free}", number(line.quantity), line.unit),
        unit_price: exact(line.unit_price),
        monthly: line.monthly.span(),
        source: source + 1,
    }
}

fn load_row(load: &LoadPoint) -> LoadRow {
    let label = if load.factor == 1 { "today".to_owned() } else { format!("{} × today", load.factor) };
    let changes = if load.changes.is_empty() { "nothing".to_owned() } else { load.changes.join("; ") };
    LoadRow {
        factor: load.factor,
        label,
        users: count(load.users),
        requests: count(load.requests_per_month),
        monthly: load.monthly.span(),
        changes,
    }
}

fn assumption_row(assumption: &Assumption) -> AssumptionRow {
    let interval = if (assumption.low - assumption.high).abs() < f64::EPSILON {
        "–".to_owned()
    } else {
        format!("{}–{}", number(assumption.low), number(assumption.high))
    };
    AssumptionRow {
        key: assumption.key.clone(),
        name: assumption.name.clone(),
        expected: format!("{} {}", number(assumption.expected), assumption.unit).trim().to_owned(),
        interval,
        reason: assumption.reason.clone(),
    }
}

/// A price to its last digit: prices of single requests are fractions of a cent.
fn exact(price: Usd) -> String {
    let amount = price.amount().normalize();
    if amount.scale() <= 2 { price.to_string() } else { format!("${amount}") }
}

/// A whole number with its thousands apart: `1,200,000`.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number with as many digits as a reader needs: thousands apart, two decimals, four below one.
pub(super) fn number(value: f64) -> String {
    if !value.is_finite() {
        return "unknown".to_owned();
    }
    let decimals = if value.abs() < 1.0 { 4 } else { 2 };
    let text = format!("{value:.decimals$}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let fraction = fraction.trim_end_matches('0');
    let whole = match whole.strip_prefix('-') {
        Some(digits) => format!("-{}", digits.parse().map_or(digits.to_owned(), count)),
        None => whole.parse().map_or(whole.to_owned(), count),
    };
    if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::{count, exact, number};
    use siteplan_model::money::Usd;

    #[test]
    fn figures_read_well() {
        assert_eq!(count(1_200_000), "1,200,000");
        assert_eq!(count(999), "999");
        assert_eq!(number(730.0), "730");
        assert_eq!(number(1234.5), "1,234.5");
        assert_eq!(number(0.0225), "0.0225");
        assert_eq!(number(f64::NAN), "unknown");
        assert_eq!(exact(Usd::from_f64(0.0225)), "$0.0225");
        assert_eq!(exact(Usd::whole(7)), "$7");
    }
}
