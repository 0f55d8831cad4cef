//! What hosts that run jobs in images need beside the image: package managers that it lacks, folders to cache.

/// The line that makes a package manager available inside a runtime's official image, if it is not there.
pub(super) fn install_manager(package_manager: Option<&str>) -> Option<&'static str> {
    match package_manager? {
        "pnpm" | "yarn" => Some("corepack enable"),
        "uv" => Some("pip install uv"),
        "poetry" => Some("pip install poetry"),
        "pipenv" => Some("pip install pipenv"),
        "pdm" => Some("pip install pdm"),
        "mix" => Some("mix local.hex --force && mix local.rebar --force"),
        _ => None,
    }
}

/// A package manager's cache: the variable that moves it, and the folder inside the checkout that it then uses.
pub(super) fn cache(runtime: &str, package_manager: Option<&str>) -> Option<(&'static str, &'static str)> {
    match (runtime, package_manager.unwrap_or_default()) {
        (_, "npm") => Some(("npm_config_cache", ".cache/npm")),
        (_, "pnpm") => Some(("npm_config_store_dir", ".cache/pnpm")),
        (_, "yarn") => Some(("YARN_CACHE_FOLDER", ".cache/yarn")),
        (_, "uv") => Some(("UV_CACHE_DIR", ".cache/uv")),
        (_, "poetry") => Some(("POETRY_CACHE_DIR", ".cache/poetry")),
        ("python", _) => Some(("PIP_CACHE_DIR", ".cache/pip")),
        ("ruby", _) => Some(("BUNDLE_PATH", ".cache/bundle")),
        ("go", _) => Some(("GOMODCACHE", ".cache/go")),
        ("rust", _) => Some(("CARGO_HOME", ".cache/cargo")),
        _ => None,
    }
}

/// A line that runs in a folder of the checkout and leaves the shell where it was.
pub(super) fn in_folder(directory: &str, command: &str) -> String {
    if matches!(directory, "" | ".") {
        return command.to_owned();
    }
    format!("(\ncd {}\n{command}\n)", quoted(directory))
}

/// A word that a POSIX shell takes as it is. A NUL, which no shell can take, is left out.
pub(super) fn quoted(word: &str) -> String {
    let word = word.replace('\0', "");
    shlex::try_quote(&word).map_or_else(|_| "''".to_owned(), std::borrow::Cow::into_owned)
}
