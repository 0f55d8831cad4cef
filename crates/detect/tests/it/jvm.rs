//! Builds on the JVM: several modules, conventions, products and their names, wars, workers, ports and health checks.

use siteplan_model::survey::ServiceKind;

use crate::tree::{service, services, start, surveyed};

const BOOT: &str = "<dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency>";

#[test]
fn modules_inherit_from_their_parent_and_libraries_are_no_services() {
    let module = |name: &str, rest: &str| {
        format!(
            "<project><parent><groupId>shop</groupId><artifactId>shop</artifactId><version>1.2.0</version></parent>\
             <artifactId>{name}</artifactId>{rest}</project>"
        )
    };
    let survey = surveyed(&[
        (
            "pom.xml",
            &format!(
                "<project><groupId>shop</groupId><artifactId>shop</artifactId><version>1.2.0</version><packaging>pom</packaging>\
                 <properties><java.version>21</java.version></properties><modules><module>core</module><module>orders</module><module>mailer</module></modules>\
                 <dependencies>{}</dependencies></project>",
                "<dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter</artifactId></dependency>"
            ),
        ),
        ("mvnw", ""),
        ("core/pom.xml", &module("core", "")),
        ("core/src/main/java/com/example/Money.java", "package com.example;\nclass Money {}\n"),
        (
            "orders/pom.xml",
            &module(
                "orders",
                &format!(
                    "<dependencies>{BOOT}<dependency><groupId>shop</groupId><artifactId>core</artifactId></dependency></dependencies>"
                ),
            ),
        ),
        (
            "orders/src/main/java/com/example/App.java",
            "@SpringBootApplication\nclass App { public static void main(String[] a) {} }\n",
        ),
        ("orders/src/main/resources/application.properties", "server.port=8091\n"),
        ("orders/src/main/resources/application-dev.properties", "server.port=9999\n"),
        ("mailer/pom.xml", &module("mailer", "")),
        ("mailer/src/main/java/com/example/Mailer.java", "@SpringBootApplication\nclass Mailer {}\n"),
    ]);
    assert_eq!(services(&survey), ["orders:api", "mailer:worker"]);
    let orders = service(&survey, "orders");
    assert_eq!(orders.commands.start.as_deref(), Some("java -jar target/orders-1.2.0.jar"));
    assert_eq!(
        orders.commands.build.as_deref(),
        Some("../mvnw -B -f ../pom.xml -pl orders -am -DskipTests package")
    );
    assert_eq!((orders.port, orders.framework.as_deref()), (Some(8091), Some("spring-boot")));
    assert_eq!(survey.languages[0].fact.value, "java");
    assert_eq!(survey.runtimes[0].version.as_deref(), Some("21"));
}

#[test]
fn gradle_takes_conventions_catalogs_and_shared_blocks() {
    let survey = surveyed(&[
        ("settings.gradle.kts", "rootProject.name = \"shop\"\ninclude(\"web\", \"core\")\n"),
        ("gradlew", ""),
        (
            "build.gradle.kts",
            "subprojects {\n  dependencies {\n    implementation(\"org.postgresql:postgresql:42.7.3\")\n  }\n}\n",
        ),
        (
            "gradle/libs.versions.toml",
            "[versions]\nktor = \"3.0.1\"\n[libraries]\nktor-netty = { module = \"io.ktor:ktor-server-netty\", version.ref = \"ktor\" }\n",
        ),
        (
            "buildSrc/src/main/kotlin/shop.kotlin-application.gradle.kts",
            "plugins {\n  kotlin(\"jvm\")\n  application\n}\n",
        ),
        (
            "web/build.gradle.kts",
            "plugins {\n  id(\"shop.kotlin-application\")\n}\ndependencies {\n  implementation(project(\":core\"))\n  implementation(libs.ktor.netty)\n}\n",
        ),
        (
            "web/src/main/kotlin/Main.kt",
            "fun main() {\n    embeddedServer(Netty, port = 8085) {}.start()\n}\n",
        ),
        ("core/build.gradle.kts", "plugins {\n  kotlin(\"jvm\")\n}\n"),
        ("core/src/main/kotlin/Core.kt", "class Core\n"),
    ]);
    assert_eq!(services(&survey), ["web:api"]);
    let web = service(&survey, "web");
    assert_eq!((web.framework.as_deref(), web.port), (Some("ktor"), Some(8085)));
    assert_eq!(web.commands.build.as_deref(), Some("../gradlew installDist"));
    assert_eq!(web.commands.start.as_deref(), Some("build/install/web/bin/web"));
    assert_eq!(web.databases, ["postgres"]);
    assert_eq!(survey.frameworks[0].version.as_deref(), Some("3.0.1"));
    assert_eq!(survey.package_manager.as_ref().map(|fact| fact.value.as_str()), Some("gradle"));
}

