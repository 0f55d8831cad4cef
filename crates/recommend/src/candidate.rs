//! Every platform of the catalog with its quote, its constraints, its values and its standing among the others.

use std::cell::{Cell, LazyCell};
use std::cmp::Ordering::{self, Equal};
use std::rc::Rc;

use siteplan_catalog::Catalog;
use siteplan_catalog::platform::{Ability, Platform, RunMode};
use siteplan_catalog::reasoning::Criteria;
use siteplan_cost::{Depth, LaidOut, Pricer, Quote, Volume, platform_builds};
use siteplan_model::brief::Context;
use siteplan_model::gate::Gate;
use siteplan_model::id::PlatformId;
use siteplan_model::money::Usd;
use siteplan_model::recommendation::{Effort, Exclusion, Level};
use siteplan_model::survey::ServiceKind;

use crate::certain::Asked;
use crate::constraint::{Frugal, Least};
use crate::criteria::{Subject, Values, values};
use crate::desk::Desk;
use crate::lacking::{forgetful, lacks_gpu};
use crate::option_set::FEWEST;
use crate::scenario::LOAD_POINTS;
use crate::situation::Situation;
use crate::smaa::{Judged, Method, judge};
use crate::weights::AXES;
use crate::words::hundredths;
use crate::{constraint, criteria, effort, existing, leaving, refined, relax};

/// One platform as it stands.
#[derive(Clone, Debug)]
pub(crate) struct Candidate<'a> {
    pub(crate) platform: &'a Platform,
    pub(crate) quote: Rc<Quote>,
    pub(crate) violates: Vec<Exclusion>,
    pub(crate) effort: Effort,
    pub(crate) values: Values,
    /// Effort and values before the answers that cost nothing count.
    plain: (Effort, Values),
    /// What it costs with everything that nobody chose at its cheapest, where that was asked for.
    pub(crate) least: Option<Usd>,
    /// The budget about which it would be within it, where that was looked up.
    pub(crate) suffices: Option<Usd>,
    /// How far it is from being feasible, within a stated budget and sure to do what is asked for, in steps that are told apart; zero
    /// if it is.
    pub(crate) steps_away: f64,
    /// What a month is expected to cost.
    pub(crate) expected: Usd,
    /// Expected cost at each load point, in US dollars a month.
    pub(crate) cost_curve: Rc<[f64]>,
    /// Whether the repository already uses it.
    pub(crate) current: bool,
    /// Its cloud, if somebody said that an account exists there.
    pub(crate) account: Option<&'a str>,
    /// Whether it costs no more than the budget, or than what an assumed one may be exceeded by.
    pub(crate) within: bool,
    /// Whether it runs every component that it is given, by kind, language and memory.
    runs: Runs,
    /// What it is not sure to do, although nothing rules it out.
    pub(crate) doubt: Doubt,
    /// Whether what is feasible counts among the misses.
    pub(crate) place: Place,
    /// Whether it is in use, or of a cloud with an account, and nothing gains enough to leave it.
    pub(crate) stays: bool,
    /// Share of scenarios within the tolerance of the best, 0 to 1.
    pub(crate) support: f64,
    /// Share of scenarios as the best, 0 to 1.
    pub(crate) wins: f64,
    /// Whether others stood beside it in the scenarios.
    pub(crate) contest: Contest,
    /// The level that the support earns; what is weak or assumed may cap what is said.
    pub(crate) level: Level,
    /// Share of scenarios within the tolerance of the best of those that are as near, if no constraint counted: it orders these.
    pub(crate) promise: f64,
}

/// What of a platform rests on its cost and the application alone.
struct Costed<'a> {
    platform: &'a Platform,
    quote: Rc<Quote>,
    plain: (Effort, Values),
    runs: Runs,
    least: Option<Usd>,
    suffices: Option<Usd>,
    cost_curve: Rc<[f64]>,
}

/// What a platform runs of the components that it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runs {
    /// All of them.
    All,
    /// Not all.
    NotAll,
}

