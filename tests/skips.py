"""A pytest plugin (`-p tests.skips` in pyproject.toml): in CI a skip is a failure, but not of files in ../shared."""

import os

import pytest

IS_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    if IS_CI and report.skipped and not hasattr(report, "wasxfail") and not item.get_closest_marker("shared"):
        _fail(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    if IS_CI and report.skipped:  # a whole module
        _fail(report)
    return report


def _fail(report) -> None:
    reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"In CI nothing may be skipped, but this was: {reason}"
