"""Programs and tables against the grammars of their languages. usage: python parse.py FILE..."""

import importlib
import io
import pathlib
import sys
import tomllib

import dotenv.parser
from tree_sitter import Language, Parser

GRAMMARS = {
    ".cs": ("tree_sitter_c_sharp", "language"),
    ".ex": ("tree_sitter_elixir", "language"),
    ".exs": ("tree_sitter_elixir", "language"),
    ".go": ("tree_sitter_go", "language"),
    ".java": ("tree_sitter_java", "language"),
    ".js": ("tree_sitter_typescript", "language_tsx"),
    ".mjs": ("tree_sitter_typescript", "language_tsx"),
    ".php": ("tree_sitter_php", "language_php"),
    ".rb": ("tree_sitter_ruby", "language"),
    ".rs": ("tree_sitter_rust", "language"),
    ".ts": ("tree_sitter_typescript", "language_typescript"),
}


def mistakes(node):
    """Yields the places at which the grammar does not know how to go on."""
    if node.is_error or node.is_missing:
        yield node
    elif node.has_error:
        for child in node.children:
            yield from mistakes(child)


def findings(path):
    text = path.read_bytes()
    if path.name == ".env.example":
        for binding in dotenv.parser.parse_stream(io.StringIO(text.decode())):
            if binding.error:
                yield f"line {binding.original.line}: no variable"
    elif path.name == ".dockerignore":
        for number, line in enumerate(text.decode().splitlines(), 1):
            # Docker takes blanks off, and matches from the root of the context whether or not a slash begins the pattern.
            if line != line.strip() or line.startswith("/") or "[" in line and "]" not in line:
                yield f"line {number}: no pattern that matches what it says"
    elif path.suffix == ".toml":
        try:
            tomllib.loads(text.decode())
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            yield str(error)
    elif path.suffix == ".py":
        try:
            compile(text, path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            yield str(error)
    else:
        module, function = GRAMMARS[path.suffix]
        language = Language(getattr(importlib.import_module(module), function)())
        for node in mistakes(Parser(language).parse(text).root_node):
            what = f"`{node.type}` is missing" if node.is_missing else "syntax error"
            yield f"line {node.start_point.row + 1}: {what}"


def main(files):
    found = False
    for file in files:
        for finding in findings(pathlib.Path(file)):
            found = True
            print(f"{file}: {finding}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