/// What a platform is not sure to do that nothing rules out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// It does what is asked for, as far as is known.
    None,
    /// Whether it gives the region or the proof that somebody demands is not known, or what that costs.
    Demand,
    /// It seems not to run everything that it is given, or to lack the GPU that is needed.
    Need,
}

/// Where what is feasible stands to what misses the stated budget alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// Before it.
    Ahead,
    /// Among the misses: nothing is sure to be within the budget, and such a miss would suit or be cheaper.
    Behind,
}

/// With what a platform was compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Contest {
    /// With others.
    Among,
    /// With none: no other was within the budget in any scenario. If the budget did not count, it would be a good choice in this
    /// share of them.
    OnlyWithin(f64),
    /// With none: no other is feasible.
    OnlyFeasible,
}

/// Where a platform stands before anything is weighed, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tier {
    /// It does what is asked for, within the budget.
    Suits,
    /// It does what is asked for, above the budget.
    Dear,
    /// It may not do all that is asked for, within the budget.
    Doubtful,
    /// The same, above the budget.
    DoubtfulAndDear,
    /// Ruled out, or behind what is ruled out for its cost alone.
    Missed,
}

impl<'a> Candidate<'a> {
    /// Whether it is feasible and does what is asked for, as far as is known.
    pub(crate) fn able(&self) -> bool {
        self.feasible() && self.doubt == Doubt::None
    }

    /// Whether it is feasible and has its place before the misses.
    pub(crate) fn stands(&self) -> bool {
        self.feasible() && self.place == Place::Ahead
    }

    /// Whether it is feasible, but within the stated budget only by answers that nobody has given.
    pub(crate) fn is_conditional(&self, asked: &Asked<'_>) -> bool {
        self.feasible() && !self.within && asked.is_stated(Gate::Budget)
    }

    /// Whether nothing but the budget speaks against it.
    fn misses_the_budget_alone(&self) -> bool {
        let for_cost = self.violates.iter().all(|broken| broken.constraint == constraint::BUDGET);
        !self.feasible() && for_cost && self.doubt == Doubt::None
    }

    fn tier(&self) -> Tier {
        match (self.stands(), self.able(), self.within) {
            (false, ..) => Tier::Missed,
            (true, true, true) => Tier::Suits,
            (true, true, false) => Tier::Dear,
            (true, false, true) => Tier::Doubtful,
            (true, false, false) => Tier::DoubtfulAndDear,
        }
    }

    fn of(
        catalog: &'a Catalog,
        situation: &Situation<'_>,
        platform: &'a Platform,
        quote: Rc<Quote>,
        least: &Least<'_>,
    ) -> Self {
        let context = &situation.context;
        let plain = (
            effort::effort(&Subject { catalog, platform, quote: &quote, context, refined_by: None }),
            values(catalog, platform, &quote, context),
        );
        let runs = runs(catalog, &quote);
        let costed =
            Costed { platform, quote, plain, runs, least: None, suffices: None, cost_curve: Rc::default() };
        Self::held(catalog, situation, costed, |cost| least.cost(platform, cost))
    }

    /// A platform whose cost is known, held against the answers.
    fn held(
        catalog: &'a Catalog,
        situation: &Situation<'_>,
        costed: Costed<'a>,
        least: impl FnOnce(Usd) -> Usd,
    ) -> Self {
        let Costed { platform, quote, plain: (counted, plain), runs, least: known, suffices, cost_curve } =
            costed;
        let settings = &situation.choices.settings;
        let subject = Subject {
            catalog,
            platform,
            quote: &quote,
            context: &situation.context,
            refined_by: Some(settings),
        };
        let values = criteria::refined(&plain, &subject);
        let proves = refined::proves(catalog, platform, &quote, settings);
        let answered = existing::is_answered(catalog, settings);
        let effort = if answered { effort::effort(&subject) } else { counted.clone() };
        let current = quote.workload.in_use.iter().any(|used| used.platform == platform.id.as_str());
        let asked = situation.asked(catalog);
        let known = Cell::new(known);
        let least = |cost: Usd| {
            let least = known.get().unwrap_or_else(|| least(cost));
            known.set(Some(least));
            least
        };
        let violates = violations(&asked, platform, &quote, current, least);
        let expected = quote.report.total.expected;
        let within = is_within(&asked, current, expected);
        let forgets = forgetful(catalog, &quote).next().is_some();
        let doubt = if runs == Runs::NotAll || forgets || lacks_gpu(&asked, &quote) {
            Doubt::Need
        } else if quote.report.budget.open {
            Doubt::Demand
        } else {
            proves
        };
        let mut candidate = Self {
            platform,
            runs,
            doubt,
            place: Place::Ahead,
            quote,
            expected,
            steps_away: 0.0,
            violates,
            effort,
            values,
            plain: (counted, plain),
            least: known.get(),
            suffices,
            cost_curve,
            current,
            account: existing::account_of(catalog, settings, platform),
            within,
            stays: false,
            support: 0.0,
            wins: 0.0,
            contest: Contest::Among,
            level: Level::Low,
            promise: 0.0,
        };
        candidate.steps_away = candidate.distance(&asked);
        candidate
    }

