//! Platform files, CronJobs, crontabs, calls of cron libraries → the cron expressions of scheduled services.

use siteplan_catalog::signals::{Need, Signals};
use siteplan_model::fact::{Certainty, Evidence};
use siteplan_model::survey::ServiceKind;

use super::ci_jobs::{self, CiJob};
use super::jobs;
use super::processes::{self, Role};
use super::services::Found;
use crate::component::Component;
use crate::evidence::{at, maybe_at};
use crate::readers::Record;
use crate::readers::schedules::{Scheduled, in_document};
use crate::tree::{Tree, folder, is_aside_folder, relative};

/// From so many entries on a crontab is a machine's, not an application's.
const MOST_ENTRIES: usize = 5;

/// Gives scheduled services their expression, and adds those that only a schedule names.
pub(crate) fn add(found: &mut Vec<Found<'_>>, components: &[Component<'_>], tree: &Tree, signals: &Signals) {
    for (path, job) in stated(tree, signals) {
        let seen = maybe_at(path, job.line, &job.expression);
        if set(found, &job, &seen) {
            continue;
        }
        let (Some(command), Some(component)) = (&job.command, nearest(path, components, found)) else {
            continue;
        };
        let name = job.name.clone().unwrap_or_else(|| named_after(command));
        let role = Role::Job(ServiceKind::Cron);
        processes::take(found, component, role, &name, command, seen.clone(), Certainty::High);
        if let Some(new) = found.last_mut().filter(|new| new.service.name == name) {
            schedule(new, &job.expression, seen);
        }
    }
    for job in ci_jobs::scheduled(components, tree, signals) {
        from_ci(found, &job, components, signals);
    }
    for component in components.iter().filter(|component| !component.aside) {
        from_code(found, component);
    }
}

/// Takes a program that CI runs on a schedule: the one that is known, or a further one beside a server.
fn from_ci(found: &mut Vec<Found<'_>>, job: &CiJob<'_>, components: &[Component<'_>], signals: &Signals) {
    let seen = maybe_at(job.file, job.line, &format!("{} runs {}", job.expression, job.shown));
    let Some(component) = components.iter().find(|one| one.folder == job.home) else { return };
    let path = component.shown();
    let known = |one: &Found<'_>| {
        let open = jobs::is_open(one, signals) && component.needs(Need::Workers, signals).is_empty();
        one.service.path == path && (one.service.ends || open)
    };
    let own: Vec<usize> = (0..found.len()).filter(|index| known(&found[*index])).collect();
    let begun = |index: &&usize| {
        let mut places = found[**index].service.evidence.get("kind").into_iter().flatten();
        places.any(|place| Some(&place.path) == job.program.as_ref())
    };
    let meant = own.iter().find(begun).or_else(|| own.first().filter(|_| own.len() == 1));
    if let Some(index) = meant.copied() {
        let one = &mut found[index];
        if one.service.schedule.is_none() {
            one.service.kind = ServiceKind::Cron;
            one.service.ends = true;
            one.certainty = one.certainty.max(Certainty::Medium);
            one.service.evidence.entry("kind".to_owned()).or_default().insert(0, seen.clone());
            if one.service.commands.start.is_none() && job.command.is_some() {
                one.service.commands.start.clone_from(&job.command);
                one.service.evidence.insert("commands.start".to_owned(), vec![seen.clone()]);
            }
            schedule(one, &job.expression, seen);
        }
        return;
    }
    let Some(command) = &job.command else { return };
    let answers = |one: &Found<'_>| one.service.kind.serves_http() && one.service.kind != ServiceKind::Static;
    // What CI makes for pages is made for their build, and what lies among the tools of an application is one of them.
    let tool = job.program.as_deref().is_some_and(|program| {
        folder(program).split('/').any(|part| signals.files.tool_folders.iter().any(|tool| tool == part))
    });
    let server = found.is_empty() || found.iter().any(|one| one.service.path == path && answers(one));
    let taken = found.iter().any(|one| one.service.commands.start.as_ref() == Some(command));
    if !server || tool || taken {
        return;
    }
    let name = named_after(command);
    processes::take(
        found,
        component,
        Role::Job(ServiceKind::Cron),
        &name,
        command,
        seen.clone(),
        Certainty::Medium,
    );
    if let Some(new) = found.last_mut().filter(|new| new.service.name == name) {
        new.service.ends = true;
        schedule(new, &job.expression, seen);
    }
}

