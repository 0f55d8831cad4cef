//! What holds in the platforms' files for applications of several services.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use siteplan_emit::{platform_files, platforms_with_files};
use siteplan_model::design::Design;
use siteplan_model::file::File;

use crate::sample;

/// Pages, an interface, a worker from the interface's image and a job of which nobody says when it runs.
fn four_services_on(platform: &str) -> Design {
    changed(&sample::everything_on(platform), |design| {
        let components = design["topology"]["components"].as_array_mut().expect("a list");
        let mut interface = components[1].clone();
        interface["name"] = json!("api");
        let plan = interface["service"].as_object_mut().expect("a service");
        for (key, value) in [
            ("slug", json!("api")),
            ("kind", json!("api")),
            ("port", json!(8000)),
            ("path", json!("services/api")),
            ("dockerfile", json!("services/api/Dockerfile")),
            ("health_path", json!("/health")),
            ("live_path", json!("/health/live")),
            ("probe_path", json!("/health")),
            ("migrate", Value::Null),
            ("commands", json!({"start": "node api.js"})),
        ] {
            plan.insert(key.to_owned(), value);
        }
        components.insert(2, interface);
        components[3]["service"]["dockerfile"] = json!("services/api/Dockerfile");
        components[3]["service"]["released_with"] = json!("api");
        components[4]["service"]["schedule_assumed"] = json!(true);
        let port = json!({"name": "PORT", "secret": false, "required": false, "when": "run", "stored_in": "", "values": {},
            "read_by": null, "literals": {"staging": "4000", "production": "4000"}});
        design["environments"]["variables"].as_array_mut().expect("a list").push(port);
    })
}

fn changed(design: &Design, change: impl FnOnce(&mut Value)) -> Design {
    let mut value = serde_json::to_value(design).expect("a Design serialises");
    change(&mut value);
    serde_json::from_value(value).expect("still a Design")
}

fn text<'f>(files: &'f [File], path: &str) -> &'f str {
    let file = files.iter().find(|file| file.path == path);
    file.map_or_else(|| panic!("no `{path}` among {:?}", paths(files)), |file| file.contents.as_str())
}

fn paths(files: &[File]) -> Vec<&str> {
    files.iter().map(|file| file.path.as_str()).collect()
}

fn objects(text: &str) -> Vec<Value> {
    serde_saphyr::from_multiple::<Value>(text).expect("YAML")
}

#[test]
fn two_processes_of_one_folder_bring_each_file_once() {
    for platform in platforms_with_files() {
        let design = changed(&four_services_on(platform), |design| {
            let code = json!({"kit": "fastapi", "answers": "both", "file": "services/api/app/health.py",
                "dialect": null, "checks": [], "version_variables": ["APP_VERSION"], "wiring": ["join it"]});
            design["health"]["included"] = json!(true);
            let components = design["topology"]["components"].as_array_mut().expect("a list");
            components[2]["service"]["health_code"] = code;
            let mut admin = components[2].clone();
            admin["name"] = json!("admin");
            admin["service"]["slug"] = json!("admin");
            admin["service"]["port"] = json!(9000);
            components.insert(3, admin);
        });
        let files = siteplan_emit::files(&design);
        let unique: BTreeSet<&str> = paths(&files).into_iter().collect();
        assert_eq!(unique.len(), files.len(), "{platform}: {:?}", paths(&files));
        let health =
            files.iter().find(|file| file.path == "services/api/app/health.py").expect("it is written");
        assert!(health.purpose.ends_with("of `api`, `admin`"), "{platform}: {}", health.purpose);
    }
}