    /// How far it is from where it would have to be.
    fn distance(&self, asked: &Asked<'_>) -> f64 {
        if !self.feasible() {
            return relax::steps_away(asked, &self.violates);
        }
        let above = self.is_conditional(asked).then_some(self.expected);
        relax::steps_to_be_sure(asked, above, self.doubt)
    }

    /// Judges the budget anew, as if a month were expected to cost this much, and at the least that much.
    pub(crate) fn hold_against_budget(&mut self, asked: &Asked<'_>, expected: Usd, least: Usd) {
        self.violates.retain(|broken| broken.constraint != constraint::BUDGET);
        self.violates.extend(constraint::budget(asked, self.platform, expected, |_| least));
        self.expected = expected;
        self.within = is_within(asked, self.current, expected);
        self.steps_away = self.distance(asked);
    }

    /// The same platform at the same cost, in a situation whose costs do not differ.
    fn again(&self, catalog: &'a Catalog, situation: &Situation<'_>, least: &Least<'_>) -> Self {
        let costed = Costed {
            platform: self.platform,
            quote: Rc::clone(&self.quote),
            plain: self.plain.clone(),
            runs: self.runs,
            least: self.least,
            suffices: self.suffices,
            cost_curve: Rc::clone(&self.cost_curve),
        };
        Self::held(catalog, situation, costed, |cost| least.cost(self.platform, cost))
    }

    pub(crate) fn id(&self) -> &PlatformId {
        &self.platform.id
    }

    /// The wins and the support as they are said to people: a difference that nobody is told is none.
    fn hundredths(&self) -> [u32; 2] {
        [self.wins, self.support].map(hundredths)
    }

    pub(crate) fn feasible(&self) -> bool {
        self.violates.is_empty()
    }

    /// Which of two is nearer to being feasible: the one in fewer steps, of equals first what is not behind others, then what breaks
    /// less.
    pub(crate) fn nearness(&self, other: &Self) -> Ordering {
        let broken = || self.violates.len().cmp(&other.violates.len());
        self.steps_away
            .total_cmp(&other.steps_away)
            .then_with(|| self.place.cmp(&other.place))
            .then_with(broken)
    }

    /// Whether nothing but what suits better orders two that no support tells apart.
    pub(crate) fn stands_with(&self, other: &Self) -> bool {
        self.tier() == other.tier() && self.nearness(other).is_eq()
    }
}

/// All platforms in one situation.
#[derive(Clone, Debug)]
pub(crate) struct Field<'a> {
    /// In the order of their ids.
    pub(crate) candidates: Vec<Candidate<'a>>,
    judged: Judged,
}

