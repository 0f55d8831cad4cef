//! Workload and main platform → the few sensible ways to place the components, and the best of them.
//!
//! A layout names the host of each component. There are a few beside each other: everything on the main platform; what
//! the main platform runs only in part or not at all on one companion, as long as something that users meet stays; only what
//! users do not meet on the companion; what computes on a GPU; what keeps its data in a file. The best one leaves the fewest needs unmet, then keeps the budget, then runs the fewest
//! components in part only, then costs least, then needs the fewest accounts.

use siteplan_catalog::Catalog;
use siteplan_catalog::condition::Need;
use siteplan_catalog::platform::{Ability, Cases, Platform, RunMode};
use siteplan_model::money::Usd;
use siteplan_model::survey::ServiceKind;

use crate::asked::Releaser;
use crate::place::Site;
use crate::workload::{Component, Workload};

/// The host of each component, in the workload's order; none for what nothing runs.
#[derive(Clone, Debug)]
pub(crate) struct Layout<'a> {
    pub(crate) hosts: Vec<Option<&'a Platform>>,
}

/// How well a platform runs a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Runs {
    /// Not at all.
    Not,
    /// As functions or with other restrictions.
    InPart,
    /// As it is.
    Fully,
}

impl<'a> Layout<'a> {
    /// The platform of the server that users reach, else of the first worker or job: the one beside which data belongs.
    pub(crate) fn server(&self, workload: &Workload) -> Option<&'a Platform> {
        let placed = || workload.components.iter().zip(&self.hosts);
        let public = |kind| matches!(kind, ServiceKind::Web | ServiceKind::Api);
        placed()
            .find(|(component, _)| public(component.kind))
            .or_else(|| placed().find(|(component, _)| component.kind != ServiceKind::Static))
            .and_then(|(_, host)| *host)
    }

    /// How many platforms it uses.
    fn accounts(&self) -> usize {
        let ids: std::collections::BTreeSet<_> = self.hosts.iter().flatten().map(|host| &host.id).collect();
        ids.len()
    }
}

/// How well a platform runs a component, by its kind, its framework and its language.
pub(crate) fn runs(catalog: &Catalog, platform: &Platform, component: &Component) -> Runs {
    let mode = platform.runs.mode(component.kind).value;
    // A server platform's own way to serve files and to start jobs is enough.
    let suffices = matches!(component.kind, ServiceKind::Static | ServiceKind::Cron);
    let tuned =
        component.framework.as_ref().is_some_and(|name| platform.runs.frameworks.value.contains(name));
    let by_kind = match mode {
        RunMode::No => Runs::Not,
        RunMode::Native | RunMode::Container => Runs::Fully,
        RunMode::Function | RunMode::Limited if tuned || suffices => Runs::Fully,
        RunMode::Function | RunMode::Limited => Runs::InPart,
    };
    let by_language = match platform.runs.images.value {
        _ if component.kind == ServiceKind::Static || platform_builds(catalog, platform, component) => {
            Runs::Fully
        }
        Ability::Yes => Runs::Fully,
        Ability::Limited => Runs::InPart,
        Ability::No => Runs::Not,
    };
    by_kind.min(by_language)
}

/// Whether the platform builds a component's language without an image.
pub fn platform_builds(catalog: &Catalog, platform: &Platform, component: &Component) -> bool {
    if platform.runs.adapts(component.kind, component.framework.as_deref()) {
        return true;
    }
    let Some(language) = component.language.as_deref() else { return true };
    let runtime = catalog.runtimes.of(language, None).map_or(language, |runtime| runtime.id.as_str());
    platform.runs.languages.value.iter().any(|known| known == runtime)
}

