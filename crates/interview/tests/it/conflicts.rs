//! What was given and disagrees is told: a contradiction is one, what has no effect is said, and nothing is told of defaults.

use siteplan_interview::{Conflict, Disagreement, Interview};
use siteplan_model::brief::{Brief, Context};
use siteplan_model::recommendation::Recommendation;
use siteplan_model::survey::Survey;

use crate::fixture::{brief, catalog, planned, recommend, shop};

fn recommender(brief: &Brief, context: &Context) -> Recommendation {
    recommend(brief, context)
}

fn conflicts_in(survey: &Survey, set: &[&str]) -> Vec<Conflict> {
    let mut interview = Interview::new(catalog(), survey, brief(), &recommender).unwrap();
    for pair in set {
        let (key, value) = pair.split_once('=').unwrap();
        interview.set(key, value).unwrap();
    }
    interview.conflicts()
}

fn one(set: &[&str]) -> (Disagreement, String) {
    let found = conflicts_in(&shop(), set);
    assert_eq!(found.len(), 1, "{set:?}: {found:?}");
    let conflict = found.into_iter().next().unwrap();
    for pair in set.iter().filter(|pair| conflict.keys.iter().any(|key| pair.starts_with(&format!("{key}="))))
    {
        assert!(conflict.message.contains(&pair.replace('=', " = ")), "{pair}: {}", conflict.message);
    }
    assert!(
        !conflict.message.ends_with('.') && !conflict.remedy.is_empty() && !conflict.remedy.ends_with('.')
    );
    (conflict.kind, conflict.keys.join(" "))
}

#[test]
fn what_cannot_hold_is_a_contradiction() {
    for set in [
        &["compliance=gdpr-residency", "regions=north-america"][..],
        &["compliance=soc2,gdpr-residency", "regions=asia,oceania"],
        &["availability=high", "instances=1"],
        &["availability=multi-region", "instances=1"],
        &["app_type=workers", "workers=no"],
    ] {
        assert_eq!(one(set).0, Disagreement::Contradiction, "{set:?}");
    }
}

#[test]
fn what_gives_way_or_has_no_effect_is_said() {
    for (set, keys) in [
        (&["region=fra", "regions=europe"][..], "region regions"),
        (&["region=fra", "compliance=gdpr-residency"], "region compliance"),
        (&["region=fra", "availability=multi-region"], "region availability"),
        (&["compliance=gdpr-residency", "regions=europe,asia"], "compliance regions"),
        (&["availability=standard", "regions=europe,asia"], "availability regions"),
        (&["app_type=frontend", "gpu=yes"], "app_type gpu"),
        (&["app_type=frontend", "database=managed"], "app_type database"),
        (&["database=none", "migrations=auto"], "database migrations"),
        (&["secrets=platform", "secrets_service=doppler"], "secrets secrets_service"),
        (&["auto_deploy=no", "code_host=gitlab"], "auto_deploy code_host"),
        (&["auto_deploy=no", "production_approval=manual"], "auto_deploy production_approval"),
        (&["deployer=platform", "freeze_window=Fri 15:00-Mon 08:00"], "deployer freeze_window"),
        (&["scale=low", "clustering=yes"], "clustering scale"),
        (&["requests_per_month=40000", "requests_per_user=20"], "requests_per_month requests_per_user"),
        (&["transfer_gb=40", "transfer_kb_per_request=20"], "transfer_gb transfer_kb_per_request"),
    ] {
        assert_eq!(one(set), (Disagreement::Idle, keys.to_owned()), "{set:?}");
    }
}

#[test]
fn what_agrees_or_was_not_given_is_no_conflict() {
    for set in [
        &[][..],
        &["compliance=gdpr-residency", "regions=europe"],
        &["compliance=gdpr-residency", "regions=anywhere"],
        &["compliance=gdpr-residency"],
        &["availability=high", "instances=2"],
        &["availability=high", "clustering=yes"],
        &["app_type=frontend", "gpu=no", "workers=no"],
        &["app_type=workers", "workers=yes"],
        &["database=managed", "database_service=neon"],
        &["deployer=platform", "production_approval=automatic"],
        &["scale=medium", "clustering=yes"],
    ] {
        let found = conflicts_in(&shop(), set);
        assert!(found.is_empty(), "{set:?}: {found:?}");
    }
    assert!(conflicts_in(&planned(), &["app_type=frontend"]).is_empty());
}