impl<'a> Field<'a> {
    /// Evaluates every platform of the catalog, with all that a document shows.
    pub(crate) fn of(desk: &Desk<'a>, situation: &Situation<'_>) -> Field<'a> {
        let pricer = situation.pricer(desk.catalog);
        let points = load_points(&situation.context);
        let asked = situation.asked(desk.catalog);
        let frugal = Frugal::of(&asked);
        let least = Least::of(asked, &frugal);
        let candidate = |(platform, laid_out): (&'a Platform, LaidOut<'_>)| {
            let quote = Rc::new(laid_out.quote(Depth::Full));
            let candidate = Candidate::of(desk.catalog, situation, platform, quote, &least);
            Candidate { cost_curve: cost_curve(&laid_out, &points), ..candidate }
        };
        let mut candidates: Vec<Candidate<'a>> = laid_out(&pricer, desk.catalog).map(candidate).collect();
        hold_back(&mut candidates);
        if candidates.iter().filter(|candidate| candidate.stands()).count() < FEWEST {
            relax::look_closer(asked, candidates.iter_mut());
        }
        let judged = judge(desk, situation, Method::declared(desk, situation), &mut candidates, None);
        Self { candidates, judged }.settled(&desk.catalog.criteria)
    }

    /// The field in a neighbouring situation, as far as a comparison needs it: only what differs is computed anew.
    pub(crate) fn beside(&self, desk: &Desk<'a>, here: &Situation<'_>, there: &Situation<'_>) -> Field<'a> {
        let same_costs = there.costs_as(desk.catalog, here);
        let pricer = LazyCell::new(|| there.pricer(desk.catalog));
        let asked = there.asked(desk.catalog);
        let frugal = Frugal::of(&asked);
        let least = Least::of(asked, &frugal);
        let mut candidates: Vec<(Candidate<'a>, Option<LaidOut<'_>>)> = if same_costs {
            self.candidates
                .iter()
                .map(|candidate| (candidate.again(desk.catalog, there, &least), None))
                .collect()
        } else {
            let compared = laid_out(&pricer, desk.catalog).map(|(platform, laid_out)| {
                let quote = Rc::new(laid_out.quote(Depth::Comparison));
                (Candidate::of(desk.catalog, there, platform, quote, &least), Some(laid_out))
            });
            compared.collect()
        };
        // What is ruled out is compared only where nothing else is left, and of that only what is equally near.
        hold_back(candidates.iter_mut().map(|(candidate, _)| candidate));
        let some_stand = candidates.iter().any(|(candidate, _)| candidate.stands());
        if !some_stand {
            relax::look_closer(asked, candidates.iter_mut().map(|(candidate, _)| candidate));
        }
        let nearest = relax::equally_near(candidates.iter().map(|(candidate, _)| candidate));
        let points = load_points(&there.context);
        for (index, (candidate, laid_out)) in candidates.iter_mut().enumerate() {
            let compared =
                if some_stand { candidate.stands() } else { nearest.len() > 1 && nearest.contains(&index) };
            if candidate.cost_curve.is_empty() && compared {
                let laid_out = laid_out.take().or_else(|| pricer.on(candidate.id()));
                candidate.cost_curve = laid_out.map(|it| cost_curve(&it, &points)).unwrap_or_default();
            }
        }
        let mut candidates: Vec<Candidate<'a>> =
            candidates.into_iter().map(|(candidate, _)| candidate).collect();
        let judged = judge(desk, there, Method::declared(desk, there), &mut candidates, Some(&self.judged));
        Self { candidates, judged }.settled(&desk.catalog.criteria)
    }

    /// The same field with one platform altered.
    pub(crate) fn altered(
        &self,
        desk: &Desk<'a>,
        here: &Situation<'_>,
        index: usize,
        alter: impl FnOnce(&mut Candidate<'a>),
    ) -> Field<'a> {
        let mut candidates = self.candidates.clone();
        alter(&mut candidates[index]);
        hold_back(&mut candidates);
        let judged = judge(desk, here, Method::declared(desk, here), &mut candidates, Some(&self.judged));
        Self { candidates, judged }.settled(&desk.catalog.criteria)
    }

    /// The same field judged by another method.
    pub(crate) fn judged_by(&self, desk: &Desk<'a>, here: &Situation<'_>, method: Method) -> Field<'a> {
        let mut candidates = self.candidates.clone();
        let judged = judge(desk, here, method, &mut candidates, Some(&self.judged));
        Self { candidates, judged }.settled(&desk.catalog.criteria)
    }

    /// The mean weight of each criterion over the region.
    pub(crate) fn mean_weights(&self) -> [f64; AXES] {
        self.judged.mean_weights()
    }

    /// A platform in use stays the best one unless it breaks a constraint or another is a good choice in so many scenarios more; so
    /// does the simplest platform of an account, with a gain of its own.
    fn settled(mut self, criteria: &Criteria) -> Self {
        let stays = {
            let best = self.best();
            let is_near = |other: &&Candidate<'_>, gain: f64| best.support - other.support < gain;
            let in_use = self
                .ranked()
                .find(|candidate| candidate.current && candidate.feasible())
                .filter(|incumbent| is_near(incumbent, criteria.leaving_gain));
            let of_account = || {
                let suits = |one: &&Candidate<'_>| one.account.is_some() && one.able() && one.within;
                let near =
                    |one: &&Candidate<'_>| is_near(one, leaving::gain_to_pass_over(one, best, criteria));
                self.ranked().filter(suits).filter(near).min_by_key(|one| one.effort.total())
            };
            in_use.or_else(of_account).map(|one| one.id().clone())
        };
        for candidate in &mut self.candidates {
            candidate.stays = stays.as_ref() == Some(candidate.id());
        }
        self
    }

    /// Best first: the one in use that stays, feasible ones within the budget by the level of their support, within a level by how
    /// often each is the best, then by support and, where that is said to be the same, by simplicity; then those above an assumed
    /// budget or within a stated one only by open answers, then the near misses by how small a change makes them feasible. Of two that are nearly always good choices the
    /// difference in support says nothing: which one is the best more often, does.
    pub(crate) fn ranked(&self) -> impl Iterator<Item = &Candidate<'a>> {
        let mut order: Vec<&Candidate<'a>> = self.candidates.iter().collect();
        order.sort_by(|a, b| {
            b.stays
                .cmp(&a.stays)
                .then_with(|| a.tier().cmp(&b.tier()))
                .then_with(|| b.level.cmp(&a.level))
                .then_with(|| b.hundredths().cmp(&a.hundredths()))
                .then_with(|| {
                    if b.hundredths() > [0, 0] { a.effort.total().cmp(&b.effort.total()) } else { Equal }
                })
                .then_with(|| b.support.total_cmp(&a.support))
                .then_with(|| b.wins.total_cmp(&a.wins))
                .then_with(|| a.nearness(b))
                .then_with(|| b.promise.total_cmp(&a.promise))
                .then_with(|| a.effort.total().cmp(&b.effort.total()))
                .then_with(|| a.id().cmp(b.id()))
        });
        order.into_iter()
    }

    /// The recommended platform.
    pub(crate) fn best(&self) -> &Candidate<'a> {
        self.ranked().next().unwrap_or(&self.candidates[0])
    }
}

