//! The repository's own image as a platform starts it → what its Dockerfile must say that it does not: a user, an entry point that
//! hands over.

use siteplan_catalog::platform::Ability;

use crate::ground::Ground;
use crate::prose::code;
use crate::services::PlacedService;

/// The user that pods run as where no other is known.
const USUAL_USER: u32 = 1000;

/// What is to be seen to, one sentence for each image and matter.
pub(crate) fn doubts(ground: &Ground<'_>) -> Vec<String> {
    let mut sentences: Vec<String> = Vec::new();
    for service in ground.services.iter().filter(|service| service.plan.needs_image) {
        let found = root(service).into_iter().chain(entry_point(ground, service));
        for sentence in found {
            if !sentences.contains(&sentence) {
                sentences.push(sentence);
            }
        }
    }
    sentences
}

/// An image that starts as root, or as nobody knows whom, where the platform refuses root.
fn root(service: &PlacedService<'_>) -> Option<String> {
    let refuses = service.platform.runs.refuses_root.as_ref()?;
    let (image, dockerfile) = (service.plan.image.as_ref()?, service.plan.dockerfile.as_deref()?);
    if refuses.value != Ability::Yes {
        return None;
    }
    let number = |user: &str| user.parse::<u32>().is_ok_and(|number| number > 0);
    let (says, must) = match image.user.as_deref() {
        Some(user) if number(user) => return None,
        Some(user) => (
            format!("names the user {} without a number", code(user)),
            "write the number after `USER`, and see that its pods run as it",
        ),
        None if image.unknown_user => {
            ("does not say as whom its image runs".to_owned(), "add `USER` with a number")
        }
        None => ("starts its image as root".to_owned(), "add `USER` with a number"),
    };
    Some(format!(
        "{} {says}, and the cluster refuses root: the pods run as user {USUAL_USER}. {}{}, and let the program write only where that user may.",
        code(dockerfile),
        must.chars().next().map(|c| c.to_ascii_uppercase()).unwrap_or_default(),
        must.chars().skip(1).collect::<String>()
    ))
}

/// A command over an image whose entry point may take it for its own arguments.
fn entry_point(ground: &Ground<'_>, service: &PlacedService<'_>) -> Option<String> {
    let platform = service.platform;
    let dockerfile = service.plan.dockerfile.as_deref()?;
    let has_entry = service.plan.image.as_ref().is_some_and(|image| image.entrypoint);
    if !has_entry
        || platform.runs.replaces_entry_point.as_ref().is_some_and(|fact| fact.value == Ability::Yes)
    {
        return None;
    }
    let own = service.plan.commands.start.as_deref().filter(|_| !service.plan.kind.serves_http());
    let there = platform.migrate.hook.is_some() || platform.migrate.line.is_some();
    let migrates = service.plan.migrate.as_deref().filter(|_| there && ground.migrates_automatically());
    let command = own.or(migrates)?;
    Some(format!(
        "{} runs {} in the image of {}, whose entry point is a program: where {} hands the command to it as arguments, let the entry point end with `exec \"$@\"` or make it the `CMD`.",
        platform.name,
        code(command),
        code(dockerfile),
        platform.name
    ))
}
