//! Where a service says whether it is well: routes with their prefixes, and the checks that somebody set up.

use siteplan_model::fact::Certainty;
use siteplan_model::survey::Survey;

use crate::tree::surveyed;

fn endpoint(survey: &Survey) -> Option<&str> {
    survey.health_endpoint.as_ref().map(|fact| fact.value.as_str())
}

const PACKAGE: (&str, &str) =
    ("package.json", r#"{"scripts": {"start": "node a.js"}, "dependencies": {"express": "4"}}"#);

#[test]
fn routers_are_followed_through_the_modules_that_mount_them() {
    let survey = surveyed(&[
        PACKAGE,
        ("a.js", "const routes = require('./routes');\napp.use('/api', routes);\napp.listen(3000)\n"),
        ("routes/index.js", "const system = require('./system');\nrouter.use('/system', system);\n"),
        ("routes/system.js", "router.get('/health', f)\n"),
    ]);
    assert_eq!(endpoint(&survey), Some("/api/system/health"));
}

#[test]
fn a_probe_is_asked_for_readiness_first_and_contradictions_are_kept() {
    let manifest = "kind: Deployment\nmetadata:\n  name: x\nspec:\n  livenessProbe:\n    httpGet:\n      path: /live\n  readinessProbe:\n    httpGet:\n      path: /ready\n";
    let code = ("a.js", "app.get('/health', f)\napp.listen(3000)\n");
    let survey = surveyed(&[PACKAGE, code, ("k8s/deployment.yaml", manifest)]);
    assert_eq!(endpoint(&survey), Some("/ready"));
    let conflict = survey.conflicts.iter().find(|one| one.field == "health_endpoint").expect("a conflict");
    assert_eq!(conflict.values, ["/ready", "/health"]);
    assert_eq!(conflict.evidence[0].line, Some(10));
    let answered = ("a.js", "app.get('/ready', f)\napp.listen(3000)\n");
    let survey = surveyed(&[PACKAGE, answered, ("k8s/deployment.yaml", manifest)]);
    assert!(survey.conflicts.iter().all(|one| one.field != "health_endpoint"));
}

#[test]
fn a_platforms_file_speaks_for_the_folder_that_it_names() {
    let render = "services:\n- name: api\n  rootDir: api\n  healthCheckPath: /api-health\n- name: web\n  rootDir: web\n  healthCheckPath: /web-health\n";
    let survey = surveyed(&[
        ("render.yaml", render),
        ("api/package.json", PACKAGE.1),
        ("api/a.js", "app.listen(3000)\n"),
        ("web/package.json", PACKAGE.1),
        ("web/a.js", "app.listen(3001)\n"),
    ]);
    let of = |path: &str| {
        let service = survey.services.iter().find(|one| one.path == path).expect("a service");
        service.health_endpoint.clone()
    };
    assert_eq!((of("api").as_deref(), of("web").as_deref()), (Some("/api-health"), Some("/web-health")));
}

#[test]
fn checks_of_kamal_and_of_task_definitions() {
    let kamal = "service: x\nservers:\n  - a\nproxy:\n  healthcheck:\n    path: /up-and-well\n";
    let survey = surveyed(&[PACKAGE, ("a.js", "app.listen(3000)\n"), ("config/deploy.yml", kamal)]);
    assert_eq!(endpoint(&survey), Some("/up-and-well"));
    let task = r#"{"containerDefinitions": [{"healthCheck": {"command": ["CMD-SHELL", "curl -f http://localhost:3000/well || exit 1"]}}]}"#;
    let survey = surveyed(&[PACKAGE, ("a.js", "app.listen(3000)\n"), ("task-definition.json", task)]);
    assert_eq!(endpoint(&survey), Some("/well"));
}

#[test]
fn what_the_search_engine_beside_it_answers_is_not_the_applications() {
    let compose = "services:\n  app:\n    build: .\n    ports: ['80:80']\n  search:\n    image: getmeili/meilisearch\n    ports: ['7700:7700']\n    healthcheck:\n      test: wget http://localhost:7700/health\n";
    let survey = surveyed(&[PACKAGE, ("a.js", "app.listen(80)\n"), ("compose.yml", compose)]);
    assert_eq!(endpoint(&survey), None);
}

#[test]
fn flat_routes_of_remix() {
    let survey = surveyed(&[
        ("package.json", r#"{"dependencies": {"@remix-run/node": "2", "@remix-run/react": "2"}}"#),
        ("app/routes/api+/health.ts", "export const loader = f\n"),
    ]);
    assert_eq!(endpoint(&survey), Some("/api/health"));
}

#[test]
fn the_prefix_of_everything_leaves_out_what_it_names() {
    let manifest = r#"{"scripts": {"start": "node dist/main"}, "dependencies": {"@nestjs/core": "10"}}"#;
    let controller = "@Controller('health')\nexport class H {\n  @Get()\n  check() {}\n}\n";
    let main =
        |call: &str| format!("const app = await NestFactory.create(M);\napp.{call};\napp.listen(3000)\n");
    let of = |call: &str| {
        let main = main(call);
        let survey = surveyed(&[
            ("package.json", manifest),
            ("src/main.ts", &main),
            ("src/health.controller.ts", controller),
        ]);
        endpoint(&survey).map(str::to_owned)
    };
    assert_eq!(of("setGlobalPrefix('api')").as_deref(), Some("/api/health"));
    assert_eq!(of("setGlobalPrefix('api', { exclude: ['health'] })").as_deref(), Some("/health"));
}

#[test]
fn a_check_of_the_start_page_says_little() {
    let build = "FROM node:22\nCOPY . .\nRUN npm ci\nHEALTHCHECK CMD curl -f http://localhost:3000/ || exit 1\nCMD node a.js\n";
    let survey = surveyed(&[PACKAGE, ("a.js", "app.listen(3000)\n"), ("Dockerfile", build)]);
    let fact = survey.health_endpoint.expect("an endpoint");
    assert_eq!((fact.value.as_str(), fact.certainty), ("/", Certainty::Low));
    let routed = ("a.js", "app.get('/health', f)\napp.listen(3000)\n");
    assert_eq!(endpoint(&surveyed(&[PACKAGE, routed, ("Dockerfile", build)])), Some("/health"));
}

#[test]
fn an_endpoint_of_the_framework_is_there_only_if_it_is_shown() {
    let pom = "<project><artifactId>a</artifactId><dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-actuator</artifactId></dependency></dependencies></project>";
    let code = "@SpringBootApplication\nclass A { public static void main(String[] a) {} }\n";
    let of = |settings: &str| {
        let survey = surveyed(&[
            ("pom.xml", pom),
            ("src/main/java/A.java", code),
            ("src/main/resources/application.properties", settings),
        ]);
        endpoint(&survey).map(str::to_owned)
    };
    let key = "management.endpoints.web.exposure.include";
    assert_eq!(of("").as_deref(), Some("/actuator/health"));
    assert_eq!(of(&format!("{key}=health,info\n")).as_deref(), Some("/actuator/health"));
    assert_eq!(of(&format!("{key}=*\n")).as_deref(), Some("/actuator/health"));
    assert_eq!(of(&format!("{key}=info,prometheus\n")), None);
}