#[test]
fn each_address_on_fly_is_an_app_with_the_processes_of_its_image() {
    let files = platform_files(&four_services_on("fly"));
    assert_eq!(paths(&files), ["fly.toml", "fly.api.toml"]);
    for (path, lead, port, groups) in
        [("fly.toml", "web", 3000, vec!["web"]), ("fly.api.toml", "api", 8000, vec!["api", "worker"])]
    {
        let app: Value = toml::from_str(text(&files, path)).expect("TOML");
        assert_eq!(app["http_service"]["internal_port"], port, "{path}");
        assert_eq!(app["env"]["PORT"], port.to_string(), "{path}");
        assert_eq!(app["app"], format!("ticket-shop-{lead}"), "{path}");
        let machines: BTreeSet<&str> = app["vm"]
            .as_array()
            .expect("machines")
            .iter()
            .filter_map(|vm| vm["processes"][0].as_str())
            .collect();
        let processes: BTreeSet<&str> = app["processes"]
            .as_object()
            .map(|processes| processes.keys().map(String::as_str).collect())
            .unwrap_or_default();
        assert_eq!(machines, processes, "every group has a Machine, every Machine a group");
        if groups.len() > 1 {
            assert_eq!(processes, groups.into_iter().collect(), "{path}");
        }
    }
    let api: Value = toml::from_str(text(&files, "fly.api.toml")).expect("TOML");
    assert_eq!(api["build"]["dockerfile"], "services/api/Dockerfile");
    assert!(api["deploy"].get("release_command").is_none(), "the pages migrate");
}

#[test]
fn exactly_one_thing_deploys() {
    let by_itself = |platform| {
        changed(&sample::everything_on(platform), |design| {
            design["delivery"]["deployer"] = json!("platform-after-checks");
            design["delivery"]["repository"] = json!("acme/shop");
        })
    };
    let with_repository = |platform| {
        changed(&sample::everything_on(platform), |design| {
            design["delivery"]["repository"] = json!("acme/shop");
        })
    };
    let render = platform_files(&with_repository("render"));
    let all: Vec<&str> =
        text(&render, "render.yaml").lines().filter(|l| l.contains("autoDeployTrigger")).collect();
    assert_eq!(all.len(), 6, "three services in two environments");
    assert!(
        all.iter().all(
            |line| line.trim() == "autoDeployTrigger: off" || line.trim() == "autoDeployTrigger: \"off\""
        ),
        "{all:?}"
    );
    let waiting = platform_files(&by_itself("render"));
    assert_eq!(text(&waiting, "render.yaml").matches("autoDeployTrigger: checksPass").count(), 6);

    let railway = platform_files(&with_repository("railway"));
    assert!(!text(&railway, ".railway/railway.ts").contains("github("), "a source would deploy each push");
    let waiting = platform_files(&by_itself("railway"));
    assert!(
        text(&waiting, ".railway/railway.ts")
            .contains("const source = github(\"acme/shop\", { branch: \"main\", checkSuites: true });")
    );

    let vercel = platform_files(&with_repository("vercel"));
    let project: Value = serde_json::from_str(text(&vercel, "vercel.json")).expect("JSON");
    assert_eq!(project["git"]["deploymentEnabled"], false, "no previews are planned");
    let netlify = platform_files(&with_repository("netlify"));
    let project: Value = toml::from_str(text(&netlify, "netlify.toml")).expect("TOML");
    for context in ["production", "branch-deploy", "deploy-preview"] {
        assert_eq!(project["context"][context]["ignore"], "exit 0", "{context}");
    }
    let spec = platform_files(&with_repository("digitalocean-app-platform"));
    let spec = text(&spec, ".do/app.yaml");
    assert_eq!(spec.matches("deploy_on_push: false").count(), spec.matches("branch: main").count());
    assert!(!spec.contains("deploy_on_push: true"));
    let runner = platform_files(&with_repository("aws-app-runner"));
    assert!(runner.iter().all(|file| file.contents.contains("\"AutoDeploymentsEnabled\": false")));
}

#[test]
fn previews_stay_where_they_are_planned() {
    let with_previews = |platform| {
        changed(&sample::everything_on(platform), |design| {
            let list = design["environments"]["list"].as_array_mut().expect("a list");
            let mut preview = list[0].clone();
            preview["name"] = json!("preview");
            list.insert(0, preview);
        })
    };
    let vercel = platform_files(&with_previews("vercel"));
    let project: Value = serde_json::from_str(text(&vercel, "vercel.json")).expect("JSON");
    assert_eq!(project["git"]["deploymentEnabled"], json!({"main": false}));
    let netlify = platform_files(&with_previews("netlify"));
    let project: Value = toml::from_str(text(&netlify, "netlify.toml")).expect("TOML");
    assert!(project["context"].get("deploy-preview").is_none());
}

