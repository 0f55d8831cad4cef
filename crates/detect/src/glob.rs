//! Path patterns of the signal tables → whether a path fits.
//!
//! `*` stays within a folder, `**` crosses folders, `[0-9]` is a digit. A pattern without `/` stands for that name in any
//! folder; a leading `/` ties it to the root of what is matched.

/// Whether `path` (with `/`, relative) fits `pattern`.
pub(crate) fn matches(pattern: &str, path: &str) -> bool {
    if let Some(rooted) = pattern.strip_prefix('/') {
        return segments(rooted, path);
    }
    if !pattern.contains('/') {
        return name(pattern.as_bytes(), path.rsplit('/').next().unwrap_or(path).as_bytes());
    }
    segments(pattern, path)
}

/// Whether `path` fits one of the patterns.
pub(crate) fn any(patterns: &[String], path: &str) -> bool {
    patterns.iter().any(|pattern| matches(pattern, path))
}

fn segments(pattern: &str, path: &str) -> bool {
    match pattern.split_once('/') {
        None if pattern == "**" => true,
        None => !path.contains('/') && name(pattern.as_bytes(), path.as_bytes()),
        Some(("**", rest)) => {
            segments(rest, path) || path.split_once('/').is_some_and(|(_, below)| segments(pattern, below))
        }
        Some((first, rest)) => path.split_once('/').is_some_and(|(folder, below)| {
            name(first.as_bytes(), folder.as_bytes()) && segments(rest, below)
        }),
    }
}

fn name(pattern: &[u8], text: &[u8]) -> bool {
    match pattern {
        [] => text.is_empty(),
        [b'*', rest @ ..] => (0..=text.len()).any(|skip| name(rest, &text[skip..])),
        [b'[', b'0', b'-', b'9', b']', rest @ ..] => {
            text.first().is_some_and(u8::is_ascii_digit) && name(rest, &text[1..])
        }
        [first, rest @ ..] => text.first() == Some(first) && name(rest, &text[1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_mean_what_the_readme_says() {
        assert!(matches("next.config.*", "web/next.config.ts"));
        assert!(!matches("/app.json", "web/app.json"));
        assert!(matches(".github/workflows/*.yml", ".github/workflows/ci.yml"));
        assert!(!matches(".github/workflows/*.yml", "a/.github/workflows/ci.yml"));
        assert!(matches("**/migrations/[0-9]*.py", "shop/migrations/0001_initial.py"));
        assert!(matches("**/migrations/*.py", "migrations/a.py"));
        assert!(matches("k8s/**/*.yaml", "k8s/a.yaml"));
        assert!(!matches("*.tf", "main.tfvars"));
    }
}
