"""Databases that take long to fill: filled once for all test processes of a run, and copied for each that asks."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

from vru_portal.run import MANAGE

PREFIX = "prepared_"
DEMO_DAY = date(2026, 11, 22)


# ---- What there is, each by the name of its database ----
def migrated() -> str:
    """Every migration and nothing else."""
    return _filled("migrated", ["migrate", "--verbosity", "0"], template="template1")


def migrated_to(app: str, name: str) -> str:
    """A database of an earlier version: as far as one migration of an app, and what that needs."""
    return _filled(name, ["migrate", app, name, "--verbosity", "0"], template="template1")


def reference_tables() -> str:
    """The code lists and the return templates that come with the portal."""
    return _filled("reference_tables", ["load_reference_tables"], template=migrated())


def demo_region() -> str:
    """The demo region as of DEMO_DAY."""
    return _filled("demo_region", ["load_demo", "--today", str(DEMO_DAY)], template=migrated())


# ---- What is done with them ----
def copy(prepared: str, name: str) -> None:
    """Makes the database `name` what the prepared one is, whatever it was before."""
    with _server() as server:
        _drop(server, name)
        _create(server, name, template=prepared)


def copy_files(folder: Path) -> None:
    """Into the folder of a process that works on a copy of the demo region: the evidence of its claims."""
    shutil.copytree(Path(os.environ["PREPARED_HOME"]) / "files", folder, dirs_exist_ok=True)


def drop(name: str) -> None:
    with _server() as server:
        _drop(server, name)


def drop_all() -> None:
    """Nothing of this run is of use to the next one, which may have other migrations."""
    with _server() as server:
        for (name,) in server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [PREFIX + "%"]):
            _drop(server, name)


def url_of(name: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path="/" + name).geturl()


def _filled(name: str, command: list[str], *, template: str) -> str:
    """By a command of manage.py, in the one process that comes first; the others wait and find it filled."""
    name, unfinished = PREFIX + name, f"{PREFIX}unfinished_{name}"
    with _server() as server:
        server.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        if server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            _drop(server, unfinished)
            _create(server, unfinished, template=template)
            environment = os.environ | {"DATABASE_URL": url_of(unfinished), "PORTAL_HOME": os.environ["PREPARED_HOME"]}
            subprocess.run([*MANAGE, *command], env=environment, check=True, stdout=subprocess.DEVNULL)
            server.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(unfinished), Identifier(name)))
    return name


@contextlib.contextmanager
def _server() -> Iterator[psycopg.Connection]:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        yield server


def _create(server: psycopg.Connection, name: str, *, template: str) -> None:
    statement = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    server.execute(statement.format(Identifier(name), Identifier(template)))


def _drop(server: psycopg.Connection, name: str) -> None:
    """Ends whoever of ours is still connected first. Not WITH (FORCE), which is refused while the server's own vacuum
    is at work there; the plain statement sends that away itself."""
    ours = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user"
    server.execute(ours, [name])
    server.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(name)))