#[test]
fn each_service_listens_on_its_own_port() {
    for platform in platforms_with_files() {
        // What the variable holds there belongs to another module, or the platform sets it by itself.
        if ["aws-ecs-fargate", "aws-ecs-express", "google-cloud-run", "cloudflare"].contains(&platform) {
            continue;
        }
        for file in platform_files(&four_services_on(platform)) {
            assert!(!file.contents.contains("4000"), "{platform}: {}\n{}", file.path, file.contents);
        }
    }
}

#[test]
fn a_schedule_that_nobody_stated_is_said() {
    for (platform, path, sign) in [
        ("render", "render.yaml", "#"),
        ("digitalocean-app-platform", ".do/app.yaml", "#"),
        ("railway", ".railway/railway.ts", "//"),
        ("kubernetes-gke", "deploy/kubernetes/base/nightly.yaml", "#"),
    ] {
        let files = platform_files(&four_services_on(platform));
        let said = format!("{sign} The repository does not say when its jobs run");
        assert!(text(&files, path).contains(&said), "{platform}");
        let stated = platform_files(&sample::everything_on(platform));
        assert!(!text(&stated, path).contains(&said), "{platform}");
    }
}

#[test]
fn an_app_of_digitalocean_routes_to_each_service() {
    let files = platform_files(&four_services_on("digitalocean-app-platform"));
    let spec = &objects(text(&files, ".do/app.yaml"))[0];
    let rules = spec["ingress"]["rules"].as_array().expect("rules");
    let routes: Vec<(&str, &str)> = rules
        .iter()
        .filter_map(|rule| {
            Some((rule["match"]["path"]["prefix"].as_str()?, rule["component"]["name"].as_str()?))
        })
        .collect();
    assert_eq!(routes, [("/api", "api"), ("/", "web")]);
}

#[test]
fn kubernetes_objects_find_each_other() {
    for platform in ["kubernetes-gke", "kubernetes-eks", "kubernetes-aks"] {
        let files = platform_files(&four_services_on(platform));
        let all: Vec<Value> = files
            .iter()
            .filter(|file| !file.path.ends_with("kustomization.yaml"))
            .flat_map(|file| objects(&file.contents))
            .collect();
        let of = |kind: &'static str| all.iter().filter(move |object| object["kind"] == kind);
        let pods: Vec<&Value> = of("Deployment").map(|one| &one["spec"]["template"]).collect();
        assert_eq!(pods.len(), 3, "{platform}");
        let is_chosen = |labels: &Value| {
            let wanted = labels.as_object().expect("labels");
            pods.iter().any(|pod| wanted.iter().all(|(key, value)| pod["metadata"]["labels"][key] == *value))
        };
        for service in of("Service") {
            assert!(is_chosen(&service["spec"]["selector"]), "{platform}: {service}");
        }
        for budget in of("PodDisruptionBudget") {
            assert!(is_chosen(&budget["spec"]["selector"]["matchLabels"]), "{platform}: {budget}");
        }
        let names = |kind: &'static str| -> BTreeSet<String> {
            of(kind).filter_map(|one| one["metadata"]["name"].as_str().map(str::to_owned)).collect()
        };
        for scaler in of("HorizontalPodAutoscaler") {
            let target = scaler["spec"]["scaleTargetRef"]["name"].as_str().expect("a name");
            assert!(names("Deployment").contains(target), "{platform}: {target}");
        }
        assert_eq!(names("HorizontalPodAutoscaler").len(), 3, "two instances of each were designed");
        // Each service that is reached has a rule with a host of its own, to a service that exists.
        let backends: BTreeSet<String> = of("Ingress")
            .flat_map(|one| one["spec"]["rules"].as_array().cloned().unwrap_or_default())
            .filter_map(|rule| {
                rule["http"]["paths"][0]["backend"]["service"]["name"].as_str().map(str::to_owned)
            })
            .chain(of("HTTPRoute").filter_map(|one| {
                one["spec"]["rules"][0]["backendRefs"][0]["name"].as_str().map(str::to_owned)
            }))
            .collect();
        assert_eq!(backends, names("Service"), "{platform}");
    }
}

