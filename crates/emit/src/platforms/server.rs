//! What the self-hosted platforms share: databases as containers, health checks that an image can run by itself, and
//! text that no format takes for syntax.

use siteplan_model::design::{DataPart, DataResource, ServicePlan, VariablePlan};
use siteplan_model::survey::ServiceKind;

use super::site::{Placed, Site, schedule};

/// The user and the database that a server is made with.
pub(super) const OWNER: &str = "app";

/// A database or cache as a container.
pub(super) struct Engine {
    /// The Survey's name.
    pub(super) id: &'static str,
    /// The image before its tag.
    pub(super) image: &'static str,
    /// The tag where no version was chosen.
    pub(super) tag: &'static str,
    /// Folder of its data inside the container; none for what keeps nothing.
    pub(super) data: Option<&'static str>,
    /// Plain variables of the container.
    pub(super) clear: &'static [(&'static str, &'static str)],
    /// The variable that holds its password; none where the private network is the guard.
    pub(super) password: Option<&'static str>,
    /// Arguments of the server.
    pub(super) command: &'static [&'static str],
    /// The program that tells whether it takes connections.
    pub(super) test: &'static str,
    /// Its address, with `{password}` and `{host}`.
    pub(super) url: &'static str,
    /// A shell line that writes a dump to `$FILE`, for what keeps data; `$HOST` is the server.
    pub(super) dump: Option<&'static str>,
}

const ENGINES: &[Engine] = &[
    Engine {
        id: "postgres",
        image: "postgres",
        tag: "17",
        data: Some("/var/lib/postgresql/data"),
        clear: &[("POSTGRES_USER", OWNER), ("POSTGRES_DB", OWNER)],
        password: Some("POSTGRES_PASSWORD"),
        command: &[],
        test: "pg_isready --username app --dbname app",
        url: "postgresql://app:{password}@{host}:5432/app",
        dump: Some(
            "PGPASSWORD=\"$POSTGRES_PASSWORD\" pg_dump --host \"$HOST\" --username app --format custom --file \"$FILE\" app",
        ),
    },
    Engine {
        id: "mysql",
        image: "mysql",
        tag: "8.4",
        data: Some("/var/lib/mysql"),
        clear: &[("MYSQL_USER", OWNER), ("MYSQL_DATABASE", OWNER), ("MYSQL_RANDOM_ROOT_PASSWORD", "yes")],
        password: Some("MYSQL_PASSWORD"),
        command: &[],
        test: "mysqladmin ping --host=127.0.0.1 --silent",
        url: "mysql://app:{password}@{host}:3306/app",
        dump: Some(
            "MYSQL_PWD=\"$MYSQL_PASSWORD\" mysqldump --host=\"$HOST\" --user=app --single-transaction --no-tablespaces --result-file=\"$FILE\" app",
        ),
    },
    Engine {
        id: "mariadb",
        image: "mariadb",
        tag: "11.4",
        data: Some("/var/lib/mysql"),
        clear: &[
            ("MARIADB_USER", OWNER),
            ("MARIADB_DATABASE", OWNER),
            ("MARIADB_RANDOM_ROOT_PASSWORD", "yes"),
        ],
        password: Some("MARIADB_PASSWORD"),
        command: &[],
        test: "healthcheck.sh --connect --innodb_initialized",
        url: "mysql://app:{password}@{host}:3306/app",
        dump: Some(
            "MYSQL_PWD=\"$MARIADB_PASSWORD\" mariadb-dump --host=\"$HOST\" --user=app --single-transaction --result-file=\"$FILE\" app",
        ),
    },
    Engine {
        id: "mongodb",
        image: "mongo",
        tag: "8",
        data: Some("/data/db"),
        clear: &[("MONGO_INITDB_ROOT_USERNAME", OWNER)],
        password: Some("MONGO_INITDB_ROOT_PASSWORD"),
        command: &[],
        test: "mongosh --quiet --eval 'db.runCommand({ ping: 1 }).ok' | grep --quiet 1",
        url: "mongodb://app:{password}@{host}:27017/app?authSource=admin",
        dump: Some(
            "mongodump --uri=\"mongodb://app:$MONGO_INITDB_ROOT_PASSWORD@$HOST:27017/?authSource=admin\" --gzip --archive=\"$FILE\"",
        ),
    },
    Engine {
        id: "redis",
        image: "redis",
        tag: "7",
        data: Some("/data"),
        clear: &[],
        password: None,
        command: &["redis-server", "--appendonly", "yes"],
        test: "redis-cli ping | grep --quiet PONG",
        url: "redis://{host}:6379/0",
        dump: None,
    },
    Engine {
        id: "valkey",
        image: "valkey/valkey",
        tag: "8",
        data: Some("/data"),
        clear: &[],
        password: None,
        command: &["valkey-server", "--appendonly", "yes"],
        test: "valkey-cli ping | grep --quiet PONG",
        url: "redis://{host}:6379/0",
        dump: None,
    },
    Engine {
        id: "memcached",
        image: "memcached",
        tag: "1.6",
        data: None,
        clear: &[],
        password: None,
        command: &[],
        test: "timeout 1 bash -c '</dev/tcp/127.0.0.1/11211'",
        url: "{host}:11211",
        dump: None,
    },
];

