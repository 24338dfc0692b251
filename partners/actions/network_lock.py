"""Who belongs to networks is changed by one at a time: on the pages, in Settings and from a file.

A person is looked for before one is added, and what overlaps is asked for before a membership is kept; both hold only
while nobody else writes. It is taken before anything is read, and held until the transaction ends.
"""

from __future__ import annotations

from django.db import connection

LOCK = 0x4E4554  # "NET"


def one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
