//! Path patterns of the signal tables → whether a path fits, and among many paths or patterns which do.
//!
//! `*` stays within a folder, `**` crosses folders, `[0-9]` is a digit. A pattern without `/` stands for that name in any
//! folder; a leading `/` ties it to the root of what is matched.

/// By what the last part of a path can be looked up before a pattern is tried in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key<'p> {
    /// The whole name.
    Name(&'p str),
    /// The name up to its first dot.
    Head(&'p str),
    /// The name after its last dot.
    Ending(&'p str),
}

impl<'p> Key<'p> {
    /// A number for what the key is of.
    pub(crate) fn kind(self) -> usize {
        match self {
            Self::Name(_) => 0,
            Self::Head(_) => 1,
            Self::Ending(_) => 2,
        }
    }

    /// What it is.
    pub(crate) fn text(self) -> &'p str {
        match self {
            Self::Name(text) | Self::Head(text) | Self::Ending(text) => text,
        }
    }
}

/// The most telling key of a pattern; none where its last part can be anything.
pub(crate) fn key(pattern: &str) -> Option<Key<'_>> {
    let last = pattern.rsplit('/').next().unwrap_or(pattern);
    let wild = |text: &str| text.contains(['*', '[']);
    if !wild(last) {
        return Some(Key::Name(last));
    }
    if let Some((head, _)) = last.split_once('.').filter(|(head, _)| !wild(head) && !head.is_empty()) {
        return Some(Key::Head(head));
    }
    last.rsplit_once('.')
        .filter(|(_, ending)| !wild(ending) && !ending.is_empty())
        .map(|(_, e)| Key::Ending(e))
}

/// The keys under which a path can be found.
pub(crate) fn keys(path: &str) -> [Option<Key<'_>>; 3] {
    let last = path.rsplit('/').next().unwrap_or(path);
    [
        Some(Key::Name(last)),
        last.split_once('.').map(|(head, _)| Key::Head(head)),
        last.rsplit_once('.').map(|(_, ending)| Key::Ending(ending)),
    ]
}

/// Places of paths by the keys under which they can be found: eight bytes for each, in one sorted list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    /// Half a hash of the key, then the place. Two keys with one hash do no harm: whoever looks up tries the pattern itself.
    entries: Vec<u64>,
    /// A bit for each hash that occurs: most of what is asked for does not, and one look says so.
    occurring: Occurring,
}

/// A set of hashes that may hold a few more than were put in.
#[derive(Clone, Debug, Default)]
struct Occurring([u64; 16]);

impl Occurring {
    fn place(hash: u64) -> (usize, u64) {
        // The upper half of an entry is its hash.
        let word = usize::try_from((hash >> 38) & 15).unwrap_or(0);
        (word, 1 << ((hash >> 32) & 63))
    }

    fn put(&mut self, hash: u64) {
        let (word, bit) = Self::place(hash);
        self.0[word] |= bit;
    }

    fn may_hold(&self, hash: u64) -> bool {
        let (word, bit) = Self::place(hash);
        self.0[word] & bit != 0
    }
}

