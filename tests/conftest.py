"""The databases of a test process are copies of ones that are filled once for all of them: see tests/prepared.py."""

import contextlib
import os

import pytest

from tests import prepared


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """Its own database begins with every migration applied. Django would go through all of them once more, in seconds,
    to find that there is nothing to do."""
    from django.db import connection

    name = f"test_{connection.settings_dict['NAME']}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    prepared.copy(prepared.migrated(), name)
    connection.settings_dict["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connection.close()
    prepared.drop(name)


@pytest.fixture(scope="module")
def work_on_copy_of(django_db_setup, django_db_blocker):
    """`work_on_copy_of(prepared)`: until the module's end Django works on a database of its own with all that is in
    the prepared one. What a module's test commits there, its other tests find."""
    with django_db_blocker.unblock(), _database_of_its_own("copy") as copy_from:
        yield copy_from


@pytest.fixture(scope="class")
def fill_once(django_db_setup, django_db_blocker):
    """`fill_once(make)`: makes it in a database that the class's tests have to themselves. Each test begins with it;
    what a test changes is taken back. Gives what finds the rows that were made, as they are now."""
    from django.db import connection, transaction

    with django_db_blocker.unblock(), _database_of_its_own("class") as copy_from:

        def fill(make):
            copy_from(connection.settings_dict["NAME"])
            with transaction.atomic():
                made = make()
            return lambda: _as_stored(made)

        yield fill


def _as_stored(made):
    """The same rows; they may be in a list, a tuple or a dictionary."""
    if isinstance(made, (list, tuple)):
        return type(made)(map(_as_stored, made))
    if isinstance(made, dict):
        return {name: _as_stored(each) for name, each in made.items()}
    return type(made).objects.get(pk=made.pk)


@contextlib.contextmanager
def _database_of_its_own(name: str):
    """Yields what makes it a copy of one that nobody is connected to, and leads Django there; until it is left."""
    from django.db import connection

    ours = connection.settings_dict["NAME"]
    copy = f"{ours}_{name}"

    def work_on(database: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = database

    def copy_from(database: str) -> None:
        connection.close()
        prepared.copy(database, copy)
        work_on(copy)

    yield copy_from
    work_on(ours)
    prepared.drop(copy)


@pytest.fixture
def workbooks_once(monkeypatch):
    """For tests of releases that say nothing of the spreadsheet, which most of a release's time goes into: the one of
    the same tables, which is the same to the byte (tests/test_reproduction.py), is written once for all of them."""
    from outcomes.package import workbook

    write = workbook.book

    def book(tables, **about) -> bytes:
        told = repr((tables, about))
        if told not in _WRITTEN:
            _WRITTEN[told] = write(tables, **about)
        return _WRITTEN[told]

    monkeypatch.setattr(workbook, "book", book)


_WRITTEN: dict[str, bytes] = {}


@pytest.fixture(scope="module")
def reference_tables(work_on_copy_of):
    """The module's tests find the code lists and the return templates that come with the portal."""
    work_on_copy_of(prepared.reference_tables())


@pytest.fixture
def keys_file(tmp_path, settings):
    """The installation's file of register keys, with one that was set by hand."""
    from tests.ceremony import OLD

    path = tmp_path / "register-keys"
    path.write_text(OLD.line + "\n")
    settings.REGISTER_KEYS_FILE, settings.REGISTER_KEYS = str(path), ""
    return path


@pytest.fixture
def custodians():
    """Two who may make a register key."""
    from partners.permissions import Role
    from tests.factories import user_with

    return user_with(Role.DIRECTOR), user_with(Role.PROGRAMME_MANAGER)


@pytest.fixture(autouse=True)
def nobody_is_remembered():
    """Tests change the database under a process that goes on: the same numbers stand for other people then."""
    from outcomes.queries.linkage import person_of

    person_of.cache_clear()