/// Where nothing is sure to do what is asked for within the stated budget, what may do so only by answers that nobody has given stands
/// behind what misses the budget by less, and what may not do all that is asked for behind everything that would.
fn hold_back<'c, 'a: 'c>(candidates: impl IntoIterator<Item = &'c mut Candidate<'a>>) {
    let mut candidates: Vec<&mut Candidate<'a>> = candidates.into_iter().collect();
    let some_suit = candidates.iter().any(|one| one.able() && one.within);
    let misses = candidates.iter().filter(|one| !some_suit && one.misses_the_budget_alone());
    let least_missed = misses.map(|one| one.expected).min();
    for one in &mut candidates {
        let is_missed_by_less =
            least_missed.is_some_and(|least| one.able() && !one.within && one.expected > least);
        let is_doubtful = least_missed.is_some() && one.doubt != Doubt::None;
        let behind = one.feasible() && (is_missed_by_less || is_doubtful);
        one.place = if behind { Place::Behind } else { Place::Ahead };
    }
}

/// The constraints that a platform breaks, those of the application and those of what was demanded beyond it.
fn violations(
    asked: &Asked<'_>,
    platform: &Platform,
    quote: &Quote,
    current: bool,
    least: impl FnOnce(Usd) -> Usd,
) -> Vec<Exclusion> {
    let mut all = constraint::violations(asked, platform, quote, current, least);
    all.extend(refined::violations(asked.catalog, platform, quote, &asked.choices.settings));
    all
}

