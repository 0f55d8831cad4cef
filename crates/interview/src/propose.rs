//! What is proposed for a question, and its stated default.

use siteplan_model::brief::{AppType, BudgetBand, Context, EnvironmentSet, Expertise, ScaleBand};
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::gate::{Gate, Provenance};
use siteplan_model::id::PlatformId;
use siteplan_model::recommendation::RecommendationCertainty;

use crate::answer;
use crate::interview::Interview;
use crate::prompt::Proposal;
use crate::secret_names;

impl Interview<'_> {
    /// The proposed answer to a question, with its reason: what an assistant said, what the Survey found, or what
    /// follows from the answers given.
    pub fn proposal(&self, gate: Gate) -> Option<Proposal> {
        self.assistants_proposal(gate).or_else(|| self.computed_proposal(gate))
    }

    /// The stated default of a question, in its words.
    pub fn default(&self, gate: Gate) -> String {
        let stated = || self.question(gate).map(|question| question.default.clone()).unwrap_or_default();
        match gate {
            Gate::Platform => self.recommendation().recommended.to_string(),
            Gate::Environments if self.context().budget == BudgetBand::Free => {
                EnvironmentSet::Production.to_string()
            }
            Gate::Database => self.usual_hosting().0.to_string(),
            Gate::DatabaseService => {
                self.usual_managed_service().map(|service| service.id.to_string()).unwrap_or_default()
            }
            Gate::SecretsService => {
                self.offered(gate).shown.into_iter().next().map(|choice| choice.value).unwrap_or_default()
            }
            _ => stated(),
        }
    }

    /// The answer that is taken when nobody is asked: the proposal, else the stated default.
    pub(crate) fn unasked(&self, gate: Gate) -> (String, Provenance) {
        match self.proposal(gate) {
            Some(proposal) => (proposal.value, proposal.from),
            None => (self.default(gate), Provenance::Default),
        }
    }

    /// The four context answers; an open one counts with its proposal, else with its default.
    pub fn context(&self) -> Context {
        let answers = &self.brief.answers;
        let stated = |gate| self.question(gate).map_or("", |question| question.default.as_str());
        let proposals = &self.survey.proposals;
        Context {
            app_type: answers
                .app_type
                .or_else(|| self.survey.app_type.as_ref().map(|fact| fact.value))
                .unwrap_or_else(|| stated(Gate::AppType).parse().unwrap_or(AppType::WebApi)),
            expertise: answers
                .expertise
                .or_else(|| proposals.expertise.as_ref().map(|fact| fact.value))
                .unwrap_or_else(|| stated(Gate::Expertise).parse().unwrap_or(Expertise::Beginner)),
            scale: answers
                .scale
                .or_else(|| proposals.scale.as_ref().map(|fact| fact.value))
                .unwrap_or_else(|| stated(Gate::Scale).parse().unwrap_or(ScaleBand::Low)),
            budget: answers
                .budget
                .or_else(|| proposals.budget.as_ref().map(|fact| fact.value))
                .unwrap_or_else(|| stated(Gate::Budget).parse().unwrap_or(BudgetBand::Small)),
            users: answers.users,
            requests_per_month: answers.requests_per_month,
            max_usd_per_month: answers.max_usd_per_month,
        }
    }

    /// The platform answered, else the recommended one.
    pub(crate) fn chosen_platform(&self) -> PlatformId {
        self.brief.answers.platform.clone().unwrap_or_else(|| self.recommendation().recommended.clone())
    }

    /// A platform's name as people read it.
    pub(crate) fn platform_name(&self, id: &PlatformId) -> String {
        self.catalog.platforms.get(id).map_or_else(|| id.to_string(), |platform| platform.name.clone())
    }

    /// The environments answered, else the usual ones.
    pub(crate) fn usual_environments(&self) -> EnvironmentSet {
        self.brief
            .answers
            .environments
            .or_else(|| self.default(Gate::Environments).parse().ok())
            .unwrap_or(EnvironmentSet::StagingProduction)
    }

    /// Names of the secrets that the repository reads.
    pub(crate) fn secrets_read(&self) -> Vec<&str> {
        let secret = self.survey.environment.iter().filter(|variable| variable.secret);
        secret.map(|variable| variable.name.as_str()).filter(|name| is_identifier(name)).collect()
    }

    fn assistants_proposal(&self, gate: Gate) -> Option<Proposal> {
        let by_assistant = self.brief.provenance.get(&gate) == Some(&Provenance::Assistant);
        let unconfirmed = !self.brief.channels.contains_key(&gate);
        (by_assistant && unconfirmed).then_some(Proposal {
            value: answer::words(&self.brief.answers, gate)?,
            because: "proposed by the assistant".to_owned(),
            certainty: Certainty::Low,
            from: Provenance::Assistant,
        })
    }

    fn computed_proposal(&self, gate: Gate) -> Option<Proposal> {
        let survey = self.survey;
        match gate {
            Gate::AppType => survey.app_type.as_ref().map(|fact| detected(fact, fact.value.to_string())),
            Gate::Expertise => survey.proposals.expertise.as_ref().map(|fact| {
                let shown = match fact.value {
                    Expertise::Beginner => "nothing of a deployment is written yet",
                    Expertise::Intermediate => "an image or a pipeline is written already",
                    Expertise::Advanced => {
                        "infrastructure, or what a team does for production, is written already"
                    }
                };
                let proposal = detected(fact, fact.value.to_string());
                Proposal { because: format!("{shown}: {}", proposal.because), ..proposal }
            }),
            Gate::Scale => survey.proposals.scale.as_ref().map(|fact| detected(fact, fact.value.to_string())),
            Gate::Budget => {
                survey.proposals.budget.as_ref().map(|fact| detected(fact, fact.value.to_string()))
            }
            Gate::Platform => Some(self.recommended_platform()),
            Gate::CodeHost => survey
                .code_host
                .as_ref()
                .filter(|fact| self.catalog.ci_hosts.contains_key(fact.value.as_str()))
                .map(|fact| detected(fact, fact.value.clone())),
            Gate::Database => {
                let (hosting, because) = self.usual_hosting();
                Some(computed(hosting.to_string(), because))
            }
            Gate::DatabaseService => self.usual_managed_service().map(|service| {
                computed(
                    service.id.to_string(),
                    "the cheapest that runs the engine and is fit to last".to_owned(),
                )
            }),
            Gate::RequiredSecrets => self.secrets_found(),
            _ => None,
        }
    }

    fn recommended_platform(&self) -> Proposal {
        let recommendation = self.recommendation();
        Proposal {
            value: recommendation.recommended.to_string(),
            because: recommendation.because.clone(),
            certainty: match recommendation.certainty {
                RecommendationCertainty::Confident => Certainty::High,
                RecommendationCertainty::Moderate => Certainty::Medium,
                RecommendationCertainty::Uncertain => Certainty::Low,
            },
            from: Provenance::Default,
        }
    }

    fn secrets_found(&self) -> Option<Proposal> {
        let names = self.secrets_read();
        let variables = self.survey.environment.iter().filter(|variable| variable.secret);
        let evidence: Vec<Evidence> = variables.filter_map(|v| v.evidence.first().cloned()).collect();
        let proposal = Proposal {
            value: names.join(", "),
            because: format!("the code reads {}", because(&evidence)),
            certainty: Certainty::High,
            from: Provenance::Detected,
        };
        (!names.is_empty()).then_some(proposal)
    }
}

fn detected<T>(fact: &Fact<T>, value: String) -> Proposal {
    Proposal {
        value,
        because: because(&fact.evidence),
        certainty: fact.certainty,
        from: Provenance::Detected,
    }
}

fn computed(value: String, because: String) -> Proposal {
    Proposal { value, because, certainty: Certainty::High, from: Provenance::Default }
}

/// The best evidence with its place, and how much more there is.
fn because(evidence: &[Evidence]) -> String {
    match evidence {
        [] => "found in the repository".to_owned(),
        [only] => format!("{} ({})", words(only), only.place()),
        [first, rest @ ..] => format!("{} ({}, and {} more)", words(first), first.place(), rest.len()),
    }
}

/// What was seen; of a file that speaks by being there, that.
fn words(evidence: &Evidence) -> &str {
    if evidence.seen == "file" { "a file of it" } else { &evidence.seen }
}

/// Whether a name found in the repository can be repeated as a name: it has no separator and no control character.
fn is_identifier(name: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !name.is_empty() && name.chars().all(good) && !name.eq_ignore_ascii_case(secret_names::NO_SECRETS)
}
