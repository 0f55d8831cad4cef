//! Settings of tests → how the tests sign in to each engine, and which engines they need at all.

use siteplan_catalog::signals::{Engine, Signals};
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::survey::{DatabaseFact, TestAccess};

use crate::evidence::at;
use crate::readers::Record;
use crate::readers::test_access::{Access, address, keywords, plain};
use crate::tree::{Tree, folder, name};

/// How the tests sign in, each engine once.
pub(super) fn of(tree: &Tree, databases: &[DatabaseFact], signals: &Signals) -> Vec<TestAccess> {
    let mut found: Vec<TestAccess> = Vec::new();
    let mut add = |path: &str, access: &Access| {
        let Some(engine) = engine(access, databases, signals) else { return };
        if found.iter().any(|known| known.engine == engine) {
            return;
        }
        found.push(TestAccess {
            engine,
            user: access.user.clone(),
            password: access.password.clone(),
            database: access.database.clone(),
            port: access.port,
            evidence: vec![at(path, access.line, "settings of the tests")],
        });
    };
    for (path, facts) in tree.facts() {
        facts.test_access.iter().for_each(|access| add(path, access));
        if let Some(Record::AppConfig(config)) = facts.record.as_deref()
            && is_of_tests(path)
        {
            let value = |ending: &str| {
                let key = config.keys.iter().find(|key| {
                    key.path.last().is_some_and(|last| last == ending)
                        && key.path.iter().any(|part| part == "datasource")
                })?;
                plain(&key.value)
            };
            for (url, line) in &config.urls {
                if let Some(access) = address(url) {
                    let user = access.user.clone().or_else(|| value("username"));
                    let password = access.password.clone().or_else(|| value("password"));
                    add(path, &Access { user, password, line: *line, ..access });
                }
            }
            for key in
                config.keys.iter().filter(|key| key.path.iter().any(|part| part == "ConnectionStrings"))
            {
                if let Some(access) = keywords(&key.value) {
                    add(path, &Access { line: key.line, ..access });
                }
            }
        }
    }
    found
}

/// Whether a configuration is that of the tests (`src/test/resources/application.yml`, `application-test.yml`,
/// `appsettings.Test.json`).
fn is_of_tests(path: &str) -> bool {
    let below = format!("/{}/", folder(path));
    let stem = name(path).to_ascii_lowercase();
    below.contains("/src/test/")
        || stem.starts_with("application-test.")
        || stem.starts_with("appsettings.test")
        || stem.starts_with("application-integration-test.")
}

/// The engine that an access names, by its id, its scheme or its name in settings; that of production where it names none.
fn engine(access: &Access, databases: &[DatabaseFact], signals: &Signals) -> Option<String> {
    let relational = |row: &&Engine| row.relational && !row.embedded;
    let row = |id: &str| signals.databases.iter().find(|row| row.id == id);
    let Some(named) = access.engine.as_deref() else {
        let main = databases.iter().find(|fact| !fact.optional)?;
        return row(&main.fact.value).filter(relational).map(|row| row.id.clone());
    };
    let is_it = |row: &&Engine| {
        row.id == named
            || row.schemes.iter().any(|scheme| scheme == named)
            || row.providers.iter().any(|provider| provider == named)
    };
    let found = signals.databases.iter().filter(|row| !row.embedded).find(is_it)?;
    // MySQL's scheme is also MariaDB's: the one that production uses is meant.
    let used = |id: &str| databases.iter().any(|fact| fact.fact.value == id);
    let other =
        signals.databases.iter().find(|row| row.speaks_as.as_ref() == Some(&found.id) && used(&row.id));
    let meant = if used(&found.id) { found } else { other? };
    Some(meant.id.clone())
}

/// Engines that the tests sign in to, beside those that CI files start for them.
pub(super) fn services(known: Vec<Fact<String>>, access: &[TestAccess]) -> Vec<Fact<String>> {
    let mut all = known;
    for one in access {
        if all.iter().all(|fact| fact.value != one.engine) {
            let evidence: Vec<Evidence> = one.evidence.clone();
            all.push(Fact::new(one.engine.clone(), Certainty::Medium, evidence));
        }
    }
    all
}
