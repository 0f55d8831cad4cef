//! Section 9 as people read it: sums, rows with their source's number, loads, assumptions.

use serde::Serialize;
use siteplan_model::cost::{Assumption, CostLine, LoadPoint};
use siteplan_model::design::{Design, Role};
use siteplan_model::money::{Usd, UsdRange};

use super::numbers::{count, exact, number, quantity};

/// The rows of section 9.
#[derive(Serialize)]
pub(super) struct Costs {
    hosting: Sum,
    database: Sum,
    /// Caches, secrets managers: what is neither hosting nor database nor CI.
    others: Vec<OtherRow>,
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
struct OtherRow {
    name: &'static str,
    sum: Sum,
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
        let of = |part: Part| cost.lines.iter().filter(move |line| Part::of(design, line) == part);
        let others = [("Cache or queue", Part::Cache), ("Secrets manager", Part::Secrets)];
        let mut sources = sources(design);
        let lines = cost.lines.iter().map(|line| line_row(line, &mut sources)).collect();
        Self {
            hosting: Sum { monthly: total(of(Part::Hosting)), items: hosting(design) },
            database: sum(of(Part::Database)),
            others: others
                .into_iter()
                .filter(|(_, part)| of(*part).next().is_some())
                .map(|(name, part)| OtherRow { name, sum: sum(of(part)) })
                .collect(),
            total: cost.total.span(),
            expected: cost.total.expected.rounded(),
            lines,
            loads: cost.loads.iter().map(load_row).collect(),
            assumptions: cost.assumptions.iter().map(assumption_row).collect(),
            sources,
        }
    }
}

/// What a line of the bill pays for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Hosting,
    Database,
    Cache,
    Secrets,
    Pipeline,
}

impl Part {
    fn of(design: &Design, line: &CostLine) -> Self {
        let component = line.component.to_lowercase();
        let is = |role: Role| {
            let named = design.topology.components.iter().filter(|part| part.role == role);
            named.map(|part| part.name.to_lowercase()).any(|name| name == component)
        };
        let holds = |is_cache: bool| {
            design.data.iter().any(|data| data.is_cache == is_cache && data.engine == component)
        };
        let main = design.database.as_ref().is_some_and(|database| component.contains(&database.engine));
        if main || holds(false) || is(Role::Database) {
            Self::Database
        } else if holds(true) || is(Role::Cache) {
            Self::Cache
        } else if component == "secrets manager" {
            Self::Secrets
        } else if component == "ci/cd" {
            Self::Pipeline
        } else {
            Self::Hosting
        }
    }
}

fn total<'a>(lines: impl Iterator<Item = &'a CostLine>) -> String {
    lines.map(|line| line.monthly).sum::<UsdRange>().span()
}

fn sum<'a>(lines: impl Iterator<Item = &'a CostLine> + Clone) -> Sum {
    let mut items: Vec<&str> = Vec::new();
    for line in lines.clone() {
        if !items.contains(&line.item.as_str()) {
            items.push(&line.item);
        }
    }
    Sum { monthly: total(lines), items: items.join(", ") }
}

/// The account's plan, the sizes of the application's own components, and what else costs something.
fn hosting(design: &Design) -> String {
    let lines = || design.cost.lines.iter().filter(|line| Part::of(design, line) == Part::Hosting);
    let (plans, others): (Vec<_>, Vec<_>) = lines().partition(|line| line.component.ends_with(" plan"));
    let mut items: Vec<String> = Vec::new();
    let mut add = |item: String| {
        if !items.contains(&item) {
            items.push(item);
        }
    };
    for plan in plans {
        add(format!("{} {}", plan.component, plan.item));
    }
    for part in design.topology.components.iter().filter(|part| part.role == Role::App) {
        let Some(size) = part.service.as_ref().map(|service| service.size.as_str()) else { continue };
        let times = if part.instances > 1 { format!("{} × ", part.instances) } else { String::new() };
        add(format!("{} on {times}{size}", part.name));
    }
    let is_a_component = |line: &CostLine| line.unit == "instance-month";
    for line in others.iter().filter(|line| line.monthly.high > Usd::ZERO && !is_a_component(line)) {
        add(line.component.clone());
    }
    items.join(", ")
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
    let free = match line.included {
        none if none <= 0.0 => String::new(),
        all if all >= line.quantity => ", free".to_owned(),
        some => format!(", {} free", number(some)),
    };
    LineRow {
        environment: line.environment.clone(),
        component: line.component.clone(),
        item: line.item.clone(),
        quantity: format!("{}{free}", quantity(line.quantity, &line.unit)),
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
    let scale = if assumption.unit == "share" { 100.0 } else { 1.0 };
    let interval = if (assumption.low - assumption.high).abs() < f64::EPSILON {
        "–".to_owned()
    } else {
        format!("{}–{}", number(assumption.low * scale), number(assumption.high * scale))
    };
    AssumptionRow {
        key: assumption.key.clone(),
        name: assumption.name.clone(),
        expected: quantity(assumption.expected, &assumption.unit),
        interval,
        reason: assumption.reason.clone(),
    }
}
