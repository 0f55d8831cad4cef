//! What the checks install is pinned, and from whichever registry the machine has.

use crate::text;

#[test]
fn no_lock_file_names_a_registry() {
    for file in [
        "xtask/checks/package-lock.json",
        "xtask/checks/requirements.txt",
        "xtask/checks/health/express-pg/package-lock.json",
        "xtask/checks/health/fastapi-psycopg/requirements.txt",
        "xtask/checks/health/flask-psycopg2/requirements.txt",
        "xtask/checks/health/django/requirements.txt",
    ] {
        let text = text(file);
        for word in ["\"resolved\"", "--index-url", "--extra-index-url", "--find-links", "registry.npmjs.org"]
        {
            assert!(
                !text.contains(word),
                "{file} contains `{word}`; make it again as its head or CONTRIBUTING.md says"
            );
        }
    }
}

#[test]
fn every_python_package_has_a_version_and_hashes() {
    let text = text("xtask/checks/requirements.txt");
    let requirements: Vec<&str> =
        text.split('\n').filter(|line| !line.starts_with([' ', '#']) && !line.is_empty()).collect();
    assert!(requirements.len() > 5, "{requirements:?}");
    for line in requirements {
        assert!(line.contains("=="), "`{line}` has no version");
        assert!(text.contains(&format!("{line}\n    --hash=sha256:")), "`{line}` has no hash");
    }
}

#[test]
fn every_npm_package_asked_for_has_one_version() {
    let manifest = text("xtask/checks/package.json");
    let (_, dependencies) = manifest.split_once("\"dependencies\"").expect("there are dependencies");
    for range in ["\"^", "\"~", "\"*", "\"latest", "\">"] {
        assert!(!dependencies.contains(range), "xtask/checks/package.json holds a range, {range}");
    }
}
