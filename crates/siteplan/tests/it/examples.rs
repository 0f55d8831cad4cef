//! One golden set of documents for every folder of `examples/`. Dropping in a folder is the whole registration.
//!
//! Refresh with `INSTA_UPDATE=always cargo test -p siteplan --test it examples`, and read what has changed.

use std::fs;

use crate::repository::{BRIEF, DECISIONS, DOCUMENT, Repository, stderr, workspace};

#[test]
fn every_example_gives_its_golden_documents() {
    let folder = workspace().join("examples");
    let mut examples: Vec<_> = fs::read_dir(&folder)
        .expect("examples exist")
        .map(|entry| entry.expect("examples can be read").path())
        .filter(|path| path.is_dir())
        .collect();
    examples.sort();
    assert!(examples.len() >= 3, "{} has too few examples", folder.display());
    for example in examples {
        let name = example.file_name().expect("a folder has a name").to_string_lossy().into_owned();
        // The folder's name is part of the plan, so the copy bears it too.
        let place = Repository::empty();
        let copy = Repository::copy_of(&example);
        fs::rename(copy.path(), place.path().join(&name)).expect("a folder can be moved");
        let run = place.run(&["plan", "--defaults", "--date", "2026-11-25", &name]);
        assert_eq!(run.get_output().status.code(), Some(0), "{name}:\n{}", stderr(&run));
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../golden");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| {
            for (file, kind) in [(DOCUMENT, "document"), (DECISIONS, "decisions"), (BRIEF, "brief")] {
                insta::assert_snapshot!(format!("{name}-{kind}"), place.text(&format!("{name}/{file}")));
            }
        });
    }
}
