//! Facts of a platform that differ for some kinds of components: what a vendor says of its instances does not hold for files, which
//! have none.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siteplan_model::survey::ServiceKind;

use super::{Ability, Platform};
use crate::figure::Figure;

/// Facts that hold in the place of the general ones where every service of an application is of some kinds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KindFacts {
    /// The kinds.
    pub kinds: Vec<ServiceKind>,
    /// Uptime in percent that self-service customers are promised; 0 where the promise does not cover these kinds.
    #[serde(default)]
    pub sla_percent: Option<Figure<f64>>,
    /// More instances under load by itself.
    #[serde(default)]
    pub autoscaling: Option<Figure<Ability>>,
}

/// A fact with its place in the platform's file.
#[derive(Clone, Copy, Debug)]
pub struct Placed<'a, T> {
    /// The field.
    pub at: &'static str,
    /// The fact.
    pub figure: &'a Figure<T>,
}

impl Platform {
    /// Whether it adds instances of an application of these kinds by itself.
    pub fn autoscaling_of(&self, kinds: impl Iterator<Item = ServiceKind> + Clone) -> Placed<'_, Ability> {
        let apart = self.of_kinds(kinds).find_map(|facts| facts.autoscaling.as_ref());
        match apart {
            Some(figure) => Placed { at: "of_kind.autoscaling", figure },
            None => Placed { at: "capabilities.autoscaling", figure: &self.capabilities.autoscaling },
        }
    }

    /// The uptime that is promised for an application of these kinds: 0 where a promise does not cover them.
    pub fn uptime_of(&self, kinds: impl Iterator<Item = ServiceKind> + Clone) -> Option<Placed<'_, f64>> {
        let apart = self.of_kinds(kinds).find_map(|facts| facts.sla_percent.as_ref());
        if let Some(figure) = apart {
            return Some(Placed { at: "of_kind.sla_percent", figure });
        }
        let figure = self.lifecycle.sla_percent.as_ref()?;
        Some(Placed { at: "lifecycle.sla_percent", figure })
    }

    /// The facts that hold where all services are of these kinds.
    fn of_kinds(&self, kinds: impl Iterator<Item = ServiceKind> + Clone) -> impl Iterator<Item = &KindFacts> {
        self.of_kind.iter().filter(move |facts| kinds.clone().all(|kind| facts.kinds.contains(&kind)))
    }
}
