//! Container builds and components → which component each build makes an image of.
//!
//! A build says it by where compose puts it, by its folder, by its name, by what it starts, and by what it copies.

use super::{Purpose, builds, composed, is_partial};
use crate::commands::names_folder;
use crate::component::Component;
use crate::readers::dockerfile::Dockerfile;
use crate::tree::{Tree, folder, name, relative};

/// Gives each component the build that makes its image.
pub(crate) fn assign<'t>(components: &mut [Component<'t>], tree: &'t Tree) {
    let composed: Vec<(String, String)> = composed(tree).collect();
    let mut owned: Vec<(usize, Rank<'t>)> = Vec::new();
    for (path, dockerfile, purpose) in builds(tree) {
        if purpose == Purpose::Production
            && let Some(owner) = owner(path, dockerfile, components, &composed)
        {
            owned.push((owner, rank(path, &components[owner], &composed)));
        }
    }
    owned.sort();
    for (owner, rank) in owned {
        components[owner].build.get_or_insert(rank.path);
    }
}

/// Of several builds of one component the least is taken: one at its usual place, one that compose uses, one that makes no
/// base for others, one in a folder for containers, the nearest, the shortest name.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rank<'t> {
    doubts: [bool; 4],
    depth: usize,
    length: usize,
    path: &'t str,
}

fn rank<'t>(path: &'t str, component: &Component<'_>, composed: &[(String, String)]) -> Rank<'t> {
    let usual = folder(path) == component.folder && matches!(name(path), "Dockerfile" | "Containerfile");
    let composed = composed.iter().any(|(_, build)| build == path);
    Rank {
        doubts: [!usual, !composed, is_partial(path), !path.contains("docker/")],
        depth: path.matches('/').count(),
        length: path.len(),
        path,
    }
}

