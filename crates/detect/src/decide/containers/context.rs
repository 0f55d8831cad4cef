//! A container build → the folder that it copies from.

use super::composed;
use crate::readers::Record;
use crate::tree::{Tree, folder, join};

/// The folder, `.` for the root: as a compose file says, else where what is copied lies. Absent where both would do and nothing
/// tells them apart.
pub(crate) fn build_context(path: &str, tree: &Tree) -> Option<String> {
    let beside = folder(path);
    let named = |folder: &str| if folder.is_empty() { ".".to_owned() } else { folder.to_owned() };
    if beside.is_empty() {
        return Some(named(""));
    }
    if let Some((context, _)) = composed(tree).find(|(_, build)| build == path) {
        return Some(named(&context));
    }
    let Some(Record::Dockerfile(dockerfile)) = tree.record(path) else { return None };
    let copies = dockerfile.stages.iter().flat_map(|stage| &stage.copies).map(|copy| plain(copy));
    let (mut at_root, mut at_folder) = (0_u32, 0_u32);
    for copy in copies.filter(|copy| !copy.is_empty()) {
        let exists = |path: &str| tree.has(path) || tree.has_folder(path);
        match (exists(copy), exists(&join(beside, copy))) {
            (true, false) => at_root += 1,
            (false, true) => at_folder += 1,
            _ => {}
        }
    }
    match at_root.cmp(&at_folder) {
        std::cmp::Ordering::Greater => Some(named("")),
        std::cmp::Ordering::Less => Some(named(beside)),
        // Only `.` is copied: a folder with a manifest of its own is a whole by itself.
        std::cmp::Ordering::Equal => {
            let whole = tree.records_in(beside).any(|(_, record)| matches!(record, Record::Manifest(_)));
            whole.then(|| named(beside))
        }
    }
}

/// A source as a path that a tree may hold: nothing of patterns, arguments or addresses.
fn plain(copy: &str) -> &str {
    let copy = copy.trim_start_matches("./").trim_start_matches('/').trim_end_matches('/');
    if copy.contains(['*', '?', '[', '$']) || copy.contains("://") || copy == "." { "" } else { copy }
}
