//! Which questions apply under the answers so far.

use siteplan_cost::Workload;
use siteplan_model::brief::{DatabaseHosting, SecretsHosting};
use siteplan_model::gate::Gate;

use crate::answer;
use crate::interview::Interview;

impl Interview<'_> {
    /// Whether a question applies. An open question counts with its usual answer: code is deployed on push, the
    /// database and the secrets are on the platform.
    pub fn applies(&self, gate: Gate) -> bool {
        let answers = &self.brief.answers;
        match gate {
            Gate::CodeHost => answers.auto_deploy.unwrap_or(true),
            Gate::Database => !self.engines().is_empty(),
            Gate::DatabaseService => {
                answers.database == Some(DatabaseHosting::Managed) && !self.managed_services().is_empty()
            }
            Gate::Migrations => {
                let workload = self.workload();
                let hosted =
                    !workload.databases.is_empty() && answers.database != Some(DatabaseHosting::None);
                hosted || !workload.embedded.is_empty()
            }
            Gate::SecretsService => {
                answers.secrets == Some(SecretsHosting::Manager) && !self.catalog.secrets_services.is_empty()
            }
            _ => true,
        }
    }

    /// The questions that apply, in order.
    pub fn gates(&self) -> Vec<Gate> {
        Gate::ALL.into_iter().filter(|gate| self.applies(*gate)).collect()
    }

    /// Answers that somebody gave although their question does not apply: they change nothing.
    pub fn ignored(&self) -> Vec<Gate> {
        let given = |gate: &Gate| answer::words(&self.brief.answers, *gate).is_some();
        Gate::ALL.into_iter().filter(given).filter(|gate| !self.applies(*gate)).collect()
    }

    /// The database engines that need a host, the first found first: those of the Survey, or the one that is assumed of
    /// a planned application.
    pub(crate) fn engines(&self) -> Vec<String> {
        self.workload().databases.into_iter().map(|need| need.engine).collect()
    }

    fn workload(&self) -> Workload {
        Workload::of(self.catalog, self.survey, &self.context(), None, &self.brief.settings)
    }
}

/// The question whose answer decides whether this one applies.
pub(crate) fn parent(gate: Gate) -> Option<Gate> {
    match gate {
        Gate::CodeHost => Some(Gate::AutoDeploy),
        Gate::Database => Some(Gate::AppType),
        Gate::DatabaseService | Gate::Migrations => Some(Gate::Database),
        Gate::SecretsService => Some(Gate::Secrets),
        _ => None,
    }
}
