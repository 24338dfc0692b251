"""Changing the reference tables: from a file, all or nothing, or one row by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol

from django.db import transaction

from partners.actions.events import Recorder, acting, require
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.refusals import Refusal


class Table(Protocol):
    """How a file's rows become a table's (a django-import-export resource)."""

    needs: Permission | None

    @classmethod
    def wait_for_others(cls) -> None: ...

    def import_data(self, dataset, **kwargs): ...


class FileRefused(Refusal):
    """Some row is wrong, so none was taken. `result` says which."""

    def __init__(self, result) -> None:
        super().__init__("Nothing was imported. Correct the rows below in the file and choose it again.")
        self.result = result


def preview_table(*, table: Table, dataset):
    """What an import would do, row by row; changes nothing."""
    with transaction.atomic():
        table.wait_for_others()
        return table.import_data(dataset, dry_run=True)


def import_table(*, table: Table, dataset, file_name: str, by: User | None, now: datetime):
    """Take a file into its reference table; gives the import's result. Raises `FileRefused` if any row is wrong."""
    if by is not None:
        _require(by, table.needs)
    with _changing(table, "imported", by=by, now=now, reason=f"From the file {file_name}") as act:
        result = table.import_data(dataset, dry_run=False, rollback_on_validation_errors=True)
        if result.has_errors() or result.has_validation_errors():
            raise FileRefused(result)
        _note_changes(act, result)
    return result


def _note_changes(act: Recorder, result) -> None:
    for row in result.rows:
        if row.import_type in {"new", "update"}:
            act.on(row.instance)


def edited(*, table: type[Table], by: User, now: datetime):
    """`with edited(…) as act:` around a form of the admin that changes one row of a reference table."""
    _require(by, table.needs)
    return _changing(table, "edited", by=by, now=now)


def deleted(*, table: type[Table], by: User, now: datetime):
    """The same around the page that deletes one."""
    _require(by, table.needs)
    return _changing(table, "deleted", by=by, now=now)


@contextmanager
def _changing(
    table: Table | type[Table], what: str, *, by: User | None, now: datetime, reason: str = ""
) -> Iterator[Recorder]:
    with acting(f"partners.reference_table.{what}", by=by, now=now, reason=reason) as act:
        table.wait_for_others()
        yield act


def _require(by: User, needs: Permission | None) -> None:
    require(by, Permission.EDIT_REFERENCE_TABLES)
    if needs is not None:
        require(by, needs)
