//! What a variable's name and its values say of it.

use siteplan_catalog::signals::{Signals, VariableRules};

/// Whether a value must be kept secret, by the variable's name.
pub(super) fn is_secret(name: &str, rules: &VariableRules) -> bool {
    let upper = name.to_ascii_uppercase();
    // What is inlined into a browser bundle is public, whatever it is called.
    if rules.build_prefixes.iter().any(|prefix| upper.starts_with(prefix.as_str())) {
        return false;
    }
    let last = upper.rsplit('_').next().unwrap_or_default();
    let ending = rules.secret_endings.iter().any(|ending| upper.ends_with(ending.as_str()));
    let word = has_word(&upper, &rules.secret_words);
    let public =
        has_word(&upper, &rules.public_words) || rules.public_endings.iter().any(|ending| ending == last);
    let address = ["_URL", "_URI", "_DSN"].iter().any(|ending| upper.ends_with(ending));
    (ending || word || address && has_word(&upper, &rules.connection_words)) && !public
}

/// Whether one of the words stands between the underscores of a name.
pub(super) fn has_word(name: &str, words: &[String]) -> bool {
    name.split('_').any(|part| words.iter().any(|word| word.eq_ignore_ascii_case(part)))
}

/// Whether a value gives a password away although the name does not (`https://user:pass@host`).
pub(super) fn looks_secret(value: &str) -> bool {
    value
        .split_once("://")
        .is_some_and(|(_, rest)| rest.split('/').next().is_some_and(|host| host.contains('@')))
        || ["sk_live", "sk_test", "ghp_", "AKIA", "-----BEGIN", "xox"]
            .iter()
            .any(|start| value.contains(start))
}

/// Whether shell, runtime, CI or build tool give a variable, so that nobody sets it for the application.
pub(super) fn is_given(name: &str, rules: &VariableRules) -> bool {
    rules.given.iter().any(|given| given == name)
        || rules.given_prefixes.iter().any(|prefix| name.starts_with(prefix.as_str()))
}

/// What a default is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Worth {
    /// Production can run with it.
    Usable,
    /// It says that there is none.
    Empty,
    /// Nobody runs production with it.
    StandIn,
}

/// Judges a literal default. `hosts` are the names of compose services, which mean nothing elsewhere.
pub(super) fn worth(name: &str, default: &str, hosts: &[&str], signals: &Signals) -> Worth {
    let rules = &signals.variables;
    let value = default.trim().to_ascii_lowercase();
    if value.is_empty() {
        return Worth::Empty;
    }
    let secret = is_secret(name, rules);
    let engine = signals.databases.iter().any(|engine| {
        engine.embedded
            && value.split("://").next().is_some_and(|scheme| engine.schemes.iter().any(|one| one == scheme))
    });
    if engine || rules.nothing_values.iter().any(|one| one.eq_ignore_ascii_case(&value)) {
        return Worth::Usable;
    }
    let anywhere = rules.stand_in_parts.iter().any(|part| value.contains(part.as_str()));
    let whole = secret && rules.stand_in_values.contains(&value)
        || has_word(name, &rules.user_words) && rules.stand_in_users.contains(&value);
    let address = has_word(name, &rules.address_words) && !has_word(name, &rules.listen_words);
    let local = rules.local_addresses.iter().any(|part| value.contains(part.as_str()))
        || hosts.iter().any(|host| value == *host || value.contains(&format!("//{host}:")));
    // A password or key that everybody can read in the code protects nothing; an address is none of those.
    let published = secret && !value.contains("://") && !value.chars().all(|c| c.is_ascii_digit());
    if anywhere || whole || published || ((address || secret) && local) {
        Worth::StandIn
    } else {
        Worth::Usable
    }
}

#[cfg(test)]
mod tests {
    use super::{Worth, is_secret, looks_secret, worth};
    use siteplan_catalog::signals::Signals;

    #[test]
    fn secrets_are_known_by_name() {
        let rules = Signals::builtin().expect("built-in").variables;
        for name in [
            "DATABASE_URL",
            "STRIPE_API_KEY",
            "SECRET_KEY_BASE",
            "JWT_SECRET",
            "SMTP_PASSWORD",
            "BOT_TOKEN",
            "SENTRY_DSN",
            "CLICKHOUSE_URL",
        ] {
            assert!(is_secret(name, &rules), "{name}");
        }
        for name in
            ["PORT", "NEXT_PUBLIC_API_KEY", "ACCESS_TOKEN_EXPIRE_MINUTES", "PUBLIC_KEY", "KEYCLOAK_REALM"]
        {
            assert!(!is_secret(name, &rules), "{name}");
        }
    }

    #[test]
    fn passwords_in_addresses_are_not_shown() {
        assert!(looks_secret("amqp://guest:guest@localhost"));
        assert!(!looks_secret("http://localhost:3000"));
    }

    #[test]
    fn what_a_default_is_worth() {
        let signals = Signals::builtin().expect("built-in");
        let judged = |name: &str, value: &str| worth(name, value, &["cache"], &signals);
        for (name, value) in [
            ("API_URL", "http://localhost:3000"),
            ("DATABASE_URL", "postgres://postgres:postgres@127.0.0.1/x"),
            ("JWT_SECRET", "changeme"),
            ("DB_PASSWORD", "shop"),
            ("REDIS_HOST", "cache"),
            ("MAIL_FROM", "noreply@example.com"),
            ("SITE_API_URL", "http://site.web.svc.cluster.local/api"),
            ("DB_USER", "postgres"),
        ] {
            assert_eq!(judged(name, value), Worth::StandIn, "{name}={value}");
        }
        for (name, value) in [
            ("API_URL", "https://api.stripe.com"),
            ("DATABASE_URL", "sqlite:///data/app.db"),
            ("LISTEN_ADDR", "127.0.0.1:8080"),
            ("LIMIT", "10"),
            ("DB_NAME", "shop"),
            ("SESSION_SECRET", "None"),
        ] {
            assert_eq!(judged(name, value), Worth::Usable, "{name}={value}");
        }
        assert_eq!(judged("KEY", ""), Worth::Empty);
    }
}
