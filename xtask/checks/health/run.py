"""Generated health endpoints, started: each application beside this file is copied, given its endpoint by `siteplan generate`,
started and asked while a real Postgres (and a real Redis, where it has a cache) runs, is stopped, hangs and comes back."""

import contextlib
import argparse
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Words of the address and of drivers' messages: none may be in an answer.
PASSWORD = "pass-word-of-the-check"
LEAKS = (PASSWORD, "127.0.0.1", "refused", "ECONN", "Traceback", "timeout expired", "server closed")
FIELDS = {"status", "version", "uptime", "timestamp"}
VERSION = "7.8.9-check"


class Failed(Exception):
    """A check that does not hold."""


def expect(holds: object, message: str) -> None:
    if not holds:
        raise Failed(message)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Postgres:
    """A server of its own in a folder of its own, run by a user that is not root."""

    def __init__(self, folder: Path) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
        which = shutil.which("pg_ctl")
        if not found and not which:
            raise SystemExit("no Postgres server is installed; Debian: apt-get install postgresql")
        self.programs = (found[-1] if found else Path(which)).parent
        self.data = folder / "postgres"
        self.port = free_port()
        self.user = "postgres" if os.geteuid() == 0 else None
        self.data.mkdir()
        if self.user:
            owner = pwd.getpwnam(self.user)
            os.chown(self.data, owner.pw_uid, owner.pw_gid)
            folder.chmod(0o755)
        secret = self.data.parent / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        self.call("initdb", "-A", "scram-sha-256", "-U", "app", f"--pwfile={secret}", "--no-sync")
        self.start()
        environment = {**os.environ, "PGPASSWORD": PASSWORD}
        self.query = ["psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "app", "-d", "postgres", "-Atc"]
        self.environment = environment

    def call(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), "-D", str(self.data), *arguments]
        done = subprocess.run(
            command, user=self.user, cwd="/", capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(command)}: {done.stdout}{done.stderr}")

    def start(self) -> None:
        log = self.data / "server.log"
        options = f"-p {self.port} -k {self.data} -c listen_addresses=127.0.0.1 -c fsync=off"
        command = [str(self.programs / "pg_ctl"), "-D", str(self.data), "-w", "-l", str(log), "-o", options, "start"]
        done = subprocess.run(command, user=self.user, cwd="/", stdout=subprocess.DEVNULL, check=False)
        expect(done.returncode == 0, f"Postgres does not start; its log is {log}")

    def stop(self) -> None:
        self.call("pg_ctl", "-w", "-m", "immediate", "stop")

    def signal(self, number: signal.Signals) -> None:
        """To the server and its children, so that connections are accepted by the system and answered by nobody."""
        server = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        for process in [server, *map(int, children)]:
            # A connection's process may end between the list and the signal.
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)

    def connections(self) -> int:
        count = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        done = subprocess.run([*self.query, count], env=self.environment, capture_output=True, text=True, check=False)
        expect(done.returncode == 0, f"psql says: {done.stderr}")
        return int(done.stdout)

    @property
    def address(self) -> str:
        return f"postgresql://app:{PASSWORD}@127.0.0.1:{self.port}/postgres"


class Redis:
    """A cache of its own that keeps nothing."""

    def __init__(self, folder: Path) -> None:
        if not shutil.which("redis-server"):
            raise SystemExit("no Redis server is installed; Debian: apt-get install redis-server")
        self.folder = folder
        self.port = free_port()
        self.start()

    def start(self) -> None:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        options += ["--requirepass", PASSWORD, "--dir", str(self.folder)]
        self.server = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)

    def stop(self) -> None:
        self.server.kill()
        self.server.wait(timeout=20)

    def signal(self, number: signal.Signals) -> None:
        self.server.send_signal(number)

    @property
    def address(self) -> str:
        return f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"


def ask(port: int, path: str) -> tuple[int, dict, float]:
    """Status, body and seconds."""
    begun = time.monotonic()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            status, text, headers = answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as answer:
        status, text, headers = answer.code, answer.read().decode(), answer.headers
    seconds = time.monotonic() - begun
    for leak in LEAKS:
        expect(leak not in text, f"{path} gives away {leak!r}: {text}")
    expect(headers["Cache-Control"] == "no-store", f"{path} may be cached")
    return status, json.loads(text), seconds


def healthy(port: int, paths: tuple[str, str], parts: tuple[str, ...]) -> None:
    status, body, _ = ask(port, paths[0])
    expect(status == 200, f"{paths[0]} gives {status} {body} while all that it asks runs")
    expect(set(body) == FIELDS | set(parts), f"{paths[0]} has the fields {sorted(body)}")
    expect(body["status"] == "healthy" and all(body[part] == "connected" for part in parts), f"{body}")
    expect(body["version"] == VERSION, f"the version is {body['version']!r}")
    expect(isinstance(body["uptime"], int) and 0 <= body["uptime"] < 600, f"the uptime is {body['uptime']!r}")
    stamp = body["timestamp"].split(".")[0].rstrip("Z")
    told = time.mktime(time.strptime(stamp, "%Y-%m-%dT%H:%M:%S")) - time.timezone
    expect(body["timestamp"].endswith("Z") and abs(told - time.time()) < 60, f"the time is {body['timestamp']!r}")


