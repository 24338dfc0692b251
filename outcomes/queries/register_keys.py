"""Reading register keys: which are configured, who made them, what stands under them, and which a month is written
under."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from outcomes.models import RegisterContact, RegisterIdentity, RegisterKey
from outcomes.registers import keys
from outcomes.registers.keys import Key, NoKey
from vru_portal.core.periods import FinancialYear, Month


def register_keys() -> list[Key]:
    """The keys of this installation, oldest first. `NoKey` if what is configured cannot be read."""
    return keys.configured(settings.REGISTER_KEYS_FILE, settings.REGISTER_KEYS)


def configured_keys() -> list[Key]:
    """The same where the file need not be there yet."""
    file = settings.REGISTER_KEYS_FILE
    return [] if file and not Path(file).exists() else register_keys()


def next_version() -> int:
    """Higher than whatever is configured, recorded or stands in the rows."""
    known = [key.version for key in configured_keys()]
    known += RegisterKey.objects.values_list("version", flat=True)
    known += RegisterIdentity.objects.order_by("-key_version").values_list("key_version", flat=True)[:1]
    return max(known, default=0) + 1


def keys_for(month: Month) -> list[Key]:
    """The keys under which the rows of a month are written: first the one by which they are linked, then each newer.

    Rows are linked within a financial year by one key, so a key that is made takes over with the next year; until then
    rows are written under it as well, and the two writings tie the years together. Of a key that was not made in a
    ceremony nobody knows when it was made; it never takes over from one before it.
    """
    configured = register_keys()
    recorded = {made.version: made for made in RegisterKey.objects.all()}
    for key in configured:
        if key.version in recorded and recorded[key.version].fingerprint != key.fingerprint:
            raise NoKey(f"The key configured as version {key.version} is not the one that was made. Tell the unit.")
    linking = [
        place
        for place, key in enumerate(configured)
        if key.version in recorded and _year_of(recorded[key.version]) < month.financial_year
    ]
    return configured[max(linking, default=0) :]


def _year_of(made: RegisterKey) -> FinancialYear:
    return FinancialYear.of(timezone.localdate(made.made_at))


def ties_of(identities: Iterable[int]) -> list[tuple[int, int]]:
    """(newer, older): writings of one row under two keys, of all rows that these identities are writings of."""
    older = dict(RegisterIdentity.objects.filter(renews__isnull=False).values_list("pk", "renews"))
    newer = {before: after for after, before in older.items()}
    ties = {}
    for writing in identities if older else ():
        while writing in older:
            writing = older[writing]
        while writing in newer:
            ties[newer[writing]] = writing
            writing = newer[writing]
    return sorted(ties.items())


# ---- What is shown of them ----
class Standing(StrEnum):
    """How a version of the key stands in this installation."""

    HERE = "here"
    BY_HAND = "by hand"  # configured, and nobody recorded how it was made
    MISSING = "missing"  # recorded, or rows stand under it, and it is not configured
    ANOTHER = "another"  # what is configured is not what was recorded


@dataclass(frozen=True)
class KeyLine:
    """A version of the key. `fingerprint`: of the one that was recorded, or else of the one that is configured."""

    version: int
    fingerprint: str
    made: RegisterKey | None
    contacts: int
    renewals: int
    standing: Standing


def key_lines() -> list[KeyLine]:
    """Each version that is configured, was recorded, or has rows; the newest first. `NoKey` as `register_keys`."""
    configured = {key.version: key for key in configured_keys()}
    recorded = {
        made.version: made for made in RegisterKey.objects.select_related("first_custodian", "second_custodian")
    }
    confirmed = RegisterContact.objects.confirmed()
    contacts = _by_version(confirmed.values_list("identity__key_version").annotate(Count("pk")))
    renewals = _by_version(
        RegisterIdentity.objects.filter(renews__isnull=False).values_list("key_version").annotate(Count("pk"))
    )
    return [
        KeyLine(
            version=version,
            fingerprint=getattr(recorded.get(version) or configured.get(version), "fingerprint", ""),
            made=recorded.get(version),
            contacts=contacts.get(version, 0),
            renewals=renewals.get(version, 0),
            standing=_standing(configured.get(version), recorded.get(version)),
        )
        for version in sorted({*configured, *recorded, *contacts, *renewals}, reverse=True)
    ]


def _by_version(counted) -> dict[int, int]:
    return dict(counted.order_by())


def _standing(configured: Key | None, recorded: RegisterKey | None) -> Standing:
    if configured is None:
        return Standing.MISSING
    if recorded is None:
        return Standing.BY_HAND
    return Standing.HERE if configured.fingerprint == recorded.fingerprint else Standing.ANOTHER


def versions_without_key() -> list[int]:
    """Under which rows stand that cannot be compared with any new one."""
    configured = {key.version: key for key in configured_keys()}
    recorded = dict(RegisterKey.objects.values_list("version", "fingerprint"))
    used = RegisterIdentity.objects.order_by("key_version").values_list("key_version", flat=True).distinct()
    return [
        version
        for version in used
        if version not in configured or recorded.get(version) not in (None, configured[version].fingerprint)
    ]
