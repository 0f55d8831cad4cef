//! What a run starts from: the catalog, the repository's Survey, the answers given so far, and the plan written last.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;
use siteplan_catalog::Catalog;
use siteplan_catalog::signals::Signals;
use siteplan_cost::load_beside_scale;
use siteplan_interview::{Conflict, Disagreement, Interview};
use siteplan_model::Date;
use siteplan_model::brief::Brief;
use siteplan_model::gate::{Channel, Gate, Provenance};
use siteplan_model::survey::{CiDeploy, Survey};

use crate::brief_file;
use crate::catalog_folder;
use crate::cli::{AnswerArgs, TreeArgs};
use crate::clock;
use crate::error::{Failure, Outcome};
use crate::given::{self, Given, Source};
use crate::keys;
use crate::missing;
use crate::output::Output;
use crate::ownership::LineEnds;
use crate::pipeline::{self, Ground};
use crate::progress;
use crate::spec_folder::{BRIEF, SpecFolder};
use crate::stored::StoredPlan;
use crate::strays;
use crate::terminal;

/// Questions that the options rest on.
const CONTEXT: [Gate; 4] = [Gate::AppType, Gate::Expertise, Gate::Scale, Gate::Budget];

/// Paths that could not be read, of which a person is told.
const WARNINGS_SHOWN: usize = 5;

/// What a run starts from.
#[derive(Debug)]
pub(crate) struct Session {
    /// What is known of the world.
    pub(crate) catalog: Catalog,
    /// The repository with its documents.
    pub(crate) folder: SpecFolder,
    /// What was found.
    pub(crate) survey: Survey,
    /// The answers so far.
    pub(crate) brief: Brief,
    /// The text of the brief file, if there is one.
    pub(crate) brief_text: Option<String>,
    /// The plan as last written.
    pub(crate) stored: Option<StoredPlan>,
    /// Files of the repository that siteplan wrote itself, sorted.
    own: Vec<String>,
    /// Those of them that it has no record of, sorted.
    pub(crate) strays: Vec<String>,
    /// What those deploy.
    stray_deploys: Vec<CiDeploy>,
    given: Vec<Given>,
    date: Option<Date>,
    date_by_hand: Option<Date>,
    output: Output,
}

impl Session {
    /// Reads everything that a run starts from; writes nothing.
    pub(crate) fn open(
        tree: &TreeArgs,
        answers: &AnswerArgs,
        catalog: Option<&Path>,
        output: Output,
    ) -> Outcome<Self> {
        let catalog = catalog_folder::load(catalog)?;
        let date = clock::given_date(answers.date)?;
        let given = given::collect(&catalog, answers.answers.as_deref(), &answers.set)?;
        let folder = SpecFolder::open(&tree.path, &tree.spec_path)?;
        let stored = StoredPlan::read(&folder)?;
        let brief_text = folder.read(&folder.brief())?;
        let fallback = date.unwrap_or_else(clock::today);
        let last = brief_as_written(&folder, &catalog, fallback)?;
        let brief = match &brief_text {
            None => Brief::new(fallback),
            Some(text) => {
                let text = LineEnds::of(text).plain(text);
                let file = brief_file::read(&folder.brief(), &text, &catalog, last.as_ref(), fallback)?;
                if last.is_some() && !file.changed_by_hand.is_empty() {
                    let gates: Vec<&str> = file.changed_by_hand.iter().map(|gate| gate.key()).collect();
                    output.note(&format!("`{}` was changed by hand: {}", folder.brief(), gates.join(", ")));
                }
                file.brief
            }
        };
        let date_by_hand = last.filter(|last| last.date != brief.date).map(|_| brief.date);
        let survey = survey(&catalog.signals, tree, &folder, output)?;
        let mut own = folder.generated_before()?;
        let strays = strays::of(&folder, &survey)?;
        let deploys = survey.ci_deploys.iter().filter(|job| strays.contains(&job.path));
        let stray_deploys: Vec<CiDeploy> = deploys.cloned().collect();
        own.extend(strays.iter().cloned());
        own.sort();
        let mut session = Self {
            catalog,
            folder,
            survey,
            brief,
            brief_text,
            stored,
            own,
            strays,
            stray_deploys,
            given,
            date,
            date_by_hand,
            output,
        };
        if !session.strays.is_empty() {
            session.survey_again(tree)?;
        }
        Ok(session)
    }