#[test]
fn a_war_is_put_onto_a_server() {
    let survey = surveyed(&[
        (
            "pom.xml",
            "<project><artifactId>bank</artifactId><version>1</version><packaging>war</packaging>\
             <dependencies><dependency><groupId>jakarta.platform</groupId><artifactId>jakarta.jakartaee-api</artifactId><version>10.0.0</version><scope>provided</scope></dependency></dependencies>\
             <build><plugins><plugin><groupId>io.openliberty.tools</groupId><artifactId>liberty-maven-plugin</artifactId></plugin></plugins></build></project>",
        ),
        ("src/main/java/com/example/sample/R.java", "@Path(\"/x\")\nclass R {}\n"),
        (
            "src/main/liberty/config/server.xml",
            "<server>\n<variable name=\"http\" defaultValue=\"9085\"/>\n<httpEndpoint httpPort=\"${http}\"/>\n</server>\n",
        ),
    ]);
    assert_eq!(services(&survey), [".:api"]);
    assert_eq!(survey.frameworks[0].fact.value, "openliberty");
    assert_eq!(survey.port.as_ref().map(|fact| fact.value), Some(9085));
    assert_eq!(survey.commands.start, None);
    assert!(survey.missing.contains(&"commands.start".to_owned()));
}

#[test]
fn a_skeletons_container_does_not_outweigh_the_configured_port() {
    let survey = surveyed(&[
        (
            "pom.xml",
            "<project><artifactId>api</artifactId><version>1</version><dependencies><dependency><groupId>io.quarkus</groupId><artifactId>quarkus-rest</artifactId></dependency>\
             <dependency><groupId>io.quarkus</groupId><artifactId>quarkus-smallrye-health</artifactId></dependency></dependencies>\
             <build><plugins><plugin><groupId>io.quarkus</groupId><artifactId>quarkus-maven-plugin</artifactId></plugin></plugins></build></project>",
        ),
        ("src/main/java/org/acme/R.java", "@Path(\"/x\")\nclass R {}\n"),
        ("src/main/docker/Dockerfile.jvm", "FROM ubi8/openjdk-21\nEXPOSE 8080\n"),
        (
            "src/main/resources/application.properties",
            "%dev.quarkus.http.port=1\nquarkus.http.port=9898\nquarkus.http.root-path=/shop\n",
        ),
    ]);
    assert_eq!(start(&survey), "java -jar target/quarkus-app/quarkus-run.jar");
    assert_eq!(survey.port.as_ref().map(|fact| fact.value), Some(9898));
    assert!(survey.conflicts.is_empty());
    let health = survey.health_endpoint.as_ref().expect("a health endpoint");
    assert_eq!(health.value, "/shop/q/health");
    assert_eq!(health.evidence[1].place(), "src/main/resources/application.properties:3");
}

