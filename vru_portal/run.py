"""`make run`: starts everything the portal consists of, and stops all of it again.

Signals only set a flag, and every wait here looks at it: so there is no moment at which a signal can leave a process
behind. The exit status is 0 after a stop that was asked for, and 1 after anything else.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg
import redis

from vru_portal import processes
from vru_portal.embedded import BASE_DIR, Servers, clear_leftovers, is_configured, portal_home, stored_secrets
from vru_portal.processes import CannotRun, Started, claim

READY_WITHIN = 120  # seconds
PYTHON = [sys.executable, "-m"]
ALONE = ["--without-mingle", "--without-gossip"]  # there is no second worker to look for
MANAGE = [sys.executable, str(BASE_DIR / "manage.py")]


class StopAsked(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


class StepFailed(CannotRun):
    """A command that was run on the way did not end well."""


class Supervisor:
    """One run on one PORTAL_HOME."""

    def __init__(self, home: Path):
        self.home = home
        self.servers: Servers | None = None
        self.children: list[Started] = []
        self.stop_asked = False
        self.environment: dict[str, str] = {}

    def run(self) -> None:
        """Starts all and returns when a stop was asked for; raises CannotRun when something does not work."""
        is_own = not is_configured()
        port = port_number()
        self._listen_for_signals()
        with claim(self.home):
            try:
                for name in clear_leftovers(self.home):
                    say(f"Stopped {name}, left over from a run that was killed.")
                self._check_port(port)
                self._start(port, is_own)
                self._watch()
            except StopAsked:
                pass
            finally:
                self._stop()

    # ---- Up ----
    def _start(self, port: int, is_own: bool) -> None:
        self.environment = {**os.environ, **self._settings(is_own), "PYTHONUNBUFFERED": "1"}
        self.environment.setdefault("PORTAL_ADDRESS", f"http://localhost:{port}")
        say("Preparing the database.")
        self._step([*MANAGE, "migrate", "--verbosity", "0"], "The migration")
        if static_files_are_old():
            self._step([*MANAGE, "collectstatic", "--noinput", "--verbosity", "0"], "Collecting the static files")
        is_demo = self.environment.get("DEMO", "").lower() in {"1", "true", "yes", "on"}
        if is_empty(self.environment["DATABASE_URL"]):
            if is_demo:
                self._step([*MANAGE, "load_demo", "--only", "records"], "Loading the demo region")
            else:
                self._step([*MANAGE, "load_reference_tables"], "Loading the code lists")
        self._forget_old_workers()
        self._child("worker", [*PYTHON, "celery", "-A", "vru_portal", "worker", "--loglevel", "INFO", *ALONE])
        self._child("web", [*PYTHON, "gunicorn", *gunicorn_options(port)])
        self._wait_until_ready(port)
        self._say_where(port, is_demo)
        if is_demo:
            self._produce_releases()
        # Last, for it asks for releases too, and would come before those of the demonstration.
        schedule = self.home / "beat-schedule"
        self._child("beat", [*PYTHON, "celery", "-A", "vru_portal", "beat", "--schedule", schedule])

    def _produce_releases(self) -> None:
        """Those of the demo region that are missing. People may be at work in it: what they did can stand in the way,
        and is no reason to stop."""
        try:
            self._step([*MANAGE, "load_demo", "--only", "releases"], "Producing the releases of the demonstration")
        except StepFailed as failed:
            say(f"{failed} The portal runs on without them; the next start tries again.")

    def _settings(self, is_own: bool) -> dict[str, str]:
        known = {"PORTAL_HOME": str(self.home)}
        if is_own:
            say("Starting PostgreSQL and Redis.")
            self.servers = Servers(self.home)
            self.servers.start()
            # What the person set for this run stands, but for what names the servers.
            given = {name for name in ("SECRET_KEY", "HTTPS", "EMAIL_BACKEND") if os.environ.get(name)}
            known |= {name: value for name, value in self.servers.environment.items() if name not in given}
        else:
            # It answers plain HTTP on the loopback address, whosever the servers are.
            known["HTTPS"] = os.environ.get("HTTPS") or "0"
            if not os.environ.get("SECRET_KEY"):
                known["SECRET_KEY"] = stored_secrets(self.home)["SECRET_KEY"]
        if not os.environ.get("CODE_VERSION"):
            known |= code_version()
        return known

    def _forget_old_workers(self) -> None:
        """A worker that was killed is in the list of the living for some seconds more; ours is not up yet."""
        if self.servers:
            with redis.Redis.from_url(self.environment["REDIS_URL"]) as client:
                client.delete("portal:workers")

    def _child(self, name: str, command: list) -> None:
        self._look_up()
        self.children.append(processes.start(self.home, name, command, env=self.environment, cwd=BASE_DIR))

    def _step(self, command: list, title: str) -> None:
        """Runs one command to its end, with its output on the screen."""
        self._look_up()
        with subprocess.Popen(  # noqa: S603
            command, env=self.environment, cwd=BASE_DIR, start_new_session=True
        ) as step:
            try:
                while step.poll() is None:
                    self._look_up()
                    time.sleep(0.05)
            except BaseException:
                step.terminate()
                raise
        if step.returncode:
            raise StepFailed(f"{title} failed (status {step.returncode}); what went wrong is above.")

    def _wait_until_ready(self, port: int) -> None:
        deadline = time.monotonic() + READY_WITHIN
        answer = "no answer"
        while time.monotonic() < deadline:
            self._look_up()
            is_ready, answer = ask_health("ready", port)
            if is_ready:
                return
            time.sleep(0.2)
        logs = "\n".join(f"  {child.name}:\n{child.log_tail(5)}" for child in self.children)
        raise CannotRun(f"Not ready after {READY_WITHIN} seconds ({answer}). The logs end with:\n{logs}")

    def _say_where(self, port: int, is_demo: bool) -> None:
        say(f"\nReady: http://localhost:{port}/")
        if self.environment.get("HTTPS", "1").lower() in {"1", "true", "yes", "on"}:
            say("It expects a proxy in front that speaks HTTPS, as HTTPS is set.")
        if is_demo:
            say("\nDemo accounts (role, email, password):")
            self._step([*MANAGE, "demo_accounts"], "Listing the demo accounts")
        say(f"\nLogs are in {self.home / 'logs'}. Ctrl-C stops everything.")

    # ---- While it runs ----
    def _watch(self) -> None:
        while True:
            self._look_up()
            time.sleep(0.2)

    def _look_up(self) -> None:
        """Raises StopAsked if a signal came, CannotRun if one of the processes has ended by itself."""
        if self.stop_asked:
            raise StopAsked
        for child in [*(self.servers.started if self.servers else []), *self.children]:
            if not child.is_alive():
                raise CannotRun(
                    f"{child.name} has stopped unexpectedly (status {child.process.returncode}); stopping the rest. "
                    f"Its log {child.log} ends with:\n{child.log_tail()}"
                )

    def _listen_for_signals(self) -> None:
        def ask(number, frame):
            self.stop_asked = True

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # `nohup` stays in force
                signal.signal(number, ask)

    # ---- Down ----
    def _stop(self) -> None:
        if self.children:
            say("Stopping.")
        order = list(processes.STOPPING)
        with contextlib.ExitStack() as last_first:
            if self.servers:
                last_first.callback(self.servers.stop)
            for child in sorted(self.children, key=lambda child: order.index(child.name), reverse=True):
                last_first.callback(child.stop)

    def _check_port(self, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise CannotRun(
                    f"Port {port} cannot be used ({error.strerror.lower()}). Stop the program that uses it, or choose "
                    f"another one: make run PORT={port + 1 if port < 65535 else 8000}"
                ) from None


def port_number() -> int:
    """PORT as a number, 8000 if it is not set; raises CannotRun for what is no port."""
    given = os.environ.get("PORT") or "8000"
    if not given.isdecimal() or not 1 <= int(given) <= 65535:
        raise CannotRun(f"PORT must be a number from 1 to 65535, not “{given}”: make run PORT=8000")
    return int(given)


def gunicorn_options(port: int) -> list[str]:
    """How the web server runs on this machine; the Dockerfile's command is its counterpart in production."""
    return [
        "vru_portal.wsgi",
        *("--bind", f"127.0.0.1:{port}"),
        *("--worker-class", "gthread", "--workers", os.environ.get("WEB_WORKERS", "2"), "--threads", "4"),
        *("--timeout", "60", "--graceful-timeout", "10", "--no-control-socket"),
    ]