/// The place of the component that a build makes an image of.
fn owner(
    path: &str,
    dockerfile: &Dockerfile,
    components: &[Component<'_>],
    composed: &[(String, String)],
) -> Option<usize> {
    let at = |folder: &str| components.iter().position(|one| one.folder == folder);
    let has_code =
        |index: &usize| !components[*index].manifests.is_empty() || !components[*index].sources.is_empty();
    let below = folder(path);
    if !below.is_empty()
        && let Some(own) = at(below).filter(has_code)
    {
        return Some(own);
    }
    let contexts = composed.iter().filter(|(_, build)| build == path).map(|(context, _)| context.as_str());
    if let Some(context) = contexts.filter(|context| !context.is_empty()).find_map(at) {
        return Some(context);
    }
    let members: Vec<usize> = (0..components.len())
        .filter(|index| {
            let one = &components[*index];
            !one.folder.is_empty() && !one.aside && !one.manifests.is_empty()
        })
        .collect();
    let named = members.iter().copied().find(|index| is_named_after(path, &components[*index]));
    if named.is_some() {
        return named;
    }
    // The nearest folder above with code of its own; a root that only holds a workspace together has none.
    let home = components
        .iter()
        .enumerate()
        .filter(|(index, one)| {
            has_code(index) && (one.folder.is_empty() || relative(path, &one.folder).is_some())
        })
        .max_by_key(|(_, one)| one.folder.len())
        .map(|(index, _)| index);
    let holds_code = home.is_some_and(|home| holds_code(&components[home]));
    let started = started(dockerfile, components, &members);
    if holds_code && started.is_none() {
        return home;
    }
    started
        .or_else(|| copied(dockerfile, components, &members))
        .or_else(|| <[usize; 1]>::try_from(members).ok().filter(|_| home.is_none()).map(|[only]| only))
        .or(home)
        .or_else(|| at(""))
}

/// Whether a component holds sources of its own beside the settings of a workspace.
fn holds_code(component: &Component<'_>) -> bool {
    let mut code = component.sources.iter().filter(|(path, source)| {
        let below = relative(path, &component.folder).unwrap_or(path);
        // Settings of tools lie at the top; code of an application lies deeper or begins there.
        source.serves.is_some()
            || source.program.is_some()
            || (below.contains('/') && !below.contains(".config."))
    });
    code.next().is_some()
}

/// Whether a build carries a component's name: `Dockerfile.server`, `docker/server/Dockerfile`, `server.Dockerfile`.
fn is_named_after(path: &str, component: &Component<'_>) -> bool {
    let own = name(&component.folder).to_ascii_lowercase();
    let named = name(path).to_ascii_lowercase().split(['.', '-', '_']).any(|word| word == own);
    named || (path.contains("docker") && name(folder(path)).eq_ignore_ascii_case(&own))
}

/// The member whose code a build starts: by a path below it, by a workspace filter, by the name of its program.
fn started(dockerfile: &Dockerfile, components: &[Component<'_>], members: &[usize]) -> Option<usize> {
    let start = dockerfile.start()?.value;
    let words: Vec<&str> = start.split([' ', '=', '\'', '"']).filter(|word| !word.is_empty()).collect();
    let longest = |fits: &dyn Fn(&Component<'_>) -> bool| {
        members
            .iter()
            .copied()
            .filter(|index| fits(&components[*index]))
            .max_by_key(|index| components[*index].folder.len())
    };
    let by_path = longest(&|one| {
        let inside = format!("{}/", one.folder);
        words
            .iter()
            .any(|word| word.trim_start_matches("./").trim_start_matches("/app/").starts_with(&inside))
    });
    let filters = words
        .windows(2)
        .filter(|pair| matches!(pair[0], "--filter" | "-F" | "--scope" | "workspace" | "-w" | "--workspace"));
    let filtered: Vec<&str> = filters.map(|pair| pair[1].trim_end_matches("...")).collect();
    let program = words.first().map(|word| name(word));
    // .NET starts what a project is called after.
    let libraries: Vec<&str> = words.iter().filter_map(|word| name(word).strip_suffix(".dll")).collect();
    by_path
        .or_else(|| longest(&|one| filtered.iter().any(|filter| is_called(one, filter))))
        .or_else(|| longest(&|one| libraries.iter().any(|library| is_called(one, library))))
        .or_else(|| longest(&|one| start.contains("bin/") && program == Some(name(&one.folder))))
}

/// Whether a component goes by a name: its manifest's, or its folder's.
fn is_called(component: &Component<'_>, wanted: &str) -> bool {
    let by_manifest = component
        .manifests
        .iter()
        .any(|(_, manifest)| manifest.name.as_ref().is_some_and(|(own, _)| own == wanted));
    by_manifest
        || name(&component.folder) == wanted.trim_start_matches("./").rsplit('/').next().unwrap_or(wanted)
}

/// The only member that a build copies, or builds by a workspace filter.
fn copied(dockerfile: &Dockerfile, components: &[Component<'_>], members: &[usize]) -> Option<usize> {
    let mut fitting = members.iter().copied().filter(|index| {
        let one = &components[*index];
        let inside = format!("{}/", one.folder);
        let taken = dockerfile.stages.iter().flat_map(|stage| &stage.copies).any(|copy| {
            let copy = copy.trim_start_matches("./").trim_start_matches('/');
            // What only brings a manifest prepares an installation of the whole workspace.
            let whole = copy.trim_end_matches('/') == one.folder;
            whole || (copy.starts_with(&inside) && !copy.ends_with("package.json"))
        });
        let filtered = dockerfile.stages.iter().flat_map(|stage| &stage.runs).any(|run| {
            let words: Vec<&str> = run.value.split([' ', '=']).collect();
            words.windows(2).any(|pair| {
                matches!(pair[0], "--filter" | "-F" | "--scope")
                    && is_called(one, pair[1].trim_end_matches("..."))
            })
        });
        taken || filtered
    });
    let first = fitting.next()?;
    fitting.next().is_none().then_some(first)
}

/// Whether a container build copies a folder and builds it.
pub(crate) fn brings(path: &str, dockerfile: &Dockerfile, member: &str) -> bool {
    let context = folder(path);
    let below = relative(member, context).unwrap_or(member);
    let stages = || dockerfile.stages.iter();
    let copied = |copy: &String| {
        let copy = copy.trim_start_matches("./").trim_start_matches('/').trim_end_matches('/');
        copy == below || relative(copy, below).is_some()
    };
    stages().flat_map(|stage| &stage.copies).any(copied)
        || stages().flat_map(|stage| &stage.runs).any(|run| names_folder(&run.value, below))
}
