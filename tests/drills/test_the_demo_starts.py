"""`make run` with the demo region: started, stopped, started again; and its loading killed wherever it is."""

import os
import signal
import subprocess

import psycopg
import pytest

from outcomes.demo.people import demo_accounts
from tests.test_run import empty as empty
from tests.test_run import home as home
from tests.test_run import runs as runs
from tests.test_run import wait_for
from vru_portal.run import MANAGE

pytestmark = pytest.mark.drill

RECORDS = ["Reference tables", "deliveries", "Networks", "obligations", "Money", "Returns"]
RELEASES = ["People of registers", "The first release", "Its revision", "The release of March", "Unlocks"]


def test_a_second_start_finds_what_the_first_one_loaded(runs):
    first = runs(is_demo=True).wait_until_ready()
    assert "Every release of the demonstration is there." in first.said()
    assert first.end() == 0
    second = runs(is_demo=True).wait_until_ready()
    wait_for(lambda: all(account.email in second.said() for account in demo_accounts()))
    assert "demo region" not in second.said()
    assert second.ready() == {"web": "ok", "postgresql": "ok", "redis": "ok", "worker": "ok"}
    assert second.end() == 0


def test_a_loading_that_is_killed_at_any_stage_leaves_nothing_and_the_next_one_is_whole(empty):
    for stage in RECORDS:
        load(empty, kill_at=stage)
        assert rows(empty) == (0, 0), stage
    for stage in RELEASES:
        load(empty, kill_at=stage)
        assert all(rows(empty)), stage
    assert "The demo region is loaded." in load(empty)
    assert "Nothing to add" in load(empty)


def test_of_a_loading_that_is_killed_while_it_commits_the_next_one_finds_all_or_nothing(empty):
    load(empty, kill_at="Checking")
    said = load(empty)  # waits for the database, which may commit what it has, or drop it
    users, submissions = rows(empty)
    assert users
    assert submissions
    assert "The demo region is loaded." in said or "Nothing to add" in said
    assert "Nothing to add" in load(empty)


def rows(database: str) -> tuple[int, int]:
    """People, and returns sent."""
    with psycopg.connect(database) as connection:
        (users,) = connection.execute("SELECT count(*) FROM partners_user").fetchone()
        (submissions,) = connection.execute("SELECT count(*) FROM outcomes_submission").fetchone()
    return users, submissions


def load(database: str, *, kill_at: str = "") -> str:
    """What `load_demo` said; killed as soon as it says that it is at a stage."""
    environment = os.environ | {"DATABASE_URL": database}
    said = ""
    with subprocess.Popen([*MANAGE, "load_demo"], env=environment, stdout=subprocess.PIPE, text=True) as loading:
        for line in loading.stdout:
            said += line
            if kill_at and kill_at in line:
                loading.kill()
        status = loading.wait()
    assert status == (-signal.SIGKILL if kill_at else 0), said
    return said
