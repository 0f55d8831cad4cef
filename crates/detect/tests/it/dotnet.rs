//! .NET solutions: which projects are deployed, what they inherit, how they are started.

use crate::tree::{service, services, surveyed};

const WEB: &str = "<Project Sdk=\"Microsoft.NET.Sdk.Web\">";

#[test]
fn of_a_solution_only_the_programs_are_services() {
    let survey = surveyed(&[
        ("Shop.sln", ""),
        ("global.json", "{\"sdk\": {\"version\": \"9.0.100\"}}"),
        (
            "Directory.Build.props",
            "<Project><PropertyGroup><TargetFramework>net9.0</TargetFramework></PropertyGroup></Project>",
        ),
        (
            "Directory.Packages.props",
            "<Project><ItemGroup><PackageVersion Include=\"Npgsql.EntityFrameworkCore.PostgreSQL\" Version=\"9.0.1\" /></ItemGroup></Project>",
        ),
        (
            "src/Api/Api.csproj",
            &format!(
                "{WEB}<PropertyGroup><AssemblyName>Shop.Api</AssemblyName></PropertyGroup><ItemGroup><ProjectReference Include=\"..\\Data\\Data.csproj\" /></ItemGroup></Project>"
            ),
        ),
        (
            "src/Api/Program.cs",
            "var builder = WebApplication.CreateBuilder(args);\napp.MapHealthChecks(\"/healthz\");\n",
        ),
        (
            "src/Api/appsettings.json",
            "{\n  \"Kestrel\": {\n    \"Endpoints\": {\n      \"Http\": {\n        \"Url\": \"http://*:5090\"\n      }\n    }\n  }\n}\n",
        ),
        (
            "src/Data/Data.csproj",
            "<Project Sdk=\"Microsoft.NET.Sdk\"><ItemGroup><PackageReference Include=\"Npgsql.EntityFrameworkCore.PostgreSQL\" /></ItemGroup></Project>",
        ),
        ("src/Data/Db.cs", "class Db {}\n"),
        ("src/Jobs/Jobs.csproj", "<Project Sdk=\"Microsoft.NET.Sdk.Worker\"></Project>"),
        ("src/Jobs/Program.cs", "var builder = Host.CreateApplicationBuilder(args);\n"),
        (
            "src/Api.Tests/Api.Tests.csproj",
            &format!(
                "{WEB}<ItemGroup><PackageReference Include=\"Microsoft.NET.Test.Sdk\" /></ItemGroup></Project>"
            ),
        ),
        (
            "src/AppHost/AppHost.csproj",
            "<Project Sdk=\"Microsoft.NET.Sdk\"><Sdk Name=\"Aspire.AppHost.Sdk\" Version=\"9.0.0\" /><PropertyGroup><OutputType>Exe</OutputType></PropertyGroup></Project>",
        ),
        ("src/AppHost/Program.cs", "var builder = DistributedApplication.CreateBuilder(args);\n"),
    ]);
    assert_eq!(services(&survey), ["src/Api:api", "src/Jobs:worker"]);
    let api = service(&survey, "src/Api");
    assert_eq!(api.commands.start.as_deref(), Some("dotnet out/Shop.Api.dll"));
    assert_eq!((api.port, api.health_endpoint.as_deref()), (Some(5090), Some("/healthz")));
    assert_eq!(api.databases, ["postgres"]);
    assert_eq!(survey.package_manager.as_ref().map(|fact| fact.value.as_str()), Some("dotnet"));
    assert_eq!(service(&survey, "src/Jobs").framework.as_deref(), Some("dotnet-worker"));
}

#[test]
fn a_browser_project_that_a_server_refers_to_is_served_by_it() {
    let client = ("Client/Client.csproj", "<Project Sdk=\"Microsoft.NET.Sdk.BlazorWebAssembly\"></Project>");
    let page = ("Client/App.razor", "<Router />\n");
    let alone = surveyed(&[client, page]);
    assert_eq!(services(&alone), ["Client:static"]);
    assert_eq!(alone.services[0].static_output.as_deref(), Some("out/wwwroot"));
    let hosted = surveyed(&[
        client,
        page,
        (
            "Server/Server.csproj",
            &format!(
                "{WEB}<ItemGroup><ProjectReference Include=\"../Client/Client.csproj\" /></ItemGroup></Project>"
            ),
        ),
        ("Server/Program.cs", "var builder = WebApplication.CreateBuilder(args);\n"),
    ]);
    assert_eq!(services(&hosted).len(), 1);
    assert!(services(&hosted)[0].starts_with("Server:"));
}

#[test]
fn fsharp_and_visual_basic_are_dotnet() {
    let fsharp = surveyed(&[
        (
            "App.fsproj",
            &format!(
                "{WEB}<ItemGroup><PackageReference Include=\"Giraffe\" Version=\"7.0.0\" /></ItemGroup></Project>"
            ),
        ),
        ("Program.fs", "[<EntryPoint>]\nlet main args =\n    WebApplication.CreateBuilder(args)\n"),
    ]);
    assert_eq!(fsharp.languages[0].fact.value, "fsharp");
    assert_eq!(fsharp.frameworks[0].fact.value, "giraffe");
    let basic = surveyed(&[
        (
            "Tool.vbproj",
            "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><OutputType>Exe</OutputType></PropertyGroup></Project>",
        ),
        ("Program.vb", "Module Program\n    Sub Main(args As String())\n    End Sub\nEnd Module\n"),
    ]);
    assert_eq!(basic.languages[0].fact.value, "vb");
    assert_eq!(services(&basic), [".:worker"]);
}

#[test]
fn migrations_in_a_library_are_those_of_the_programs_that_refer_to_it() {
    let survey = surveyed(&[
        (
            "Web/Web.csproj",
            &format!(
                "{WEB}<ItemGroup><ProjectReference Include=\"..\\Infra\\Infra.csproj\" /></ItemGroup></Project>"
            ),
        ),
        (
            "Web/Program.cs",
            "var builder = WebApplication.CreateBuilder(args);\napp.MapControllers();\nclass Info { [HttpGet(\"~/alive\")] int Alive() => 1; }\n",
        ),
        (
            "Infra/Infra.csproj",
            "<Project Sdk=\"Microsoft.NET.Sdk\"><ItemGroup><PackageReference Include=\"Aspire.Npgsql.EntityFrameworkCore.PostgreSQL\" /></ItemGroup></Project>",
        ),
        ("Infra/Data/Migrations/20240101000000_Init.cs", "class Init : Migration {}\n"),
        ("tests/Unit/Unit.csproj", "<Project Sdk=\"MSTest.Sdk\"></Project>"),
    ]);
    let web = service(&survey, "Web");
    assert_eq!(web.migrations.as_deref(), Some("ef-core"));
    assert_eq!(web.databases, ["postgres"]);
    assert_eq!(web.health_endpoint.as_deref(), Some("/alive"));
    assert_eq!(web.commands.test.as_deref(), Some("dotnet test ../tests/Unit"));
}
