//! `*.csproj`, `*.fsproj`, `*.vbproj`, `Directory.Build.props`, `Directory.Packages.props` → [`Manifest`].

use std::sync::LazyLock;

use regex::{Captures, Regex};
use siteplan_catalog::signals::Ecosystem;

use super::manifest::{Manifest, Scope, Trait};
use super::pattern::pattern;
use crate::text::line_at;

/// Whether a file speaks for all projects below its folder and is none itself.
pub(crate) fn is_shared(file: &str) -> bool {
    matches!(file, "Directory.Build.props" | "Directory.Packages.props" | "Directory.Build.targets")
}

/// Reads a project file.
pub(crate) fn read(path: &str, text: &str) -> Manifest {
    static SDK: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"<(?:Project|Sdk)\s+(?:Sdk|Name)="([^"/]+)(?:/([^"]+))?""#));
    static PACKAGE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"<(?:PackageReference|FrameworkReference|GlobalPackageReference)\s+(?:Include|Update)="([^"]+)"(?:\s+Version="([^"]+)")?"#,
        )
    });
    static VERSION: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"<PackageVersion\s+Include="([^"]+)"\s+Version="([^"]+)""#));
    static TARGET: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"<TargetFramework(?:s|Version)?(?:\s[^>]*)?>([^<$]+)<"));
    static OUTPUT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)<OutputType>\s*(\w+)\s*<"));
    static ASSEMBLY: LazyLock<Regex> = LazyLock::new(|| pattern(r"<AssemblyName>\s*([\w.-]+)\s*<"));
    static USES: LazyLock<Regex> = LazyLock::new(|| pattern(r#"<ProjectReference\s+Include="([^"]+)""#));
    static REFERENCE: LazyLock<Regex> = LazyLock::new(|| pattern(r#"<Reference\s+Include="([\w.]+)"#));
    let mut manifest = Manifest::new(Ecosystem::Nuget);
    let at = |found: &Captures<'_>| found.get(0).map(|whole| line_at(text, whole.start()));
    let file = crate::tree::name(path);
    if !is_shared(file) {
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        manifest.name = Some((stem.to_owned(), None));
    }
    for found in SDK.captures_iter(text) {
        let version = found.get(2).map(|version| version.as_str());
        manifest.depend(&found[1], version, Scope::Production, at(&found));
        if [".Web", ".Worker", ".BlazorWebAssembly"].iter().any(|sdk| found[1].ends_with(sdk)) {
            manifest.traits.insert(Trait::Program);
        }
    }
    for found in PACKAGE.captures_iter(text) {
        let version =
            found.get(2).map(|version| version.as_str()).filter(|version| !version.starts_with('$'));
        manifest.depend(&found[1], version, Scope::Production, at(&found));
    }
    for found in REFERENCE.captures_iter(text) {
        manifest.depend(&found[1], None, Scope::Production, at(&found));
    }
    for found in VERSION.captures_iter(text) {
        manifest.build.properties.insert(found[1].to_owned(), found[2].to_owned());
    }
    for found in USES.captures_iter(text) {
        let used = found[1].replace('\\', "/");
        manifest.build.uses.push(crate::tree::folder(&used).to_owned());
    }
    manifest.build.product = ASSEMBLY.captures(text).map(|found| found[1].to_owned());
    if let Some(found) = TARGET.captures(text) {
        let newest =
            found[1].split(';').map(str::trim).rfind(|target| !target.is_empty()).unwrap_or_default();
        // What follows the number is an operating system (`net8.0-windows`).
        let newest = newest.split('-').next().unwrap_or_default();
        let number = newest.trim_start_matches("netcoreapp").trim_start_matches("net");
        if number.starts_with(|c: char| c.is_ascii_digit()) {
            manifest.pin("dotnet", number, at(&found));
        }
    }
    if OUTPUT.captures(text).is_some_and(|found| found[1].eq_ignore_ascii_case("exe"))
        || text.contains("<AzureFunctionsVersion>")
    {
        manifest.traits.insert(Trait::Program);
    }
    // A classic web application says by its kind what it is.
    if text.to_ascii_lowercase().contains("349c5851-65df-11da-9384-00065b846f21") {
        manifest.depend("classic:web-application", None, Scope::Production, None);
        manifest.traits.insert(Trait::Program);
    }
    let tested = [
        "Microsoft.NET.Test.Sdk",
        "<IsTestProject>true",
        "\"MSTest.Sdk",
        "\"xunit",
        "\"NUnit\"",
        "\"TUnit\"",
    ];
    if !is_shared(file) && tested.iter().any(|mark| text.contains(mark)) {
        manifest.modules.push("tests".to_owned());
    }
    // What only starts the others on a developer's machine is not deployed itself.
    if text.contains("Aspire.AppHost.Sdk")
        || text.contains("Aspire.Hosting.AppHost")
        || text.contains("<IsAspireHost>true")
    {
        manifest.traits.remove(&Trait::Program);
        manifest.traits.insert(Trait::WorkspaceRoot);
    }
    manifest
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_dotnet_sdk_counts_as_a_package() {
        let text = "<Project Sdk=\"Microsoft.NET.Sdk.Web\"><TargetFramework>net8.0</TargetFramework>\
            <ProjectReference Include=\"..\\Core\\Core.csproj\" /></Project>";
        let manifest = read("src/Api/Api.csproj", text);
        assert_eq!(manifest.dependencies[0].name, "Microsoft.NET.Sdk.Web");
        assert_eq!(manifest.pins[0].version, "8.0");
        assert_eq!(manifest.build.uses, ["../Core"]);
    }

    #[test]
    fn what_speaks_for_all_projects_has_no_name() {
        let text = "<Project><PropertyGroup><TargetFramework>net9.0</TargetFramework></PropertyGroup>\
            <ItemGroup><PackageVersion Include=\"Npgsql\" Version=\"9.0.1\" /></ItemGroup></Project>";
        let manifest = read("Directory.Packages.props", text);
        assert!(manifest.name.is_none());
        assert_eq!(manifest.build.properties.get("Npgsql").map(String::as_str), Some("9.0.1"));
    }
}
