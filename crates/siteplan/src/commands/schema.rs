//! `siteplan schema NAME`: the JSON Schema of a record on standard output.

use schemars::{JsonSchema, schema_for};
use siteplan_catalog::data_service::DataService;
use siteplan_catalog::platform::Platform;
use siteplan_catalog::reasoning::{Criteria, Usage};
use siteplan_catalog::small::{CiHost, MigrationTool, MonitorTool, SecretsService};
use siteplan_catalog::words::{Questions, Settings};
use siteplan_model::brief::Brief;
use siteplan_model::design::Design;
use siteplan_model::explanation::Explanation;
use siteplan_model::recommendation::Recommendation;
use siteplan_model::survey::Survey;

use crate::cli::{SchemaArgs, SchemaName};
use crate::error::Outcome;
use crate::exit::Exit;
use crate::output;
use crate::report::generation::GenerationResult;

/// One file of the catalog; its `schema` says which kind it is.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, clippy::large_enum_variant, reason = "only its schema is used")]
enum CatalogFile {
    Platform(Platform),
    DataService(DataService),
    SecretsService(SecretsService),
    CiHost(CiHost),
    Monitor(MonitorTool),
    MigrationTool(MigrationTool),
    Questions(Questions),
    Settings(Settings),
    Criteria(Criteria),
    Usage(Usage),
}

/// Prints the schema.
pub(crate) fn run(args: &SchemaArgs) -> Outcome<Exit> {
    let schema = match args.name {
        SchemaName::Brief => schema_for!(Brief),
        SchemaName::Survey => schema_for!(Survey),
        SchemaName::Recommendation => schema_for!(Recommendation),
        SchemaName::Design => schema_for!(Design),
        SchemaName::Generation => schema_for!(GenerationResult),
        SchemaName::Explanation => schema_for!(Explanation),
        SchemaName::Catalog => schema_for!(CatalogFile),
    };
    output::json(&schema)?;
    Ok(Exit::Done)
}
