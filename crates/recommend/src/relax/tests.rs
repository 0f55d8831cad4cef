//! The smallest change is tried on every platform of a grid of answers: it works, nothing of it is too much, and no smaller one of
//! the whole space of changes works. Changes are made to the answers themselves, sizes are counted once more.

use std::collections::{BTreeMap, BTreeSet};

use siteplan_catalog::Catalog;
use siteplan_model::Date;
use siteplan_model::brief::{AppType, Brief, BudgetBand, Context, Expertise, ScaleBand};
use siteplan_model::fact::{Certainty, Fact};
use siteplan_model::id::PlatformId;
use siteplan_model::money::Usd;
use siteplan_model::recommendation::Relaxation;
use siteplan_model::survey::Survey;

use super::Misses;
use crate::Inputs;
use crate::candidate::{Field, broken};
use crate::desk::Desk;

/// What is asked.
#[derive(Clone)]
struct Case {
    survey: Survey,
    brief: Brief,
    context: Context,
}

/// Changes by key, as they are reported.
type By = BTreeMap<String, String>;

impl Case {
    fn inputs<'a>(&'a self, catalog: &'a Catalog) -> Inputs<'a> {
        Inputs { catalog, survey: &self.survey, brief: &self.brief, context: &self.context }
    }

    fn ceiling(&self) -> f64 {
        self.context.ceiling().map_or(f64::INFINITY, Usd::to_f64)
    }

    fn users(&self) -> f64 {
        let (low, high) = self.context.scale.users();
        #[expect(clippy::cast_precision_loss, reason = "users are few")]
        self.context.users.map_or_else(|| (low as f64 * high as f64).sqrt().floor(), |users| users as f64)
    }

    /// The answers with every change made.
    fn under(&self, by: &By) -> Case {
        let mut there = self.clone();
        for (key, value) in by {
            let needs = &mut there.survey.needs;
            match key.as_str() {
                "max_usd_per_month" => {
                    let ceiling = Usd::new(value.parse().unwrap());
                    there.context.budget = BudgetBand::of_ceiling(ceiling);
                    there.context.max_usd_per_month = Some(ceiling);
                }
                "users" => {
                    let users = value.parse().unwrap();
                    there.context.users = Some(users);
                    there.context.scale = ScaleBand::of_users(users);
                }
                "memory_mb" => needs.memory = Fact::new(value.parse().ok(), Certainty::High, Vec::new()),
                "websockets" => needs.websockets = Fact::new(false, Certainty::High, Vec::new()),
                "long_requests" => needs.long_requests = Fact::new(false, Certainty::High, Vec::new()),
                _ => {
                    there.brief.settings.insert(key.clone(), value.clone());
                }
            }
        }
        there
    }

    fn feasible(&self, catalog: &Catalog, platform: &PlatformId) -> bool {
        broken(catalog, &crate::situation(self.inputs(catalog)), &catalog.platforms[platform], false)
            .is_empty()
    }

    /// Every single change beside the budget and the load.
    fn single(&self, catalog: &Catalog) -> Vec<(String, String)> {
        let needs = &self.survey.needs;
        let (mut all, nobody) = (Vec::new(), BTreeMap::new());
        for (key, needed) in
            [("websockets", needs.websockets.value), ("long_requests", needs.long_requests.value)]
        {
            all.extend(needed.then(|| (key.to_owned(), "no".to_owned())));
        }
        for (key, given) in &self.brief.settings {
            let usual = match key.as_str() {
                "commercial" | "gpu" => "no",
                _ => catalog.setting(&nobody, key),
            };
            all.push((key.clone(), usual.to_owned()));
            let several: Vec<&str> = given.split(',').collect();
            if several.len() > 1 {
                all.extend(several.iter().map(|one| (key.clone(), (*one).to_owned())));
            }
        }
        all
    }

    /// How far a change goes, counted once more: needs 3, demands 2 for each value, doublings of the budget with the first ten
    /// dollars, halvings of the load and the memory.
    fn size(&self, by: &By) -> f64 {
        let number = |value: &String| value.parse::<f64>().unwrap();
        by.iter()
            .map(|(key, value)| match key.as_str() {
                "max_usd_per_month" => ((number(value) + 10.0) / (self.ceiling() + 10.0)).log2(),
                "users" => (self.users() / number(value)).log2(),
                "memory_mb" => (f64::from(self.survey.needs.memory.value.unwrap()) / number(value)).log2(),
                "websockets" | "long_requests" | "gpu" => 3.0,
                key => {
                    let given: BTreeSet<&str> = self.brief.settings[key].split(',').collect();
                    let kept = value.split(',').filter(|value| given.contains(value)).count();
                    2.0 * f64::from(u32::try_from(given.len() - kept).unwrap())
                }
            })
            .sum()
    }
}

