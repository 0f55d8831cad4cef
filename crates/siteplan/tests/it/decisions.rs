//! `09_DECISIONS.md`: siteplan owns its own record and nothing else in the file.

use crate::repository::{DECISIONS, DOCUMENT, Repository, stderr};

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

#[test]
fn words_inside_siteplans_own_record_stay() {
    let repository = Repository::small();
    repository.plan(&[]).code(0);
    let edited = repository
        .text(DECISIONS)
        .replace("**References**", "Agreed with the team on Monday.\n\n**References**")
        .replace("**Environments**: Staging + Production", "**Environments**: as we said");
    assert!(edited.contains("on Monday") && edited.contains("as we said"));
    repository.put(DECISIONS, &edited);
    repository.plan(&[]).code(0);
    assert_eq!(repository.text(DECISIONS), edited);

    let run = repository.plan(&["--set", "environments=production"]).code(0);
    let merged = repository.text(DECISIONS);
    assert!(merged.contains("Agreed with the team on Monday.") && merged.contains("as we said"), "{merged}");
    assert!(stderr(&run).contains("+**Environments**: Production"), "{}", stderr(&run));
    assert!(
        repository
            .text("specs/.siteplan/proposed/09_DECISIONS.md.proposed")
            .contains("**Environments**: Production")
    );
    let first = repository.files("specs");
    repository.plan(&[]).code(0);
    assert!(repository.files("specs") == first);
}

#[test]
fn a_record_without_a_base_is_replaced_and_its_text_kept() {
    let repository = Repository::small();
    repository.plan(&[]).code(0);
    let edited = repository.text(DECISIONS).replace("**Platform**", "Ours.\n\n**Platform**");
    repository.put(DECISIONS, &edited);
    std::fs::remove_dir_all(repository.path().join("specs/.siteplan")).expect("it can be removed");
    std::fs::remove_file(repository.path().join(DOCUMENT)).expect("it can be removed");
    repository.plan(&[]).code(0);
    assert!(!repository.text(DECISIONS).contains("Ours."));
    assert!(format!("{:?}", repository.files("specs/.siteplan/backup")).contains("Ours."));
}
