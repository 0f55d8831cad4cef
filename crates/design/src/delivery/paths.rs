//! Where the pipelines' files stand: never where the repository has one of its own.

use crate::ground::Ground;

/// The file of the pipeline.
pub(crate) fn pipeline<'a>(ground: &Ground<'a>) -> &'a str {
    let host = ground.host;
    free(ground, &host.pipeline_path, host.pipeline_path_if_taken.as_deref())
}

/// The file of the pipeline that rolls back, where it has one of its own.
pub(crate) fn rollback<'a>(ground: &Ground<'a>) -> Option<&'a str> {
    let host = ground.host;
    let path = host.rollback_path.as_deref()?;
    Some(free(ground, path, host.rollback_path_if_taken.as_deref()))
}

/// The path, or the other one where somebody else's file is seen at it. What siteplan wrote is no evidence.
fn free<'a>(ground: &Ground<'_>, path: &'a str, other: Option<&'a str>) -> &'a str {
    if is_taken(ground, path) { other.unwrap_or(path) } else { path }
}

/// Whether the repository has a CI file at a path.
pub(crate) fn is_taken(ground: &Ground<'_>, path: &str) -> bool {
    let survey = ground.survey;
    survey.ci_files.iter().any(|file| file == path)
        || survey.ci_test_jobs.iter().any(|job| job.path == path)
        || survey.ci.iter().flat_map(|ci| &ci.evidence).any(|evidence| evidence.path == path)
}
