//! Two stages of growth → what has to change between them, in words, each with the step of its price.

use std::cmp::Ordering;

use siteplan_model::money::Usd;

use crate::place::{Arrangement, Site};
use crate::price::{Bill, Charge};

/// What runs at one multiple of the load, and the expected bill for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stage<'s, 'a> {
    pub(crate) arrangement: &'s Arrangement<'a>,
    pub(crate) bill: &'s Bill<'a>,
}

impl<'a> Stage<'_, 'a> {
    /// What the charges of one kind come to.
    fn costs(&self, counts: impl Fn(&&Charge<'a>) -> bool) -> Usd {
        self.bill.iter().filter(counts).map(Charge::monthly).sum()
    }
}

/// What has to grow: sizes and counts, data plans, account plans and steps of stepped prices, each from which to which.
pub(crate) fn changes(site: &Site<'_>, before: &Stage<'_, '_>, after: &Stage<'_, '_>) -> Vec<String> {
    let mut list = Vec::new();
    let components = before.arrangement.components.iter().zip(&after.arrangement.components);
    for (old, new) in components {
        if (&old.size.id, old.instances) == (&new.size.id, new.instances) {
            continue;
        }
        let name = &site.workload.components[new.component].name;
        let own = |stage: &Stage<'_, '_>| {
            stage.costs(|charge| charge.component[0] == name && charge.unit == "instance-month")
        };
        let counted = |size: &str, count: u32| format!("{count} × {size}");
        let from_to = [counted(&old.size.id, old.instances), counted(&new.size.id, new.instances)];
        list.push(step(name, &from_to, own(before), own(after)));
    }
    let engines = before.arrangement.engines.iter().zip(&after.arrangement.engines);
    for (old, new) in engines {
        if (&old.service.id, &old.plan.id) == (&new.service.id, &new.plan.id) {
            continue;
        }
        let engine = &new.need.engine;
        let own = |stage: &Stage<'_, '_>| stage.costs(|charge| charge.component == [engine.as_str(), ""]);
        let named = |service: &str, plan: &str| format!("{service} {plan}");
        let from_to = [named(&old.service.name, &old.plan.id), named(&new.service.name, &new.plan.id)];
        list.push(step(engine, &from_to, own(before), own(after)));
    }
    for platform in site.hosts(after.arrangement) {
        let fee = |charge: &&Charge<'_>| charge.component == [platform.name.as_str(), " plan"];
        let fees = [before, after].map(|stage| stage.bill.iter().find(fee));
        if let [Some(old), Some(new)] = fees
            && old.detail != new.detail
        {
            let what = format!("{} plan", platform.name);
            list.push(step(&what, &[old.words(), new.words()], old.monthly(), new.monthly()));
        }
        for stepped in &platform.stepped {
            let of = |charge: &&Charge<'_>| {
                charge.component[0] == stepped.name && charge.detail[0] == platform.name
            };
            let found = [before, after].map(|stage| stage.bill.iter().find(of));
            let words = found.map(|charge| {
                let first = || stepped.steps.first().map_or("", |step| step.name.as_str());
                charge.map_or_else(first, |charge| charge.detail[1]).to_owned()
            });
            if words[0] != words[1] {
                let [old, new] = found.map(|charge| charge.map_or(Usd::ZERO, Charge::monthly));
                list.push(step(&stepped.name, &words, old, new));
            }
        }
    }
    list
}

/// `web: from 1 × small to 2 × large, $43 a month more`.
fn step(what: &str, [from, to]: &[String; 2], before: Usd, after: Usd) -> String {
    let price = match after.cmp(&before) {
        Ordering::Greater => format!(", {} a month more", (after - before).cents()),
        Ordering::Less => format!(", {} a month less", (before - after).cents()),
        Ordering::Equal => String::new(),
    };
    format!("{what}: from {from} to {to}{price}")
}
