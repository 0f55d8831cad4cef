//! The files by which dependencies are installed → whether they can have a layer of their own, and what it copies.

use siteplan_catalog::image::ImageRecipe;
use siteplan_model::survey::Survey;

/// More files than this are not listed one by one.
const MOST: usize = 80;

/// The files of a dependency layer.
pub(super) struct Layer {
    /// Folder of the lock file from the root; empty for the root itself.
    pub(super) folder: String,
    /// The files with the folders in which they lie, from the root.
    pub(super) files: Vec<(String, Vec<String>)>,
}

/// The layer of a service's dependencies, where its lock file is known and every name can be written.
pub(super) fn layer(survey: &Survey, recipe: &ImageRecipe, folder: &str, version: &str) -> Option<Layer> {
    if !recipe.layer_versions.is_empty() && !recipe.layer_versions.iter().any(|one| one == version) {
        return None;
    }
    let has = |at: &str, name: &str| survey.build_files.iter().any(|path| *path == join(at, name));
    let home = upwards(folder).find(|at| recipe.lock_files.iter().any(|lock| has(at, lock)))?;
    let below = |path: &&String| home.is_empty() || path.starts_with(&format!("{home}/"));
    let within: Vec<&String> = survey.build_files.iter().filter(below).collect();
    if within.iter().any(|path| recipe.no_layer_beside.iter().any(|pattern| fits(path, pattern))) {
        return None;
    }
    let wanted: Vec<&String> = within
        .into_iter()
        .filter(|path| recipe.manifests.iter().any(|pattern| fits(path, pattern)))
        .collect();
    if wanted.len() > MOST || !wanted.iter().all(|path| is_plain(path)) {
        return None;
    }
    let mut files: Vec<(String, Vec<String>)> = Vec::new();
    for path in wanted {
        let at = path.rsplit_once('/').map_or("", |(at, _)| at);
        match files.iter_mut().find(|(known, _)| known == at) {
            Some((_, list)) => list.push(path.clone()),
            None => files.push((at.to_owned(), vec![path.clone()])),
        }
    }
    if recipe.layer_of_one && files.len() > 1 {
        return None;
    }
    Some(Layer { folder: home.to_owned(), files })
}

/// A folder as it stands before a `/`: the root is the empty text.
pub(super) fn clean(path: &str) -> String {
    let path = path.trim_start_matches("./").trim_matches('/');
    if path == "." { String::new() } else { path.to_owned() }
}

/// Whether a path can stand in a Dockerfile as it is: no space, no variable, no pattern, no quote.
pub(super) fn is_plain(path: &str) -> bool {
    !path.starts_with('-') && path.chars().all(|c| c.is_ascii_alphanumeric() || "._/-+@".contains(c))
}

/// A path below a folder.
pub(super) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// A folder and those above it, down to the root.
fn upwards(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |at| {
        (!at.is_empty()).then(|| at.rsplit_once('/').map_or("", |(above, _)| above))
    })
}

/// Whether a path ends as a pattern says: a name, perhaps with its folder, with `*` for any text without `/`.
fn fits(path: &str, pattern: &str) -> bool {
    let depth = pattern.matches('/').count();
    let parts: Vec<&str> = path.rsplitn(depth + 2, '/').take(depth + 1).collect();
    let wanted: Vec<&str> = pattern.rsplit('/').collect();
    parts.len() == wanted.len() && parts.iter().zip(wanted).all(|(part, pattern)| name_fits(part, pattern))
}

fn name_fits(name: &str, pattern: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return name == pattern };
    let Some(name) = name.strip_prefix(head) else { return false };
    (0..=name.len()).filter(|at| name.is_char_boundary(*at)).any(|at| name_fits(&name[at..], rest))
}

#[cfg(test)]
mod tests {
    use super::{fits, upwards};

    #[test]
    fn patterns_are_held_against_the_end_of_a_path() {
        assert!(fits("apps/web/package.json", "package.json"));
        assert!(!fits("apps/web/not-package.json", "package.json"));
        assert!(fits("dev-requirements.txt", "*requirements*.txt"));
        assert!(fits("requirements/base.txt", "requirements/*.txt"));
        assert!(!fits("base.txt", "requirements/*.txt"));
    }

    #[test]
    fn folders_are_walked_up_to_the_root() {
        assert_eq!(upwards("a/b").collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert_eq!(upwards("").collect::<Vec<_>>(), [""]);
    }
}
