"""Stands in for the tools that a pipeline calls: writes down each call, answers what the pipeline reads, fails when told to.

usage: python stand_in.py TOOL ARGUMENT...
STAND_INS names a folder; without it, for what runs without the variables of its job, `stand-ins` beside the home. `control.json` in it holds:
  answers   calls with what they print: tool, arguments (a regular expression), output, exit (0 unless said)
  fail      calls that fail: tool, arguments, script (a regular expression), until_script (no longer once such a script
            has called something), exit (1 unless said), seconds (how long it hangs before)
  values    what `{name}` in an output stands for; `{served_commit}` is the released commit, after a rollback the one returned to
  real      tools that are run besides, with their place
  home      the home directory of those
Every call becomes a line of `calls.jsonl`. For a pipeline that runs a script of the folder `deploy`, `script` is that
script and its arguments, found among the processes above.
"""

import hashlib
import json
import os
import pathlib
import re
import sys
import time

SCRIPT = re.compile(r"(?:^|/)deploy/([a-z][a-z0-9-]*)$")
# An argument after which a tool reads its standard input; others leave it to whoever called them.
READS_INPUT = re.compile(r"^(@-|-|.*-stdin|.*=@-|/dev/stdin|tee|sh -s|import)$")


def script_above():
    """The nearest script of `deploy` above this process, and its arguments."""
    process = os.getppid()
    while process > 1:
        try:
            words = pathlib.Path(f"/proc/{process}/cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
            status = pathlib.Path(f"/proc/{process}/stat").read_text()
        except OSError:
            break
        for index, word in enumerate(words[:3]):
            found = SCRIPT.search(word)
            if found:
                return [found[1], *words[index + 1 :]]
        process = int(status.rpartition(")")[2].split()[1])
    return None


def matches(rule, tool, line):
    return rule["tool"] == tool and re.search(rule.get("arguments", ""), line) is not None


def fails(rule, tool, line, script, record):
    if not matches(rule, tool, line) or not re.search(rule.get("script", ""), " ".join(script or [])):
        return False
    if "until_script" not in rule or not record.exists():
        return True
    calls = map(json.loads, record.read_text(encoding="utf-8").splitlines())
    return not any(re.search(rule["until_script"], " ".join(call["script"] or [])) for call in calls)


def has_returned(record):
    calls = map(json.loads, record.read_text(encoding="utf-8").splitlines())
    return any((call["script"] or [""])[0] == "rollback" and call["exit"] == 0 for call in calls)


def main(tool, arguments):
    folder = pathlib.Path(os.environ.get("STAND_INS") or pathlib.Path(os.environ["HOME"]).parent / "stand-ins")
    control = json.loads((folder / "control.json").read_text(encoding="utf-8"))
    record = folder / "calls.jsonl"
    line = " ".join(arguments)
    script = script_above()
    reads = any(READS_INPUT.match(word) for word in arguments)
    read = sys.stdin.buffer.read() if reads and tool not in control["real"] else None
    answer = next((rule for rule in control["answers"] if matches(rule, tool, line)), {})
    failure = next((rule for rule in control["fail"] if fails(rule, tool, line, script, record)), None)
    code = answer.get("exit", 0) if failure is None else failure.get("exit", 1)
    call = {
        "tool": tool,
        "arguments": arguments,
        "input": None if read is None else hashlib.sha256(read).hexdigest(),
        "job": os.environ.get("GITHUB_JOB") or os.environ.get("CI_JOB_NAME"),
        "script": script,
        "exit": code,
    }
    with record.open("a", encoding="utf-8") as file:
        file.write(json.dumps(call) + "\n")
    if failure is not None:
        time.sleep(failure.get("seconds", 0))
        print(f"{tool}: told to fail", file=sys.stderr)
        return code
    if tool in control["real"]:
        real = control["real"][tool]
        os.execve(real, [real, *arguments], {**os.environ, "HOME": control["home"]})
    values = dict(control["values"])
    values["environment"] = script[1] if script and len(script) > 1 else ""
    values["served_commit"] = values["returned_commit" if has_returned(record) else "head_commit"]
    text = re.sub(r"\{([a-z_]+)\}", lambda name: values.get(name[1], name[0]), answer.get("output", ""))
    if tool == "curl" and "--output" in arguments:
        pathlib.Path(arguments[arguments.index("--output") + 1]).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
