"""A return's register: staged with pseudonyms as it arrives, confirmed, taken out again; and counted into the return.

What identifies somebody is dropped in the request that brought it. Everything from here on knows pseudonyms alone.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connection
from django.db.models import QuerySet

from outcomes.actions.answers import cell_field
from outcomes.actions.register_lock import while_none_come_in, while_rows_come_in
from outcomes.actions.return_access import lock_version, require_writer
from outcomes.actions.returns import keep_counted, require_unsent, start
from outcomes.models import (
    Category,
    ObjectionWriting,
    Obligation,
    RegisterContact,
    RegisterFile,
    RegisterIdentity,
    ReturnVersion,
)
from outcomes.queries.objections import objected
from outcomes.queries.register_keys import keys_for, register_keys, ties_of
from outcomes.queries.registers import (
    Counted,
    category_ids,
    counted,
    counts_from_register,
    has_register,
    there_already,
    why_no_rows,
)
from outcomes.registers.keys import Key
from outcomes.registers.pseudonyms import Pseudonymiser
from outcomes.registers.reading import Contact, Register
from partners.actions.events import acting
from partners.models import Organisation, User
from programmes.models import Setting
from vru_portal.core.bulk import copy_rows
from vru_portal.core.refusals import Refusal

STAGED_FOR = timedelta(days=1)


class NoRegister(Refusal):
    """This return's people are not counted from a register, or there is nothing to take."""


class ThereAlready(NoRegister):
    def __init__(self) -> None:
        super().__init__("These rows are in the register already. Nothing was changed.")


class NoLongerThere(NoRegister):
    def __init__(self) -> None:
        super().__init__("These rows wait no longer to be added. Choose the file again.")


def stage(
    *,
    obligation: Obligation,
    register: Register,
    content: bytes,
    by: User,
    now: datetime,
    progress: Callable[[int], None] = lambda rows: None,
) -> RegisterFile:
    """Keep the good rows of what was sent as pseudonyms, until somebody confirms them. The return is begun if need be.

    `content`: the file itself, to know it again by its keyed hash. Rows of people who objected are not kept, and
    `register.objected` says which they are. `NoRegister` if no row is left. `progress` is told how many rows have their
    pseudonyms.
    """
    if not counts_from_register(obligation):
        raise NoRegister("This return's people are counted by hand. Ask the unit if you want to send registers.")
    if not register.contacts:
        raise NoRegister("No row of this file can be taken as it is. Mend the rows below and choose it again.")
    if why := why_no_rows(obligation):
        raise NoRegister(why)
    keys = keys_for(obligation.period)
    version = start(obligation=obligation, by=by, now=now)
    with acting("outcomes.register.staged", by=by, now=now):
        while_rows_come_in()
        version = lock_version(version)
        require_writer(by, version.obligation, now)
        require_unsent(version)
        known = [_digest(content, key) for key in register_keys()]
        if version.register_files.filter(state=RegisterFile.State.TAKEN, digest__in=known).exists():
            raise ThereAlready
        partner = version.obligation.delivery.partner
        rows = _written(register.contacts, keys, progress)
        left_out = _of_objectors(rows, keys, partner)
        register.objected = [rows[place].contact.place for place in sorted(left_out)]
        kept = [row for place, row in enumerate(rows) if place not in left_out]
        if kept:
            file = RegisterFile.objects.create(
                version=version,
                digest=_digest(content, keys[0]),
                rows_read=register.rows,
                rows_refused=register.rows - len(kept),
                staged_at=now,
                staged_by=by,
            )
            _write_contacts(file, kept, keys, partner)
    if not kept:  # by what of theirs arrived they are known under a new key: that stays
        raise NoRegister("Whoever is meant has objected to being kept in registers, so no row is kept.")
    return file


@dataclass(frozen=True, slots=True)
class Written:
    """A good row, with its pseudonyms under each key."""

    contact: Contact
    packed: tuple[bytes, ...]


def _written(contacts: Sequence[Contact], keys: Sequence[Key], progress: Callable[[int], None]) -> list[Written]:
    pseudonymisers, rows = [Pseudonymiser(key.secret) for key in keys], []
    for contact in contacts:
        rows.append(Written(contact, tuple(p.packed(contact.details) for p in pseudonymisers)))
        progress(len(rows))
    return rows


def _of_objectors(rows: Sequence[Written], keys: Sequence[Key], partner: Organisation) -> set[int]:
    """The places of rows that are not kept. Whoever objected under an old key is known by a new one from then on."""
    left_out: set[int] = set()
    for n, key in enumerate(keys):
        found = objected(key.version, [row.packed[n] for row in rows], partner)
        for place, objection in found.items():
            known = ObjectionWriting.objects.filter(objection=objection).values_list("key_version", flat=True)
            ObjectionWriting.objects.bulk_create(
                ObjectionWriting(objection_id=objection, partner=partner, key_version=key.version, packed=packed)
                for key, packed in zip(keys, rows[place].packed, strict=True)
                if key.version not in known
            )
        left_out |= found.keys()
    return left_out


