//! Templates of the catalog → command lines with every value quoted, and sentences.

use std::collections::{BTreeMap, BTreeSet};

use crate::names::variable_part;

/// How a script finds the commit to release, unless it was named.
pub(crate) const COMMIT_UNLESS_NAMED: &str = "COMMIT=\"${COMMIT:-$(git rev-parse HEAD)}\"";

/// The variable that stands for the commit to release in the catalog's commands.
const COMMIT: &str = "$COMMIT";

/// The blank for the values that a build of an image is given.
const BUILD_ARGUMENTS: &str = "build_arguments";

/// How a line finds the commit to release.
pub(crate) const SET_COMMIT: &str = "COMMIT=\"$(git rev-parse HEAD)\"";

/// Values for the blanks of a template.
#[derive(Clone, Debug, Default)]
pub(crate) struct Blanks {
    values: BTreeMap<&'static str, String>,
    /// Blanks whose values are shell already: a variable in double quotes.
    shell: BTreeSet<&'static str>,
}

impl Blanks {
    /// The same blanks with one more value.
    #[must_use]
    pub(crate) fn with(mut self, blank: &'static str, value: impl Into<String>) -> Self {
        self.values.insert(blank, value.into());
        self
    }

    /// The same blanks with the value of a shell variable in place of one.
    #[must_use]
    pub(crate) fn with_variable(mut self, blank: &'static str, variable: &str) -> Self {
        self.values.insert(blank, format!("\"${variable}\""));
        self.shell.insert(blank);
        self
    }

    /// The same blanks for one service, which also fills `{SERVICE}`.
    #[must_use]
    pub(crate) fn for_service(self, slug: &str) -> Self {
        self.with("SERVICE", variable_part(slug)).with("service", slug)
    }

    /// The same blanks with what stands for `{build_arguments}`: words that are quoted already, each after a space.
    #[must_use]
    pub(crate) fn with_build_arguments(self, words: &[String]) -> Self {
        self.with(BUILD_ARGUMENTS, words.iter().map(|word| format!(" {word}")).collect::<Vec<_>>().concat())
    }

    /// A command line: every value is quoted for a POSIX shell. `{SERVICE}` is part of a variable's name and holds
    /// nothing that could need quotes.
    pub(crate) fn line(&self, template: &str) -> String {
        self.fill(template.trim(), |blank, value| {
            let is_shell = blank == "SERVICE" || blank == BUILD_ARGUMENTS || self.shell.contains(blank);
            if is_shell { value.to_owned() } else { quoted(value) }
        })
    }

    /// A sentence, with the values as they are.
    pub(crate) fn sentence(&self, template: &str) -> String {
        self.fill(template, |_, value| value.to_owned())
    }

    fn fill(&self, template: &str, show: impl Fn(&str, &str) -> String) -> String {
        let mut filled = String::new();
        let mut rest = template;
        while let Some(start) = rest.find('{') {
            let (before, after) = rest.split_at(start);
            filled.push_str(before);
            let known = after[1..].find('}').and_then(|end| {
                let blank = &after[1..=end];
                self.values.get(blank).map(|value| (blank, value, end + 2))
            });
            if let Some((blank, value, length)) = known {
                filled.push_str(&show(blank, value));
                rest = &after[length..];
            } else {
                filled.push('{');
                rest = &after[1..];
            }
        }
        filled.push_str(rest);
        filled
    }
}

/// A value as one word of a POSIX shell.
pub(crate) fn quoted(value: &str) -> String {
    let clean = value.replace('\0', "");
    shlex::try_quote(&clean).map_or_else(|_| "''".to_owned(), std::borrow::Cow::into_owned)
}

/// A line with the word `NAME` replaced by the name of a variable; unchanged for what is no variable's name.
pub(crate) fn named(line: &str, name: &str) -> String {
    const WORD: &str = "NAME";
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || !name.chars().all(part) {
        return line.to_owned();
    }
    let mut filled = String::new();
    let mut rest = line;
    while let Some(start) = rest.find(WORD) {
        let end = start + WORD.len();
        let alone = !rest[..start].ends_with(part) && !rest[end..].starts_with(part);
        filled.push_str(&rest[..start]);
        filled.push_str(if alone { name } else { WORD });
        rest = &rest[end..];
    }
    filled.push_str(rest);
    filled
}

/// Whether a line needs the commit.
pub(crate) fn needs_commit(line: &str) -> bool {
    line.contains(COMMIT)
}

#[cfg(test)]
mod tests {
    use super::{Blanks, named};

    #[test]
    fn values_cannot_become_syntax() {
        let blanks = Blanks::default().with("app", "a; rm -rf /").with("branch", "it's").for_service("web-2");
        assert_eq!(blanks.line("x --app {app} {branch}"), "x --app 'a; rm -rf /' \"it's\"");
        assert_eq!(blanks.line("x \"$ID_{SERVICE}\" {service}"), "x \"$ID_WEB_2\" web-2");
    }

    #[test]
    fn a_name_replaces_the_whole_word_only() {
        assert_eq!(named("set NAME --app \"$SERVICE_NAME\"", "A_KEY"), "set A_KEY --app \"$SERVICE_NAME\"");
        assert_eq!(named("put shop-NAME file://NAME.secret", "K"), "put shop-K file://K.secret");
        assert_eq!(named("set NAME", "a; b"), "set NAME");
    }

    #[test]
    fn a_script_fills_a_variable_where_a_person_reads_a_name() {
        let blanks = Blanks::default().with("app", "shop").with_variable("environment", "ENVIRONMENT");
        assert_eq!(blanks.line("x --name {app}-{environment}"), "x --name shop-\"$ENVIRONMENT\"");
    }

    #[test]
    fn other_braces_stay() {
        let blanks = Blanks::default().with("app", "shop");
        assert_eq!(blanks.line("jq '{a: {b: 1}}' {app} {unknown} {"), "jq '{a: {b: 1}}' shop {unknown} {");
        assert_eq!(blanks.sentence("made as `{app}`"), "made as `shop`");
    }

    #[test]
    fn a_value_is_not_filled_again() {
        let blanks = Blanks::default().with("app", "{branch}").with("branch", "main");
        assert_eq!(blanks.sentence("{app}"), "{branch}");
    }
}
