"""The databases of a test process are copies of ones that are filled once for all of them: see tests/prepared.py."""

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
    from django.db import connection

    ours = connection.settings_dict["NAME"]
    copy = f"{ours}_copy"

    def work_on(database: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = database

    def work_on_copy(prepared_one: str) -> None:
        prepared.copy(prepared_one, copy)
        work_on(copy)

    with django_db_blocker.unblock():
        yield work_on_copy
        work_on(ours)
    prepared.drop(copy)


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
