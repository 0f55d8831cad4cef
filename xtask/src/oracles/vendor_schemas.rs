//! Vendors' own JSON Schemas. Their licences do not let this project carry them: a folder named by `SITEPLAN_SCHEMAS`
//! holds them. Without it, the run says how many checks were left out.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::Oracle;
use crate::failure::{Failure, Outcome};
use crate::plans::PlannedFile;
use crate::world::World;

/// One schema.
struct Schema {
    /// Its file below the folder.
    name: &'static str,
    /// Whether it judges the file of that path. A file may have several.
    judges: fn(&str) -> bool,
    /// Where the copy is known to be wrong.
    amended: &'static [Amendment],
}

/// A place of a schema that says something else by now than its copy.
struct Amendment {
    /// JSON pointer to an object of the schema.
    object: &'static str,
    /// The key in it that is set.
    key: &'static str,
    /// To this JSON.
    value: &'static str,
}

const SCHEMAS: &[Schema] = &[
    Schema {
        name: "render-blueprints.json",
        judges: |path| path == "render.yaml",
        // The copy is older than April 2026, when Render named plans after their hardware: `0.5c-512mb`.
        amended: &[Amendment { object: "/definitions", key: "plan", value: r#"{"type": "string"}"# }],
    },
    Schema { name: "vercel-d7.json", judges: |path| is_named(path, "vercel.json"), amended: &[] },
    Schema { name: "ss-fly.json", judges: is_fly, amended: &[] },
    Schema {
        name: "fly-strict.json",
        judges: is_fly,
        // A closed form of the schema above, so that a slip in a key is found; it closes out a real key.
        amended: &[Amendment {
            object: "/properties/http_service/properties",
            key: "processes",
            value: r#"{"type": "array", "items": {"type": "string"}}"#,
        }],
    },
    Schema { name: "do-appspec-openapi-strict.json", judges: |path| path.starts_with(".do/"), amended: &[] },
    Schema { name: "heroku-app-json.json", judges: |path| path == "app.json", amended: &[] },
    Schema {
        name: "ss-cloud-run-v1.json",
        judges: |path| path.starts_with("deploy/cloud-run/"),
        amended: &[],
    },
];

fn is_named(path: &str, name: &str) -> bool {
    path.rsplit('/').next() == Some(name)
}

/// `fly.toml`, or `fly.<environment>.toml`.
fn is_fly(path: &str) -> bool {
    let mut parts = path.rsplit('/').next().unwrap_or_default().split('.');
    parts.next() == Some("fly") && parts.next_back() == Some("toml")
}

/// Whether some vendor has a schema for the file.
pub(crate) fn accepts(path: &str) -> bool {
    SCHEMAS.iter().any(|schema| (schema.judges)(path))
}

/// Whether the validator is this one and has no schemas.
pub(crate) fn is_left_out(world: &World, oracle: &Oracle) -> bool {
    oracle.name == "vendor-schemas" && world.schemas().is_none()
}

/// Holds the files against the schemas, or counts what that would have been.
pub(crate) fn judge(world: &World, files: &[PlannedFile]) -> Outcome {
    let mut not_run = 0;
    let mut wrong = Vec::new();
    for schema in SCHEMAS {
        let judged: Vec<_> = files.iter().filter(|file| (schema.judges)(&file.path)).collect();
        let Some(folder) = world.schemas() else {
            not_run += judged.len();
            continue;
        };
        if judged.is_empty() {
            continue;
        }
        let file = schema.placed(folder, &world.work().join("schemas"))?;
        let check = world.tools()?.python("check-jsonschema", &world.work());
        let check = check.args(["--color=never".into(), "--schemafile".into(), file.into_os_string()]);
        wrong.extend(check.files(&judged).output().err().map(|failure| failure.to_string()));
    }
    world.leave_out_schema_checks(not_run);
    if wrong.is_empty() { Ok(()) } else { Err(Failure::new(wrong.join("\n"))) }
}

impl Schema {
    /// The schema as it is used: the vendor's file, or an amended copy of it.
    fn placed(&self, folder: &Path, copies: &Path) -> Outcome<PathBuf> {
        let original = folder.join(self.name);
        let unusable = |error: &dyn std::fmt::Display| {
            Failure::new(format!("cannot use the schema `{}`: {error}", original.display()))
                .mend("set SITEPLAN_SCHEMAS to a folder that has it")
        };
        let text = fs::read_to_string(&original).map_err(|error| unusable(&error))?;
        if self.amended.is_empty() {
            return Ok(original);
        }
        let mut schema: Value = serde_json::from_str(&text).map_err(|error| unusable(&error))?;
        for amendment in self.amended {
            amendment.apply(&mut schema).map_err(|error| unusable(&error))?;
        }
        let copy = copies.join(self.name);
        fs::create_dir_all(copies)
            .and_then(|()| fs::write(&copy, schema.to_string()))
            .map_err(|error| unusable(&error))?;
        Ok(copy)
    }
}

impl Amendment {
    fn apply(&self, schema: &mut Value) -> Result<(), String> {
        let object = schema.pointer_mut(self.object).and_then(Value::as_object_mut);
        let object = object.ok_or_else(|| format!("there is no object at `{}` to amend", self.object))?;
        let value = serde_json::from_str(self.value).map_err(|error| error.to_string())?;
        object.insert(self.key.to_owned(), value);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{SCHEMAS, accepts};

    #[test]
    fn a_platform_file_has_a_schema() {
        for path in ["render.yaml", "apps/web/vercel.json", "fly.toml", "fly.staging.toml", ".do/app.yaml"] {
            assert!(accepts(path), "{path}");
        }
        for path in [".railway/railway.ts", "Procfile", "butterfly.toml"] {
            assert!(!accepts(path), "{path}");
        }
    }

    #[test]
    fn an_amendment_sets_its_key_and_needs_its_place() {
        let amendment = &SCHEMAS[0].amended[0];
        let mut schema = json!({"definitions": {"plan": {"enum": ["starter"]}, "other": 1}});
        amendment.apply(&mut schema).expect("the place is there");
        assert_eq!(schema, json!({"definitions": {"plan": {"type": "string"}, "other": 1}}));
        assert!(amendment.apply(&mut json!({})).is_err());
    }

    #[test]
    fn every_amendment_is_json() {
        for amendment in SCHEMAS.iter().flat_map(|schema| schema.amended) {
            serde_json::from_str::<serde_json::Value>(amendment.value).expect(amendment.value);
        }
    }
}
