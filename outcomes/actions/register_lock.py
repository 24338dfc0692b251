"""Rows of registers come in side by side, an objection comes alone.

Whoever writes rows holds this lock with others who do, and asks only then who has objected; whoever takes rows out
holds it alone. So each row is either there to be taken out, or meets the objection. It is taken before any return is
locked, and held until the transaction ends.
"""

from __future__ import annotations

from django.db import connection

LOCK = 0x5245_4749  # of rows of registers


def while_rows_come_in() -> None:
    _take("pg_advisory_xact_lock_shared")


def while_none_come_in() -> None:
    _take("pg_advisory_xact_lock")


def _take(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [LOCK])
