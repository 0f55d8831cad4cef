//! A variable's name → the database or cache whose address it holds, or which part of that, and whether the platform gives it.

use siteplan_catalog::signals::Engine;
use siteplan_cost::PlacedData;
use siteplan_model::design::DataPart;

use crate::database;
use crate::ground::Ground;

/// What the last word of a name says of its value.
const PARTS: [(&str, DataPart); 19] = [
    ("HOST", DataPart::Host),
    ("HOSTNAME", DataPart::Host),
    ("SERVER", DataPart::Host),
    ("PORT", DataPart::Port),
    ("USER", DataPart::User),
    ("USERNAME", DataPart::User),
    ("PASSWORD", DataPart::Password),
    ("PASSWD", DataPart::Password),
    ("PASS", DataPart::Password),
    ("NAME", DataPart::Name),
    ("DBNAME", DataPart::Name),
    ("DB", DataPart::Name),
    ("DATABASE", DataPart::Name),
    ("URL", DataPart::Url),
    ("URI", DataPart::Url),
    ("DSN", DataPart::Url),
    ("ADDR", DataPart::Host),
    ("CONNSTRING", DataPart::Keywords),
    ("CONNECTIONSTRING", DataPart::Keywords),
];

/// Words of names that speak of another database than the one that the application serves its users from.
const OTHERS: [&str; 11] = [
    "TEST",
    "TESTS",
    "SHADOW",
    "REPLICA",
    "READONLY",
    "ROOT",
    "ADMIN",
    "LEGACY",
    "ANALYTICS",
    "BACKUP",
    "E2E",
];

/// Languages whose drivers take addresses of JDBC.
const OF_JDBC: [&str; 5] = ["java", "kotlin", "scala", "groovy", "clojure"];

/// Words of a Spring data source, which is always one of JDBC.
const DATASOURCE: &str = "DATASOURCE";

/// What a variable holds.
#[derive(Clone, Copy)]
pub(crate) struct Address<'a> {
    /// The database or cache.
    pub(crate) data: &'a PlacedData,
    /// The part of its address.
    pub(crate) part: DataPart,
}

/// What a variable holds by its name; none where it holds no address of a data service in the plan.
pub(crate) fn of<'a>(ground: &Ground<'a>, name: &str) -> Option<Address<'a>> {
    if let Some(data) = whole(ground, name) {
        return Some(Address { data, part: form(ground, name) });
    }
    let words = words(name);
    if words.iter().any(|word| OTHERS.contains(&word.as_str())) {
        return None;
    }
    // `ConnectionStrings__Default` of .NET: what stands behind is only a name.
    if let [first, second, rest @ ..] = words.as_slice()
        && (first == "CONNECTION" && second == "STRINGS")
    {
        let data = named(ground, rest).or_else(|| main(ground, rest))?;
        let part = if data.is_cache { DataPart::Url } else { DataPart::Keywords };
        return Some(Address { data, part });
    }
    let (last, before) = words.split_last()?;
    let (_, part) = PARTS.iter().find(|(word, _)| word == last)?;
    let rules = &ground.catalog.signals.variables;
    let speaks = |word: &String| word == DATASOURCE || rules.database_words.contains(word);
    let data = match named(ground, before) {
        Some(data) => data,
        None if before.iter().any(speaks) => main(ground, before)?,
        None => return None,
    };
    let part = match part {
        DataPart::Url => form(ground, name),
        // The databases of a cache have numbers.
        DataPart::Name if data.is_cache => return None,
        part => *part,
    };
    Some(Address { data, part })
}

/// The database or cache of which a variable holds the whole address, by one of the names that its engine is known by.
pub(crate) fn whole<'a>(ground: &Ground<'a>, name: &str) -> Option<&'a PlacedData> {
    ground.quote.data.iter().find(|data| {
        let facts = ground.catalog.runtimes.engine(&data.engine);
        facts.is_some_and(|facts| facts.variables.iter().any(|variable| variable == name))
    })
}

/// The form of a whole address: as the default says that stands in the code, else as the language's drivers take it.
fn form(ground: &Ground<'_>, name: &str) -> DataPart {
    let variable = ground.survey.environment.iter().find(|variable| variable.name == name);
    let default = variable.and_then(|variable| variable.default.as_deref()).unwrap_or_default();
    let language = ground.survey.main_service().and_then(|service| service.language.as_deref());
    let jvm = language.is_some_and(|language| OF_JDBC.contains(&language));
    let words = words(name);
    let says = |word: &str| words.iter().any(|known| known == word);
    if default.starts_with("jdbc:") || says("JDBC") || says(DATASOURCE) && jvm {
        DataPart::Jdbc
    } else if default.contains("://") || !default.contains(';') {
        DataPart::Url
    } else {
        DataPart::Keywords
    }
}