def _digest(content: bytes, key: Key) -> str:
    return hmac.digest(key.secret, b"file\0" + content, "sha256").hex()


_CONTACT = (
    *("file_id", "row", "identity_id", "contact_on", "kind", "setting_id", "minutes", "age", "age_band_id", "sex_id"),
    *("ethnicity_id", "district_id", "referred_to"),
)


def _write_contacts(file: RegisterFile, rows: Sequence[Written], keys: Sequence[Key], partner: Organisation) -> None:
    identities = _identities_under(keys, rows, partner)
    categories = category_ids()
    settings = dict(Setting.objects.values_list("code", "pk"))
    contacts = (
        (
            *(file.pk, contact.place.row, identity, contact.contact_on, contact.kind),
            *(settings.get(contact.setting), contact.minutes, contact.age),
            *(categories["age_band", contact.age_band], categories["sex", contact.sex]),
            *(categories["ethnicity", contact.ethnicity], categories["district", contact.district]),
            contact.referred_to,
        )
        for contact, identity in zip((row.contact for row in rows), identities, strict=True)
    )
    copy_rows(RegisterContact, _CONTACT, contacts)


def _identities_under(keys: Sequence[Key], rows: Sequence[Written], partner: Organisation) -> list[int]:
    """For each row the id of its writing under the first key. Each under a later key renews the one before."""
    writings: list[list[int]] = []
    for n, key in enumerate(keys):
        packed = [row.packed[n] for row in rows]
        renewed = dict(zip(packed, writings[-1], strict=True)) if writings else {}
        ids = _identities(set(packed), partner, key, renewed)
        writings.append([ids[pseudonyms] for pseudonyms in packed])
    return writings[0]


def _identities(packed: set[bytes], partner: Organisation, key: Key, renewed: Mapping[bytes, int]) -> dict[bytes, int]:
    """Pseudonyms → the id of their row, written once however many write at once. `renewed`: the id of the same under
    the key before."""
    wanted = sorted(packed)
    under = {"partner": partner.pk, "version": key.version}
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE written (place int, packed bytea, renews_id bigint) ON COMMIT DROP")
        with cursor.copy("COPY written (place, packed, renews_id) FROM STDIN") as copy:
            for place, pseudonyms in enumerate(wanted):
                copy.write_row((place, pseudonyms, renewed.get(pseudonyms)))
        # Of what was written a moment ago PostgreSQL has no statistics, and would now and then compare each with each.
        cursor.execute("SET LOCAL enable_nestloop = off")
        # In the order of the pseudonyms, so that two who write the same wait for each other once.
        cursor.execute(
            "INSERT INTO outcomes_registeridentity (partner_id, key_version, packed, renews_id) "
            "SELECT %(partner)s, %(version)s, packed, renews_id FROM written ORDER BY place ON CONFLICT DO NOTHING",
            under,
        )
        if renewed:  # whoever was written under the new key alone before, and arrives late for an earlier year
            cursor.execute(
                "UPDATE outcomes_registeridentity i SET renews_id = w.renews_id FROM written w "
                "WHERE i.partner_id = %(partner)s AND i.key_version = %(version)s AND i.packed = w.packed "
                "AND i.renews_id IS NULL",
                under,
            )
        cursor.execute(
            "SELECT w.place, i.id FROM written w JOIN outcomes_registeridentity i ON i.packed = w.packed "
            "AND i.partner_id = %(partner)s AND i.key_version = %(version)s",
            under,
        )
        found = {wanted[place]: pk for place, pk in cursor.fetchall()}
        cursor.execute("SET LOCAL enable_nestloop = on")
        cursor.execute("DROP TABLE written")
    return found


class How(StrEnum):
    """What becomes of a confirmed file beside what its register holds."""

    MISSING = "missing"  # only what is not there yet is added
    INSTEAD = "instead"  # it takes the place of what is there
    ALL = "all"  # all is added, also what is there


def take(
    *,
    file: RegisterFile,
    by: User,
    now: datetime,
    how: How = How.MISSING,
    seen: Collection[int] | None = None,
) -> RegisterFile:
    """Make a staged file part of the register, and count the return's people anew. `ThereAlready` if nothing of it is
    left to add, or for a second time. `seen`: the files that the register held when `how` was chosen; if it holds
    others by now, only what is not there yet can still be added.
    """
    with acting("outcomes.register.taken", by=by, now=now) as act:
        while_rows_come_in()  # an objection may be at work on this very file
        version, file = _locked(file, by, now)
        if file.state == RegisterFile.State.TAKEN:
            raise ThereAlready
        if why := why_no_rows(version.obligation):
            raise NoRegister(why)
        held = version.register_files.filter(state=RegisterFile.State.TAKEN)
        if held.filter(digest=file.digest).exists():
            raise ThereAlready
        if how != How.MISSING and seen is not None and {*seen} != {*held.values_list("pk", flat=True)}:
            raise NoRegister("The register has changed since you looked at it. Choose the file again.")
        if how == How.MISSING:
            _leave_out(file, there_already(file))
        if how == How.INSTEAD:
            for other in held.select_for_update(of=("self",)):
                _take_out(other, by, now)
        file.state, file.taken_at, file.taken_by = RegisterFile.State.TAKEN, now, by
        file.save(update_fields=["state", "taken_at", "taken_by"])
        _count(version, by=by, now=now)
        act.on(version, organisation=version.obligation.delivery.partner)
    return file