def unhealthy(port: int, paths: tuple[str, str], parts: tuple[str, ...], error: str) -> str:
    """The error names the part that is away; the others go on."""
    away = error.split("_")[0]
    status, body, seconds = ask(port, paths[0])
    expect(status == 503, f"{paths[0]} gives {status} {body} while the {away} is away")
    expect(set(body) == FIELDS | {"error", *parts}, f"{paths[0]} has the fields {sorted(body)}")
    expect((body["status"], body[away]) == ("unhealthy", "disconnected"), f"{body}")
    expect(all(body[part] == "connected" for part in parts if part != away), f"{body}")
    expect(body["error"] == error, f"the error is {body['error']!r}, not {error}")
    expect(seconds < 4, f"{paths[0]} took {seconds:.1f} s, and the probe's timeout is 5 s")
    live, alive, quick = ask(port, paths[1])
    expect((live, alive) == (200, {"status": "alive"}), f"{paths[1]} gives {live} {alive} while the {away} is away")
    expect(quick < 1, f"{paths[1]} took {quick:.1f} s: it waits for the {away}")
    return f"503 {body['error']} in {seconds:.1f} s"


def until(seconds: float, check, *arguments) -> None:
    """Waits for a check to hold: what it says last is what it fails with."""
    end = time.monotonic() + seconds
    while True:
        try:
            return check(*arguments)
        except (Failed, OSError) as failure:
            if time.monotonic() > end:
                raise Failed(f"still after {seconds} s: {failure}") from failure
            time.sleep(0.3)


def away(name: str, server, port: int, paths: tuple[str, str], parts: tuple[str, ...]) -> str:
    """Stops a server, lets it hang, and brings it back each time."""
    server.stop()
    stopped = unhealthy(port, paths, parts, f"{name}_unreachable")
    server.start()
    until(20, healthy, port, paths, parts)
    server.signal(signal.SIGSTOP)
    try:
        hanging = unhealthy(port, paths, parts, f"{name}_timeout")
    finally:
        server.signal(signal.SIGCONT)
    until(20, healthy, port, paths, parts)
    return f"{name} stopped: {stopped}; hanging: {hanging}"


def check(name: str, siteplan: Path, postgres: Postgres, redis: Redis, work: Path) -> str:
    source = HERE / name
    plan = json.loads((source / "check.json").read_text())
    folder = work / name
    environment = {**os.environ, "DATABASE_URL": postgres.address, "APP_VERSION": VERSION}
    parts = ("database", "cache") if plan.get("cache") else ("database",)
    if plan.get("cache"):
        environment["REDIS_URL"] = redis.address
    environment["CARGO_TARGET_DIR"] = str(work / name / "target")
    if below := plan.get("go_path"):
        # Debian's packages of Go are read from their sources, without modules.
        folder = work / name / "src" / below
        environment |= {"GO111MODULE": "off", "GOPATH": f"{work / name}:/usr/share/gocode", "GOFLAGS": ""}
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("check.json", ".venv", "node_modules", "target"))
    generate = [str(siteplan), "generate", ".", "--defaults", "--only", "health", "--date", "2026-11-25"]
    told = subprocess.run(generate, cwd=folder, capture_output=True, text=True, check=False)
    expect(told.returncode == 0, f"{' '.join(generate)}: {told.stdout}{told.stderr}")
    for path in plan["writes"]:
        expect((folder / path).is_file(), f"`siteplan generate` has not written {path}: {told.stdout}")
    for command in plan["install"]:
        command = [str(folder / command[0]) if "/" in command[0] else command[0], *command[1:]]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        expect(done.returncode == 0, f"{' '.join(command)}: {done.stdout}{done.stderr}")
    port = free_port()
    start = [str(port) if word == "PORT" else word.replace("PORT", str(port)) for word in plan["start"]]
    start[0] = str(folder / start[0]) if "/" in start[0] else start[0]
    log = work / f"{name}.log"
    paths = ("/health", "/health/live")
    with log.open("w") as output:
        server = subprocess.Popen(
            start, cwd=folder, env={**environment, "PORT": str(port)}, stdout=output, stderr=output, start_new_session=True
        )
    try:
        until(60, healthy, port, paths, parts)
        for _ in range(20):
            healthy(port, paths, parts)
        left = postgres.connections()
        expect(left <= 4, f"{left} connections are open after 20 answers")
        said = [away("database", postgres, port, paths, parts)]
        if "cache" in parts:
            said.append(away("cache", redis, port, paths, parts))
        expect(server.poll() is None, "the application ended")
    except (Failed, OSError) as failure:
        raise Failed(f"{failure}\n--- {name}:\n{log.read_text()[-3000:]}") from failure
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=20)
    return f"200; {'; '.join(said)}; live 200 throughout; 200 again"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--siteplan", type=Path, required=True)
    parser.add_argument("names", nargs="*")
    given = parser.parse_args()
    names = given.names or sorted(path.parent.name for path in HERE.glob("*/check.json"))
    failures = 0
    with tempfile.TemporaryDirectory(prefix="siteplan-health-") as folder:
        work = Path(folder)
        postgres = Postgres(work)
        redis = Redis(work)
        try:
            for name in names:
                try:
                    print(f"{name}: {check(name, given.siteplan.resolve(), postgres, redis, work)}", flush=True)
                except Failed as failure:
                    failures += 1
                    print(f"{name}: {failure}", flush=True)
                    postgres_runs(postgres)
                finally:
                    # What an application installs is large: only one of them is on the disk at a time.
                    shutil.rmtree(work / name, ignore_errors=True)
        finally:
            redis.stop()
            postgres.stop()
    return 1 if failures else 0


def postgres_runs(postgres: Postgres) -> None:
    """After a failure the next application needs the server again."""
    try:
        postgres.connections()
    except Failed:
        postgres.start()


if __name__ == "__main__":
    sys.exit(main())
