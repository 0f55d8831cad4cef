//! Three whole designs, made by hand: the `design` crate is not needed to test what is written from one.

use serde_json::{Value, json};
use siteplan_model::design::Design;

/// A Next.js application with Postgres on Render, staging and production, GitHub Actions.
pub(crate) fn next_on_render() -> Design {
    typed(render())
}

/// A Python interface with a worker on ECS, GitHub Actions with an identity token.
pub(crate) fn api_and_worker_on_ecs() -> Design {
    let mut design = render();
    merge(
        &mut design,
        json!({
            "application": {"name": "Ledger API", "slug": "ledger", "app_type": "web-api",
                "technology": "Python 3.12, FastAPI", "doubts": []},
            "platform": {"id": "aws-ecs-fargate", "name": "AWS ECS on Fargate", "philosophy": "container-cloud",
                "complexity": "high", "effort": {"resources": 9, "files": 4, "credentials": 1, "tools": 2},
                "reference": "https://docs.aws.amazon.com/ecs/", "notices": []},
            "topology": {"components": [
                person(), {"name": "load balancer", "role": "edge", "technology": "Application Load Balancer",
                    "hosted_on": "AWS", "plan": "", "instances": 1, "service": null, "evidence": null},
                {"name": "api", "role": "app", "technology": "FastAPI on Python 3.12", "hosted_on": "ECS on Fargate",
                    "plan": "0.5 vCPU, 1 GB", "instances": 2, "evidence": "api/main.py:1", "service": service(json!({
                        "slug": "api", "kind": "api", "language": "python", "language_version": "3.12",
                        "framework": "fastapi", "package_manager": "uv", "port": 8000, "size": "512-1024",
                        "vcpu": 0.5, "memory_mb": 1024, "dockerfile": "Dockerfile", "needs_image": true,
                        "health_path": "/health", "migrate": "alembic upgrade head",
                        "commands": {"install": "uv sync --locked", "test": "uv run pytest",
                            "start": "uvicorn api.main:app --host 0.0.0.0 --port 8000"}}))},
                {"name": "worker", "role": "app", "technology": "Celery on Python 3.12", "hosted_on": "ECS on Fargate",
                    "plan": "0.25 vCPU, 0.5 GB", "instances": 1, "evidence": "worker/tasks.py:4",
                    "service": service(json!({"slug": "worker", "kind": "worker", "language": "python",
                        "language_version": "3.12", "framework": "celery", "package_manager": "uv", "port": 0,
                        "size": "256-512", "vcpu": 0.25, "memory_mb": 512, "dockerfile": "Dockerfile",
                        "needs_image": true, "health_path": null, "migrate": null,
                        "commands": {"install": "uv sync --locked", "start": "celery -A worker.tasks worker"}}))},
                {"name": "postgres", "role": "database", "technology": "PostgreSQL 16", "hosted_on": "Amazon RDS",
                    "plan": "db.t4g.micro", "instances": 1, "service": null, "evidence": null},
                {"name": "redis", "role": "cache", "technology": "Valkey 8", "hosted_on": "ElastiCache",
                    "plan": "cache.t4g.micro", "instances": 1, "service": null, "evidence": null}],
                "edges": [{"from": "People", "to": "load balancer", "label": "HTTPS"},
                    {"from": "load balancer", "to": "api", "label": "HTTP"},
                    {"from": "api", "to": "postgres", "label": "SQL"}, {"from": "api", "to": "redis", "label": "RESP"},
                    {"from": "worker", "to": "redis", "label": "RESP"},
                    {"from": "worker", "to": "postgres", "label": "SQL"}]},
            "delivery": {"pipeline": ecs_pipeline(), "ci_secrets": [],
                "ci_variables": [{"name": "AWS_ROLE_ARN", "purpose": "role that the pipeline takes on"},
                    {"name": "AWS_REGION", "purpose": "region"}],
                "deploy_commands": [{"purpose": "deploy the image",
                    "line": "aws ecs update-service --cluster ledger --service api --force-new-deployment"}]},
            "database": {"hosting": "Amazon RDS for PostgreSQL", "plan": "db.t4g.micro", "plan_id": "db.t4g.micro"}
        }),
    );
    typed(design)
}