    /// Surveys without what siteplan wrote itself; only that a stray file of its own deploys is kept in mind.
    fn survey_again(&mut self, tree: &TreeArgs) -> Outcome<()> {
        self.survey = pipeline::detect(&self.catalog.signals, &tree.path, self.folder.path(), &self.own)?;
        self.survey.ci_deploys.extend(self.stray_deploys.iter().cloned());
        Ok(())
    }

    /// What every stage stands on.
    pub(crate) fn ground(&self) -> Ground<'_> {
        Ground { catalog: &self.catalog, survey: &self.survey, spec_path: self.folder.path() }
    }

    /// Surveys again without files that this run replaces: a plan does not rest on what it takes away. Tells whether there were
    /// any that counted until now.
    pub(crate) fn disregard(&mut self, tree: &TreeArgs, paths: Vec<String>) -> Outcome<bool> {
        let known = self.own.len();
        self.own.extend(paths);
        self.own.sort();
        self.own.dedup();
        if self.own.len() == known {
            return Ok(false);
        }
        self.survey_again(tree)?;
        Ok(true)
    }

    /// Surveys again with files that stop to be siteplan's: from now on they are evidence like any other. Tells whether there were
    /// any that did not count until now.
    pub(crate) fn regard(&mut self, tree: &TreeArgs, paths: &[String]) -> Outcome<bool> {
        let known = self.own.len();
        self.stray_deploys.retain(|job| !paths.contains(&job.path));
        self.own.retain(|path| !paths.contains(path));
        if self.own.len() == known {
            return Ok(false);
        }
        self.survey_again(tree)?;
        Ok(true)
    }

    /// Gives the interview what this run brings.
    pub(crate) fn give(&self, interview: &mut Interview<'_>) -> Outcome<()> {
        give(interview, &self.given, self.output)?;
        disagreements(interview, &[], &self.given, &self.folder.brief(), self.output)
    }

    /// What this run brings.
    pub(crate) fn given(&self) -> &[Given] {
        &self.given
    }

    /// Gives an interview that ends in a plan what this run brings, and tells which answers came out otherwise than when they were
    /// saved.
    pub(crate) fn take_up(&self, interview: &mut Interview<'_>, answers: &AnswerArgs) -> Outcome<()> {
        self.give(interview)?;
        self.tell_changes(interview);
        if answers.defaults {
            interview.accept_defaults();
        }
        Ok(())
    }

    /// Tells which answers came out otherwise than when they were saved.
    fn tell_changes(&self, interview: &Interview<'_>) {
        for change in interview.replayed_changes() {
            let none = || "nothing".to_owned();
            self.output.note(&format!(
                "`{}` was computed anew: {} became {}",
                change.gate,
                change.before.clone().unwrap_or_else(none),
                change.after.clone().unwrap_or_else(none),
            ));
        }
    }

    /// Tells which of two statements about the load counts, where they disagree.
    pub(crate) fn tell_load(&self, brief: &Brief) {
        tell_load(&self.catalog, brief, self.output);
    }

    /// The plan for a complete Brief, at the right date: that of the plan written last as long as the Design says the
    /// same, else the one that was asked for, else one that a person wrote into the file, else today's.
    pub(crate) fn plan(&self, brief: &Brief, because: &BTreeMap<Gate, String>) -> Outcome<pipeline::Plan> {
        self.tell_load(brief);
        let dated = |date: Date| {
            let brief = Brief { date, ..brief.clone() };
            progress::during(self.output, "working out the plan", || {
                pipeline::plan(self.ground(), &brief, because)
            })
        };
        let Some(stored) = &self.stored else { return dated(self.date.unwrap_or(self.brief.date)) };
        if let Some(by_hand) = self.date_by_hand {
            return dated(self.date.unwrap_or(by_hand));
        }
        let last = stored.design.date;
        let plan = dated(last)?;
        if stored.says_the_same(&plan.design)? {
            return Ok(plan);
        }
        let date = self.date.unwrap_or_else(clock::today);
        if date == last { Ok(plan) } else { dated(date) }
    }
}