def remove(*, file: RegisterFile, by: User, now: datetime) -> RegisterFile:
    """Take a file out of a register that is not sent yet; what it held stays on record, and counts no more."""
    with acting("outcomes.register.removed", by=by, now=now) as act:
        version, file = _locked(file, by, now)
        if file.state != RegisterFile.State.TAKEN:
            raise NoRegister("This file is not part of the register.")
        _take_out(file, by, now)
        _count(version, by=by, now=now)
        act.on(version, organisation=version.obligation.delivery.partner)
    return file


def _take_out(file: RegisterFile, by: User, now: datetime) -> None:
    file.state, file.removed_at, file.removed_by = RegisterFile.State.REMOVED, now, by
    file.save(update_fields=["state", "removed_at", "removed_by"])


def _leave_out(file: RegisterFile, contacts: Collection[int]) -> None:
    if len(contacts) == file.contacts.count():
        raise ThereAlready
    file.contacts.filter(pk__in=contacts).delete()


def _locked(file: RegisterFile, by: User, now: datetime) -> tuple[ReturnVersion, RegisterFile]:
    version = lock_version(file.version)
    require_writer(by, version.obligation, now)
    require_unsent(version)
    found = version.register_files.select_for_update(of=("self",)).filter(pk=file.pk).first()
    if found is None:
        raise NoLongerThere
    return version, found


def drop(*, file: RegisterFile, by: User, now: datetime) -> None:
    """Nobody wants what was staged: it goes at once. What was confirmed meanwhile stays."""
    with acting("outcomes.register.dropped", by=by, now=now):
        while_none_come_in()
        version = lock_version(file.version)
        require_writer(by, version.obligation, now)
        _drop(version.register_files.filter(pk=file.pk, state=RegisterFile.State.STAGED))


def discard_stale(*, now: datetime) -> int:
    """Drop files that nobody confirmed within a day, and pseudonyms that nothing refers to; returns how many files."""
    with acting("outcomes.register.discarded", by=None, now=now):
        while_none_come_in()
        stale = RegisterFile.objects.filter(state=RegisterFile.State.STAGED, staged_at__lt=now - STAGED_FOR)
        return _drop(stale)


def _drop(staged: QuerySet[RegisterFile]) -> int:
    """With the pseudonyms that nothing else refers to; how many files. Only while no rows come in."""
    files = staged.count()
    written = set(RegisterContact.objects.filter(file__in=staged).values_list("identity", flat=True))
    staged.delete()
    written |= {identity for tie in ties_of(written) for identity in tie}
    still = set(RegisterContact.objects.filter(identity__in=written).values_list("identity", flat=True))
    still |= {identity for tie in ties_of(still) for identity in tie}
    RegisterIdentity.objects.filter(pk__in=written - still).delete()
    return files


# ---- Into the return ----
def _count(version: ReturnVersion, *, by: User, now: datetime) -> None:
    """What the register counts, written where the partner would have typed it."""
    keep_counted(version, as_typed(counted(version)) if has_register(version) else {}, by=by, now=now)


def count_anew(*, version: ReturnVersion, by: User, now: datetime) -> None:
    """After rows were taken out of a register: what it counts, in a return that is not sent yet."""
    version = lock_version(version)
    if version.state in (ReturnVersion.State.DRAFT, ReturnVersion.State.RETURNED):
        _count(version, by=by, now=now)


def recount(*, version: ReturnVersion, by: User, now: datetime) -> ReturnVersion:
    """Count the people of an unsent return's register anew: an earlier month may have changed since."""
    with acting("outcomes.register.counted", by=by, now=now):  # nobody needs an entry for it
        version = lock_version(version)
        require_writer(by, version.obligation, now)
        require_unsent(version)
        _count(version, by=by, now=now)
    return version


def as_typed(found: Counted) -> dict[str, str]:
    """By the names of the form's fields; empty cells are true zeros."""
    categories = Category.objects.in_bulk({category for _, category in found.cells})
    typed = {
        "new_people": found.new_people,
        "known_people": found.known_people,
        "already_counted_people": found.already_counted_people,
        "contacts": found.contacts,
    }
    typed |= {cell_field(seen, categories[category]): people for (seen, category), people in found.cells.items()}
    return {name: str(value) for name, value in typed.items()}
