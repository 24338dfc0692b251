"""The supervisor behind `make run`, as a person meets it: started as a process, looked at from outside, stopped."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil
import psycopg
import pytest

from outcomes.demo.people import demo_accounts
from partners.permissions import Role
from tests import prepared
from vru_portal import embedded
from vru_portal.embedded import BASE_DIR, Servers, clear_leftovers, free_port, is_configured
from vru_portal.processes import CannotRun, claim, start
from vru_portal.run import port_number

WITHIN = 600  # seconds; a bound against hanging, not a measurement
NAMES = ["web", "worker", "beat", "redis", "postgres"]


class Run:
    """One start of the supervisor on `home`."""

    def __init__(self, home: Path, port: int, *, is_demo: bool = False, servers: dict[str, str] | None = None):
        """With `servers` on those, and nothing said of a demo but by them."""
        self.home, self.port = home, port
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "DEMO"}}
        given = {"PORTAL_HOME": str(home), "PORT": str(port), "WEB_WORKERS": "1"}
        given |= servers or {"DEMO": str(int(is_demo))}
        home.parent.mkdir(exist_ok=True)
        self.output = home.with_name(f"output-{time.monotonic_ns()}")
        with open(self.output, "w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "vru_portal.run"],
                env=kept | given,
                cwd=BASE_DIR,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.output.read_text()

    def wait_until_ready(self) -> "Run":
        wait_for(lambda: "Ready:" in self.said() or self.process.poll() is not None)
        assert self.process.poll() is None, self.said()
        wait_for(lambda: (self.home / "run" / "beat.json").exists() or self.process.poll() is not None)  # the last
        assert self.process.poll() is None, self.said()
        return self

    def ready(self) -> dict:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=10) as answer:
            return json.load(answer)

    def pids(self) -> dict[str, int]:
        return {name: json.loads((self.home / "run" / f"{name}.json").read_text())["pid"] for name in NAMES}

    def family(self) -> list[psutil.Process]:
        return [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(WITHIN)


@pytest.fixture(scope="module")
def home():
    """One PORTAL_HOME (with a space in its name): the first run on it makes the database, the others find it.

    Not below pytest's own folder, which another run of pytest closes to all but its owner: PostgreSQL is another user.
    """
    with tempfile.TemporaryDirectory(prefix="vru-run-") as folder:
        yield Path(folder) / "the portal"


@pytest.fixture
def runs(home):
    """Starts runs on one PORTAL_HOME; whatever a failed test leaves is stopped."""
    started = []

    def start(port: int | None = None, *, on: Path = home, **given) -> Run:
        started.append(Run(on, port or free_port(), **given))
        return started[-1]

    yield start
    for run in started:
        if run.process.poll() is None:
            run.end()
    for used in {run.home for run in started if run.home.exists()}:
        with claim(used):
            clear_leftovers(used)


@contextlib.contextmanager
def database_of_its_own(name: str, template: str):
    """Its address."""
    ours = f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', '')}"
    prepared.copy(template, ours)
    yield prepared.url_of(ours)
    prepared.drop(ours)


@pytest.fixture
def empty():
    """With every migration, and nothing else."""
    with database_of_its_own("empty", prepared.migrated()) as address:
        yield address


@pytest.fixture
def demo():
    with database_of_its_own("demo", prepared.demo_region()) as address:
        yield address


def wait_for(condition) -> None:
    deadline = time.monotonic() + WITHIN
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


def living(processes: list[psutil.Process]) -> list[psutil.Process]:
    def lives(process):
        with contextlib.suppress(psutil.NoSuchProcess):
            return process.is_running() and process.status() != psutil.STATUS_ZOMBIE

    return [process for process in processes if lives(process)]


class TestRun:
    def test_becomes_ready_refuses_a_second_and_leaves_nothing(self, runs):
        run = runs().wait_until_ready()
        assert run.ready() == {"web": "ok", "postgresql": "ok", "redis": "ok", "worker": "ok"}
        family = run.family()
        assert len(family) > len(NAMES)

        second = runs()
        assert second.process.wait(WITHIN) == 1
        assert f"already running on {run.home} (process {run.process.pid})" in second.said()
        assert run.ready()["web"] == "ok"

        assert run.end(signal.SIGTERM) == 0
        assert living(family) == []
        assert not list((run.home / "run").iterdir())
        assert not (run.home / "environment.json").exists()

    def test_copes_with_what_a_killed_run_left_and_says_which_part_died(self, runs):
        killed = runs().wait_until_ready()
        family, before = killed.family(), killed.pids()
        killed.end(signal.SIGKILL)
        assert len(living(family)) >= len(NAMES)

        again = runs(killed.port).wait_until_ready()
        assert "Stopped web, left over from a run that was killed." in again.said()
        assert living(family) == []
        assert not set(again.pids().values()) & set(before.values())

        family = again.family()
        os.kill(again.pids()["worker"], signal.SIGKILL)
        assert again.process.wait(WITHIN) == 1
        assert "worker has stopped unexpectedly" in again.said()
        assert living(family) == []

    def test_beside_another_and_on_servers_of_others_starts_none_and_invents_nobody(self, runs, home, empty):
        one = runs().wait_until_ready()
        given = {"DATABASE_URL": empty, "REDIS_URL": os.environ["REDIS_URL"]}
        other = runs(on=home.with_name("beside"), servers=given).wait_until_ready()
        assert {path.stem for path in (other.home / "run").glob("*.json")} == {"web", "worker", "beat"}
        assert one.ready() == other.ready() == dict.fromkeys(["web", "postgresql", "redis", "worker"], "ok")
        assert "Demo accounts" not in other.said()
        with psycopg.connect(empty) as connection:
            assert connection.execute("SELECT FROM partners_user").fetchall() == []
            assert connection.execute("SELECT FROM outcomes_category").fetchall() != []
        assert other.end() == 0
        assert one.ready()["web"] == "ok"
        assert one.end() == 0

    @pytest.mark.region
    def test_finds_a_demo_that_is_there_and_says_who_can_sign_in(self, runs, home, demo):
        given = {"DATABASE_URL": demo, "REDIS_URL": os.environ["REDIS_URL"], "DEMO": "1"}
        run = runs(on=home.with_name("demo"), servers=given).wait_until_ready()
        said = run.said().splitlines()
        accounts = demo_accounts()
        assert {account.code for account in accounts} >= {role.value for role in Role}
        assert {f"{each.code} {each.email} {each.password}" for each in accounts} <= set(said)
        assert not [line for line in said if "Reference tables" in line or "The first release" in line]
        assert run.end() == 0

    @pytest.mark.region
    @pytest.mark.long
    def test_fills_an_empty_database_with_the_demo_where_that_is_asked_for(self, runs, home, empty):
        given = {"DATABASE_URL": empty, "REDIS_URL": os.environ["REDIS_URL"], "DEMO": "1"}
        run = runs(on=home.with_name("filled"), servers=given)
        accounts = demo_accounts()
        lines = {f"{each.code} {each.email} {each.password}" for each in accounts}
        wait_for(lambda: lines <= set(run.said().splitlines()) or run.process.poll() is not None)
        assert run.process.poll() is None, run.said()
        with psycopg.connect(empty) as connection:
            known = {email for (email,) in connection.execute("SELECT email FROM partners_user")}
            assert {each.email for each in accounts} <= known
            assert connection.execute("SELECT FROM outcomes_submission LIMIT 1").fetchall()
        assert run.end() == 0

    def test_stops_while_it_is_still_starting(self, runs):
        run = runs()
        wait_for(lambda: "Preparing the database." in run.said())
        family = run.family()
        assert run.end(signal.SIGINT) == 0
        assert "Ready:" not in run.said()
        assert living(family) == []


class TestProcesses:
    DEAF = (
        "import ctypes, signal, threading, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "threading.Thread(target=time.sleep, args=({seconds},)).start(); ctypes.CDLL(None).pthread_exit(None)"
    )

    @pytest.mark.parametrize(("seconds", "status"), [(1, 0), (600, -signal.SIGKILL)], ids=["ends", "hangs"])
    def test_are_collected_although_their_first_thread_ended_before_others(self, tmp_path, seconds, status):
        """They look dead then, and nobody may forget them yet."""
        command = [sys.executable, "-c", self.DEAF.format(seconds=seconds)]
        started = start(tmp_path, "beat", command, env=dict(os.environ), cwd=tmp_path)
        wait_for(lambda: started.process.status() == psutil.STATUS_ZOMBIE or not started.is_alive())
        started.stop()
        assert started.process.returncode == status


class TestWhereTestsKeepTheirServers:
    def test_is_in_memory_where_there_is_room_and_on_disk_elsewhere(self, monkeypatch):
        monkeypatch.setattr(embedded, "ROOM_FOR_TESTS", 1 << 60)
        assert embedded._folder_of_temporary_homes() == Path(tempfile.gettempdir())
        monkeypatch.setattr(embedded, "ROOM_FOR_TESTS", 0)
        monkeypatch.setattr(embedded, "IN_MEMORY", Path("/no/such/folder"))
        assert embedded._folder_of_temporary_homes() == Path(tempfile.gettempdir())
        monkeypatch.setattr(embedded, "IN_MEMORY", Path(tempfile.gettempdir()) / "..")
        assert embedded._folder_of_temporary_homes() == embedded.IN_MEMORY


class TestServers:
    @pytest.fixture
    def home(self, tmp_path):
        with claim(tmp_path / "home"):
            yield tmp_path / "home"

    def test_copes_with_servers_that_died_without_a_word(self, home):
        dead = []
        for _ in range(2):
            servers = Servers(home, durable=False)
            servers.start()
            for started in servers.started:
                started.process.kill()  # and is not collected, as in a container
            dead += servers.started
        clear_leftovers(home)
        servers = Servers(home, durable=False)
        servers.start()
        servers.stop()
        for started in dead:
            assert started.process.wait(WITHIN) == -signal.SIGKILL

    def test_uses_a_short_folder_for_the_socket_when_the_path_is_too_long(self, tmp_path):
        home = tmp_path / ("long" * 20) / ("path" * 10)
        with claim(home):
            servers = Servers(home, durable=False)
            servers.start()
            folder = servers._socket_folder
            assert not folder.is_relative_to(home)
            assert folder.stat().st_mode & 0o077 == 0
            servers.stop()
            assert not folder.exists()

    @pytest.mark.parametrize(("given", "is_demo"), [(None, "1"), ("", "1"), ("1", "1"), ("0", "0")])
    def test_are_of_the_demo_unless_somebody_says_no(self, monkeypatch, given, is_demo):
        monkeypatch.delenv("DEMO")
        if given is not None:
            monkeypatch.setenv("DEMO", given)
        assert embedded.demo_or_not() == is_demo

    def test_keeps_its_secrets_to_itself(self, home):
        servers = Servers(home, durable=False)
        servers.start()
        servers.stop()
        first = (home / "secrets.json").read_text()
        assert (home / "secrets.json").stat().st_mode & 0o077 == 0
        assert (home / "postgres").stat().st_mode & 0o077 == 0
        servers.start()
        servers.stop()
        assert (home / "secrets.json").read_text() == first


class TestSentences:
    @pytest.mark.parametrize("port", ["http", "0", "65536", "-1"])
    def test_refuses_what_is_no_port(self, monkeypatch, port):
        monkeypatch.setenv("PORT", port)
        with pytest.raises(CannotRun, match="PORT must be a number from 1 to 65535"):
            port_number()

    def test_refuses_a_port_in_use(self, runs):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            run = runs(taken.getsockname()[1])
            assert run.process.wait(WITHIN) == 1
        assert "cannot be used (address already in use)" in run.said()

    def test_refuses_one_server_without_the_other(self, monkeypatch):
        monkeypatch.setenv("DATABASE_URL", "postgresql:///somewhere")
        monkeypatch.delenv("REDIS_URL", raising=False)
        with pytest.raises(CannotRun, match="DATABASE_URL is set but REDIS_URL is not"):
            is_configured()
