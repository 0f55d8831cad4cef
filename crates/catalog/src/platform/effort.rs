//! What a platform asks of people, as lists that are counted. The rule of counting is in `data/platforms/README.md`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Ability;
use crate::figure::Figure;

/// What a platform asks of people, as lists that are counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EffortFacts {
    /// Things to create once for an application (account, project, network, registry, cluster, …), without its services and its data.
    pub resources: Figure<Vec<EffortItem>>,
    /// Files that the platform needs, beyond a Dockerfile: paths with `{environment}` and `{service}` for those that differ in
    /// nothing else; one that ends in `/` is a folder of infrastructure code, which is applied as a whole.
    pub files: Figure<Vec<EffortItem>>,
    /// Programs that the steps before the first release call and that an ordinary machine lacks.
    pub tools: Figure<Vec<EffortItem>>,
    /// Whether it deploys each push by itself once it is linked to the repository, so that no credential has to be set.
    pub deploys_from_git: Figure<Ability>,
    /// Proprietary interfaces that the application or its files depend on.
    pub lock_in: Figure<Vec<EffortItem>>,
}

/// One thing of a list: a text, or a table that says more of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum EffortItem {
    /// Needed by every application.
    Plain(String),
    /// With more to say.
    Told(ToldItem),
}

/// A thing with when it is needed and what is the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ToldItem {
    /// The thing.
    pub item: String,
    /// When it is needed; always, if absent.
    #[serde(default)]
    pub needed: Option<Case>,
    /// Whether whoever has an account at the vendor has it: the account itself with its billing, the vendor's own program.
    #[serde(default)]
    pub with_account: bool,
    /// Paths of the same kind for further services, in `{service}` or its `{folder}`: who keeps one keeps them all.
    #[serde(default)]
    pub also: Vec<String>,
}

impl EffortItem {
    /// The thing itself.
    pub fn text(&self) -> &str {
        match self {
            Self::Plain(item) | Self::Told(ToldItem { item, .. }) => item,
        }
    }

    /// The thing as people read it: `ENVIRONMENT` and `SERVICE` for the blanks of a path.
    pub fn shown(&self) -> String {
        self.text().replace("{environment}", "ENVIRONMENT").replace("{service}", "SERVICE")
    }

    /// Whether it comes with an account at the vendor.
    pub fn comes_with_account(&self) -> bool {
        matches!(self, Self::Told(ToldItem { with_account: true, .. }))
    }

    /// Every path of its kind.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        let further = match self {
            Self::Plain(_) => &[][..],
            Self::Told(ToldItem { also, .. }) => also,
        };
        std::iter::once(self.text()).chain(further.iter().map(String::as_str))
    }

    /// Whether it is needed in these cases.
    pub fn is_needed(&self, cases: Cases) -> bool {
        match self {
            Self::Plain(_) => true,
            Self::Told(ToldItem { needed, .. }) => needed.is_none_or(|case| cases.contains(case)),
        }
    }
}

/// Something that not every application needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Case {
    /// Data that must last lies on machines of the platform that the team looks after: a database of its own, a file, a disk.
    Data,
    /// Several servers reach databases that run on one of them.
    SharedData,
    /// The schema of a database is migrated before a release.
    Migrations,
    /// A service of the application runs there from an image.
    Image,
    /// Several services of the application run there.
    Several,
    /// A service of the application runs there on a schedule.
    Schedule,
    /// A service of the application runs there that is not reached over HTTP.
    Background,
    /// A service of the application is reached there over HTTP.
    Http,
    /// A service of the application runs code there: it is more than files.
    Code,
    /// A pipeline releases what has passed its checks.
    Pipeline,
    /// The platform deploys each push by itself.
    Push,
}

impl Case {
    const ALL: [Self; 11] = [
        Self::Data,
        Self::SharedData,
        Self::Migrations,
        Self::Image,
        Self::Several,
        Self::Schedule,
        Self::Background,
        Self::Http,
        Self::Code,
        Self::Pipeline,
        Self::Push,
    ];
}

/// The cases that hold for an application on a platform.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cases([bool; Case::ALL.len()]);

impl Cases {
    /// Whether a case holds.
    pub fn contains(self, case: Case) -> bool {
        Case::ALL.iter().zip(self.0).any(|(known, holds)| *known == case && holds)
    }
}

impl FromIterator<Case> for Cases {
    fn from_iter<I: IntoIterator<Item = Case>>(cases: I) -> Self {
        let mut held = [false; Case::ALL.len()];
        for case in cases {
            for (known, holds) in Case::ALL.iter().zip(&mut held) {
                *holds |= *known == case;
            }
        }
        Self(held)
    }
}

#[cfg(test)]
mod tests {
    use super::{Case, Cases, EffortItem};

    #[test]
    fn a_thing_is_needed_always_or_in_its_case() {
        let list: toml::Table =
            "of = ['a server', { item = 'backups/{environment}', needed = 'shared-data' }]".parse().unwrap();
        let list: Vec<EffortItem> = list["of"].clone().try_into().unwrap();
        let needed = |cases: Cases| list.iter().map(|item| item.is_needed(cases)).collect::<Vec<_>>();
        assert_eq!(needed(Cases::default()), [true, false]);
        assert_eq!(needed(Cases::from_iter([Case::Data, Case::Push])), [true, false]);
        assert_eq!(needed(Cases::from_iter([Case::SharedData])), [true, true]);
        assert_eq!(list[1].shown(), "backups/ENVIRONMENT");
        assert!(Case::ALL.iter().all(|case| Cases::from_iter(Case::ALL).contains(*case)));
    }
}
