//! How a platform is operated: deploying, migrating, environments, rollback, health checks, secrets.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siteplan_model::survey::ServiceKind;

use super::{Case, Cases, Statement};
use crate::figure::Figure;

/// How one deploys. Command lines may hold `{app}`, `{service}`, `{environment}`, `{region}`, `{image}`, `{branch}`, each
/// replaced by its shell-quoted value, so never inside quotes; `$NAME` stays a shell variable. `{environment}` becomes a
/// shell variable too where one script serves every environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deploy {
    /// Who makes what is deployed.
    pub builds: Figure<Builder>,
    /// Which cloud's identity token replaces a long-lived key (`aws`, `google`, `azure`).
    #[serde(default)]
    pub identity: Option<String>,
    /// Programs that its commands call and that an ordinary machine lacks, in the order in which they are installed
    /// (`data/tools`).
    #[serde(default)]
    pub tools: Vec<String>,
    /// Commands that every script needs first that talks to the platform: a key, a cluster's address.
    #[serde(default)]
    pub prepare: Vec<CommandTemplate>,
    /// Commands that build and push the image, when the CI builds it.
    #[serde(default)]
    pub image: Vec<CommandTemplate>,
    /// Commands that release, in order.
    #[serde(rename = "command")]
    pub commands: Vec<CommandTemplate>,
    /// Secrets and variables that these commands need.
    #[serde(default, rename = "credential")]
    pub credentials: Vec<Credential>,
    /// How the platform's own deploy-on-push is kept from deploying a second time.
    pub only_one_deployer: String,
    /// How the platform's own file lets it deploy a push once the commit's checks have passed; absent where it does not, or
    /// only a dashboard says so.
    #[serde(default)]
    pub after_checks: Option<AfterChecks>,
    /// What one release takes along.
    #[serde(default)]
    pub unit: Unit,
    /// Minutes of one release without the tests, fewest and most.
    pub minutes: Figure<[u32; 2]>,
}

/// A platform that deploys by itself once a commit's checks have passed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AfterChecks {
    /// Where its file says so.
    pub how: Figure<String>,
    /// Ids of the code hosts whose checks it waits for.
    pub hosts: Vec<String>,
}

/// Which services one release of a platform takes along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Those that run from one image.
    #[default]
    Image,
    /// Those that run from one image, but each that is reached from outside has a release of its own.
    Address,
}

/// Who makes what is deployed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Builder {
    /// The platform, from the commit or the uploaded source.
    Platform,
    /// The CI makes files (a build output) and hands them over.
    CiArtifact,
    /// The CI makes a container image and pushes it.
    CiImage,
}

/// A command with what it is for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CommandTemplate {
    /// What it does, in a few words.
    pub purpose: String,
    /// The line.
    pub line: String,
    /// Whether it is repeated for each service of the application.
    #[serde(default)]
    pub each_service: bool,
    /// Kinds of service that it is for; all, if absent.
    #[serde(default)]
    pub kinds: Vec<ServiceKind>,
    /// Whether it is repeated for each secret without which the application does not start; `{secret}` is its name.
    #[serde(default)]
    pub each_secret: bool,
    /// Which of the application's images it is for, where several services may share one; all services, if absent.
    #[serde(default)]
    pub images: Option<ImageShare>,
    /// Whether it only shows something to a person, who then decides: no script runs it.
    #[serde(default)]
    pub by_hand: bool,
    /// The words that end a wait: the line shows a state and is repeated until it is one of them.
    #[serde(default)]
    pub until: Option<Until>,
    /// What it prints that something else needs.
    #[serde(default)]
    pub prints: Option<Prints>,
    /// Key in `[sources]`.
    pub source: String,
}

/// What a command prints that something else needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Prints {
    /// Last, the address of the release that it makes: the smoke test requests it where the environment has no fixed one.
    Address,
    /// The releases of its services, for a person who has to name one.
    Releases,
    /// The names of the pushed image with their digests (`REPOSITORY@sha256:…`): `$DIGEST_{SERVICE}` in other commands.
    Digest,
}

/// How a wait ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Until {
    /// Words that end it well.
    pub good: Vec<String>,
    /// Words that end it with a failure.
    #[serde(default)]
    pub bad: Vec<String>,
    /// Seconds after which it has failed; in a way back below five minutes, unless the platform itself takes longer.
    pub seconds: u32,
}

/// How the releases that served are listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct History {
    /// Line that prints the answer. It fails where the question fails (no network, a bad token, an unknown name) and
    /// succeeds where there is nothing, so it is no pipe whose last part hides a failure.
    pub line: String,
    /// Filter that picks the wanted part out of the answer; all of it, if absent.
    #[serde(default)]
    pub pick: Option<String>,
}