/// Applications and answers of many kinds; every combination of settings stands beside every few contexts.
fn cases() -> Vec<Case> {
    let mut sockets = Survey::nothing(".", "planned");
    sockets.needs.websockets = Fact::new(true, Certainty::High, Vec::new());
    sockets.needs.long_requests = Fact::new(true, Certainty::High, Vec::new());
    let mut greedy = Survey::nothing(".", "planned");
    greedy.needs.memory = Fact::new(Some(40_000), Certainty::High, Vec::new());
    let surveys = [Survey::nothing(".", "planned"), sockets, greedy];
    let settings: [&[(&str, &str)]; 6] = [
        &[],
        &[("regions", "africa,south-america")],
        &[("compliance", "hipaa"), ("commercial", "yes")],
        &[("availability", "multi-region")],
        &[("gpu", "yes")],
        &[("gpu", "yes"), ("regions", "oceania"), ("commercial", "yes")],
    ];
    let types = [AppType::WebApi, AppType::FullStack, AppType::Workers, AppType::Microservices];
    let budgets = [BudgetBand::Free, BudgetBand::Small, BudgetBand::Medium, BudgetBand::Enterprise];
    let mut all = Vec::new();
    for app_type in types {
        for scale in ScaleBand::ALL {
            for budget in budgets {
                for survey in &surveys {
                    for settings in settings {
                        let mut brief = Brief::new(Date::constant(2026, 11, 25));
                        let pairs =
                            settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
                        brief.settings = pairs.collect();
                        let context = Context::of(app_type, Expertise::Intermediate, *scale, budget);
                        all.push(Case { survey: survey.clone(), brief, context });
                    }
                }
            }
        }
    }
    // A step without a common divisor with the lists: every entry meets every other one.
    all.into_iter().step_by(23).collect()
}

fn check(catalog: &Catalog, case: &Case, platform: &PlatformId, found: &Relaxation) {
    let by = &found.by;
    let what = format!("{platform} {:?} {:?}: {found:?}", case.context, case.brief.settings);
    assert!(case.under(by).feasible(catalog, platform), "it does not work: {what}");
    assert!((case.size(by) - found.size).abs() < 0.002, "{} is its size: {what}", case.size(by));
    assert!(!found.words.is_empty() && !found.words.contains("instead of $0"), "{what}");
    for key in by.keys() {
        let mut fewer = by.clone();
        fewer.remove(key);
        assert!(!case.under(&fewer).feasible(catalog, platform), "`{key}` is too much: {what}");
    }
    let other = |key: &str, value: u64| {
        let mut other = by.clone();
        other.insert(key.to_owned(), value.to_string());
        case.under(&other).feasible(catalog, platform)
    };
    if let Some(dollars) = by.get("max_usd_per_month") {
        let dollars: u64 = dollars.parse().unwrap();
        assert!(!other("max_usd_per_month", dollars - 1), "a dollar less is enough: {what}");
    }
    if let Some(users) = by.get("users") {
        let users: u64 = users.parse().unwrap();
        assert!(!other("users", users + users / 50 + 1), "more users are carried: {what}");
    }
    // Every set of other changes, with all the money that is left to be smaller.
    let single = case.single(catalog);
    for set in 0..1_u32 << single.len() {
        let chosen = single.iter().enumerate().filter(|(place, _)| set & (1 << place) != 0);
        let mut changes: By = chosen.map(|(_, change)| change.clone()).collect();
        let left = found.size - 0.01 - case.size(&changes);
        if left < 0.0 {
            continue;
        }
        let dollars = (case.ceiling() + 10.0) * left.exp2() - 10.0;
        if dollars.is_finite() && dollars >= case.ceiling() + 1.0 {
            changes.insert("max_usd_per_month".to_owned(), format!("{:.0}", dollars.floor()));
        }
        assert!(!case.under(&changes).feasible(catalog, platform), "{changes:?} is smaller than {what}");
    }
}

#[test]
fn the_smallest_change_works_and_no_smaller_one_does() {
    let catalog = Catalog::embedded().unwrap();
    let desk = Desk::new(&catalog);
    let mut tried: BTreeMap<String, usize> = BTreeMap::new();
    let (mut several, mut ordered) = (0, 0);
    for case in cases() {
        let here = crate::situation(case.inputs(&catalog));
        let field = Field::of(&desk, &here);
        let misses = Misses::of(&catalog, &here, &field);
        for candidate in field.candidates.iter().filter(|candidate| !candidate.feasible()) {
            let found = misses.relaxation(candidate.id());
            let hopeless = candidate.violates.iter().any(|one| one.relax_by.is_empty());
            assert_eq!(found.is_none(), hopeless, "{}: {:?}", candidate.id(), candidate.violates);
            let Some(found) = found else { continue };
            check(&catalog, &case, candidate.id(), found);
            found.by.keys().for_each(|key| *tried.entry(key.clone()).or_default() += 1);
            several += usize::from(found.by.len() > 1);
        }
        // Where misses are shown, those that one change lifts stand in the order of how little would have to change: what giving
        // up a demand saves is not known before the platform is priced anew.
        if field.candidates.iter().filter(|candidate| candidate.feasible()).count() < 2 {
            let order: Vec<f64> = field
                .ranked()
                .filter(|candidate| candidate.violates.len() == 1)
                .filter(|one| misses.relaxation(one.id()).is_none_or(|it| it.by.len() == 1))
                .map(|one| misses.relaxation(one.id()).map_or(f64::INFINITY, |it| (it.size / 2.0).floor()))
                .collect();
            assert!(order.windows(2).all(|pair| pair[0] <= pair[1]), "{:?} {order:?}", case.context);
            ordered += order.len();
        }
    }
    for key in ["max_usd_per_month", "gpu", "long_requests", "regions", "availability", "memory_mb"] {
        assert!(tried.contains_key(key), "no platform needs `{key}`: {tried:?}");
    }
    assert!(several > 20 && ordered > 20, "{several} with several changes, {ordered} in order, {tried:?}");
}