/// The data service of which a word of a name speaks.
fn named<'a>(ground: &Ground<'a>, words: &[String]) -> Option<&'a PlacedData> {
    let rows = || ground.catalog.signals.databases.iter().chain(&ground.catalog.signals.caches);
    let speaks = |row: &&Engine| words.iter().any(|word| row.words.contains(word));
    rows().filter(speaks).find_map(|row| {
        ground.quote.data.iter().find(|data| {
            // A driver of one engine may be what speaks to another.
            let alike =
                rows().any(|other| other.id == data.engine && other.speaks_as.as_ref() == Some(&row.id));
            data.engine == row.id || alike
        })
    })
}

/// The database of the application, unless the words speak of an engine or a thing that is another.
fn main<'a>(ground: &Ground<'a>, words: &[String]) -> Option<&'a PlacedData> {
    let rows = ground.catalog.signals.databases.iter().chain(&ground.catalog.signals.caches);
    let other = rows.into_iter().any(|row| words.iter().any(|word| row.words.contains(word)));
    let foreign = &ground.catalog.signals.variables.foreign_words;
    let elsewhere = words.iter().any(|word| foreign.contains(word));
    if other || elsewhere { None } else { ground.placed_database() }
}

/// The words of a name in capitals: between signs, and between a small letter and a capital one. libpq writes its own together.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut small = false;
    for part in name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()) {
        words.push(String::new());
        for c in part.chars() {
            if c.is_ascii_uppercase() && small {
                words.push(String::new());
            }
            small = c.is_ascii_lowercase();
            if let Some(word) = words.last_mut() {
                word.push(c.to_ascii_uppercase());
            }
        }
        small = false;
    }
    if let [one] = words.as_slice() {
        let together = ["PG", "MYSQL", "REDIS", "MONGO"].iter().find_map(|engine| {
            let rest = one.strip_prefix(engine)?;
            PARTS.iter().any(|(word, _)| *word == rest).then(|| vec![(*engine).to_owned(), rest.to_owned()])
        });
        return together.unwrap_or(words);
    }
    words
}

/// Whether the platform itself hands the value to the service, so that nobody sets it.
pub(crate) fn is_wired(ground: &Ground<'_>, name: &str) -> bool {
    let Some(Address { data, part }) = of(ground, name).filter(|address| address.data.same_platform) else {
        return false;
    };
    let (service, _) = database::service_and_plan(ground, data);
    service.is_some_and(|service| match &service.offers {
        Some(offers) if offers.except_platforms.contains(&ground.platform.id) => false,
        Some(offers) => offers.parts.contains(&part) || offers.fixed.iter().any(|fixed| fixed == name),
        None => part == DataPart::Url && service.effort.credentials.is_empty(),
    })
}

/// Whether a variable holds a part of the database's address without which there is no connection: no other holds the whole. What
/// the code falls back to is the name of a database on a developer's machine.
pub(crate) fn is_missing_part(ground: &Ground<'_>, name: &str) -> bool {
    let holds = |name: &str, wanted: &[DataPart]| {
        of(ground, name).is_some_and(|address| !address.data.is_cache && wanted.contains(&address.part))
    };
    let whole = [DataPart::Url, DataPart::Keywords];
    holds(name, &[DataPart::Host, DataPart::User, DataPart::Password, DataPart::Name])
        && !is_alternative(ground, name)
        && !ground.survey.environment.iter().any(|variable| holds(&variable.name, &whole))
}

/// The variable from which the migration tool takes the address of the database, where no code of the application reads it.
fn of_migrations(ground: &Ground<'_>) -> Option<String> {
    if !ground.migrates_automatically() || ground.placed_database().is_none() {
        return None;
    }
    let (command, _) = ground.migrate_command()?;
    let tool = ground.migration_tool?;
    let program = ground.survey.migrations.as_ref().and_then(|found| found.program.as_deref());
    let calls = program.is_some_and(|program| command.split_whitespace().next() == Some(program));
    let address = tool.address.clone().filter(|_| calls);
    let named = ["DATABASE_URL"].into_iter().find(|name| command.contains(&format!("${name}")));
    let name = address.or_else(|| named.map(str::to_owned))?;
    let read = ground.survey.environment.iter().any(|variable| variable.name == name);
    (!read).then_some(name)
}

