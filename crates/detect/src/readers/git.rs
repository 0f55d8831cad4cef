//! `.git` → remote, default branch. Only files inside the root are read; a worktree's own folder elsewhere is not followed.

use std::path::{Path, PathBuf};

use siteplan_catalog::signals::Signals;

/// What the git folder states.
#[derive(Clone, Debug, Default)]
pub(crate) struct Git {
    /// Code host by its remote, with the remote's host name.
    pub(crate) code_host: Option<(String, String)>,
    /// Default branch, and the file under `.git` that says so.
    pub(crate) branch: Option<(String, String)>,
    /// Whether the branch is the remote's default, not only the one checked out.
    pub(crate) branch_is_remotes: bool,
    /// `owner/name` on a host whose addresses have such a path.
    pub(crate) repository: Option<String>,
    /// Last path segment of the remote, whatever its host.
    pub(crate) last_part: Option<String>,
}

/// The most that is read of a file under `.git`.
const LARGEST: u64 = 64 * 1024;

/// Reads `.git` at the root.
pub(crate) fn read(root: &Path, signals: &Signals) -> Git {
    let mut git = Git::default();
    let Some(folder) = git_folder(root) else { return git };
    if let Some(config) = read_small(&folder.join("config"))
        && let Some(url) = remote_url(&config)
    {
        let host = host_of(&url);
        let known =
            signals.code_hosts.iter().find(|row| row.remotes.iter().any(|part| host.contains(part.as_str())));
        // A remote on this machine says nothing about the host.
        if let Some(known) = known {
            git.code_host = Some((known.id.clone(), host));
            git.repository = known.path_parts.and_then(|most| path_of(&url, most));
        }
        git.last_part = last_part(&url);
    }
    // Some of the folders on the way may be a link out of the tree.
    let remote = folder.join("refs/remotes/origin/HEAD");
    let inside = matches!((remote.canonicalize(), root.canonicalize()), (Ok(file), Ok(root)) if file.starts_with(&root));
    let remote = if inside { read_small(&remote) } else { None };
    if let Some(branch) =
        remote.as_deref().and_then(|head| head.trim().strip_prefix("ref: refs/remotes/origin/"))
    {
        git.branch = Some((branch.to_owned(), ".git/refs/remotes/origin/HEAD".to_owned()));
        git.branch_is_remotes = true;
    } else if let Some(head) = read_small(&folder.join("HEAD")) {
        git.branch = head
            .trim()
            .strip_prefix("ref: refs/heads/")
            .map(|branch| (branch.to_owned(), ".git/HEAD".to_owned()));
    }
    git
}

/// Whether a folder is itself what a `.git` folder is: a repository whose files are all packed.
pub(crate) fn is_bare(root: &Path) -> bool {
    let folder = |name: &str| root.join(name).symlink_metadata().is_ok_and(|found| found.is_dir());
    let head = read_small(&root.join("HEAD"));
    folder("objects")
        && folder("refs")
        && head.is_some_and(|head| head.starts_with("ref: ") || head.trim().len() == 40)
}

fn git_folder(root: &Path) -> Option<PathBuf> {
    let path = root.join(".git");
    let Ok(metadata) = std::fs::symlink_metadata(&path) else {
        return is_bare(root).then(|| root.to_owned());
    };
    if metadata.is_dir() {
        return Some(path);
    }
    if !metadata.is_file() {
        return None;
    }
    // A submodule or worktree: a file that names the real folder, which is followed only inside the root.
    let text = read_small(&path)?;
    let named = root.join(text.trim().strip_prefix("gitdir:")?.trim());
    let (named, root) = (named.canonicalize().ok()?, root.canonicalize().ok()?);
    named.starts_with(&root).then_some(named)
}

fn read_small(path: &Path) -> Option<String> {
    use std::io::Read;
    let metadata = std::fs::symlink_metadata(path).ok()?;
    if !metadata.is_file() || metadata.len() > LARGEST {
        return None;
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path).ok()?.take(LARGEST).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The address of `origin`, else of the first remote. User names and tokens in it are never kept.
fn remote_url(config: &str) -> Option<String> {
    let mut section = "";
    let mut first = None;
    for line in config.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line;
        } else if section.starts_with("[remote")
            && let Some((_, url)) = line.split_once('=').filter(|(key, _)| key.trim() == "url")
        {
            if section.contains("\"origin\"") {
                return Some(url.trim().to_owned());
            }
            first.get_or_insert_with(|| url.trim().to_owned());
        }
    }
    first
}

/// The host part of `https://user@host/path`, `ssh://…` or `git@host:path`.
fn host_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let before_path = rest.split('/').next().unwrap_or(rest);
    let host = before_path.rsplit('@').next().unwrap_or(before_path);
    host.split(':').next().unwrap_or(host).to_ascii_lowercase()
}

/// The last part of a remote's path, if it is a plain name: the host's part may hold a credential, and so may what follows `?`.
fn last_part(url: &str) -> Option<String> {
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/')?.1,
        None => url.split_once([':', '/'])?.1,
    };
    let path = path.trim_end_matches('/');
    let part = path.strip_suffix(".git").unwrap_or(path).rsplit(['/', ':']).next()?;
    is_plain(part).then(|| part.to_owned())
}

fn is_plain(part: &str) -> bool {
    let known = part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    known && part.len() <= 100 && part.chars().any(|c| c.is_ascii_alphanumeric())
}

/// `owner/name` of a remote's address, if it is nothing but such a path: at least two parts, each a plain name.
fn path_of(url: &str, most: usize) -> Option<String> {
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/')?.1,
        None => url.split_once(':')?.1,
    };
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let count = path.split('/').count();
    ((2..=most).contains(&count) && path.split('/').all(is_plain)).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{host_of, path_of, remote_url};

    #[test]
    fn only_a_plain_path_names_a_repository() {
        let on_github = |url: &str| path_of(url, 2);
        for url in [
            "https://me:token@github.com/acme/shop.git",
            "git@github.com:acme/shop.git",
            "ssh://git@github.com:22/acme/shop",
            "https://github.com/acme/shop/",
        ] {
            assert_eq!(on_github(url).as_deref(), Some("acme/shop"), "{url}");
        }
        for url in [
            "https://github.com/acme",
            "git@github.com:a/b/c",
            "https://github.com/a/$(id)",
            "https://github.com/../b",
        ] {
            assert_eq!(on_github(url), None, "{url}");
        }
        assert_eq!(path_of("git@gitlab.com:group/sub/shop.git", 20).as_deref(), Some("group/sub/shop"));
    }

    #[test]
    fn hosts_are_read_without_credentials() {
        assert_eq!(host_of("https://me:token@github.com/a/b.git"), "github.com");
        assert_eq!(host_of("git@gitlab.example.org:a/b.git"), "gitlab.example.org");
    }

    #[test]
    fn origin_wins() {
        let config = "[remote \"up\"]\n url = https://a/x\n[remote \"origin\"]\n\turl = https://b/y\n";
        assert_eq!(remote_url(config).as_deref(), Some("https://b/y"));
    }
}