/// The images of an application, by the order of its services: services with one Dockerfile share an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ImageShare {
    /// The image of the first service, once.
    First,
    /// Every further image, each once, by its first service.
    Further,
}

/// A name that the CI host must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// The variable's name; may hold `{SERVICE}` for one of each service, or `{SECRET}` for one of each secret of the
    /// application, where the pipeline hands them over.
    pub name: String,
    /// What it is and where one gets it.
    pub purpose: String,
    /// Whether it is secret; else a plain variable.
    pub secret: bool,
    /// Whether each environment has its own.
    #[serde(default)]
    pub per_environment: bool,
    /// What reads it besides the lines that name it.
    #[serde(default)]
    pub read_by: Option<ReadBy>,
    /// When it is needed; always, if absent.
    #[serde(default)]
    pub needed: Option<Case>,
}

impl Credential {
    /// In a name the stand-in for each secret of the application.
    pub const EACH_SECRET: &str = "{SECRET}";

    /// Whether it stands for one of each secret of the application.
    pub fn is_of_each_secret(&self) -> bool {
        self.name.contains(Self::EACH_SECRET)
    }

    /// Whether somebody has to give the CI host a value for it in these cases. The application's own secrets, which some
    /// pipelines hand over, are the same on every platform.
    pub fn is_asked(&self, cases: Cases) -> bool {
        cases.contains(Case::Pipeline)
            && !self.is_of_each_secret()
            && self.needed.is_none_or(|case| cases.contains(case))
    }

    /// Whether it stands for one of each service.
    pub fn is_of_each_service(&self) -> bool {
        self.name.contains("{SERVICE}")
    }
}

/// What reads a variable without naming it in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReadBy {
    /// The platform's configuration file, whenever its tool runs: releases and the way back need it, builds of images do not.
    Configuration,
}

/// Where migrations run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MigrateHook {
    /// The platform's own hook (`preDeployCommand`); absent where the CI runs them.
    #[serde(default)]
    pub hook: Option<Figure<String>>,
    /// The file of processes that holds the hook, where it is one of them: a repository may have that file and not the process.
    #[serde(default)]
    pub process_file: Option<String>,
    /// When they run, in a sentence.
    pub when: String,
    /// How the CI runs them where there is no hook; `{migrate}` is the command. Absent: the command itself, in the job, with
    /// `DATABASE_URL` from the CI's secrets.
    #[serde(default)]
    pub line: Option<CommandTemplate>,
}

/// How environments are made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentFacts {
    /// How one environment is made, in a sentence; may hold `{environment}`.
    pub made_by: Figure<String>,
    /// What a person does once before the first release, in order.
    #[serde(default)]
    pub setup: Vec<Setup>,
    /// Address pattern with `{app}` and `{suffix}` (`-staging`, empty for production); absent where it is assigned at the first deploy.
    #[serde(default)]
    pub url: Option<Figure<String>>,
    /// How previews are made, in a sentence.
    pub preview: Figure<String>,
    /// What the platform calls every environment but production under some account plans, where it offers no other names.
    #[serde(default)]
    pub further: Option<FurtherEnvironment>,
    /// Whether staging costs as much as production, or runs as part of it (a preview deployment).
    pub staging_is_free: Figure<bool>,
}

/// Something that is made once, before the first release.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// What is to be done, in a sentence; with a `line`, what the line does.
    pub purpose: String,
    /// The line; may hold what command lines of releases hold, `{name}` for the application's name in this environment, and
    /// `{plan}` and `{engine}` with `engines`.
    #[serde(default)]
    pub line: Option<String>,
    /// Whether it is for each further image, whose service is then part of `{name}`.
    #[serde(default)]
    pub images: Option<ImageShare>,
    /// Whether it is done once for all environments, before what each of them needs.
    #[serde(default)]
    pub once: bool,
    /// Engines of the platform's own data services, for each of which it is done; absent where it has to do with none.
    #[serde(default)]
    pub engines: Vec<String>,
    /// Whether it applies generated infrastructure code, and is left out where none is wanted.
    #[serde(default)]
    pub infrastructure: bool,
    /// Key in `[sources]`.
    pub source: String,
}

/// The platform's own name for every environment but production.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FurtherEnvironment {
    /// The name.
    pub name: String,
    /// Names of the account plans under which it holds.
    pub plans: Vec<String>,
    /// Key in `[sources]`.
    pub source: String,
}

