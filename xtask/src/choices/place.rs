//! A Recommendation → where the platform that the maintainers chose stands in it.

use std::fmt;

use siteplan_model::recommendation::{Level, PlatformOption, Recommendation};

use super::is_chosen;
use super::known::Known;

/// Options that are shown.
pub(crate) const SHOWN: usize = 4;

/// Where the choice of one repository stands.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The repository.
    pub(crate) repository: Known,
    /// Which of its platforms the catalog knows.
    pub(crate) known: Vec<String>,
    /// The position among the options shown, from 1.
    pub(crate) option: Option<usize>,
    /// The position among all platforms of the catalog, from 1.
    pub(crate) rank: Option<usize>,
    /// The constraints that rule out every platform chosen; empty unless all are ruled out.
    pub(crate) impossible: Vec<String>,
    /// The level of each option shown, with whether the option is a choice of the maintainers.
    pub(crate) levels: Vec<(Level, Choice)>,
    recommended: String,
    answers: String,
}

/// Whether an option is what the maintainers chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// They chose it.
    Theirs,
    /// They chose another.
    Other,
}

impl Place {
    /// Finds the repository's choice in what siteplan recommends.
    pub(crate) fn of(repository: &Known, recommendation: &Recommendation) -> Self {
        let ranking = &recommendation.ranking;
        let known: Vec<String> = repository
            .chosen
            .iter()
            .filter(|chosen| ranking.iter().any(|ranked| ranked.platform.as_str() == **chosen))
            .cloned()
            .collect();
        let theirs = |option: &&PlatformOption| {
            is_chosen(repository, option.platform.as_str())
                || option.placement.iter().any(|placed| is_chosen(repository, placed.platform.as_str()))
        };
        let constraints = |chosen: &String| {
            let excluded = recommendation.excluded.iter().filter(move |one| one.platform.as_str() == chosen);
            excluded.map(|one| one.constraint.clone()).collect::<Vec<_>>()
        };
        let of_each: Vec<Vec<String>> = known.iter().map(constraints).collect();
        let all_excluded = !of_each.is_empty() && of_each.iter().all(|constraints| !constraints.is_empty());
        let context = &recommendation.brief.answers;
        let word = |value: Option<String>| value.unwrap_or_else(|| "?".to_owned());
        Self {
            repository: repository.clone(),
            known,
            option: recommendation.options.iter().position(|option| theirs(&option)).map(|index| index + 1),
            rank: ranking
                .iter()
                .position(|ranked| is_chosen(repository, ranked.platform.as_str()))
                .map(|index| index + 1),
            impossible: if all_excluded { of_each.concat() } else { Vec::new() },
            levels: recommendation
                .options
                .iter()
                .map(|option| {
                    let choice = if theirs(&option) { Choice::Theirs } else { Choice::Other };
                    (option.confidence.level, choice)
                })
                .collect(),
            recommended: recommendation.recommended.as_str().to_owned(),
            answers: format!(
                "{} {} {} {}",
                word(context.app_type.map(|value| value.to_string())),
                word(context.expertise.map(|value| value.to_string())),
                word(context.scale.as_ref().map(ToString::to_string)),
                word(context.budget.as_ref().map(ToString::to_string)),
            ),
        }
    }

    /// A place of which nothing is known but the choice.
    #[cfg(test)]
    pub(crate) fn for_tests(app_type: &str, platforms: &[&str]) -> Self {
        let chosen: Vec<String> = platforms.iter().map(|id| (*id).to_owned()).collect();
        Self {
            repository: Known { name: String::new(), chosen: chosen.clone(), app_type: app_type.to_owned() },
            known: chosen,
            option: None,
            rank: None,
            impossible: Vec::new(),
            levels: Vec::new(),
            recommended: String::new(),
            answers: String::new(),
        }
    }

    /// Whether the catalog knows a platform that was chosen.
    pub(crate) fn is_in_catalog(&self) -> bool {
        !self.known.is_empty()
    }

    /// Whether the choice is among the first so many options.
    pub(crate) fn within(&self, first: usize) -> bool {
        self.option.is_some_and(|position| position <= first)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let position = |value: Option<usize>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
        write!(
            formatter,
            "{:<18} {:<13} {:<28} option {} rank {:>2}  recommended {} for {}",
            self.repository.name,
            self.repository.app_type,
            self.repository.chosen.join(","),
            position(self.option),
            position(self.rank),
            self.recommended,
            self.answers,
        )?;
        if !self.impossible.is_empty() {
            write!(formatter, "  IMPOSSIBLE: {}", self.impossible.join(", "))?;
        }
        Ok(())
    }
}