/// The constraints that a platform would break in a situation.
pub(crate) fn broken(
    catalog: &Catalog,
    there: &Situation<'_>,
    platform: &Platform,
    current: bool,
) -> Vec<Exclusion> {
    let pricer = there.pricer(catalog);
    let Some(laid_out) = pricer.on(&platform.id) else { return Vec::new() };
    let asked = there.asked(catalog);
    let frugal = Frugal::of(&asked);
    let least = Least::of(asked, &frugal);
    let quote = laid_out.quote(Depth::Comparison);
    violations(&asked, platform, &quote, current, |cost| least.cost(platform, cost))
}

/// Whether a month is within reach. What is paid already is within a budget that nobody stated.
fn is_within(asked: &Asked<'_>, current: bool, expected: Usd) -> bool {
    let paid = current && !asked.is_stated(Gate::Budget);
    paid || asked.limit().is_none_or(|limit| expected.cents() <= limit)
}

/// Whether everything that is placed runs where it is placed. What does not is never preferred to what does, however cheap it
/// is; only what is certain rules a platform out.
fn runs(catalog: &Catalog, quote: &Quote) -> Runs {
    let all = quote.idle.is_empty()
        && quote.components.iter().all(|placed| {
            let component = &quote.workload.components[placed.component];
            catalog.platforms.get(&placed.platform).is_some_and(|host| {
                let files_only = component.kind == ServiceKind::Static;
                let large_enough =
                    quote.workload.memory_mb.is_none_or(|needed| needed <= host.limits.memory_mb.value);
                let built =
                    platform_builds(catalog, host, component) || host.runs.images.value != Ability::No;
                host.runs.mode(component.kind).value != RunMode::No && (files_only || (large_enough && built))
            })
        });
    if all { Runs::All } else { Runs::NotAll }
}

/// Every platform of the catalog with the workload laid out on it.
fn laid_out<'a, 'p>(
    pricer: &'p Pricer<'p>,
    catalog: &'a Catalog,
) -> impl Iterator<Item = (&'a Platform, LaidOut<'p>)> {
    catalog.platforms.values().filter_map(|platform| Some((platform, pricer.on(&platform.id)?)))
}

/// Expected cost at each load point. More users never cost less, so that between two points of one price there is no other.
fn cost_curve(laid_out: &LaidOut<'_>, points: &[u64]) -> Rc<[f64]> {
    let cost = |index: usize| laid_out.expected(Volume::Users(points[index])).to_f64();
    let mut curve = vec![0.0; points.len()];
    let Some(last) = points.len().checked_sub(1) else { return Rc::default() };
    (curve[0], curve[last]) = (cost(0), cost(last));
    let mut open = vec![(0, last)];
    while let Some((low, high)) = open.pop() {
        let middle = usize::midpoint(low, high);
        if middle == low {
            continue;
        }
        if curve[low].total_cmp(&curve[high]).is_eq() {
            let price = curve[low];
            curve[low..high].fill(price);
        } else {
            curve[middle] = cost(middle);
            open.extend([(low, middle), (middle, high)]);
        }
    }
    curve.into()
}

/// Numbers of users from the lower to the upper end of the band, evenly on a logarithmic scale; a known number is one point.
fn load_points(context: &Context) -> Vec<u64> {
    if let Some(users) = context.users {
        return vec![users.max(1)];
    }
    if context.requests_per_month.is_some() {
        let (low, high) = context.scale.users();
        return vec![between(low, high, LOAD_POINTS / 2)];
    }
    let (low, high) = context.scale.users();
    (0..LOAD_POINTS).map(|step| between(low, high, step)).collect()
}

#[expect(clippy::cast_precision_loss, reason = "users and steps are small")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between low and high")]
fn between(low: u64, high: u64, step: usize) -> u64 {
    let share = step as f64 / (LOAD_POINTS - 1) as f64;
    (low as f64 * libm::pow(high as f64 / low as f64, share)).round() as u64
}