/// Whether a variable belongs to a way of finding a data service that is not taken: parts beside a whole address that the code
/// insists on, a whole address beside parts that it insists on, an account of a cache that asks for none.
pub(crate) fn is_alternative(ground: &Ground<'_>, name: &str) -> bool {
    let Some(address) = of(ground, name) else { return false };
    let read = || ground.survey.environment.iter();
    let required = |name: &str| read().any(|variable| variable.name == name && variable.required);
    if address.data.is_cache {
        let account = matches!(address.part, DataPart::User | DataPart::Password);
        return account && !required(name) && !is_wired(ground, name);
    }
    let is_whole = |part: DataPart| matches!(part, DataPart::Url | DataPart::Keywords);
    let of_same = |variable: &&siteplan_model::survey::EnvironmentVariable| {
        of(ground, &variable.name).is_some_and(|other| other.data.engine == address.data.engine)
    };
    let part_of = |name: &str| of(ground, name).map(|other| other.part);
    let mut same = read().filter(of_same);
    let host = read().filter(of_same).find(|variable| part_of(&variable.name) == Some(DataPart::Host));
    if is_whole(address.part) {
        let optional = read().any(|variable| variable.name == name && !variable.required);
        return optional && host.is_some_and(|host| host.required);
    }
    let whole = same.any(|variable| part_of(&variable.name).is_some_and(is_whole) && variable.required);
    // A part that the platform gives costs nobody anything.
    let by_hand = address.part != DataPart::Jdbc && !is_wired(ground, name);
    by_hand && whole && host.is_none_or(|host| !host.required)
}

/// Variables that hold addresses for what is not the application's own code: the migration tool, and the health endpoint that is
/// written for it.
pub(crate) fn of_others(ground: &Ground<'_>) -> Vec<String> {
    let read = |name: &String| ground.survey.environment.iter().any(|variable| variable.name == *name);
    let written = ground
        .services
        .iter()
        .filter(|_| ground.health_checks)
        .filter_map(|service| service.plan.health_code.as_ref());
    let checks = written.flat_map(|code| code.checks.iter().filter_map(|check| check.variable.clone()));
    let mut names: Vec<String> = of_migrations(ground).into_iter().chain(checks).collect();
    names.retain(|name| !read(name) && whole(ground, name).is_some());
    names.sort();
    names.dedup();
    names
}

/// The variable under which the platform gives the whole address, where it takes no other name for it.
pub(crate) fn fixed<'a>(ground: &Ground<'a>, data: &PlacedData) -> Option<&'a str> {
    let (service, _) = database::service_and_plan(ground, data);
    service?.offers.as_ref()?.fixed.first().map(String::as_str).filter(|_| data.same_platform)
}

/// The variables by which the application finds a database or cache: those that hold the whole address, else all that hold a part.
pub(crate) fn variables<'a>(ground: &Ground<'a>, engine: &str) -> Vec<&'a str> {
    let read = ground.survey.environment.iter().filter_map(|variable| {
        let address = of(ground, &variable.name).filter(|address| address.data.engine == engine)?;
        let runs = variable.when != siteplan_model::survey::VariableTime::Build;
        (runs && !is_alternative(ground, &variable.name)).then_some((variable.name.as_str(), address.part))
    });
    let read: Vec<(&str, DataPart)> = read.collect();
    let is_whole = |part: DataPart| matches!(part, DataPart::Url | DataPart::Jdbc | DataPart::Keywords);
    let needs_more = read.iter().any(|(_, part)| *part == DataPart::Jdbc);
    let whole: Vec<&str> = read.iter().filter(|(_, part)| is_whole(*part)).map(|(name, _)| *name).collect();
    if !whole.is_empty() && !needs_more {
        return whole;
    }
    if !read.is_empty() {
        return read.into_iter().map(|(name, _)| name).collect();
    }
    ground.engine_variables(engine)
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_stand_between_signs_and_capitals() {
        for (name, expected) in [
            ("APP_DATABASE__HOST", vec!["APP", "DATABASE", "HOST"]),
            ("ConnectionStrings__DefaultConnection", vec!["CONNECTION", "STRINGS", "DEFAULT", "CONNECTION"]),
            ("PGHOST", vec!["PG", "HOST"]),
            ("PGBOUNCER", vec!["PGBOUNCER"]),
            ("spring.datasource.url", vec!["SPRING", "DATASOURCE", "URL"]),
        ] {
            assert_eq!(words(name), expected, "{name}");
        }
    }
}
