//! Languages, frameworks and their versions as people read them.

use super::Ground;
use crate::prose;

impl Ground<'_> {
    /// The names of the application's languages and frameworks in one line.
    pub(crate) fn technology(&self) -> String {
        let survey = self.survey;
        let mut parts: Vec<String> = survey
            .frameworks
            .iter()
            .take(3)
            .map(|framework| versioned(self.called(&framework.fact.value), framework.version.as_deref()))
            .collect();
        parts.extend(
            survey
                .languages
                .iter()
                .filter(|language| language.primary)
                .map(|language| self.called(&language.fact.value).to_owned()),
        );
        let manager = survey.package_manager.as_ref().map(|manager| manager.value.clone());
        parts.extend(manager.filter(|manager| !parts.iter().any(|part| part.eq_ignore_ascii_case(manager))));
        if parts.is_empty() {
            let kinds: Vec<String> =
                self.services.iter().map(|service| prose::code(service.plan.kind.as_str())).collect();
            return format!("not written yet; planned components: {}", prose::list(&kinds));
        }
        parts.join(" · ")
    }
}

/// A name with a version, where one is known as a number.
pub(crate) fn versioned(name: &str, version: Option<&str>) -> String {
    let number = version.map(|text| text.trim_start_matches(|c: char| !c.is_ascii_digit()));
    match number {
        Some(number) if !number.is_empty() && !number.contains([' ', ',', '|', '*']) => {
            format!("{name} {number}")
        }
        _ => name.to_owned(),
    }
}
