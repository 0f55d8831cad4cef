//! `09_DECISIONS.md`: siteplan owns its own record and nothing else in the file.

use crate::repository::{DECISIONS, Repository};

const OTHERS: &str = "# Decisions\r\n\r\n## Database\r\n\r\nPostgres.  \r\n\r\n## Later\r\nno line end";

#[test]
fn foreign_bytes_of_the_decision_log_are_kept() {
    let repository = Repository::small();
    repository.put(DECISIONS, OTHERS);
    repository.plan(&[]).code(0);
    let first = repository.text(DECISIONS);
    assert!(first.starts_with(OTHERS), "{first:?}");
    assert!(first.contains("## Deployment Infrastructure"));

    let around =
        first.replace("# Decisions\r\n", "# Decisions\r\nOur preface.\r\n") + "\n## After\n\nMore.\n";
    repository.put(DECISIONS, &around);
    repository.plan(&[]).code(0);
    assert_eq!(repository.text(DECISIONS), around);

    repository.plan(&["--set", "environments=production"]).code(0);
    let changed = repository.text(DECISIONS);
    assert!(changed.starts_with(&OTHERS.replace("# Decisions\r\n", "# Decisions\r\nOur preface.\r\n")));
    assert!(changed.ends_with("\n## After\n\nMore.\n"), "{changed:?}");
    assert_eq!(changed.matches("## Deployment Infrastructure").count(), 1);
}
