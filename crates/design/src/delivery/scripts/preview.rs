//! Previews that the pipeline makes for pull requests, and ends with them.

use siteplan_catalog::platform::{CommandTemplate, Platform, Preview, PreviewMaker};
use siteplan_model::script::{Action, Need, Script};

use super::{PREVIEW_DOWN, PREVIEW_UP, limits, needs, runs, script, with_commit};
use crate::command::Blanks;
use crate::delivery::release;
use crate::ground::{Ground, PREVIEW};

/// The variable that holds the number of the pull request.
pub(crate) const PULL_REQUEST: &str = "PULL_REQUEST";

/// How a preview is called; a number that is none ends the script.
const NAME: &str = "PREVIEW=\"pr-$(printf '%s' \"$PULL_REQUEST\" | grep -x '[0-9][0-9]*')\"";

/// How the main platform's previews are made by the pipeline, where they are wanted and it has a way.
pub(crate) fn by_pipeline<'a>(ground: &Ground<'a>) -> Option<&'a Preview> {
    let wanted = ground.environments.names().contains(&PREVIEW);
    let preview = ground.platform.preview.as_ref()?;
    (wanted && preview.maker.value == PreviewMaker::Pipeline && !preview.up.is_empty()).then_some(preview)
}

/// A preview stands in the first environment, where it shares one.
fn blanks(ground: &Ground<'_>) -> Blanks {
    let first = ground.deployed().next().unwrap_or(PREVIEW);
    ground.blanks(ground.platform, first)
}

fn filled(ground: &Ground<'_>, templates: &[CommandTemplate]) -> Vec<Action> {
    runs(release::filled_with(ground, ground.platform, &blanks(ground), templates))
}

fn prepared(ground: &Ground<'_>) -> Vec<Action> {
    let platform: &Platform = ground.platform;
    let mut actions = vec![Action::Prepare { purpose: "name the preview".to_owned(), line: NAME.to_owned() }];
    let keys = release::filled_with(ground, platform, &blanks(ground), &platform.deploy.prepare);
    actions.extend(keys.into_iter().map(|key| Action::Prepare { purpose: key.purpose, line: key.line }));
    actions
}

fn finished(ground: &Ground<'_>, name: &str, purpose: &str, actions: Vec<Action>) -> Script {
    let mut wanted = vec![Need {
        name: PULL_REQUEST.to_owned(),
        purpose: "number of the pull request".to_owned(),
        secret: false,
        environments: Vec::new(),
    }];
    wanted.extend(needs::of_preview(ground, ground.platform, &actions));
    let limit_seconds = Some(limits::deploy_seconds(ground));
    let installed = needs::installed(ground, &actions);
    Script { needs: wanted, limit_seconds, installed, ..script(name, purpose, with_commit(actions)) }
}

/// What the CI host must hold for previews alone.
pub(crate) fn needs(ground: &Ground<'_>) -> Vec<Need> {
    let own = by_pipeline(ground).is_some_and(|preview| !preview.credentials.is_empty());
    if own { needs::of_preview(ground, ground.platform, &[]) } else { Vec::new() }
}

/// The script that makes or renews a preview, and waits until it answers.
pub(super) fn up(ground: &Ground<'_>) -> Option<Script> {
    let preview = by_pipeline(ground)?;
    let mut actions = prepared(ground);
    actions.extend(filled(ground, &preview.up));
    if let (Some(address), Some(main)) = (&preview.address, ground.over_http().next()) {
        let line = release::of_service(ground, &blanks(ground), main).line(address);
        let path = crate::command::quoted(&crate::health::smoke_path(ground, main));
        actions.push(Action::Prepare {
            purpose: "ask for its address".to_owned(),
            line: format!("address=\"$({line})\"\nprintf '%s\\n' \"$address\""),
        });
        actions.push(Action::Smoke {
            purpose: "smoke test: the preview answers".to_owned(),
            address: format!("\"$address\"{path}"),
            kept: None,
        });
    }
    Some(finished(ground, PREVIEW_UP, "make or renew the preview of a pull request", actions))
}

/// The script that ends a preview.
pub(super) fn down(ground: &Ground<'_>) -> Option<Script> {
    let preview = by_pipeline(ground)?;
    let mut actions = prepared(ground);
    actions.extend(filled(ground, &preview.down));
    Some(finished(ground, PREVIEW_DOWN, "end the preview of a pull request", actions))
}
