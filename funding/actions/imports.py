"""Proposing many awards or payments at once, from a file: all of it or nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django.db import connection, transaction

from partners.actions.events import acting, require
from partners.actions.reference_tables import FileRefused
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.refusals import Refusal

LOCK = 360_001  # of the database, while a file is gone through: two would lock award years in different orders


class Proposals(Protocol):
    """How a file's rows become proposals (a django-import-export resource)."""

    def import_data(self, dataset, **kwargs): ...


def preview(*, table: Proposals, dataset, by: User, now: datetime):
    """What `propose_all` would do, row by row: every rule is asked, in order, and nothing stays."""
    require(by, Permission.MANAGE_MONEY)
    with transaction.atomic():
        _one_at_a_time()
        return _refused_at_most(table.import_data(dataset, dry_run=True, by=by, now=now))


def propose_all(*, table: Proposals, dataset, file_name: str, by: User, now: datetime):
    """Propose each row that is not recorded yet; raises `FileRefused` if any row is wrong. Whoever sends the same file
    at the same time waits, and then finds it recorded."""
    require(by, Permission.MANAGE_MONEY)
    with transaction.atomic():
        _one_at_a_time()
        result = table.import_data(dataset, dry_run=False, rollback_on_validation_errors=True, by=by, now=now)
        _refused_at_most(result)
        if result.has_errors() or result.has_validation_errors():
            raise FileRefused(result)
        # After the proposals, for each of them says in the rows' history who made it and why.
        with acting("funding.file.imported", by=by, now=now, reason=f"From the file {file_name}") as act:
            for row in result.rows:
                if row.import_type == row.IMPORT_TYPE_NEW:
                    act.on(row.instance)
    return result


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _refused_at_most(result):
    """The package takes every exception for a wrong row; one that is no refusal is a fault of ours."""
    for _, errors in result.row_errors():
        for each in errors:
            if not isinstance(each.error, Refusal):
                raise each.error
    return result