#[test]
fn kubernetes_restarts_by_the_live_path_and_lets_nothing_run_as_root() {
    let files = platform_files(&four_services_on("kubernetes-eks"));
    let api = &objects(text(&files, "deploy/kubernetes/base/api.yaml"))[0];
    let pod = &api["spec"]["template"]["spec"];
    let container = &pod["containers"][0];
    assert_eq!(container["livenessProbe"]["httpGet"]["path"], "/health/live");
    assert_eq!(container["startupProbe"]["httpGet"]["path"], "/health/live");
    assert_eq!(container["readinessProbe"]["httpGet"]["path"], "/health");
    assert_eq!(container["ports"][0]["containerPort"], 8000);
    assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
    assert_eq!(container["securityContext"]["capabilities"]["drop"], json!(["ALL"]));
    assert_eq!(pod["automountServiceAccountToken"], false);
    // Without a live path only the port is asked: an outage of the database restarts nothing.
    let web = &objects(text(&files, "deploy/kubernetes/base/web.yaml"))[0];
    let container = &web["spec"]["template"]["spec"]["containers"][0];
    assert_eq!(container["livenessProbe"]["tcpSocket"]["port"], "http");
    // The migration runs before the release, from an overlay of its own.
    let job = text(&files, "deploy/kubernetes/migration/job.yaml");
    assert!(job.contains("pnpm prisma migrate deploy"));
    assert!(
        text(&files, "deploy/kubernetes/overlays/staging-migration/kustomization.yaml")
            .contains("../../migration")
    );
    // What users do not see runs once.
    assert!(!paths(&files).contains(&"deploy/kubernetes/overlays/staging/scaling.yaml"));
}

#[test]
fn a_single_instance_has_no_autoscaler() {
    let one = changed(&sample::everything_on("kubernetes-aks"), |design| {
        for component in design["topology"]["components"].as_array_mut().expect("a list") {
            component["instances"] = json!(1);
        }
    });
    let files = platform_files(&one);
    assert!(files.iter().all(|file| !file.contents.contains("HorizontalPodAutoscaler")));
    assert!(files.iter().all(|file| !file.contents.contains("PodDisruptionBudget")));
    let web = &objects(text(&files, "deploy/kubernetes/base/web.yaml"))[0];
    assert_eq!(web["spec"]["replicas"], 1);
}

#[test]
fn a_companion_gets_its_files_beside_those_of_the_main_platform() {
    let design = changed(&four_services_on("vercel"), |design| {
        for component in design["topology"]["components"].as_array_mut().expect("a list") {
            if ["api", "worker", "nightly"].contains(&component["name"].as_str().unwrap_or_default()) {
                component["service"]["platform"] = json!("render");
            }
        }
        for data in design["data"].as_array_mut().expect("a list") {
            data["platform"] = json!("render");
        }
    });
    let files = platform_files(&design);
    assert_eq!(paths(&files), ["vercel.json", "render.yaml"]);
    let blueprint = text(&files, "render.yaml");
    assert!(!blueprint.contains("name: ticket-shop-web"), "the pages run elsewhere");
    for part in ["type: worker", "type: cron", "fromDatabase", "keyvalue"] {
        assert!(blueprint.contains(part), "{part} in {blueprint}");
    }
    assert!(!text(&files, "vercel.json").contains("crons"), "the job runs elsewhere");
}

