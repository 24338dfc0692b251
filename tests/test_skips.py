"""What a skip means: in CI a failure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import servers

TESTS = """
import pytest

def test_runs():
    pass

def test_is_skipped():
    pytest.skip("nothing to look at")

@pytest.mark.shared
def test_reads_a_file_that_may_be_absent():
    pytest.skip("not here")
"""
A_WHOLE_MODULE = """
import pytest

pytest.skip("not on this machine", allow_module_level=True)
"""


@pytest.fixture
def run(tmp_path):
    def run(tests: str, ci: str) -> str:
        (tmp_path / "test_some.py").write_text(tests)
        plugins = ["-p", "tests.skips", "-p", "no:django", "-p", "no:xdist"]
        command = [sys.executable, "-m", "pytest", "-c", os.devnull, *plugins, str(tmp_path)]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        environment = kept | {"CI": ci, "PYTHONPATH": str(Path(__file__).parents[1])}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout

    return run


def test_is_a_failure_in_ci_but_for_files_in_shared(run):
    said = run(TESTS, ci="true")
    assert "1 failed, 1 passed, 1 skipped" in said
    assert "In CI nothing may be skipped, but this was: Skipped: nothing to look at" in said


def test_is_a_failure_in_ci_of_a_whole_module(run):
    said = run(A_WHOLE_MODULE, ci="true")
    assert "In CI nothing may be skipped, but this was: Skipped: not on this machine" in said
    assert "1 error" in said


class TestWithoutChromium:
    def test_are_the_browser_journeys_alone_skipped_and_it_says_so(self, monkeypatch, request):
        monkeypatch.setattr(servers, "chromium", lambda: None)
        journey, other = (
            pytest.Function.from_parent(request.node.parent, name="x", callobj=lambda: None) for _ in range(2)
        )
        journey.add_marker("journey")
        items = [journey, other]
        servers.pytest_collection_modifyitems(request.config, items)
        assert set(items) == {journey, other}
        (skip,) = journey.iter_markers("skip")
        assert "no Chromium found" in skip.kwargs["reason"]
        assert not list(other.iter_markers("skip"))
        assert "none found, so the browser journeys are skipped" in servers.pytest_report_header()


def test_is_none_elsewhere(run):
    assert "1 passed, 2 skipped" in run(TESTS, ci="")
    assert "1 skipped" in run(A_WHOLE_MODULE, ci="")