/// Jobs that files state, by path.
pub(super) fn stated<'t>(tree: &'t Tree, signals: &'t Signals) -> Vec<(&'t str, Scheduled)> {
    let mut jobs: Vec<(&str, Scheduled)> = Vec::new();
    for row in signals.platforms.iter().filter(|row| !row.schedule_keys.is_empty()) {
        for path in tree.matching(&row.files) {
            if let Some(Record::Document(document)) = tree.record(path) {
                jobs.extend(in_document(document, &row.schedule_keys).into_iter().map(|job| (path, job)));
            }
        }
    }
    for (path, record) in tree.records() {
        if let Record::Crontab(entries) = record
            && entries.len() <= MOST_ENTRIES
        {
            jobs.extend(entries.iter().map(|job| (path, job.clone())));
        }
    }
    for (path, facts) in tree.facts() {
        jobs.extend(facts.cron_jobs.iter().map(|job| (path, job.clone())));
    }
    jobs.retain(|(path, _)| path.starts_with('.') || !is_aside_folder(&signals.files, folder(path)));
    jobs
}

/// Sets the expression of the service that a job is: by name, by command, or the only one without.
fn set(found: &mut [Found<'_>], job: &Scheduled, seen: &Evidence) -> bool {
    let crons = || found.iter().enumerate().filter(|(_, one)| one.service.kind == ServiceKind::Cron);
    let same = crons().find(|(_, one)| {
        job.name.as_deref() == Some(one.service.name.as_str())
            || (job.command.is_some() && one.service.commands.start == job.command)
            || job
                .command
                .as_deref()
                .zip(one.service.commands.start.as_deref())
                .is_some_and(|(a, b)| a.contains(b))
    });
    let Some(index) = same.map(|(index, _)| index) else { return false };
    schedule(&mut found[index], &job.expression, seen.clone());
    true
}

fn schedule(one: &mut Found<'_>, expression: &str, seen: Evidence) {
    one.service.schedule = Some(expression.to_owned());
    one.service.evidence.insert("schedule".to_owned(), vec![seen]);
}

/// The component that a job's file lies in or beside: one that already gave a service.
fn nearest<'c, 't>(
    path: &str,
    components: &'c [Component<'t>],
    found: &[Found<'_>],
) -> Option<&'c Component<'t>> {
    let serves = |component: &&Component<'_>| found.iter().any(|one| one.service.path == component.shown());
    let above = components.iter().filter(serves).filter(|one| relative(path, &one.folder).is_some());
    above.max_by_key(|one| one.folder.len()).or_else(|| components.iter().find(serves))
}

/// A name for a job that has none: its program, without folder and ending.
fn named_after(command: &str) -> String {
    let words = command.split_whitespace().filter(|word| !word.starts_with('-') && !word.contains('='));
    let program =
        words.map(|word| crate::tree::name(word).split('.').next().unwrap_or_default()).find(|word| {
            !matches!(
                *word,
                "" | "cd" | "node" | "python" | "python3" | "php" | "bundle" | "exec" | "sh" | "bash"
            )
        });
    format!("{}-cron", program.unwrap_or("job"))
}

/// A component whose code hands one expression to a library, and that has one scheduled service.
fn from_code(found: &mut [Found<'_>], component: &Component<'_>) {
    let mut calls = component.sources.iter().flat_map(|(path, source)| {
        source.schedules.iter().map(move |(expression, line)| (*path, expression, *line))
    });
    let Some((path, expression, line)) = calls.next() else { return };
    if calls.any(|(_, other, _)| other != expression) {
        return;
    }
    let home = component.shown();
    let mut open = found.iter_mut().filter(|one| {
        one.service.path == home && one.service.kind == ServiceKind::Cron && one.service.schedule.is_none()
    });
    if let (Some(one), None) = (open.next(), open.next()) {
        schedule(one, expression, at(path, line, expression));
        // The library that takes the expression waits for it inside the process.
        one.service.own_clock = true;
    }
}
