//! The forms that free texts of settings have: what becomes part of a command, an address or a line is no longer any text.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a free text must look like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// One line of words.
    #[default]
    Line,
    /// The name of a git branch.
    Branch,
    /// A host name with a domain.
    HostName,
    /// An id such as vendors give to regions.
    Id,
}

/// No line is longer.
const LONGEST_LINE: usize = 200;
/// RFC 1035, section 2.3.4.
const LONGEST_HOST_NAME: usize = 253;
/// RFC 1035, section 2.3.4.
const LONGEST_LABEL: usize = 63;
/// No vendor's region has a longer one.
const LONGEST_ID: usize = 64;
/// What `git check-ref-format` refuses anywhere in a name.
const NOT_IN_BRANCHES: &str = " ~^:?*[\\";

impl Form {
    /// Whether a text has this form.
    pub fn accepts(self, text: &str) -> bool {
        match self {
            Self::Line => text.chars().count() <= LONGEST_LINE && !text.chars().any(char::is_control),
            Self::Branch => is_branch(text),
            Self::HostName => is_host_name(text),
            Self::Id => {
                let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
                text.len() <= LONGEST_ID
                    && text.starts_with(|c: char| c.is_ascii_alphanumeric())
                    && text.chars().all(inside)
            }
        }
    }

    /// What it takes, behind "it takes".
    pub fn words(self) -> &'static str {
        match self {
            Self::Line => "one line of at most 200 characters",
            Self::Branch => "the name of a git branch, such as `main` or `release/2.x`",
            Self::HostName => "a host name such as `example.org`, without `https://` and without a path",
            Self::Id => "an id of letters, digits, `-`, `_` and `.`, as the platform writes it",
        }
    }
}

/// The rules of `git check-ref-format --branch`.
fn is_branch(name: &str) -> bool {
    let part =
        |part: &str| !part.is_empty() && !part.starts_with('.') && part.strip_suffix(".lock").is_none();
    let refused = |c: char| c.is_control() || NOT_IN_BRANCHES.contains(c);
    name != "@"
        && name != "HEAD"
        && !name.starts_with('-')
        && !name.ends_with('.')
        && !name.contains("..")
        && !name.contains("@{")
        && !name.chars().any(refused)
        && name.split('/').all(part)
}

fn is_host_name(name: &str) -> bool {
    let label = |label: &str| {
        (1..=LONGEST_LABEL).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    // A last label of digits alone would make an address of it.
    let last = name.rsplit('.').next().unwrap_or_default();
    name.len() <= LONGEST_HOST_NAME
        && name.contains('.')
        && name.split('.').all(label)
        && !last.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn each_form_takes_what_it_says_and_nothing_else() {
        for (form, good, bad) in [
            (
                Form::Branch,
                &["main", "release/2.x", "feature/ä-1", "a@b"][..],
                &[
                    "", "a b", "a..b", "-x", "/a", "a/", "a//b", ".a", "a/.b", "a.lock", "a.", "@", "a@{b",
                    "a\nb", "a:b", "a*",
                ][..],
            ),
            (
                Form::HostName,
                &["example.org", "a-1.example.co.uk", "xn--bcher-kva.example"],
                &[
                    "localhost",
                    "https://example.org",
                    "example.org/x",
                    "-a.org",
                    "a..org",
                    "1.2.3.4",
                    "a b.org",
                    "a_b.org",
                ],
            ),
            (Form::Id, &["us-east-1", "fra", "europe-west1", "a.b_c"], &["", "-x", "a b", "a;b", "$(x)"]),
            (Form::Line, &["Ada L.", ""], &["a\nb", "\u{1b}[2J"]),
        ] {
            for text in good {
                assert!(form.accepts(text), "{form:?} {text:?}");
            }
            for text in bad {
                assert!(!form.accepts(text), "{form:?} {text:?}");
            }
        }
    }
}