impl Engine {
    /// The image with its tag.
    pub(super) fn tagged(&self, data: &DataResource) -> String {
        format!("{}:{}", self.image, self.version(data))
    }

    fn version<'d>(&self, data: &'d DataResource) -> &'d str
    where
        'static: 'd,
    {
        let is_version = |text: &str| {
            text.starts_with(|c: char| c.is_ascii_digit())
                && text.chars().all(|c| c.is_ascii_digit() || c == '.')
        };
        // Valkey answers for Redis and numbers its versions apart.
        let is_own = self.id != "valkey" || data.engine == self.id;
        if is_own && is_version(&data.version) { &data.version } else { self.tag }
    }

    /// Folder of the data: from version 18 on the image of Postgres keeps each version in a folder of its own below.
    pub(super) fn folder(&self, data: &DataResource) -> Option<&'static str> {
        let major = self.version(data).split('.').next().and_then(|major| major.parse::<u32>().ok());
        let moved = self.id == "postgres" && major.is_some_and(|major| major >= 18);
        if moved { Some("/var/lib/postgresql") } else { self.data }
    }

    /// The address of a server at `host`, its password as the format writes a reference to it.
    pub(super) fn address(&self, host: &str, password: &str) -> String {
        self.url.replace("{host}", host).replace("{password}", password)
    }
}

impl Engine {
    /// A part of the address of a server at `host`, its password as the format writes a reference to it.
    pub(super) fn part(&self, wanted: DataPart, host: &str, password: &str) -> String {
        let port = self.port();
        let scheme = self.url.split("://").next().unwrap_or(self.id);
        match wanted {
            DataPart::Url => self.address(host, password),
            DataPart::Jdbc => format!(
                "jdbc:{}://{host}:{port}/{OWNER}",
                if self.id == "mariadb" { self.id } else { scheme }
            ),
            DataPart::Keywords if scheme == "mysql" => {
                format!("Server={host};Port={port};Database={OWNER};User ID={OWNER};Password={password}")
            }
            DataPart::Keywords => {
                format!("Host={host};Port={port};Database={OWNER};Username={OWNER};Password={password}")
            }
            DataPart::Host => host.to_owned(),
            DataPart::Port => port.to_owned(),
            DataPart::User | DataPart::Name => OWNER.to_owned(),
            DataPart::Password => password.to_owned(),
        }
    }

    /// The port of its address.
    pub(super) fn port(&self) -> &'static str {
        let after = self.url.split("{host}:").nth(1).unwrap_or_default();
        after.split('/').next().unwrap_or_default()
    }
}

/// Whether a value of a part holds the server's password.
pub(super) fn holds_password(engine: &Engine, part: DataPart) -> bool {
    engine.password.is_some() && matches!(part, DataPart::Url | DataPart::Keywords | DataPart::Password)
}

