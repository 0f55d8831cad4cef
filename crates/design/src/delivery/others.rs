//! What deploys already → sentences that say what must stop before siteplan's way begins.

use siteplan_model::fact::Certainty;
use siteplan_model::id::PlatformId;
use siteplan_model::survey::CiDeploy;

use super::paths;
use crate::ground::Ground;
use crate::prose::{code, list};

/// Jobs and platforms that deploy already, in sentences.
pub(crate) fn other_deployers(ground: &Ground<'_>) -> Vec<String> {
    let mut sentences: Vec<String> = jobs(ground).map(|job| of_job(ground, job)).collect();
    sentences.extend(of_platforms(ground));
    sentences
}

/// The things themselves, in a few words.
pub(crate) fn names(ground: &Ground<'_>) -> Vec<String> {
    let jobs = jobs(ground).map(|job| format!("job {} of {}", code(&job.job), code(&job.path)));
    let platforms = in_use(ground).into_iter().map(|(name, place)| format!("{name} ({})", code(&place)));
    jobs.chain(platforms).collect()
}

/// Jobs that deploy beside the plan's own: what siteplan wrote where the plan writes again is none of them.
fn jobs<'g>(ground: &Ground<'g>) -> impl Iterator<Item = &'g CiDeploy> {
    let own = [Some(paths::pipeline(ground)), paths::rollback(ground)];
    let replaced: Vec<&str> =
        own.into_iter().flatten().filter(|path| !paths::is_taken(ground, path)).collect();
    ground.survey.ci_deploys.iter().filter(move |job| !replaced.contains(&job.path.as_str()))
}

fn of_job(ground: &Ground<'_>, job: &CiDeploy) -> String {
    let does = match job.means.as_deref() {
        // A tool is named by its command.
        Some(id) => match ground.catalog.platforms.get(&PlatformId::new(id)) {
            Some(platform) => format!("deploys to {} with {}", platform.name, code(&job.runs)),
            None => format!("deploys with {}", code(&job.runs)),
        },
        None => format!("deploys to the environment {}", code(&job.runs)),
    };
    format!(
        "Job {} of {} {does} ({}). If it deploys this application, remove it or keep it from running before the first deploy through siteplan.",
        code(&job.job),
        code(&job.path),
        code(&job.seen.place())
    )
}

/// Platforms that deploy each push once they are connected to the repository and are not part of the plan, by the files that show them.
fn in_use(ground: &Ground<'_>) -> Vec<(String, String)> {
    let planned = ground.platforms();
    let facts = ground.survey.platforms_in_use.iter().filter(|fact| fact.certainty == Certainty::High);
    facts
        .filter_map(|fact| {
            let mut rows = ground.catalog.signals.platforms.iter();
            let follows = rows.any(|row| row.id == fact.value && row.follows_pushes);
            let is_planned = planned.iter().any(|one| one.id.as_str() == fact.value);
            if !follows || is_planned {
                return None;
            }
            let known = ground.catalog.platforms.get(&PlatformId::new(fact.value.as_str()));
            let name = known.map_or_else(|| ground.called(&fact.value), |platform| platform.name.as_str());
            Some((name.to_owned(), fact.place()?))
        })
        .collect()
}

fn of_platforms(ground: &Ground<'_>) -> impl Iterator<Item = String> + use<> {
    in_use(ground).into_iter().map(|(name, place)| {
        format!(
            "{} shows that {name} is in use. Where it is connected to the repository it deploys each push by itself: disconnect it before the first deploy through siteplan.",
            code(&place)
        )
    })
}

/// The warning; absent where nothing else is known to deploy.
pub(crate) fn warning(ground: &Ground<'_>) -> Option<String> {
    let names = names(ground);
    (!names.is_empty()).then(|| {
        format!(
            "{} may deploy this application too: exactly one thing may, so section 3 says what to stop before the first deploy.",
            crate::prose::capital(&list(&names))
        )
    })
}