/// How one takes a release back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rollback {
    /// What happens by itself when a release fails.
    pub automatic: Figure<String>,
    /// The ids of releases that the commands read: which one serves now, which one served before.
    #[serde(default)]
    pub previous: Vec<PreviousRelease>,
    /// The commands. `$PREVIOUS_…` in them is a variable of `previous`.
    #[serde(rename = "command")]
    pub commands: Vec<CommandTemplate>,
    /// How it is done without a command line.
    #[serde(default)]
    pub dashboard: Option<Figure<String>>,
    /// What bites afterwards.
    #[serde(default, rename = "trap")]
    pub traps: Vec<Statement>,
    /// Minutes it takes, at most.
    pub minutes: Figure<u32>,
}

/// The id of a release, by which a rollback returns to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviousRelease {
    /// Variable that holds it; begins with `PREVIOUS_` and may hold `{SERVICE}`. `PREVIOUS_COMMIT` is the full hash of the
    /// commit, by which a rollback knows whether migrations lie between: give it wherever the platform can tell.
    pub variable: String,
    /// What it is, for people (``id of the deploy, `dep-…` ``).
    pub purpose: String,
    /// Line that asks for the release that serves now. It runs before a release, and stops it where it fails.
    pub line: String,
    /// Filter that picks the id out of the answer, alone, and nothing where nothing serves yet.
    #[serde(default)]
    pub pick: Option<String>,
    /// Which releases served with success, oldest first, the present one last: after `pick` one a line, `ID` or `ID IDENTITY`,
    /// where releases of one identity are the same code (a commit, an image). A rollback that names none returns to the
    /// one before the present, leaving out those from which somebody returned. A last line `unserved` says that a newer one was
    /// tried and does not serve: the way back is to the one that does. Absent where the platform does not tell that: the
    /// release has to be named, and the lines `by_hand` list them.
    #[serde(default)]
    pub history: Option<History>,
    /// Whether each service has its own.
    #[serde(default)]
    pub each_service: bool,
    /// Kinds of service that it is for; all, if absent.
    #[serde(default)]
    pub kinds: Vec<ServiceKind>,
    /// Key in `[sources]`.
    pub source: String,
}

/// How the preview of a pull request is made and ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Preview {
    /// Who makes and ends it.
    pub maker: Figure<PreviewMaker>,
    /// Which database it has, in a sentence.
    pub database: Figure<String>,
    /// Commands that make or renew it, where the pipeline does. `$PREVIEW` is its name (`pr-12`), `$COMMIT` the commit.
    #[serde(default)]
    pub up: Vec<CommandTemplate>,
    /// Line that prints its address, alone, on standard output.
    #[serde(default)]
    pub address: Option<String>,
    /// Commands that end it. They succeed where there is none.
    #[serde(default)]
    pub down: Vec<CommandTemplate>,
    /// What these commands need instead of the credentials of a release; the same ones, if empty.
    #[serde(default, rename = "credential")]
    pub credentials: Vec<Credential>,
}

/// Who makes and ends previews.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PreviewMaker {
    /// The platform, when a pull request is opened, renewed and closed.
    Platform,
    /// The pipeline, with `up` and `down`.
    Pipeline,
    /// Nobody: the platform has no previews.
    Nobody,
}

/// The platform's health check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HealthFacts {
    /// Where it is configured (`healthCheckPath in render.yaml`); absent where the platform has no check.
    #[serde(default)]
    pub configured_by: Option<Figure<String>>,
    /// What a failing check leads to, which decides the path that it gets; absent where the platform has no check.
    #[serde(default)]
    pub probe: Option<Figure<Probe>>,
    /// Variable that holds the running version (a commit, an image, a revision), set by the platform itself.
    #[serde(default)]
    pub version: Option<Figure<String>>,
    /// What it does with a failing instance, and which numbers can be set, one sentence a line; may hold `{path}`.
    #[serde(rename = "behaviour")]
    pub behaviour: Vec<Statement>,
    /// What must be set up instead or besides, one sentence a line.
    #[serde(default, rename = "besides")]
    pub besides: Vec<Statement>,
}

/// What a platform's check does to an instance that fails it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Probe {
    /// One check, which keeps traffic or a release back: it gets the readiness path.
    Gates,
    /// One check, which restarts or replaces the instance, whatever else it does: it gets the live path.
    Restarts,
    /// A check for each of the two: each gets its path.
    Separate,
}

/// The platform's own store for secrets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlatformSecrets {
    /// As people read it (`Render environment variables`).
    pub name: String,
    /// Command that sets one, `NAME` standing for the name; the value comes from standard input or a prompt.
    #[serde(default)]
    pub set: Option<CommandTemplate>,
    /// How one reaches them.
    pub access: Figure<String>,
    /// Who can view them.
    pub viewers: Figure<String>,
}