/// The databases and caches that run beside the application, each engine once.
pub(super) fn engines<'a>(site: &Site<'a>) -> Vec<(&'static Engine, &'a DataResource)> {
    let mut found: Vec<(&'static Engine, &'a DataResource)> = Vec::new();
    for data in site.own_data() {
        let engine = ENGINES.iter().find(|engine| engine.id == data.engine);
        if let Some(engine) = engine.filter(|engine| found.iter().all(|(known, _)| known.id != engine.id)) {
            found.push((engine, data));
        }
    }
    found
}

/// The engine beside the application whose address a variable holds.
pub(super) fn engine_of(site: &Site<'_>, variable: &VariablePlan) -> Option<&'static Engine> {
    let data = site.data_of(variable)?;
    ENGINES.iter().find(|engine| engine.id == data.engine)
}

/// A line that dumps a database each night under the name of the weekday, so that seven are kept.
pub(super) fn nightly_dump(engine: &Engine, host: &str, dump: &str) -> String {
    let id = engine.id;
    format!("while :; do HOST={host} FILE=\"/backups/{id}-$(date +%u).dump\"; {dump}; sleep 86400; done")
}

/// Whether a text is the time of a line in a crontab: five fields, none of them empty.
fn is_crontab_time(times: &str) -> bool {
    let is_time = |c: char| c.is_ascii_alphanumeric() || matches!(c, '*' | '/' | ',' | '-' | ' ');
    let mut fields = times.split(' ');
    times.chars().all(is_time) && fields.clone().count() == 5 && fields.all(|field| !field.is_empty())
}

/// When the server's `cron` starts a scheduled service: five fields, and nothing that could be more than that.
pub(super) fn times<'a>(placed: &Placed<'a>) -> Option<&'a str> {
    schedule(placed.plan).filter(|times| is_crontab_time(times))
}

/// The health path of a service that has one to check.
pub(super) fn health_path<'a>(site: &Site<'a>, placed: &Placed<'a>) -> Option<String> {
    let checked = matches!(placed.plan.kind, ServiceKind::Web | ServiceKind::Api);
    let path = placed.plan.health_path.as_deref().filter(|_| checked && site.design.health.included)?;
    let encoded: String = path
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'~' | b'-' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect();
    Some(format!("/{}", encoded.trim_start_matches('/')))
}

/// A check that the service's image can run by itself, because its runtime is in it; none for compiled programs, whose
/// image may hold nothing else.
pub(super) fn health_command(plan: &ServicePlan, path: &str) -> Option<Vec<String>> {
    let url = format!("http://127.0.0.1:{}{path}", plan.port);
    let fetch = "fetch(process.argv[1]).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))";
    let program: &[&str] = match plan.language.as_deref()? {
        "typescript" | "javascript" | "node" if plan.package_manager.as_deref() == Some("bun") => {
            &["bun", "-e", fetch]
        }
        "typescript" | "javascript" | "node" => &["node", "-e", fetch],
        "python" => {
            &["python", "-c", "import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=5)"]
        }
        "ruby" => {
            &["ruby", "-rnet/http", "-e", "exit Net::HTTP.get_response(URI(ARGV[0])).is_a?(Net::HTTPSuccess)"]
        }
        "php" => &["php", "-r", "exit(@file_get_contents($argv[1]) === false ? 1 : 0);", "--"],
        _ => return None,
    };
    Some(program.iter().map(|part| (*part).to_owned()).chain(std::iter::once(url)).collect())
}

#[cfg(test)]
mod tests {
    use super::is_crontab_time;

    #[test]
    fn blanks_are_no_fields_of_a_time() {
        assert!(is_crontab_time("0 3 * * 1-5"));
        for times in ["    x", "0  3 * *", "0 3 * *", "@daily", "0 3 * * * *"] {
            assert!(!is_crontab_time(times), "{times:?}");
        }
    }
}
