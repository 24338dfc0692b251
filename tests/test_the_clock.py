"""Operations tells of everything that the clock does, and when."""

import re
from pathlib import Path

from django.conf import settings

from vru_portal.celery import app

TOLD = re.compile(r"^\| `([a-z-]+)` \| `([^`]+)` \| \S", re.MULTILINE)


def test_operations_lists_every_entry_with_its_time():
    page = (Path(settings.BASE_DIR) / "docs" / "operations.md").read_text(encoding="utf-8")
    section = page.split("## What the clock does")[1].split("\n## ")[0]
    scheduled = {
        name: re.search(r"crontab: (.+) \(m/h/dM/MY/d\)", repr(entry["schedule"]))[1]
        for name, entry in settings.CELERY_BEAT_SCHEDULE.items()
    }
    assert dict(TOLD.findall(section)) == scheduled


def test_each_entry_is_a_task_that_there_is():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= app.tasks.keys()