impl Index {
    /// Takes paths in their order.
    pub(crate) fn new<'p>(paths: impl Iterator<Item = &'p str>) -> Self {
        let mut entries = Vec::new();
        let mut occurring = Occurring::default();
        for (place, path) in (0_u32..).zip(paths) {
            for hash in keys(path).into_iter().flatten().map(hash) {
                occurring.put(hash);
                entries.push(hash | u64::from(place));
            }
        }
        entries.sort_unstable();
        Self { entries, occurring }
    }

    /// Places under a key, and perhaps some others.
    fn places(&self, key: Key<'_>) -> impl Iterator<Item = usize> {
        let hash = hash(key);
        let first = if self.occurring.may_hold(hash) {
            self.entries.partition_point(|entry| *entry < hash)
        } else {
            self.entries.len()
        };
        let same = self.entries[first..].iter().take_while(move |entry| **entry & HASH == hash);
        same.filter_map(|entry| usize::try_from(entry & !HASH).ok())
    }

    /// Places of the paths among `paths`, those that the index was made of, that fit one of the patterns, in their order.
    /// The patterns are relative to `base`.
    pub(crate) fn matching<P: AsRef<str>>(&self, paths: &[P], patterns: &[String], base: &str) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        for pattern in patterns {
            let fits = |at: &usize| {
                paths
                    .get(*at)
                    .and_then(|path| crate::tree::relative(path.as_ref(), base))
                    .is_some_and(|below| matches(pattern, below))
            };
            match key(pattern) {
                Some(key) => found.extend(self.places(key).filter(fits)),
                None => found.extend(below(paths, base, fixed(pattern)).filter(fits)),
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// The bits of an entry that are its hash.
const HASH: u64 = !0 << 32;

fn hash(key: Key<'_>) -> u64 {
    // FNV-1a: names are short, and nothing depends on it but speed.
    let start = 0xcbf2_9ce4_8422_2325 ^ key.kind() as u64;
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    key.text().as_bytes().iter().fold(start, step) & HASH
}

/// The folders at the beginning of a pattern in which nothing is left open (`loadtest/` of `loadtest/*`).
fn fixed(pattern: &str) -> &str {
    let pattern = pattern.strip_prefix('/').unwrap_or(pattern);
    let open = pattern.find(['*', '[']).unwrap_or(pattern.len());
    pattern[..open].rfind('/').map_or("", |slash| &pattern[..=slash])
}

/// Places of the sorted paths that begin with a folder and, below it, other folders.
fn below<P: AsRef<str>>(paths: &[P], base: &str, folders: &str) -> std::ops::Range<usize> {
    let start = if base.is_empty() { folders.to_owned() } else { format!("{base}/{folders}") };
    let first = paths.partition_point(|path| path.as_ref() < start.as_str());
    first..first + paths[first..].partition_point(|path| path.as_ref().starts_with(&start))
}

/// Many paths, sorted, so that those that fit a pattern are found without trying all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Paths<'p> {
    sorted: Vec<&'p str>,
    index: Index,
}

impl<'p> Paths<'p> {
    /// Takes paths in their order.
    pub(crate) fn new(sorted: Vec<&'p str>) -> Self {
        let index = Index::new(sorted.iter().copied());
        Self { sorted, index }
    }

    /// All of them in their order.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, &'p str> {
        self.sorted.iter()
    }

    /// Those that do not come before a path.
    pub(crate) fn starting_at(&self, path: &str) -> &[&'p str] {
        &self.sorted[self.sorted.partition_point(|known| *known < path)..]
    }

    /// Whether a path is among them.
    pub(crate) fn contains(&self, path: &str) -> bool {
        self.sorted.binary_search(&path).is_ok()
    }

    /// The paths below `base` that fit one of the patterns, which are relative to it, in their order.
    pub(crate) fn matching(&self, patterns: &[String], base: &str) -> Vec<&'p str> {
        self.index.matching(&self.sorted, patterns, base).into_iter().map(|at| self.sorted[at]).collect()
    }
}

