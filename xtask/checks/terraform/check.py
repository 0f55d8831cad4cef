"""Terraform stacks, judged by Terraform itself: its format, `validate`, and a plan for each environment.

usage: python check.py FOLDER...

Each folder is a root module. No provider can be had offline; `schema.py` takes the real providers' schemas out of the
packages that cdktn generates from them, and `provider.py` serves these. A plan is made with each `*.tfvars` beside the
module that Terraform does not load by itself, and with whatever variables have no value anywhere set to a word."""

import re
import subprocess
import sys
from pathlib import Path

from provider import serving
from schema import Package

USED = re.compile(r'^(resource|data) "([a-z]+)_(\w+)"', re.M)
# A variable without a default, and what is set to one.
VARIABLE = re.compile(r'^variable "(\w+)" \{\n(.*?)^\}', re.M | re.S)
SET = re.compile(r"^(\w+)\s*=", re.M)
UUID = "00000000-0000-4000-8000-000000000000"


def schemas(folders):
    wanted = {}
    for folder in folders:
        for file in sorted(folder.glob("*.tf")):
            for kind, provider, name in USED.findall(file.read_text(encoding="utf-8")):
                kinds = wanted.setdefault(provider, {"resource": set(), "data": set()})
                kinds[kind].add(f"{provider}_{name}")
    wanted.pop("terraform", None)
    return {name: Package(name).schema(sorted(kinds["resource"]), sorted(kinds["data"])) for name, kinds in wanted.items()}


def missing(folder, files):
    """Arguments for the variables that a person would be asked for."""
    given = set()
    for file in files:
        given.update(SET.findall(file.read_text(encoding="utf-8")))
    arguments = []
    for file in sorted(folder.glob("*.tf")):
        for name, body in VARIABLE.findall(file.read_text(encoding="utf-8")):
            if name not in given and not re.search(r"^  default\s*=", body, re.M):
                value = UUID if name.endswith("uuid") else "asked/for" if name == "repository" else "asked-for"
                arguments.append(f"-var={name}={value}")
    return arguments


def run(folder, environment, *arguments):
    done = subprocess.run(
        ["terraform", *arguments], cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        print(f"{folder}: terraform {' '.join(arguments)} ends with {done.returncode}\n{done.stdout}")
    return done.returncode == 0


def judge(folder, environment):
    if not run(folder, environment, "fmt", "-check", "-diff"):
        return False
    if not run(folder, environment, "init", "-backend=false", "-input=false", "-no-color"):
        return False
    if not run(folder, environment, "validate", "-no-color"):
        return False
    loaded = [file for file in folder.glob("*.tfvars") if file.name == "terraform.tfvars" or file.name.endswith(".auto.tfvars")]
    chosen = [[file] for file in sorted(folder.glob("*.tfvars")) if file not in loaded] or [[]]
    plan = ["plan", "-refresh=false", "-input=false", "-lock=false", "-no-color"]
    return all(
        run(folder, environment, *plan, *[f"-var-file={file.name}" for file in files], *missing(folder, loaded + files))
        for files in chosen
    )


def main(folders):
    folders = [Path(folder).resolve() for folder in folders]
    with serving(schemas(folders)) as environment:
        good = [judge(folder, environment) for folder in folders]
    print(f"{len(good)} stacks, {good.count(False)} with findings")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