#[test]
fn scala_and_clojure_builds_name_their_programs() {
    let scala = surveyed(&[
        (
            "build.sbt",
            "lazy val core = project\nlazy val api = (project in file(\"api\"))\n  .dependsOn(core)\n  .enablePlugins(JavaAppPackaging)\n  .settings(\n    name := \"Shop API\",\n    libraryDependencies += \"org.http4s\" %% \"http4s-ember-server\" % \"0.23.1\"\n  )\n",
        ),
        ("project/plugins.sbt", "addSbtPlugin(\"com.github.sbt\" % \"sbt-native-packager\" % \"1.10\")\n"),
        ("core/src/main/scala/Core.scala", "class Core\n"),
        (
            "api/src/main/scala/Main.scala",
            "object Main extends IOApp.Simple {\n  EmberServerBuilder.default[IO].withPort(port\"8086\")\n}\n",
        ),
    ]);
    assert_eq!(services(&scala), ["api:api"]);
    let api = service(&scala, "api");
    assert_eq!(api.commands.build.as_deref(), Some("sbt api/stage"));
    assert_eq!(api.commands.start.as_deref(), Some("target/universal/stage/bin/shop-api"));
    assert_eq!((api.port, api.language.as_deref()), (Some(8086), Some("scala")));

    let clojure = surveyed(&[
        (
            "project.clj",
            "(defproject shop \"0.1.0\"\n  :dependencies [[org.clojure/clojure \"1.11.1\"] [compojure \"1.7.0\"] [ring/ring-jetty-adapter \"1.9.5\"]]\n  :main shop.core\n  :target-path \"target/%s\")\n",
        ),
        ("src/shop/core.clj", "(ns shop.core)\n(defn -main [& args]\n  (run-jetty app {:port 3005}))\n"),
    ]);
    assert_eq!(clojure.package_manager.as_ref().map(|fact| fact.value.as_str()), Some("lein"));
    assert_eq!(start(&clojure), "java -jar target/uberjar/shop-0.1.0-standalone.jar");
    assert_eq!(clojure.frameworks[0].fact.value, "compojure");
    assert_eq!(clojure.port.as_ref().map(|fact| fact.value), Some(3005));
    assert_eq!(clojure.languages[0].version.as_deref(), Some("1.11.1"));

    let tools = surveyed(&[
        (
            "deps.edn",
            "{:deps {ring/ring-core {:mvn/version \"1.12.1\"}}\n :aliases {:build {:ns-default build}\n  :test {:main-opts [\"-m\" \"kaocha.runner\"]}}}\n",
        ),
        ("build.clj", "(defn uber [_])\n"),
        ("src/shop/core.clj", "(ns shop.core)\n(defn -main [])\n"),
    ]);
    assert_eq!(tools.package_manager.as_ref().map(|fact| fact.value.as_str()), Some("clojure"));
    assert_eq!(tools.commands.build.as_deref(), Some("clojure -T:build uber"));
    assert_eq!(tools.commands.test.as_deref(), Some("clojure -M:test"));
}

#[test]
fn a_later_yaml_document_and_variables_of_containers() {
    let survey = surveyed(&[
        (
            "pom.xml",
            &format!(
                "<project><artifactId>a</artifactId><version>1</version><dependencies>{BOOT}</dependencies></project>"
            ),
        ),
        ("src/main/java/A.java", "@SpringBootApplication\nclass A {}\n"),
        (
            "src/main/resources/application.yml",
            "server:\n  port: 8081\n---\nspring:\n  config:\n    activate:\n      on-profile: dev\nserver:\n  port: 9999\n",
        ),
    ]);
    assert_eq!(survey.port.as_ref().map(|fact| fact.value), Some(8081));
    assert!(survey.conflicts.is_empty());
    let survey = surveyed(&[
        (
            "pom.xml",
            &format!(
                "<project><artifactId>a</artifactId><version>1</version><dependencies>{BOOT}</dependencies></project>"
            ),
        ),
        ("src/main/java/A.java", "@SpringBootApplication\nclass A {}\n"),
        (
            "Dockerfile",
            "FROM eclipse-temurin:21\nENV SERVER_PORT=1345\nCMD [\"java\", \"-jar\", \"a.jar\"]\n",
        ),
    ]);
    assert_eq!(survey.port.as_ref().map(|fact| fact.value), Some(1345));
    assert_eq!(survey.services[0].kind, ServiceKind::Api);
}

