//! The name that was probably meant.

/// The known name that is most like an unknown one, if any is like it at all.
pub(crate) fn nearest<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let unknown = unknown.to_lowercase();
    known
        .into_iter()
        .map(|name| (likeness(&unknown, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness > 0.6)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}

/// From 0 to 1. A name that begins or ends with what was typed is nearer than its length says.
fn likeness(unknown: &str, name: &str) -> f64 {
    let alike = strsim::normalized_damerau_levenshtein(unknown, name);
    let part = unknown.len() >= 3 && (name.starts_with(unknown) || name.ends_with(unknown));
    if part { alike.max(0.7) } else { alike.max(strsim::jaro_winkler(unknown, name) - 0.15) }
}

/// `; did you mean …?`, or nothing.
pub(crate) fn suggestion<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(unknown, known).map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_finds_its_name_and_a_foreign_word_finds_none() {
        let known = ["budget", "scale", "aws-ecs-fargate", "kubernetes-gke"];
        assert_eq!(nearest("bugdet", known), Some("budget"));
        assert_eq!(nearest("fargate", known), Some("aws-ecs-fargate"));
        assert_eq!(nearest("Scale", known), Some("scale"));
        assert_eq!(nearest("zzz", known), None);
    }
}