/// Tells which of two statements about the load counts, where they disagree.
pub(crate) fn tell_load(catalog: &Catalog, brief: &Brief, output: Output) {
    let context = brief.answers.context();
    let both = context.and_then(|context| load_beside_scale(catalog, &context, &brief.settings));
    if let Some(both) = both {
        output.note(&both);
    }
}

/// The exact numbers of a Brief, by key.
fn numbers(brief: &Brief) -> [(&'static str, Option<String>); 2] {
    let answers = &brief.answers;
    [
        ("users", answers.users.map(|users| users.to_string())),
        ("max_usd_per_month", answers.max_usd_per_month.map(|ceiling| ceiling.amount().to_string())),
    ]
}

/// Gives an interview answers and settings, the settings first and the answers in the order of their questions. What one source
/// says twice and differently is an error: which of the two was meant, only a person knows.
pub(crate) fn give(interview: &mut Interview<'_>, given: &[Given], output: Output) -> Outcome<()> {
    let mut given: Vec<&Given> = given.iter().collect();
    given.sort_by_key(|given| keys::gate_of(&given.key));
    let mut said: BTreeMap<(Source, &str), (&Given, String)> = BTreeMap::new();
    for one in given {
        let Given { key, words, place, provenance, channel, source } = one;
        if !already_says(interview.brief(), key, words) {
            let before = numbers(interview.brief());
            interview.set_as(key, words, *provenance, *channel).map_err(|error| {
                Failure::input(format!("{place}: {error}"))
                    .hint(format!("`siteplan explain {key}` says what it means"))
            })?;
            output.detail(&format!("{key} = {words}, from {place}"));
            // A band that was given later, or by a stronger source, takes a number away that lies outside it.
            for ((number, was), (_, now)) in before.into_iter().zip(numbers(interview.brief())) {
                if let (Some(was), None) = (was, now) {
                    output.note(&format!(
                        "`{number} = {was}` no longer counts: {place} says `{key} = {words}`"
                    ));
                }
            }
        }
        let subject = keys::subject_of(key);
        let value = value_of(interview.brief(), subject);
        if let Some((before, other)) = said.insert((*source, subject), (one, value.clone()))
            && (other != value || (before.key == *key && before.words != *words))
        {
            return Err(contradiction(before, one, subject));
        }
    }
    Ok(())
}

/// Tells what was given and disagrees, and fails with what cannot hold. What is known already is not told again.
pub(crate) fn disagreements(
    interview: &Interview<'_>,
    known: &[Conflict],
    given: &[Given],
    file: &str,
    output: Output,
) -> Outcome<()> {
    let place = |key: &String| {
        let here = given.iter().rev().find(|given| given.key == *key).map(|given| given.place.clone());
        format!("`{key}` is from {}", here.unwrap_or_else(|| format!("`{file}`")))
    };
    for conflict in interview.conflicts().into_iter().filter(|conflict| !known.contains(conflict)) {
        let Conflict { kind, keys, message, remedy } = conflict;
        match kind {
            Disagreement::Contradiction => {
                let given = keys.iter().map(place);
                return Err(Failure::input(format!("{message}: both cannot hold"))
                    .details(given)
                    .hint(remedy));
            }
            Disagreement::Idle => {
                output.note(&format!("warning: {message}; {remedy}"));
            }
        }
    }
    Ok(())
}

/// What a Brief holds for an answer or a setting, for comparing.
pub(crate) fn value_of(brief: &Brief, key: &str) -> String {
    let answers = serde_json::to_value(&brief.answers).unwrap_or_default();
    answers.get(key).map_or_else(|| brief.settings.get(key).cloned().unwrap_or_default(), Value::to_string)
}

fn contradiction(before: &Given, after: &Given, subject: &str) -> Failure {
    let failure = Failure::input(format!(
        "{} says `{} = {}`, and {} says `{} = {}`: only one of them can be meant",
        before.place, before.key, before.words, after.place, after.key, after.words
    ));
    if before.key == after.key {
        return failure.hint("give it once");
    }
    let number = if before.key == subject { after } else { before };
    failure.hint(format!(
        "`{} = {}` means another `{subject}`: give one of the two, or make them agree",
        number.key, number.words
    ))
}

/// Sees to the answers that the options rest on: takes defaults if that is wanted, asks if somebody is there, else fails with
/// what is missing.
pub(crate) fn settle(interview: &mut Interview<'_>, args: &AnswerArgs, output: Output) -> Outcome<()> {
    let open: Vec<_> = CONTEXT.into_iter().filter(|gate| interview.is_open(*gate)).collect();
    if open.is_empty() || args.defaults {
        return accept_context(interview);
    }
    if terminal::is_present() {
        return terminal::ask(interview, &open);
    }
    let questions = interview.missing().into_iter().filter(|missing| open.contains(&missing.gate));
    Err(missing::failure(&questions.collect::<Vec<_>>(), output)?)
}

/// Answers every open question that the options rest on with its default.
pub(crate) fn accept_context(interview: &mut Interview<'_>) -> Outcome<()> {
    for gate in CONTEXT {
        if interview.is_open(gate) {
            take_default(interview, gate)?;
        }
    }
    Ok(())
}

/// The Brief as siteplan wrote it last; `None` if that is not known.
fn brief_as_written(folder: &SpecFolder, catalog: &Catalog, fallback: Date) -> Outcome<Option<Brief>> {
    let text = folder.read_base(BRIEF)?;
    let read = |text: String| brief_file::read(&folder.base_of(BRIEF), &text, catalog, None, fallback).ok();
    Ok(text.and_then(read).map(|file| file.brief))
}

/// Surveys the repository and tells of what could not be read.
pub(crate) fn survey(
    signals: &Signals,
    tree: &TreeArgs,
    folder: &SpecFolder,
    output: Output,
) -> Outcome<Survey> {
    // Edited or not, what siteplan wrote is no evidence: else a plan would change because it was carried out.
    let own = folder.generated_before()?;
    let survey = progress::during(output, "surveying the repository", || {
        pipeline::detect(signals, &tree.path, folder.path(), &own)
    })?;
    for skipped in survey.skipped.iter().take(WARNINGS_SHOWN) {
        output.note(&format!("warning: `{}` was not read: {}", skipped.path, skipped.why));
    }
    if survey.skipped.len() > WARNINGS_SHOWN {
        let more = survey.skipped.len() - WARNINGS_SHOWN;
        output.note(&format!("warning: {more} more paths were not read; `siteplan detect` lists them"));
    }
    Ok(survey)
}

/// Answers an open question with what is proposed, else with the stated default; nobody confirms it.
fn take_default(interview: &mut Interview<'_>, gate: Gate) -> Outcome<()> {
    let prompt = interview.prompt(gate);
    let provenance = prompt.proposed.as_ref().map_or(Provenance::Default, |proposal| proposal.from);
    let words = prompt.preselected().to_owned();
    interview
        .answer(gate, &words, provenance, Channel::Default)
        .map_err(|error| Failure::bug(format!("the default of `{gate}` is no answer")).because(&error))
}

/// Why each answer that nobody gave is what it is.
pub(crate) fn reasons(interview: &Interview<'_>) -> BTreeMap<Gate, String> {
    let by_nobody = interview.brief().provenance.iter().filter(|(_, provenance)| provenance.is_recomputed());
    by_nobody
        .filter_map(|(gate, _)| Some((*gate, interview.prompt(*gate).proposed?.because)))
        .filter(|(_, because)| !because.is_empty())
        .collect()
}

/// Whether a person has already given this very answer, whose origin then stays.
fn already_says(brief: &Brief, key: &str, words: &str) -> bool {
    let Some(gate) = keys::gate_of(key) else { return false };
    let by_somebody = brief.provenance.get(&gate).is_some_and(|provenance| !provenance.is_recomputed());
    let answers = serde_json::to_value(&brief.answers).unwrap_or_default();
    let said = match answers.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(truth)) => if *truth { "yes" } else { "no" }.to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","),
        _ => return false,
    };
    by_somebody && said == words.replace(", ", ",")
}
