//! The places of all choices → the figures, as Markdown tables.

use std::collections::BTreeMap;

use siteplan_model::recommendation::Level;

use super::fixed_list;
use super::place::{Choice, Place, SHOWN};

/// The normal quantile of a 95 % interval.
const QUANTILE: f64 = 1.959_963_984_540_054;

/// Prints every figure.
pub(crate) fn print(all: &[Place]) {
    let places: Vec<&Place> = all.iter().filter(|place| place.is_in_catalog()).collect();
    println!("\n{} repositories; {} run on a platform of the catalog.\n", all.len(), places.len());
    impossible(&places);
    ranks(&places);
    levels(&places);
    grouped("type of application", &places, |place| vec![place.repository.app_type.clone()]);
    grouped("platform chosen", &places, |place| place.known.clone());
}

fn impossible(places: &[&Place]) {
    let excluded = places.iter().filter(|place| !place.impossible.is_empty());
    println!("Declared impossible although somebody runs there: {}\n", share(excluded.count(), places.len()));
}

fn ranks(places: &[&Place]) {
    let list = fixed_list::within(places);
    let without_itself = fixed_list::within_without_itself(places);
    println!(
        "| within the first | options of siteplan | a fixed list per type, fitted to these answers | the same, fitted to all others |"
    );
    println!("| ---: | --- | --- | --- |");
    for first in 1..=SHOWN {
        let found = places.iter().filter(|place| place.within(first)).count();
        let [siteplan, fitted, others] =
            [found, list[first - 1], without_itself[first - 1]].map(|count| share(count, places.len()));
        println!("| {first} | {siteplan} | {fitted} | {others} |");
    }
    println!();
}

/// Of the options labelled so, how many the maintainers chose.
fn levels(places: &[&Place]) {
    println!("| label of an option | chosen by the maintainers |");
    println!("| --- | --- |");
    for level in [Level::High, Level::Medium, Level::Low] {
        let labelled = places.iter().flat_map(|place| &place.levels).filter(|(of, _)| *of == level);
        let theirs = labelled.clone().filter(|(_, choice)| *choice == Choice::Theirs).count();
        println!("| {level:?} | {} |", share(theirs, labelled.count()));
    }
    println!();
}

fn grouped(title: &str, places: &[&Place], keys: impl Fn(&Place) -> Vec<String>) {
    let mut groups: BTreeMap<String, Vec<&Place>> = BTreeMap::new();
    for place in places {
        for key in keys(place) {
            groups.entry(key).or_default().push(place);
        }
    }
    println!("| {title} | repositories | first | within 2 | within 3 | within 4 | impossible |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (key, group) in groups {
        let within: Vec<String> = (1..=SHOWN)
            .map(|first| group.iter().filter(|place| place.within(first)).count().to_string())
            .collect();
        let impossible = group.iter().filter(|place| !place.impossible.is_empty()).count();
        println!("| `{key}` | {} | {} | {impossible} |", group.len(), within.join(" | "));
    }
    println!();
}

/// A share with its 95 % interval after Wilson (1927), in which a share of few cases stays honest.
fn share(count: usize, of: usize) -> String {
    let (low, high) = wilson(count, of);
    format!("{count} of {of}, {:.0} % ({:.0}-{:.0} %)", percent(count, of), low * 100.0, high * 100.0)
}

#[expect(clippy::cast_precision_loss, reason = "counts of repositories")]
fn percent(count: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { 100.0 * count as f64 / of as f64 }
}

#[expect(clippy::cast_precision_loss, reason = "counts of repositories")]
fn wilson(count: usize, of: usize) -> (f64, f64) {
    if of == 0 {
        return (0.0, 1.0);
    }
    let (n, square) = (of as f64, QUANTILE * QUANTILE);
    let share = count as f64 / n;
    let middle = share + square / (2.0 * n);
    let half = QUANTILE * (share * (1.0 - share) / n + square / (4.0 * n * n)).sqrt();
    let scale = 1.0 + square / n;
    (((middle - half) / scale).max(0.0), ((middle + half) / scale).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::{share, wilson};

    #[test]
    fn the_interval_is_that_of_wilson() {
        let (low, high) = wilson(8, 10);
        assert!((low - 0.4902).abs() < 1e-3 && (high - 0.9433).abs() < 1e-3, "{low} {high}");
        assert_eq!(wilson(0, 0), (0.0, 1.0));
        assert_eq!(share(0, 10), "0 of 10, 0 % (0-28 %)");
    }
}