impl<'p, 'a> IntoIterator for &'a Paths<'p> {
    type Item = &'a &'p str;
    type IntoIter = std::slice::Iter<'a, &'p str>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Many patterns, each with what it stands for, so that those that a path fits are found without trying all.
#[derive(Clone, Debug)]
pub(crate) struct Patterns<'p, T> {
    /// By the hash of their key.
    keyed: Vec<(u64, &'p str, T)>,
    others: Vec<(&'p str, T)>,
}

impl<'p, T: Copy + Ord> Patterns<'p, T> {
    /// Takes patterns.
    pub(crate) fn new(patterns: impl IntoIterator<Item = (&'p str, T)>) -> Self {
        let mut set = Self { keyed: Vec::new(), others: Vec::new() };
        for (pattern, meaning) in patterns {
            match key(pattern) {
                Some(key) => set.keyed.push((hash(key), pattern, meaning)),
                None => set.others.push((pattern, meaning)),
            }
        }
        set.keyed.sort_unstable();
        set
    }

    /// What the patterns that a path fits stand for, each once, in their order.
    pub(crate) fn of(&self, path: &str) -> Vec<T> {
        let mut found: Vec<T> = Vec::new();
        for key in keys(path).into_iter().flatten() {
            let hash = hash(key);
            let first = self.keyed.partition_point(|(known, _, _)| *known < hash);
            let same = self.keyed[first..].iter().take_while(|(known, _, _)| *known == hash);
            found.extend(
                same.filter(|(_, pattern, _)| matches(pattern, path)).map(|(_, _, meaning)| *meaning),
            );
        }
        let others = self.others.iter().filter(|(pattern, _)| matches(pattern, path));
        found.extend(others.map(|(_, meaning)| *meaning));
        found.sort_unstable();
        found.dedup();
        found
    }
}

#[cfg(test)]
std::thread_local! {
    /// How many patterns this thread tried: the work that a test can count where time would tell nothing.
    pub(crate) static TRIED: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// Whether `path` (with `/`, relative) fits `pattern`.
pub(crate) fn matches(pattern: &str, path: &str) -> bool {
    #[cfg(test)]
    TRIED.with(|tried| tried.set(tried.get() + 1));
    if let Some(rooted) = pattern.strip_prefix('/') {
        return segments(rooted, path);
    }
    if !pattern.contains('/') {
        return name(pattern.as_bytes(), path.rsplit('/').next().unwrap_or(path).as_bytes());
    }
    segments(pattern, path)
}

/// Whether `path` fits one of the patterns.
pub(crate) fn any(patterns: &[String], path: &str) -> bool {
    patterns.iter().any(|pattern| matches(pattern, path))
}

fn segments(pattern: &str, path: &str) -> bool {
    match pattern.split_once('/') {
        None if pattern == "**" => true,
        None => !path.contains('/') && name(pattern.as_bytes(), path.as_bytes()),
        Some(("**", rest)) => {
            segments(rest, path) || path.split_once('/').is_some_and(|(_, below)| segments(pattern, below))
        }
        Some((first, rest)) => path.split_once('/').is_some_and(|(folder, below)| {
            name(first.as_bytes(), folder.as_bytes()) && segments(rest, below)
        }),
    }
}

fn name(pattern: &[u8], text: &[u8]) -> bool {
    match pattern {
        [] => text.is_empty(),
        [b'*', rest @ ..] => (0..=text.len()).any(|skip| name(rest, &text[skip..])),
        [b'[', b'0', b'-', b'9', b']', rest @ ..] => {
            text.first().is_some_and(u8::is_ascii_digit) && name(rest, &text[1..])
        }
        [first, rest @ ..] => text.first() == Some(first) && name(rest, &text[1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::{Paths, Patterns, matches};

    #[test]
    fn looking_up_finds_what_trying_all_would() {
        let paths = [
            "a/next.config.ts",
            "a/x.py",
            "b/migrations/0001_x.py",
            "b/vercel.json",
            "loadtest/a",
            "vercel.json",
        ];
        let patterns = [
            "next.config.*",
            "/vercel.json",
            "**/migrations/[0-9]*.py",
            "loadtest/*",
            "*.py",
            "a/**",
            "**/*.ts",
            ".x/*",
        ]
        .map(str::to_owned);
        let index = Paths::new(paths.to_vec());
        let set = Patterns::new(patterns.iter().enumerate().map(|(at, pattern)| (pattern.as_str(), at)));
        for (at, pattern) in patterns.iter().enumerate() {
            let expected: Vec<&str> = paths.into_iter().filter(|path| matches(pattern, path)).collect();
            assert_eq!(index.matching(std::slice::from_ref(pattern), ""), expected, "{pattern}");
            for path in paths {
                assert_eq!(set.of(path).contains(&at), matches(pattern, path), "{pattern} {path}");
            }
        }
        assert_eq!(index.matching(&["migrations/*.py".to_owned()], "b"), ["b/migrations/0001_x.py"]);
    }

    #[test]
    fn patterns_mean_what_the_readme_says() {
        assert!(matches("next.config.*", "web/next.config.ts"));
        assert!(!matches("/app.json", "web/app.json"));
        assert!(matches(".github/workflows/*.yml", ".github/workflows/ci.yml"));
        assert!(!matches(".github/workflows/*.yml", "a/.github/workflows/ci.yml"));
        assert!(matches("**/migrations/[0-9]*.py", "shop/migrations/0001_initial.py"));
        assert!(matches("**/migrations/*.py", "migrations/a.py"));
        assert!(matches("k8s/**/*.yaml", "k8s/a.yaml"));
        assert!(!matches("*.tf", "main.tfvars"));
    }
}