#[test]
fn a_feature_that_is_off_stops_no_release() {
    let optional = |platform: &str| {
        changed(&sample::everything_on(platform), |design| {
            let variables = design["environments"]["variables"].as_array_mut().expect("a list");
            let secret = variables.iter_mut().find(|variable| variable["name"] == json!("STRIPE_API_KEY"));
            secret.expect("the secret")["required"] = json!(false);
        })
    };
    let files = platform_files(&optional("docker-compose-vps"));
    let compose: Value = serde_saphyr::from_str(text(&files, "compose.production.yaml")).expect("YAML");
    let environment = &compose["services"]["web"]["environment"];
    assert_eq!(environment["STRIPE_API_KEY"], Value::Null, "handed on if it is set");
    assert!(environment.as_object().expect("a mapping").contains_key("STRIPE_API_KEY"));
    for platform in ["google-cloud-run", "aws-ecs-fargate", "kamal-vps"] {
        let required = platform_files(&sample::everything_on(platform));
        let is_definition = |file: &&File| !file.path.contains("infrastructure");
        let names = |files: &[File]| {
            files.iter().filter(is_definition).filter(|file| file.contents.contains("STRIPE_API_KEY")).count()
        };
        assert!(names(&required) > 0, "{platform}");
        assert_eq!(names(&platform_files(&optional(platform))), 0, "{platform}");
    }
}

#[test]
fn several_servers_are_listed_for_production_and_share_one_set_of_databases() {
    let on = |instances: u32| {
        platform_files(&changed(&four_services_on("kamal-vps"), |design| {
            for component in design["topology"]["components"].as_array_mut().expect("a list") {
                if !component["service"].is_null() {
                    component["instances"] = json!(instances);
                }
            }
        }))
    };
    let read =
        |files: &[File], path: &str| -> Value { serde_saphyr::from_str(text(files, path)).expect("YAML") };
    let files = on(3);
    let host = |at: usize| json!(format!("<%= ENV['SERVER_HOST'].to_s.split(',')[{at}].to_s.strip %>"));
    let base = read(&files, "config/deploy.yml");
    assert_eq!((&base["servers"]["web"]["hosts"], &base["proxy"]["ssl"]), (&json!([host(0)]), &json!(true)));
    let production = read(&files, "config/deploy.production.yml");
    // The certificate is the load balancer's, and one server after the other starts, so that one of them migrates.
    assert_eq!((&production["proxy"], &production["boot"]), (&json!({"ssl": false}), &json!({"limit": 1})));
    assert_eq!(production["servers"]["web"]["hosts"], json!([host(0), host(1), host(2)]));
    let further = read(&files, "config/deploy-api.production.yml");
    for role in ["api", "worker"] {
        assert_eq!(further["servers"][role]["hosts"], json!([host(0), host(1), host(2)]), "{role}");
    }
    assert!(further["servers"].as_object().expect("roles").values().all(|role| role["proxy"].is_null()));
    let staging = read(&files, "config/deploy.staging.yml");
    for key in ["servers", "proxy", "boot"] {
        assert!(staging[key].is_null(), "{key} in staging, which has one server");
    }
    // Databases are on the first server, reached in the private network alone.
    for (environment, destination) in [("staging", &staging), ("production", &production)] {
        let postgres = &destination["accessories"]["postgres"];
        assert_eq!(postgres["host"], host(0), "{environment}");
        assert_eq!(postgres["port"], "<%= ENV['DATA_HOST'] %>:5432:5432", "{environment}");
        let secrets = text(&files, &format!(".kamal/secrets.{environment}"));
        assert!(secrets.contains("@$DATA_HOST:5432/"), "{secrets}");
    }
    let one = on(1);
    assert!(
        one.iter().all(|file| !file.contents.contains("DATA_HOST") && !file.contents.contains("split(',')["))
    );
    let production = read(&one, "config/deploy.production.yml");
    assert!(production["servers"].is_null() && production["accessories"]["postgres"]["port"].is_null());
}

#[test]
fn what_the_pipeline_migrates_is_no_process_of_the_platform() {
    let hook = |past: bool| {
        let design = changed(&sample::everything_on("heroku"), |design| {
            design["database"]["migrations"]["past_hook"] = json!(past);
        });
        text(&platform_files(&design), "Procfile").contains("release: ")
    };
    assert!(hook(false) && !hook(true));
}