/// A front end without a database on Vercel, production only, deployed by hand.
pub(crate) fn front_end_on_vercel() -> Design {
    let mut design = render();
    merge(
        &mut design,
        json!({
            "application": {"name": "Brochure", "slug": "brochure", "app_type": "frontend",
                "technology": "Vite 7, React 19", "doubts": []},
            "platform": {"id": "vercel", "name": "Vercel", "philosophy": "frontend-cloud", "complexity": "very-low",
                "reference": "https://vercel.com/docs", "notices": []},
            "topology": {"components": [person(), {"name": "web", "role": "app", "technology": "Vite 7",
                    "hosted_on": "Vercel", "plan": "Pro", "instances": 1, "evidence": "package.json:7",
                    "service": service(json!({"slug": "web", "kind": "static", "framework": "vite", "static_output": "dist",
                        "migrate": null, "size": "static", "vcpu": 0.0, "memory_mb": 0,
                        "commands": {"install": "npm ci", "build": "npm run build", "test": "npm test"}}))}],
                "edges": [{"from": "People", "to": "web", "label": "HTTPS"}]},
            "delivery": {"automatic": false, "production_approval": false, "pipeline_path": "deploy/",
                "ci_secrets": [], "pipeline": {"jobs": [vercel_deploy_job()]}},
            "environments": {"list": [environment("production", "https://brochure.vercel.app", 20)], "variables": []},
            "database": null,
            "secrets": {"required": [], "set_command": null},
            "health": {"included": false, "found_at": null, "fields": [], "platform_check": [], "without_http": []},
            "warnings": [], "hard_to_undo": []
        }),
    );
    typed(design)
}

fn typed(design: Value) -> Design {
    serde_json::from_value(design).expect("the sample is a Design")
}

/// A web service, a worker and a job with a database and a cache, on any platform, in sizes and plans that it has.
pub(crate) fn everything_on(platform: &str) -> Design {
    let (size, database, cache, region) = match platform {
        "render" => ("starter", "basic-256mb", "starter", "frankfurt"),
        "fly" => ("shared-cpu-1x-512mb", "basic", "free", "iad"),
        "digitalocean-app-platform" => ("apps-s-1vcpu-0.5gb", "db-s-1vcpu-1gb", "db-s-1vcpu-1gb", "fra"),
        "heroku" => ("basic", "essential-0", "mini", "us"),
        "cloudflare" => ("basic", "small", "small", "earth"),
        _ => ("small", "small", "small", "eu-central-1"),
    };
    let kind = |slug: &str, kind: &str, command: &str| {
        json!({"name": slug, "role": "app", "technology": "", "hosted_on": "", "plan": size, "instances": 2, "evidence": null,
            "service": service(json!({"slug": slug, "kind": kind, "size": size, "port": 3000, "platform": platform,
                "vcpu": 0.5, "memory_mb": 512, "schedule": "0 3 * * *",
                "migrate": if kind == "web" { json!("pnpm prisma migrate deploy") } else { Value::Null },
                "health_path": if kind == "web" { json!("/api/health") } else { Value::Null },
                "probe_path": if kind == "web" { json!("/api/health") } else { Value::Null },
                "released_with": if kind == "web" { Value::Null } else { json!("web") },
                "commands": {"start": command}}))})
    };
    let data = |engine: &str, is_cache: bool, plan: &str| json!({"engine": engine, "is_cache": is_cache, "plan_id": plan, "version": "16", "storage_gb": 5, "same_platform": true});
    let mut design = render();
    merge(
        &mut design,
        json!({
            "platform": {"id": platform, "region": region},
            "topology": {"components": [person(), kind("web", "web", "pnpm start"), kind("worker", "worker", "node worker.js"),
                kind("nightly", "cron", "node nightly.js")], "edges": []},
            "data": [data("postgres", false, database), data("redis", true, cache)],
            "environments": {"variables": [
                {"name": "DATABASE_URL", "secret": true, "required": true, "when": "run", "stored_in": "", "values": {},
                    "read_by": null, "data": "postgres", "wired": true},
                {"name": "REDIS_URL", "secret": true, "required": true, "when": "run", "stored_in": "", "values": {},
                    "read_by": null, "data": "redis", "wired": true},
                {"name": "STRIPE_API_KEY", "secret": true, "required": true, "when": "run", "stored_in": "", "values": {}, "read_by": null},
                {"name": "APP_URL", "secret": false, "required": true, "when": "run", "stored_in": "", "values": {}, "read_by": null,
                    "literals": {"staging": "https://staging.example", "production": "https://example"}},
                {"name": "LOG_LEVEL", "secret": false, "required": false, "when": "run", "stored_in": "", "values": {}, "read_by": null,
                    "literals": {"staging": "info", "production": "info"}}]}
        }),
    );
    typed(design)
}

