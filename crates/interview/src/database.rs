//! Where a database would be hosted if nobody said so, and which services could host it.

use siteplan_catalog::data_service::{DataKind, DataPlan, DataService, Operator};
use siteplan_cost::{Choices, Depth, PlacedData, quote};
use siteplan_model::brief::{BudgetBand, DatabaseHosting};
use siteplan_model::id::PlatformId;

use crate::interview::Interview;

impl Interview<'_> {
    /// Where the database goes by default, and why: where the cost of the chosen platform places it, so that the default
    /// and the price shown are of the same place.
    pub(crate) fn usual_hosting(&self) -> (DatabaseHosting, String) {
        let platform = self.chosen_platform();
        let name = self.platform_name(&platform);
        let Some(placed) = self.placed(&platform, None) else {
            let engine = self.engines().into_iter().next().unwrap_or_default();
            return (DatabaseHosting::SelfManaged, format!("the catalog has no service that runs {engine}"));
        };
        match placed.service.as_ref().and_then(|id| self.catalog.data_services.get(id)) {
            Some(service) if placed.same_platform => {
                let name = placed.platform.as_ref().map_or(name, |host| self.platform_name(host));
                let because = format!("{} is part of {name}{}", service.name, price(service, &placed));
                (DatabaseHosting::SamePlatform, because)
            }
            Some(service) => {
                let because = format!("{name} has none in reach that is fit to last; {} is", service.name);
                (DatabaseHosting::Managed, because)
            }
            None => (DatabaseHosting::SelfManaged, format!("nobody hosts {} as a service", placed.engine)),
        }
    }

    /// The managed service that is taken by default.
    pub(crate) fn usual_managed_service(&self) -> Option<&DataService> {
        let placed = self.placed(&self.chosen_platform(), Some(DatabaseHosting::Managed));
        let service = placed.and_then(|data| data.service);
        let listed = self.managed_services();
        listed
            .iter()
            .copied()
            .find(|listed| Some(&listed.id) == service.as_ref())
            .or_else(|| listed.first().copied())
    }

    /// Services that run the main engine for whoever pays, fit to last: independent ones first, then those of clouds and
    /// of the chosen platform; the cheapest first.
    pub(crate) fn managed_services(&self) -> Vec<&DataService> {
        let Some(engine) = self.engines().into_iter().next() else { return Vec::new() };
        let budget = self.context().budget;
        let own = self.brief.answers.platform.clone();
        let of_cloud = |id: &PlatformId| self.catalog.platforms.get(id).is_some_and(|p| p.cloud.is_some());
        let open = |service: &DataService| {
            let platforms = &service.platforms;
            platforms.is_empty() || platforms.iter().any(|id| of_cloud(id) || Some(id) == own.as_ref())
        };
        let all = self.catalog.data_services.values();
        let mut services: Vec<&DataService> = all
            .filter(|service| service.engines.contains(&engine) && service.kind == DataKind::Database)
            .filter(|service| service.operated_by == Operator::Vendor && open(service))
            .filter(|service| lasting(service, budget).is_some())
            .collect();
        services.sort_by_key(|service| {
            let price = lasting(service, budget).map(|plan| plan.usd_per_month);
            (!service.platforms.is_empty(), price, service.id.clone())
        });
        services
    }

    /// Whether the chosen platform hosts the main engine itself, operated by its vendor and fit to last.
    pub(crate) fn has_lasting_database(&self, platform: &PlatformId) -> bool {
        let (engines, budget) = (self.engines(), self.context().budget);
        let serves = |service: &&DataService| engines.first().is_some_and(|e| service.engines.contains(e));
        let own = |service: &&DataService| service.platforms.contains(platform);
        let lasts = |service: &DataService| {
            service.operated_by == Operator::Vendor && lasting(service, budget).is_some()
        };
        self.catalog.data_services.values().filter(serves).filter(own).any(lasts)
    }

    fn placed(&self, platform: &PlatformId, database: Option<DatabaseHosting>) -> Option<PlacedData> {
        let choices = Choices {
            environments: self.usual_environments(),
            code_host: self.brief.answers.code_host.clone(),
            database,
            database_service: None,
            secrets_service: None,
            secrets: 0,
            settings: self.brief.settings.clone(),
            assumed: std::collections::BTreeSet::new(),
        };
        let quote = quote(self.catalog, self.survey, &self.context(), &choices, platform, Depth::Comparison)?;
        let engine = self.engines().into_iter().next()?;
        quote.data.into_iter().find(|data| !data.is_cache && data.engine == engine)
    }
}

/// The cheapest plan of a service in which data may be kept under a budget.
pub(crate) fn lasting(service: &DataService, budget: BudgetBand) -> Option<&DataPlan> {
    service.plans.iter().filter(|plan| plan.lasts(budget)).min_by_key(|plan| plan.usd_per_month)
}

fn price(service: &DataService, placed: &PlacedData) -> String {
    let plan = service.plans.iter().find(|plan| plan.id == placed.plan);
    plan.map(|plan| format!(", {} a month in production", plan.usd_per_month)).unwrap_or_default()
}
