"""Writes the demo region's registers: pseudonyms under the installation's own key, in bulk and past the actions.

The database's rules see every row. Of the young people themselves nothing is written; they never were.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.db.models import F

from outcomes.demo.meetings import NOT_KNOWN, Met, Written
from outcomes.models import RegisterContact, RegisterFile, RegisterIdentity, ReturnVersion
from outcomes.queries.register_keys import register_keys
from outcomes.queries.registers import category_ids
from outcomes.registers.code_lists import as_delivered
from outcomes.registers.keys import Key
from outcomes.registers.pseudonyms import Details, Pseudonymiser
from outcomes.registers.values import age_on_first_april
from partners.models import DataSharingAgreement
from programmes.models import CountingBasis, Delivery
from vru_portal.core.bulk import copy_rows, next_ids, take_stock
from vru_portal.core.periods import Month

HEADER = 1  # the row of the names of the columns


class Writing(NamedTuple):
    """How a partner writes somebody, and whether all that it gives of them is its reference."""

    partner: int
    by_reference: bool
    written: Written

    @classmethod
    def of(cls, delivery: Delivery, written: Written) -> Writing:
        return cls(delivery.partner_id, delivery.counting_basis == CountingBasis.CASE_REFERENCE, written)

    @property
    def details(self) -> Details:
        partner, written = str(self.partner), self.written
        if self.by_reference:
            return Details(partner=partner, reference=written.reference)
        return Details(
            partner=partner,
            reference=written.reference,
            forename=written.forename,
            surname=written.surname,
            birth=written.birth,
            postcode=written.postcode,
            sex="" if written.sex == NOT_KNOWN else written.sex,
        )


class Registers:
    """Collects the registers of returns that are not written yet; `write` puts them into the database."""

    def __init__(self) -> None:
        self._kept: list[tuple[ReturnVersion, Sequence[Met]]] = []
        self._agreed: dict[Month, set[int]] = {}

    @cached_property
    def _key(self) -> Key | None:
        """The oldest; the invented people are not written again under a newer one. Without a key the site counts by
        hand, so the same returns are loaded as counts."""
        return next(iter(register_keys()), None)

    def may_hold(self, version: ReturnVersion) -> bool:
        """Whether the partner may give a register for the return's month, and there is a key for it."""
        month = version.obligation.period
        if month not in self._agreed:
            agreements = DataSharingAgreement.objects.live_on(month.last)
            self._agreed[month] = set(agreements.values_list("organisation_id", flat=True))
        return self._key is not None and version.obligation.delivery.partner_id in self._agreed[month]

    def add(self, version: ReturnVersion, rows: Sequence[Met]) -> None:
        """A version that is written as a draft, before `write`: of no other can the register be given."""
        self._kept.append((version, rows))

    def write(self) -> None:
        if not self._kept:
            return
        files = RegisterFile.objects.bulk_create(
            (self._file(version, rows) for version, rows in self._kept), batch_size=2000
        )
        identities = _identities(self._writings(), self._key)
        copy_rows(RegisterContact, CONTACT, self._contacts(files, identities, category_ids()))
        take_stock(RegisterContact)
        RegisterFile.objects.filter(pk__in=[file.pk for file in files]).update(
            state=RegisterFile.State.TAKEN, taken_at=F("staged_at"), taken_by=F("staged_by")
        )

    def _file(self, version: ReturnVersion, rows: Sequence[Met]) -> RegisterFile:
        name = f"{version.obligation.delivery.code}_{version.obligation.period.code}"
        return RegisterFile(
            version=version,
            digest=hmac.digest(self._key.secret, f"file\0{name}".encode(), "sha256").hex(),
            rows_read=len(rows),
            rows_refused=0,
            staged_at=version.created_at,
            staged_by=version.created_by,
        )

    def _writings(self) -> Iterator[Writing]:
        for version, rows in self._kept:
            for row in rows:
                yield Writing.of(version.obligation.delivery, row.written)

    def _contacts(
        self, files: list[RegisterFile], identities: dict[Writing, int], ids: dict[tuple[str, str], int]
    ) -> Iterator[tuple]:
        """Asks the database nothing, which waits for these rows."""
        for file, (version, rows) in zip(files, self._kept, strict=True):
            delivery = version.obligation.delivery
            april = version.obligation.period.financial_year.first
            for number, row in enumerate(rows, HEADER + 1):
                written = row.written
                age, age_band = _age(written.birth, april)
                yield (
                    file.pk,
                    number,
                    identities[Writing.of(delivery, written)],
                    row.day,
                    delivery.programme.rung,
                    delivery.setting_id,
                    row.minutes,
                    age,
                    ids["age_band", age_band],
                    ids["sex", written.sex],
                    ids["ethnicity", written.ethnicity],
                    ids["district", written.district],
                    row.referred_to,
                )


IDENTITY = {"id": "int8", "partner_id": "int8", "key_version": "int2", "packed": "bytea"}
CONTACT = {
    "file_id": "int8",
    "row": "int4",
    "identity_id": "int8",
    "contact_on": "date",
    "kind": "varchar",
    "setting_id": "int8",
    "minutes": "int2",
    "age": "int2",
    "age_band_id": "int8",
    "sex_id": "int8",
    "ethnicity_id": "int8",
    "district_id": "int8",
    "referred_to": "varchar",
}


def _age(birth: date | None, april: date) -> tuple[int | None, str]:
    age = age_on_first_april(birth, april) if birth else None
    return age, as_delivered().age_band(age)


def _identities(writings: Iterable[Writing], key: Key) -> dict[Writing, int]:
    """The id of the pseudonyms of each; those that are there already are left alone."""
    pseudonymiser = Pseudonymiser(key.secret)
    packed = {writing: (writing.partner, pseudonymiser.packed(writing.details)) for writing in dict.fromkeys(writings)}
    there = RegisterIdentity.objects.filter(key_version=key.version).values_list("pk", "partner", "packed")
    known = {(partner, bytes(pseudonyms)): pk for pk, partner, pseudonyms in there}
    new = [identity for identity in dict.fromkeys(packed.values()) if identity not in known]
    known |= zip(new, next_ids(RegisterIdentity, len(new)), strict=True)
    rows = ((known[partner, pseudonyms], partner, key.version, pseudonyms) for partner, pseudonyms in new)
    copy_rows(RegisterIdentity, IDENTITY, rows)
    take_stock(RegisterIdentity)
    return {writing: known[identity] for writing, identity in packed.items()}