def ask_health(name: str, port: int) -> tuple[bool, str]:
    """Whether /health/`name` (live or ready) says 200 on this machine, and what it said."""
    hosts = [part.strip().lstrip(".") for part in os.environ.get("ALLOWED_HOSTS", "").split(",")]
    host = next((host for host in hosts if host and host != "*"), "localhost")  # Django answers no other name
    request = urllib.request.Request(f"http://127.0.0.1:{port}/health/{name}", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - the address is ours
            return answer.status == 200, answer.read(500).decode(errors="replace")
    except urllib.error.HTTPError as error:
        with error:
            return False, error.read(500).decode(errors="replace")
    except OSError as error:
        return False, str(error)


def is_empty(database_url: str) -> bool:
    """Whether nobody has an account yet."""
    with psycopg.connect(database_url) as connection:
        return not connection.execute("SELECT EXISTS (SELECT FROM partners_user)").fetchone()[0]


def static_files_are_old() -> bool:
    """Whether something that is collected is newer than the last collection."""
    manifest = BASE_DIR / "staticfiles" / "staticfiles.json"
    if not manifest.exists():
        return True
    sources = [BASE_DIR / "vru_portal" / "settings.py", BASE_DIR / "requirements" / "base.txt"]
    sources += [path for path in (BASE_DIR / "static").rglob("*") if path.is_file()]
    return max(path.stat().st_mtime for path in sources) > manifest.stat().st_mtime


def code_version() -> dict[str, str]:
    """CODE_VERSION from git, where there is one."""
    command = ["git", "-C", str(BASE_DIR), "describe", "--always", "--dirty"]
    try:
        described = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    except (FileNotFoundError, subprocess.CalledProcessError):
        return {}
    return {"CODE_VERSION": described.stdout.strip()}


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def main() -> int:
    """Runs until it is stopped; the exit status."""
    try:
        Supervisor(portal_home()).run()
    except CannotRun as reason:
        print(f"\n{reason}", file=sys.stderr, flush=True)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