#[test]
fn a_manifest_alone_gives_the_language() {
    let survey = surveyed(&[("pom.xml", "<project><artifactId>a</artifactId></project>")]);
    assert_eq!(survey.languages[0].fact.value, "java");
    assert!(survey.services.is_empty());
}

#[test]
fn what_the_container_hands_over_outweighs_files_and_code() {
    let boot = format!(
        "<project><artifactId>a</artifactId><version>1</version><dependencies>{BOOT}</dependencies></project>"
    );
    let survey = surveyed(&[
        ("pom.xml", &boot),
        ("src/main/java/A.java", "@SpringBootApplication\nclass A {}\n"),
        ("src/main/resources/application.properties", "server.port=9000\n"),
        (
            "Dockerfile",
            "FROM eclipse-temurin:21\nENV SERVER_PORT=1345\nCMD [\"java\", \"-jar\", \"a.jar\"]\n",
        ),
    ]);
    assert_eq!(survey.port.as_ref().map(|fact| fact.value), Some(1345));
    assert!(survey.conflicts.is_empty(), "the variable is made to override the file");
    let express = surveyed(&[
        ("package.json", r#"{"scripts": {"start": "node server.js"}, "dependencies": {"express": "4"}}"#),
        (
            "server.js",
            "const express = require('express');\nexpress().listen(process.env.SHOP_PORT, () => {});\n",
        ),
        ("Dockerfile", "FROM node:22\nENV SHOP_PORT=1350\nCMD [\"node\", \"server.js\"]\n"),
    ]);
    assert_eq!(express.port.as_ref().map(|fact| fact.value), Some(1350));
}

#[test]
fn an_image_in_compose_that_is_called_like_a_module_gives_its_port() {
    let module = |name: &str| {
        format!(
            "<project><artifactId>{name}</artifactId><version>1</version><dependencies>{BOOT}</dependencies></project>"
        )
    };
    let survey = surveyed(&[
        ("orders/pom.xml", &module("shop-orders")),
        ("orders/src/main/java/A.java", "@SpringBootApplication\n@RestController\nclass A {}\n"),
        ("stock/pom.xml", &module("shop-stock")),
        ("stock/src/main/java/B.java", "@SpringBootApplication\n@RestController\nclass B {}\n"),
        (
            "docker-compose.yml",
            "services:\n  orders:\n    image: acme/shop-orders\n    ports: [\"80:8081\"]\n  stock:\n    image: acme/shop-stock\n    ports: [\"81:8082\"]\n",
        ),
    ]);
    assert_eq!(service(&survey, "orders").port, Some(8081));
    assert_eq!(service(&survey, "stock").port, Some(8082));
}

#[test]
fn browser_code_among_the_sources_is_packed_into_the_application() {
    let survey = surveyed(&[
        (
            "pom.xml",
            &format!(
                "<project><artifactId>a</artifactId><version>1</version><dependencies>{BOOT}</dependencies></project>"
            ),
        ),
        ("src/main/java/A.java", "@SpringBootApplication\nclass A {}\n"),
        (
            "src/main/webui/package.json",
            r#"{"scripts": {"build": "vite build"}, "dependencies": {"react": "18"}, "devDependencies": {"vite": "5"}}"#,
        ),
        ("src/main/webui/index.html", "<!doctype html>"),
        ("src/main/webui/src/main.jsx", "render()"),
    ]);
    assert_eq!(services(&survey), [".:api"]);
}
