"""A pytest plugin (`-p tests.servers` in pyproject.toml): real servers for the tests.

The process that pytest was started in starts PostgreSQL and Valkey on a temporary folder, before Django's settings
are loaded. Each process of `pytest -n` has its own database (see tests/conftest.py), its own Redis database and its
own folder for files.
"""

import contextlib
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import prepared
from vru_portal import processes
from vru_portal.embedded import BASE_DIR, is_configured, temporary_servers
from vru_portal.run import MANAGE, static_files_are_old

# The first is the same browser without its windows: it takes a third less of the processors.
CHROMIUM_NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
CHROMIUM_ON_MACOS = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
]

_at_the_end = contextlib.ExitStack()


# ---- Servers ----
@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests():
    """Before pytest-django, which loads the settings in this same hook."""
    number = os.environ.get("PYTEST_XDIST_WORKER", "")
    if number:
        _take_a_share(number, int(number.removeprefix("gw")) + 1)
    else:
        _start_servers()
    return (yield)


def pytest_configure():
    import hypothesis
    from django.conf import settings

    # How long an example takes says how busy the machine is, and nothing of the code.
    too_slow = [hypothesis.HealthCheck.too_slow]
    hypothesis.settings.register_profile("portal", deadline=None, suppress_health_check=too_slow)
    hypothesis.settings.load_profile("portal")

    # Before its first answer each test's client would look through all static files, for a fifth of the test's time.
    settings.WHITENOISE_AUTOREFRESH = True
    # Hashing is slow on purpose, and no test is about that.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


def pytest_unconfigure():
    _at_the_end.close()


def _start_servers() -> None:
    # Dozens of processes follow, and each of them would compile the portal anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if is_configured():
        os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "0" * 50)
        os.environ.setdefault("HTTPS", "0")
        os.environ["PORTAL_HOME"] = _at_the_end.enter_context(tempfile.TemporaryDirectory())
        prepared.drop_all()  # of a run that was killed
        _at_the_end.callback(prepared.drop_all)
    else:
        os.environ.update(_at_the_end.enter_context(temporary_servers()).environment)
    os.environ["DEMO"] = "0"
    # What belongs to the databases of tests/prepared.py and is no database.
    os.environ.setdefault("PREPARED_HOME", os.path.join(os.environ["PORTAL_HOME"], "prepared"))
    if static_files_are_old():
        command = [*MANAGE, "collectstatic", "--noinput", "--verbosity", "0"]
        subprocess.run(command, check=True, cwd=BASE_DIR)


def _take_a_share(name: str, number: int) -> None:
    address, _, _ = os.environ["REDIS_URL"].rpartition("/")
    os.environ["REDIS_URL"] = f"{address}/{number}"
    folder = Path(os.environ["PORTAL_HOME"]) / name
    folder.mkdir(exist_ok=True)
    os.environ["PORTAL_HOME"] = str(folder)


@pytest.fixture
def celery_worker_process(_celery_worker_of_the_module):
    """A real `celery worker` on this test process's database and Redis, for tests with `transaction=True`.

    Idle when the test ends: one release's job hands over the next one's, and emptying the tables under a job that
    still reads them is a deadlock.
    """
    yield _celery_worker_of_the_module()
    wait_until_idle()


@pytest.fixture(scope="module")
def _celery_worker_of_the_module(django_db_setup):
    """What gives the worker. Started by the first test, once the module works on its own database, if it has one; gone
    with the module: tests elsewhere hand over jobs too, and want nobody to do them meanwhile."""
    started = {}

    def worker() -> processes.Started:
        address = test_database_url()
        if not started:
            started[address] = start_celery_worker("--purge")  # what others handed over is nobody's any more
        return started[address]

    yield worker
    for each in started.values():
        each.stop()


def wait_until_idle() -> None:
    """Until the one worker does nothing; what nobody has begun is thrown away."""
    deadline = time.monotonic() + 300
    while not _is_idle():
        assert time.monotonic() < deadline, "The worker is still at work."
        time.sleep(0.05)


def _is_idle() -> bool:
    from celery import current_app

    worker = current_app.control.inspect(limit=1, timeout=2)
    # While it is asked a task may go from the queue to the worker, begin, end and hand over the next one: it is then
    # among those taken when that is asked once more, or has been begun meanwhile.
    begun = _begun(worker)
    is_busy = _tasks(worker.reserved) or _tasks(worker.active) or current_app.control.purge() or _tasks(worker.reserved)
    return not is_busy and _begun(worker) == begun


def _begun(worker) -> int:
    """How many tasks it has begun since it was started."""
    (stats,) = _answer(worker.stats).values()
    return sum(stats["total"].values())


def _tasks(ask: Callable[[], dict | None]) -> list:
    return [task for tasks in _answer(ask).values() for task in tasks]


def _answer(ask: Callable[[], dict | None]) -> dict:
    """Asked again where nobody answers: one that has just begun misses what is said to all workers."""
    answer = next((found for _ in range(30) if (found := ask()) is not None), None)
    assert answer is not None, "The worker does not answer."
    return answer


def start_celery_worker(*options: str, app: str = "vru_portal") -> processes.Started:
    """Starts a worker on the test database and returns when it takes tasks; `options` are Celery's own."""
    from django.conf import settings

    from vru_portal.core import workers

    environment = os.environ | {"DATABASE_URL": test_database_url()}
    command = [sys.executable, "-m", "celery", "-A", app, "worker", "--concurrency", "1", *options]
    with workers.redis_client() as client:
        client.delete(workers.WORKERS)
    worker = processes.start(Path(settings.PORTAL_HOME), "worker", command, env=environment, cwd=BASE_DIR)
    try:
        processes.wait_until(workers.is_worker_alive, worker, "The Celery worker")
    except BaseException:
        worker.stop()
        raise
    return worker


def test_database_url() -> str:
    """The database of this test process, for programs that it starts."""
    from django.db import connection

    return prepared.url_of(connection.settings_dict["NAME"])


# ---- Browser journeys ----
def chromium() -> str | None:
    """The path of a Chromium or Chrome: CHROMIUM, or the first that is found; None when there is none."""
    if os.environ.get("CHROMIUM"):
        return os.environ["CHROMIUM"]
    found = [shutil.which(name) for name in CHROMIUM_NAMES]
    found += [path for path in CHROMIUM_ON_MACOS if Path(path).exists()]
    return next(filter(None, found), None)


@pytest.hookimpl(trylast=True)  # pytest-django puts them into an order of its own
def pytest_collection_modifyitems(config, items):
    processes_of_run = getattr(config, "workerinput", {}).get("workercount", 1)
    items[:] = _begun_with_what_is_long(items, processes_of_run)
    if chromium() is None:
        skip = pytest.mark.skip(reason="no Chromium found: install it, or set CHROMIUM to its path")
        for item in items:
            if item.get_closest_marker("journey"):
                item.add_marker(skip)


def _begun_with_what_is_long(items: list[pytest.Item], processes_of_run: int) -> list[pytest.Item]:
    """Each process is given the same share of the list, in its order (`--dist worksteal`): so each share begins with
    its part of what is long."""
    long = [item for item in items if item.get_closest_marker("long")]
    others = iter(item for item in items if item not in long)
    ordered: list[pytest.Item] = []
    for number in range(processes_of_run):
        size = (len(items) - len(ordered)) // (processes_of_run - number)
        first = long[number::processes_of_run]
        ordered += [*first, *itertools.islice(others, max(0, size - len(first)))]
    return ordered


def pytest_report_header():
    return f"chromium: {chromium() or 'none found, so the browser journeys are skipped'}"