/// The design for another code host.
pub(crate) fn on_host(design: &Design, host: &str) -> Design {
    let mut value = serde_json::to_value(design).expect("a Design serialises");
    let path = match host {
        "github" => ".github/workflows/deploy.yml",
        "gitlab" => ".gitlab-ci.yml",
        "bitbucket" => "bitbucket-pipelines.yml",
        _ => "deploy/",
    };
    let rollback = (host == "github").then_some(".github/workflows/rollback.yml");
    let delivery =
        json!({"code_host": host, "automatic": true, "pipeline_path": path, "rollback_path": rollback});
    merge(&mut value, json!({"delivery": delivery}));
    typed(value)
}

/// Objects key by key, everything else replaced.
fn merge(into: &mut Value, other: Value) {
    match (into, other) {
        (Value::Object(into), Value::Object(other)) => {
            for (key, value) in other {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, other) => *into = other,
    }
}

fn render() -> Value {
    json!({
        "schema": "siteplan/design@1",
        "application": {"name": "Ticket Shop", "slug": "ticket-shop", "app_type": "full-stack", "planned": false,
            "technology": "TypeScript 5.9, Next.js 15.1",
            "doubts": ["two lock files; took pnpm (`packageManager` in `package.json:4` says so), npm is the runner-up"]},
        "date": "2026-11-22", "author": "siteplan", "spec_path": "specs",
        "gates": [
            gate("app_type", "Full-stack web application", "detected", "terminal", Some("Next.js 15.1 at `package.json:14`")),
            gate("expertise", "Beginner", "person", "terminal", None),
            gate("budget", "$10–50 a month", "flag", "flag", None),
            gate("database", "on Render", "default", "default", Some("Render has one that lasts")),
        ],
        "settings": {"region": "frankfurt"},
        "platform": {"id": "render", "name": "Render", "philosophy": "managed-paas", "complexity": "low",
            "effort": {"resources": 2, "files": 1, "credentials": 1, "tools": 0},
            "confidence": "high", "support": 0.83, "wins": 0.61, "recommended": true,
            "reasons": ["Matches your expertise: you are a beginner, and there is one file to keep",
                "Fits the budget: $27 expected of at most $50 a month",
                "Runs Next.js and a Postgres that lasts on one bill"],
            "pros": ["Servers and database in one place"], "cons": ["Five regions"], "violates": [],
            "alternatives": [{"id": "vercel", "name": "Vercel", "confidence": "medium",
                "monthly_usd": {"low": 20, "expected": 26, "high": 41}, "complexity": "very-low",
                "because": "the database would be a second service to pay and to watch",
                "reference": "https://vercel.com/docs"}],
            "would_change": [{"if": {"app_type": "frontend"}, "then": "vercel",
                "because": "Without a database the front-end cloud is simpler."}],
            "names": {"vercel": "Vercel"},
            "certainty": "It leads in most scenarios.", "reference": "https://render.com/docs",
            "notices": ["Plan ids changed in 2026; older names are still accepted"]},
        "topology": {"components": [
            person(),
            {"name": "web", "role": "app", "technology": "Next.js 15 on Node.js 22", "hosted_on": "Render",
                "plan": "0.5 vCPU, 512 MB", "instances": 1, "evidence": "package.json:14",
                "service": service(json!({}))},
            {"name": "postgres", "role": "database", "technology": "PostgreSQL 16", "hosted_on": "Render Postgres",
                "plan": "0.1c-256mb", "instances": 1, "service": null, "evidence": "prisma/schema.prisma:6"},
            {"name": "Stripe", "role": "external", "technology": "payments", "hosted_on": "Stripe", "plan": "",
                "instances": 1, "service": null, "evidence": "src/pay.ts:3"}],
            "edges": [{"from": "People", "to": "web", "label": "HTTPS"},
                {"from": "web", "to": "postgres", "label": "SQL"},
                {"from": "web", "to": "Stripe", "label": "HTTPS"}]},
        "delivery": {"scripts": scripts(), "automatic": true, "code_host": "github", "ci_name": "GitHub Actions",
            "pipeline_path": ".github/workflows/deploy.yml", "branch": "main", "production_approval": true,
            "approval_note": "Required reviewers on a private repository need GitHub Enterprise.",
            "workflow": ["A developer pushes to `main`", "GitHub Actions runs `pnpm test` with Postgres 16 beside it",
                "Staging is deployed and asked for `/api/health`", "A person approves; production is deployed"],
            "pipeline": render_pipeline(),
            "deploy_commands": [{"purpose": "deploy the latest commit of the branch",
                "line": "render deploys create srv-web --wait --confirm"}],
            "ci_secrets": [{"name": "RENDER_API_KEY", "purpose": "starts deploys"}], "ci_variables": [],
            "existing_ci": null, "ci_cost_note": "$0 (within the 2,000 free minutes of GitHub Actions)",
            "gaps": ["no lint command was found"], "freeze_window": null,
            "only_one_deployer": "`autoDeployTrigger` is `off` in `render.yaml`, so that only the pipeline deploys."},
        "environments": {"because": "Staging is the recommended minimum for an application with users.",
            "list": [environment("staging", "https://ticket-shop-staging.onrender.com", 13),
                environment("production", "https://ticket-shop.onrender.com", 14)],
            "variables": [
                variable("DATABASE_URL", true, "connection string of the Render database"),
                variable("STRIPE_API_KEY", true, "set by a person"),
                variable("NODE_ENV", false, "production")]},
        "database": {"engine": "postgres", "kind": "PostgreSQL 16", "hosting": "Render Postgres",
            "plan": "0.1c-256mb", "plan_id": "0.1c-256mb", "version": "16",
            "version_because": "`compose.yaml:5` uses it", "evidence": "prisma/schema.prisma:6",
            "connections": 97, "storage_gb": 5,
            "migrations": {"tool": "Prisma", "automatic": true, "when": "before the new code starts",
                "command": "pnpm prisma migrate deploy", "status_command": "pnpm prisma migrate status",
                "rollback": ["Prisma has no down migrations: write the reverse as a new migration"],
                "found": "23 migrations in `prisma/migrations`"},
            "backups": {"provider": "Render", "frequency": "continuous, point in time", "retention": "3 days",
                "restore_test": "restore into a new database once a quarter",
                "source": "https://render.com/docs/postgresql-backups"},
            "cautions": [], "others": []},
        "secrets": {"storage": "Render environment variables", "required": [
                {"name": "DATABASE_URL", "purpose": "connection string", "generate": null, "read_by": "src/db.ts:3"},
                {"name": "SESSION_SECRET", "purpose": "signs sessions", "generate": "openssl rand -hex 32",
                    "read_by": "src/session.ts:9"}],
            "set_command": {"purpose": "Set one in the dashboard, or", "line": "render env set NAME"},
            "rotation": [{"name": "Database credentials", "purpose": "every quarter, and when somebody leaves"},
                {"name": "API keys", "purpose": "as the provider asks"},
                {"name": "Process", "purpose": "by hand: make the new value, deploy, revoke the old one"}],
            "viewers": "members of the workspace", "access": "the dashboard, Environment", "cost_note": null},
        "rollback": {"criteria": ["The health check fails for 5 minutes", "More than 5 % of requests fail",
                "A critical bug is reported"],
            "decided_by": "the team lead approves", "notify": "the team",
            "automatic": "A release whose health check fails does not replace the running one.",
            "commands": [{"purpose": "go back to the deploy before", "line": "render rollback srv-web --to \"$PREVIOUS\""}],
            "dashboard": "Events, the deploy, Rollback", "verify": [{"purpose": "must answer 200",
                "line": "curl --fail https://ticket-shop.onrender.com/api/health"}],
            "database": ["Code goes back, the schema stays"], "traps": ["Automatic deploys stay off until switched on again"],
            "target_minutes": 5},
        "health": {"included": true, "path": "/api/health", "found_at": "app/api/health/route.ts:1",
            "fields": ["database", "version", "uptime", "timestamp"], "interval_seconds": 30, "timeout_seconds": 5,
            "failure_threshold": 3, "platform_check": ["Render asks `healthCheckPath` and restarts after 60 seconds of failures"],
            "without_http": [], "monitors": [{"purpose": "Error tracking", "tool": "Sentry, free plan",
                "because": "`@sentry/nextjs` is in `package.json:20`"}]},
        "cost": {"lines": [
                line("web", "staging", "0.5c-512mb", 7.0), line("web", "production", "0.5c-512mb", 7.0),
                line("postgres", "staging", "0.1c-256mb", 6.0), line("postgres", "production", "0.1c-256mb", 7.0)],
            "total": {"low": 26, "expected": 27, "high": 31},
            "loads": [load(1, 80, 27), load(2, 160, 27), load(10, 800, 52)],
            "assumptions": [{"key": "requests_per_user", "name": "Requests of one user a month", "low": 100.0,
                "expected": 600.0, "high": 2000.0, "unit": "requests", "reason": "own estimate"}],
            "budget": {"ceiling": 50, "within": true, "surely_within": true,
                "summary": "Within the budget of $50 even if everything turns out dear."}},
        "estimates": {"deploy_minutes_low": 4, "deploy_minutes_high": 7, "deploy_because": "install, build, test and release",
            "capacity_users": 4000, "capacity_requests_per_second": 25.0, "capacity_because": "25 requests a second on half a vCPU"},
        "checklists": {"before": [{"item": "All tests passing locally", "detail": "`pnpm test`"},
                {"item": "Environment variables configured", "detail": "`DATABASE_URL`, `SESSION_SECRET`"}],
            "after": [{"item": "Health check returns 200", "detail": "`/api/health`"}, {"item": "Smoke tests passed", "detail": ""}]},
        "risks": [{"title": "A migration fails", "probability": "Medium", "impact": "High (the deployment stops)",
            "mitigation": "Staging migrates first", "because": "3 of 23 migrations cannot be reversed"}],
        "future": {"scale": ["Move web to 1c-2g"], "team": ["Preview environments"]},
        "hard_to_undo": ["The platform: moving means a new configuration and a database dump"],
        "next_steps": [{"title": "Implement deployment pipeline", "commands": ["siteplan generate"], "note": null},
            {"title": "Test deployment", "commands": ["git push origin main"], "note": "Staging first"}],
        "warnings": ["`STRIPE_API_KEY` has no value for staging yet."],
        "sources": [{"fact": "Render 512 MB for $7", "source": "https://render.com/pricing", "seen": "2026-11-22",
            "grade": "transcribed"}]
    })
}

fn person() -> Value {
    json!({"name": "People", "role": "user", "technology": "", "hosted_on": "", "plan": "", "instances": 1,
        "service": null, "evidence": null})
}

fn service(changes: Value) -> Value {
    let mut service = json!({"slug": "web", "path": ".", "kind": "web", "language": "node", "language_version": "22",
        "framework": "next", "package_manager": "pnpm", "port": 3000, "dockerfile": null, "needs_image": false,
        "static_output": null, "schedule": null, "size": "0.5c-512mb", "vcpu": 0.5, "memory_mb": 512,
        "health_path": "/api/health", "migrate": "pnpm prisma migrate deploy",
        "commands": {"install": "pnpm install --frozen-lockfile", "build": "pnpm build", "test": "pnpm test",
            "start": "pnpm start"}});
    merge(&mut service, changes);
    service
}

fn gate(key: &str, answer: &str, provenance: &str, channel: &str, because: Option<&str>) -> Value {
    json!({"gate": key, "question": "", "answer": answer, "provenance": provenance, "channel": channel, "because": because})
}

fn environment(name: &str, url: &str, usd: u32) -> Value {
    json!({"name": name, "url": url, "purpose": "Serves people", "trigger": "the pipeline", "made_by": "the blueprint",
        "monthly_usd": {"low": usd, "expected": usd, "high": usd}})
}

fn variable(name: &str, secret: bool, value: &str) -> Value {
    json!({"name": name, "secret": secret, "required": true, "when": "run", "stored_in": "Render environment variables",
        "values": {"staging": value, "production": value}, "read_by": "src/env.ts:3"})
}

fn line(component: &str, environment: &str, item: &str, usd: f64) -> Value {
    json!({"component": component, "environment": environment, "item": item, "quantity": 1.0, "unit": "instance-month",
        "unit_price": usd, "included": 0.0, "monthly": {"low": usd, "expected": usd, "high": usd},
        "source": "https://render.com/pricing", "seen": "2026-11-22"})
}

fn load(factor: u32, users: u32, usd: u32) -> Value {
    json!({"factor": factor, "users": users, "requests_per_month": users * 600,
        "monthly": {"low": usd, "expected": usd, "high": usd}, "changes": []})
}

/// One script of each kind of action.
pub(crate) fn scripts() -> Value {
    let environments = json!([{"name": "staging", "values": {"APP_URL": "https://staging.example"}},
        {"name": "production", "values": {}}]);
    let script = |name: &str,
                  purpose: &str,
                  environments: &Value,
                  options: Value,
                  needs: Value,
                  actions: Value| {
        json!({"name": name, "purpose": purpose, "environments": environments, "options": options, "needs": needs,
            "defaults": {}, "beside": [], "tools": ["git"], "limit_seconds": 60, "actions": actions})
    };
    let address =
        json!([{"name": "APP_URL", "purpose": "address", "secret": false, "environments": ["production"]}]);
    json!([
        script(
            "test",
            "test the code",
            &json!([]),
            json!([]),
            json!([]),
            json!([
            {"action": "command", "purpose": "Install", "command": "npm ci", "directory": "."},
            {"action": "command", "purpose": "Test", "command": "npm test -- \"$(date)\"; :", "directory": "web"}])
        ),
        script(
            "freeze",
            "stop while frozen",
            &environments,
            json!([]),
            json!([]),
            json!([
            {"action": "freeze", "environments": ["production"],
                "window": {"text": "Fri 15:00-Mon 08:00 UTC", "from": 6660, "until": 480, "zone": "UTC"}}])
        ),
        script(
            "previous",
            "keep what serves",
            &environments,
            json!([]),
            json!([]),
            json!([
            {"action": "record", "purpose": "id of the release", "variable": "PREVIOUS_ID",
                "lookup": {"line": "platform serving", "pick": "jq --raw-output '.id // empty'"}},
            {"action": "record", "purpose": "hash of its commit", "variable": "PREVIOUS_COMMIT",
                "lookup": {"line": "platform commit"}, "history": {"line": "platform commits"}}])
        ),
        script(
            "deploy",
            "release",
            &environments,
            json!([]),
            json!([
            {"name": "TOKEN", "purpose": "lets it in", "secret": true, "environments": []}]),
            json!([
            {"action": "prepare", "purpose": "name the commit", "line": "COMMIT=1"},
            {"action": "run", "purpose": "release it", "line": "printf '%s\\n' \"$COMMIT-$ENVIRONMENT\""},
            {"action": "keep-address", "purpose": "make a copy", "variable": "COPY_URL", "environments": ["staging"],
                "line": "printf 'Inspect: x\\nhttps://copy.example\\n'"}])
        ),
        script(
            "verify",
            "ask",
            &environments,
            json!([{"word": "returned", "meaning": "the commit that was returned to"}]),
            address,
            json!([
            {"action": "prepare", "purpose": "name the commit", "line": "COMMIT=\"${COMMIT:-$(git rev-parse HEAD)}\""},
            {"action": "smoke", "purpose": "smoke test", "address": "\"$APP_URL\"/health"}])
        ),
        script(
            "verify-copy",
            "ask the copy",
            &environments,
            json!([]),
            json!([]),
            json!([
            {"action": "prepare", "purpose": "name the commit", "line": "COMMIT=1"},
            {"action": "smoke", "purpose": "smoke test", "address": "\"$COPY_URL\"/health", "kept": "COPY_URL"}])
        ),
        script(
            "rollback",
            "return",
            &environments,
            json!([{"word": "recorded", "meaning": "the release that was kept"}]),
            json!([]),
            json!([
            {"action": "prepare", "purpose": "name the commit", "line": "COMMIT=\"$(git rev-parse HEAD)\""},
            {"action": "recall", "purpose": "id of the release", "variable": "PREVIOUS_ID",
                "history": {"line": "platform releases"}, "list": ["platform list"], "required": true},
            {"action": "recall", "purpose": "hash of its commit", "variable": "PREVIOUS_COMMIT",
                "derived": {"line": "platform commit-of \"$PREVIOUS_ID\""}, "required": false},
            {"action": "migration-guard", "paths": ["db/migrate"], "call": "team lead"},
            {"action": "run", "purpose": "return", "line": "printf 'back to %s\\n' \"$PREVIOUS_ID\""},
            {"action": "await", "purpose": "wait until it serves", "line": "platform state", "good": ["live"],
                "bad": ["failed"], "seconds": 20},
            {"action": "returned"}])
        )
    ])
}

fn render_pipeline() -> Value {
    json!({"name": "Deploy to Render", "triggers": {"branch": "main", "pull_requests": true, "manual": true}, "jobs": [
        {"id": "test", "name": "Test", "purpose": "test", "needs": [], "occasion": "branch-and-pull-requests", "environment": null,
            "permissions": ["read-code"], "timeout_minutes": 15,
            "services": [{"name": "postgres", "image": "postgres:16", "port": 5432,
                "env": {"POSTGRES_PASSWORD": "test"}, "health_command": "pg_isready"}],
            "env": {"DATABASE_URL": {"literal": "postgres://postgres:test@localhost:5432/postgres"}},
            "steps": [{"step": "checkout"},
                {"step": "runtime", "runtime": "node", "version": "22", "package_manager": "pnpm", "image": "node:22"},
                {"step": "run", "name": "Install", "command": "pnpm install --frozen-lockfile", "directory": "."},
                {"step": "run", "name": "Test", "command": "pnpm test", "directory": "."}]},
        deploy_job("deploy-staging", "staging", "test", false), deploy_job("deploy-production", "production", "deploy-staging", true)]})
}

fn deploy_job(id: &str, environment: &str, needs: &str, approval: bool) -> Value {
    json!({"id": id, "name": format!("Deploy to {environment}"), "purpose": "deploy", "needs": [needs],
        "permissions": ["read-code"], "timeout_minutes": 20, "services": [],
        "environment": {"name": environment, "url": "https://ticket-shop.onrender.com", "approval": approval},
        "env": {"RENDER_API_KEY": {"secret": "RENDER_API_KEY"}, "SERVICE": {"variable": "RENDER_SERVICE"}},
        "steps": [{"step": "checkout"},
            {"step": "run", "name": "Deploy", "command": "render deploys create \"$SERVICE\" --wait --confirm", "directory": "."},
            {"step": "script", "name": "Verify", "id": "verify", "script": "verify", "arguments": [{"word": environment}]},
            {"step": "script", "name": "Roll back", "id": "rollback", "script": "rollback",
                "arguments": [{"word": environment}, {"word": "recorded"}], "when": {"failed-any": ["verify"]}},
            {"step": "script", "name": "Verify again", "id": "verify-again", "script": "verify",
                "arguments": [{"word": environment}], "when": {"succeeded-after-failure": "rollback"}}]})
}

fn vercel_deploy_job() -> Value {
    json!({"id": "deploy-production", "name": "Deploy to production", "purpose": "deploy", "needs": [],
        "permissions": ["read-code"], "timeout_minutes": 20, "services": [],
        "environment": {"name": "production", "url": null, "approval": false},
        "env": {"VERCEL_TOKEN": {"secret": "VERCEL_TOKEN"}},
        "steps": [{"step": "run", "name": "Deploy", "command": "vercel deploy --prod", "directory": "."}]})
}

fn ecs_pipeline() -> Value {
    json!({"name": "Deploy to AWS ECS on Fargate", "triggers": {"branch": "main", "pull_requests": true, "manual": false}, "jobs": [
        {"id": "test", "name": "Test", "purpose": "test", "needs": [], "occasion": "branch-and-pull-requests", "environment": null,
            "permissions": ["read-code"], "timeout_minutes": 15, "services": [], "env": {},
            "steps": [{"step": "checkout"},
                {"step": "runtime", "runtime": "python", "version": "3.12", "package_manager": "uv", "image": "python:3.12"},
                {"step": "run", "name": "Test", "command": "uv sync --locked && uv run pytest", "directory": "api"}]},
        {"id": "build", "name": "Build the image", "purpose": "build", "needs": ["test"],
            "environment": null, "permissions": ["read-code", "identity-token"], "timeout_minutes": 20, "services": [],
            "env": {"AWS_REGION": {"variable": "AWS_REGION"}},
            "steps": [{"step": "checkout"}, {"step": "cloud-login", "cloud": "aws"},
                {"step": "run", "name": "Build and push", "command": "docker build -t \"$IMAGE\" .\ndocker push \"$IMAGE\"", "directory": "."}]},
        {"id": "deploy-production", "name": "Deploy to production", "purpose": "deploy", "needs": ["build"],
            "permissions": ["read-code", "identity-token"], "timeout_minutes": 20, "services": [],
            "environment": {"name": "production", "url": null, "approval": true}, "env": {},
            "steps": [{"step": "checkout"}, {"step": "cloud-login", "cloud": "aws"},
                {"step": "run", "name": "Deploy", "command": "aws ecs wait services-stable --cluster ledger --services api", "directory": "."}]}]})
}
