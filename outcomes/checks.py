"""What `manage.py check --deploy` asks of the register keys."""

from __future__ import annotations

from django.core import checks
from django.db import DatabaseError

from outcomes.queries.register_keys import versions_without_key
from outcomes.registers.keys import NoKey


def keys_are_there(**_) -> list[checks.CheckMessage]:
    """Every version under which rows stand is configured."""
    try:
        missing = versions_without_key()
    except NoKey as refusal:
        return [checks.Warning(refusal.message, id="outcomes.W001")]
    except DatabaseError:
        return []  # before the first migration there are no rows
    return [
        checks.Warning(
            f"Rows of registers stand under version {version} of the key, which is not configured here.",
            hint=f"Put its line back, or restore it: manage.py make_register_key --restore {version}",
            id="outcomes.W002",
        )
        for version in missing
    ]
