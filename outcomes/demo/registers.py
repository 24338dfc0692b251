"""Writes the demo region's registers: pseudonyms under the installation's own key, in bulk and past the actions.

The database's rules see every row. Of the young people themselves nothing is written; they never were.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from datetime import date
from functools import cached_property, partial
from typing import NamedTuple

from django.db.models import F

from outcomes.demo.meetings import NOT_KNOWN, Meeting, Met, Written, meetings
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
        return cls(*_giver(delivery), written)

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


Givers = Mapping[str, tuple[int, bool]]  # by the code of the delivery: how each of its `Writing`s begins


def _giver(delivery: Delivery) -> tuple[int, bool]:
    return delivery.partner_id, delivery.counting_basis == CountingBasis.CASE_REFERENCE


class Pseudonyms(dict[Writing, bytes]):
    """Packed as they are stored: those that were made before, and any other when it is asked for."""

    def __init__(self, key: Key, made: Iterable[tuple[Writing, bytes]] = ()) -> None:
        super().__init__(made)
        self._pseudonymiser = Pseudonymiser(key.secret)

    def __missing__(self, writing: Writing) -> bytes:
        self[writing] = packed = self._pseudonymiser.packed(writing.details)
        return packed


class YoungPeople:
    """Whom the deliveries met, and under which pseudonyms: made up beside, if there is where, while this process writes
    other things; otherwise when it is asked for."""

    def __init__(self, last: Month, beside: Executor | None = None) -> None:
        self._last, self._beside, self._packed = last, beside, None
        self.meetings = beside.submit(meetings, last).result if beside else partial(meetings, last)
        self._givers: Givers = {}

    @cached_property
    def key(self) -> Key | None:
        """The oldest; the invented people are not written again under a newer one. Without a key the site counts by
        hand, so the same returns are loaded as counts."""
        return next(iter(register_keys()), None)

    def are_given_by(self, deliveries: Iterable[Delivery]) -> None:
        """From now on pseudonyms can be made."""
        if self._beside and self.key:
            self._givers = {delivery.code: _giver(delivery) for delivery in deliveries}
            self._packed = self._beside.submit(_all_packed, self._last, self._givers, self.key)

    def pseudonyms(self) -> Pseudonyms:
        if self._packed is None:
            return Pseudonyms(self.key)
        return Pseudonyms(self.key, zip(_writings(self.meetings(), self._givers), self._packed.result(), strict=True))


def _all_packed(last: Month, givers: Givers, key: Key) -> list[bytes]:
    pseudonyms = Pseudonyms(key)
    return [pseudonyms[writing] for writing in _writings(meetings(last), givers)]


def _writings(met: Mapping[tuple[str, Month], Meeting], givers: Givers) -> list[Writing]:
    """Each once, in an order that is the same in every process."""
    return list(
        dict.fromkeys(Writing(*givers[code], row.written) for (code, _), meeting in met.items() for row in meeting.rows)
    )


class Registers:
    """Collects the registers of returns that are not written yet; `write` puts them into the database."""

    def __init__(self, young_people: YoungPeople) -> None:
        self._young_people = young_people
        self._kept: list[tuple[ReturnVersion, Sequence[Met]]] = []
        self._agreed: dict[Month, set[int]] = {}

    def may_hold(self, version: ReturnVersion) -> bool:
        """Whether the partner may give a register for the return's month, and there is a key for it."""
        month = version.obligation.period
        if month not in self._agreed:
            agreements = DataSharingAgreement.objects.live_on(month.last)
            self._agreed[month] = set(agreements.values_list("organisation_id", flat=True))
        return self._young_people.key is not None and version.obligation.delivery.partner_id in self._agreed[month]

    def add(self, version: ReturnVersion, rows: Sequence[Met]) -> None:
        """A version that is written as a draft, before `write`: of no other can the register be given."""
        self._kept.append((version, rows))

    def write(self) -> None:
        if not self._kept:
            return
        files = RegisterFile.objects.bulk_create(
            (self._file(version, rows) for version, rows in self._kept), batch_size=2000
        )
        identities = _identities(self._writings(), self._young_people)
        copy_rows(RegisterContact, CONTACT, self._contacts(files, identities, category_ids()))
        take_stock(RegisterContact)
        RegisterFile.objects.filter(pk__in=[file.pk for file in files]).update(
            state=RegisterFile.State.TAKEN, taken_at=F("staged_at"), taken_by=F("staged_by")
        )

    def _file(self, version: ReturnVersion, rows: Sequence[Met]) -> RegisterFile:
        name = f"{version.obligation.delivery.code}_{version.obligation.period.code}"
        return RegisterFile(
            version=version,
            digest=hmac.digest(self._young_people.key.secret, f"file\0{name}".encode(), "sha256").hex(),
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


def _identities(writings: Iterable[Writing], young_people: YoungPeople) -> dict[Writing, int]:
    """The id of the pseudonyms of each; those that are there already are left alone."""
    made, version = young_people.pseudonyms(), young_people.key.version
    packed = {writing: (writing.partner, made[writing]) for writing in dict.fromkeys(writings)}
    there = RegisterIdentity.objects.filter(key_version=version).values_list("pk", "partner", "packed")
    known = {(partner, bytes(pseudonyms)): pk for pk, partner, pseudonyms in there}
    new = [identity for identity in dict.fromkeys(packed.values()) if identity not in known]
    known |= zip(new, next_ids(RegisterIdentity, len(new)), strict=True)
    rows = ((known[partner, pseudonyms], partner, version, pseudonyms) for partner, pseudonyms in new)
    copy_rows(RegisterIdentity, IDENTITY, rows)
    take_stock(RegisterIdentity)
    return {writing: known[identity] for writing, identity in packed.items()}