impl<'a> Site<'a> {
    /// The best layout.
    pub(crate) fn layout(&self) -> Layout<'a> {
        let mut layouts = self.layouts();
        if layouts.len() == 1 {
            return layouts.remove(0);
        }
        let ceiling = self.context.ceiling();
        let rank = |layout: &Layout<'a>| {
            let arrangement = self.arrange(layout, 1.0);
            let cost = self.expected(&arrangement, 1.0).cents();
            let above = ceiling.is_some_and(|ceiling| cost > ceiling);
            (self.unmet(layout), above, self.in_part(layout), cost, layout.accounts())
        };
        let best =
            layouts.into_iter().map(|layout| (rank(&layout), layout)).min_by(|(a, _), (b, _)| a.cmp(b));
        best.map_or_else(|| self.all_on_main(), |(_, layout)| layout)
    }

    fn all_on_main(&self) -> Layout<'a> {
        let host = |component: &Component| {
            (self.platform.runs.mode(component.kind).value != RunMode::No).then_some(self.platform)
        };
        Layout { hosts: self.workload.components.iter().map(host).collect() }
    }

    /// Everything on the main platform, then the splits that make sense.
    fn layouts(&self) -> Vec<Layout<'a>> {
        let components = &self.workload.components;
        let main = self.all_on_main();
        let how: Vec<Runs> =
            components.iter().map(|component| runs(self.catalog, self.platform, component)).collect();
        let indices = || 0..components.len();
        let lacking: Vec<usize> = indices().filter(|index| how[*index] < Runs::Fully).collect();
        let unseen: Vec<usize> =
            lacking.iter().copied().filter(|index| !components[*index].kind.serves_http()).collect();
        // Only a worker can be told to be what computes on a GPU.
        let gpu = self.workload.has(Need::Gpu) && self.platform.capabilities.gpu.value == Ability::No;
        let computing: Vec<usize> =
            indices().filter(|index| gpu && components[*index].kind == ServiceKind::Worker).collect();
        let forgets = !keeps_data_files(self.platform);
        let keeping: Vec<usize> =
            indices().filter(|index| forgets && components[*index].data_file.is_some()).collect();
        let mut moved: Vec<Vec<usize>> = Vec::new();
        for group in [lacking, unseen, computing, keeping] {
            let stays = |index: &usize| !group.contains(index) && components[*index].kind.serves_http();
            if !group.is_empty() && indices().any(|index| stays(&index)) && !moved.contains(&group) {
                moved.push(group);
            }
        }
        let split = |group: &Vec<usize>| {
            let companion = self.companion(group)?;
            let mut hosts = main.hosts.clone();
            for index in group {
                hosts[*index] = Some(companion);
            }
            Some(Layout { hosts })
        };
        let splits: Vec<Layout<'a>> = moved.iter().filter_map(split).collect();
        std::iter::once(main.clone()).chain(splits).collect()
    }

    /// Components without a place, and needs that no server of a layout can meet.
    fn unmet(&self, layout: &Layout<'a>) -> usize {
        let unplaced = layout.hosts.iter().filter(|host| host.is_none()).count();
        let servers: Vec<&Platform> = self
            .workload
            .components
            .iter()
            .zip(&layout.hosts)
            .filter(|(component, _)| component.kind != ServiceKind::Static)
            .filter_map(|(_, host)| *host)
            .collect();
        let worst = |host: &&Platform| self.lacks(host, Need::Gpu);
        let without_gpu = usize::from(!servers.is_empty() && servers.iter().all(worst));
        let server = layout.server(self.workload).map_or(0, |host| self.unmet_by_server(host));
        let files = self.workload.with_data_files();
        let lost = files.filter_map(|(index, _)| layout.hosts[index]).any(|host| !keeps_data_files(host));
        unplaced + without_gpu + server + usize::from(lost)
    }

    /// Needs of the server that users reach which a platform cannot meet.
    fn unmet_by_server(&self, platform: &Platform) -> usize {
        let needs = [Need::Websockets, Need::FileStorage, Need::LongRequests];
        needs.into_iter().filter(|need| self.lacks(platform, *need)).count()
    }

    /// Whether the workload has a need that a platform does not meet at all.
    fn lacks(&self, platform: &Platform, need: Need) -> bool {
        let capabilities = &platform.capabilities;
        let shortest = self.catalog.criteria.long_request_seconds;
        self.workload.has(need)
            && match need {
                Need::Websockets => capabilities.websockets.value == Ability::No,
                // A database in a file needs its disk where its component runs.
                Need::FileStorage => {
                    !self.workload.keeps_data_in_files() && capabilities.persistent_disk.value == Ability::No
                }
                Need::Gpu => capabilities.gpu.value == Ability::No,
                Need::LongRequests => platform
                    .limits
                    .request_timeout_seconds
                    .as_ref()
                    .is_some_and(|limit| limit.value < shortest),
                // A cluster of its own is no reason to run the server elsewhere.
                Need::Clustering | Need::Workers | Need::Cron | Need::Database | Need::Cache => false,
            }
    }

    /// Components that their host runs in part only.
    fn in_part(&self, layout: &Layout<'a>) -> usize {
        let components = self.workload.components.iter().zip(&layout.hosts);
        components
            .filter(|(component, host)| {
                host.is_some_and(|host| runs(self.catalog, host, component) < Runs::Fully)
            })
            .count()
    }

    /// The platform that takes a group of components over from the main one. It runs all of them and leaves the fewest needs
    /// unmet; then: as they are, without an image still to be written, without more work than the expertise bears, on a
    /// continent of the main platform, with a database of its own; then the cheapest and simplest.
    fn companion(&self, group: &[usize]) -> Option<&'a Platform> {
        let components = || group.iter().map(|index| &self.workload.components[*index]);
        let serves = components().any(|component| component.kind.serves_http());
        let bearable = self.catalog.criteria.value.companion_effort.of(&self.context.expertise);
        let suits = |platform: &'a Platform| {
            let count = |holds: &dyn Fn(&Component) -> bool| components().filter(|c| holds(c)).count();
            let gpu = usize::from(self.lacks(platform, Need::Gpu));
            let lost = components().any(|one| one.data_file.is_some()) && !keeps_data_files(platform);
            let by_server = if serves { self.unmet_by_server(platform) } else { 0 };
            let unmet = gpu + by_server + usize::from(lost);
            let in_part = count(&|component| runs(self.catalog, platform, component) < Runs::Fully);
            let to_write = count(&|component| {
                component.kind != ServiceKind::Static
                    && !component.has_image
                    && (platform.runs.mode(component.kind).value == RunMode::Container
                        || !platform_builds(self.catalog, platform, component))
            });
            let effort = effort_items(platform, Releaser::usual(self.context.expertise, platform));
            let too_much = f64::from(effort) > bearable;
            let near = &self.platform.limits.continents.value;
            let far = !platform.limits.continents.value.iter().any(|continent| near.contains(continent));
            (([unmet, in_part, to_write], [too_much, far]), effort, platform)
        };
        let price = |(_, effort, platform): &(_, u32, &'a Platform)| {
            let data = self.data_price(platform);
            let price = self.companion_price(platform, group) + data.unwrap_or_default();
            (data.is_none(), price, *effort, platform.id.clone())
        };
        let takes = |platform: &&'a Platform| {
            let closed = platform.lifecycle.closed_to_new_customers.as_ref().is_some_and(|fact| fact.value);
            let runs_all = components().all(|component| runs(self.catalog, platform, component) > Runs::Not);
            platform.id != self.platform.id && !closed && runs_all
        };
        let candidates: Vec<_> = self.catalog.platforms.values().filter(takes).map(suits).collect();
        // Of those that suit best, and only of those, the price is asked.
        let best = candidates.iter().map(|(suits, ..)| *suits).min()?;
        let equals = candidates.into_iter().filter(|(suits, ..)| *suits == best);
        equals.min_by_key(price).map(|(_, _, platform)| platform)
    }

    /// Price of a group of components on a platform, by size, with the cheapest account plan.
    fn companion_price(&self, platform: &'a Platform, group: &[usize]) -> Usd {
        let plan = platform.plans.iter().filter(|plan| plan.commercial && !plan.trial);
        let plan = plan.map(|plan| plan.usd_per_month).min().unwrap_or_default();
        let sizes = group.iter().filter_map(|index| self.size_price(platform, *index));
        plan + sizes.sum()
    }
}

/// Whether a platform has disks on which a database inside the process lasts.
fn keeps_data_files(platform: &Platform) -> bool {
    platform.capabilities.disk_of_embedded_databases().value != Ability::No
}

/// Things to create, files to write and tools to install for a platform alone, whatever the application keeps there.
fn effort_items(platform: &Platform, releaser: Releaser) -> u32 {
    let effort = &platform.effort;
    let cases = Cases::from_iter([releaser.case()]);
    let lists = [&effort.resources, &effort.files, &effort.tools];
    let items = lists.into_iter().flat_map(|list| &list.value).filter(|item| item.is_needed(cases)).count();
    u32::try_from(items).unwrap_or(u32::MAX)
}
