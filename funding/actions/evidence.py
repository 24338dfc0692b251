"""Files that show what was spent: looked at, kept under a name that says nothing, and taken away again."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from funding.models import Claim, ClaimFile
from funding.models.claims import MOST_FILE_BYTES, MOST_FILES
from partners.models import User
from vru_portal.core.file_kinds import FileKind, kind_of
from vru_portal.core.refusals import Refusal

KINDS = "PDF, PNG, JPEG, Excel (.xlsx), OpenDocument (.ods), Word (.docx) or CSV"


class NotEvidence(Refusal):
    """A file is of the wrong kind or size, or one too many."""

    about = ("files",)


def check(name: str, content: bytes) -> FileKind:
    """The kind of the file; raises `NotEvidence` for one that is not taken."""
    if not content:
        raise NotEvidence(f"{name} is empty, or more was chosen than 20 MB together. Choose fewer files at a time.")
    if len(content) > MOST_FILE_BYTES:
        raise NotEvidence(f"{name} is larger than {MOST_FILE_BYTES // 1024 // 1024} MB. Save it smaller, or split it.")
    kind = kind_of(content, name)
    if kind is None:
        raise NotEvidence(f"{name} is none of the kinds that are taken. Save it as {KINDS}.")
    return kind


@contextmanager
def stored(name: str, content: bytes) -> Iterator[tuple[FileKind, str]]:
    """Around an action: the kind of the file, and where it lies. It is written first, and taken away if the action is
    refused or does not last."""
    kind = check(name, content)
    stored_as = default_storage.save(f"claims/{secrets.token_hex(16)}", ContentFile(content))
    try:
        yield kind, stored_as
    except BaseException:
        default_storage.delete(stored_as)
        raise


def keep(
    *, claim: Claim, name: str, content: bytes, kind: FileKind, stored_as: str, by: User, now: datetime
) -> ClaimFile:
    """Inside an action, of a file that is `stored`."""
    digest = hashlib.sha256(content).hexdigest()
    if claim.files.kept().filter(sha256=digest).exists():
        raise NotEvidence(f"{name} is here already.")
    if claim.files.kept().count() >= MOST_FILES:
        raise NotEvidence(f"A claim takes {MOST_FILES} files. Remove one first.")
    return ClaimFile.objects.create(
        claim=claim,
        name=name[-200:],
        kind=kind,
        size=len(content),
        sha256=digest,
        stored_as=stored_as,
        added_by=by,
        added_at=now,
    )


def remove(file: ClaimFile, *, by: User, now: datetime) -> None:
    """Inside an action; the file goes once the row says so for good."""
    file.removed_by, file.removed_at = by, now
    file.save(update_fields=["removed_by", "removed_at"])
    transaction.on_commit(lambda: default_storage.delete(file.stored_as))
