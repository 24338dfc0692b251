"""A return's register: staged with pseudonyms as it arrives, confirmed, taken out again; and counted into the return.

What identifies somebody is dropped in the request that brought it. Everything from here on knows pseudonyms alone.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from outcomes.actions.answers import cell_field
from outcomes.actions.return_access import lock_version, require_writer
from outcomes.actions.returns import keep_counted, require_unsent, start
from outcomes.models import Category, Obligation, RegisterContact, RegisterFile, RegisterIdentity, ReturnVersion
from outcomes.queries.register_keys import keys_for, register_keys, ties_of
from outcomes.queries.registers import Counted, category_ids, counted, counts_from_register, has_register
from outcomes.registers.keys import Key
from outcomes.registers.pseudonyms import Pseudonymiser
from outcomes.registers.reading import Contact, Register
from partners.actions.events import acting
from partners.models import Organisation, User
from programmes.models import Setting
from vru_portal.core.refusals import Refusal

STAGED_FOR = timedelta(days=1)
AT_ONCE = 5_000


class NoRegister(Refusal):
    """This return's people are not counted from a register, or there is nothing to take."""


class ThereAlready(NoRegister):
    def __init__(self) -> None:
        super().__init__("These rows are in the register already. Nothing was changed.")


def stage(*, obligation: Obligation, register: Register, content: bytes, by: User, now: datetime) -> RegisterFile:
    """Keep the good rows of what was sent as pseudonyms, until somebody confirms them. The return is begun if need be.

    `content`: the file itself, to know it again by its keyed hash. `NoRegister` if no row is good.
    """
    if not counts_from_register(obligation):
        raise NoRegister("This return's people are counted by hand. Ask the unit if you want to send registers.")
    if not register.contacts:
        raise NoRegister("No row of this file can be taken as it is. Mend the rows below and choose it again.")
    keys = keys_for(obligation.period)
    version = start(obligation=obligation, by=by, now=now)
    with acting("outcomes.register.staged", by=by, now=now):
        version = lock_version(version)
        require_writer(by, version.obligation, now)
        require_unsent(version)
        known = [_digest(content, key) for key in register_keys()]
        if version.register_files.filter(state=RegisterFile.State.TAKEN, digest__in=known).exists():
            raise ThereAlready
        file = RegisterFile.objects.create(
            version=version,
            digest=_digest(content, keys[0]),
            rows_read=register.rows,
            rows_refused=register.rows - len(register.contacts),
            staged_at=now,
            staged_by=by,
        )
        _write_contacts(file, register.contacts, version.obligation.delivery.partner, keys)
    return file


def _digest(content: bytes, key: Key) -> str:
    return hmac.digest(key.secret, b"file\0" + content, "sha256").hex()


def _write_contacts(
    file: RegisterFile, contacts: Sequence[Contact], partner: Organisation, keys: Sequence[Key]
) -> None:
    identities = _identities_under(keys, contacts, partner)
    categories = category_ids()
    settings = dict(Setting.objects.values_list("code", "pk"))
    RegisterContact.objects.bulk_create(
        (
            RegisterContact(
                file=file,
                row=contact.place.row,
                identity_id=identity,
                contact_on=contact.contact_on,
                kind=contact.kind,
                setting_id=settings.get(contact.setting),
                minutes=contact.minutes,
                age=contact.age,
                age_band_id=categories["age_band", contact.age_band],
                sex_id=categories["sex", contact.sex],
                ethnicity_id=categories["ethnicity", contact.ethnicity],
                district_id=categories["district", contact.district],
                referred_to=contact.referred_to,
            )
            for contact, identity in zip(contacts, identities, strict=True)
        ),
        batch_size=AT_ONCE,
    )


def _identities_under(keys: Sequence[Key], contacts: Sequence[Contact], partner: Organisation) -> list[int]:
    """For each contact the id of its writing under the first key. Each under a later key renews the one before."""
    writings: list[list[int]] = []
    for key in keys:
        pseudonymiser = Pseudonymiser(key.secret)
        packed = [pseudonymiser.packed(contact.details) for contact in contacts]
        renewed = dict(zip(packed, writings[-1], strict=True)) if writings else {}
        ids = _identities(set(packed), partner, key, renewed)
        writings.append([ids[pseudonyms] for pseudonyms in packed])
    return writings[0]


def _identities(packed: set[bytes], partner: Organisation, key: Key, renewed: Mapping[bytes, int]) -> dict[bytes, int]:
    """Pseudonyms → the id of their row, written once however many write at once. `renewed`: the id of the same under
    the key before."""
    wanted = sorted(packed)
    for start_at in range(0, len(wanted), AT_ONCE):
        RegisterIdentity.objects.bulk_create(
            (
                RegisterIdentity(
                    partner=partner, key_version=key.version, packed=pseudonyms, renews_id=renewed.get(pseudonyms)
                )
                for pseudonyms in wanted[start_at : start_at + AT_ONCE]
            ),
            ignore_conflicts=True,
        )
    rows = RegisterIdentity.objects.filter(partner=partner, key_version=key.version, packed__in=wanted)
    found = {bytes(pseudonyms): pk for pk, pseudonyms in rows.values_list("pk", "packed")}
    if renewed:  # whoever was written under the new key alone before, and arrives late for an earlier year
        for pk, pseudonyms in rows.filter(renews=None).values_list("pk", "packed"):
            RegisterIdentity.objects.filter(pk=pk, renews=None).update(renews=renewed[bytes(pseudonyms)])
    return found


def take(*, file: RegisterFile, by: User, now: datetime) -> RegisterFile:
    """Make a staged file part of the register, and count the return's people anew. `ThereAlready` for a second time."""
    with acting("outcomes.register.taken", by=by, now=now) as act:
        version, file = _locked(file, by, now)
        if file.state == RegisterFile.State.TAKEN:
            raise ThereAlready
        if version.register_files.filter(state=RegisterFile.State.TAKEN, digest=file.digest).exists():
            raise ThereAlready
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
        file.state, file.removed_at, file.removed_by = RegisterFile.State.REMOVED, now, by
        file.save(update_fields=["state", "removed_at", "removed_by"])
        _count(version, by=by, now=now)
        act.on(version, organisation=version.obligation.delivery.partner)
    return file


def _locked(file: RegisterFile, by: User, now: datetime) -> tuple[ReturnVersion, RegisterFile]:
    version = lock_version(file.version)
    require_writer(by, version.obligation, now)
    require_unsent(version)
    return version, version.register_files.select_for_update(of=("self",)).get(pk=file.pk)


def discard_stale(*, now: datetime) -> int:
    """Drop files that nobody confirmed within a day, and pseudonyms that nothing refers to; returns how many files."""
    with acting("outcomes.register.discarded", by=None, now=now):
        stale = RegisterFile.objects.filter(state=RegisterFile.State.STAGED, staged_at__lt=now - STAGED_FOR)
        files = stale.count()
        written = set(RegisterContact.objects.filter(file__in=stale).values_list("identity", flat=True))
        stale.delete()
        written |= {identity for tie in ties_of(written) for identity in tie}
        still = set(RegisterContact.objects.filter(identity__in=written).values_list("identity", flat=True))
        still |= {identity for tie in ties_of(still) for identity in tie}
        RegisterIdentity.objects.filter(pk__in=written - still).delete()
    return files


# ---- Into the return ----
def _count(version: ReturnVersion, *, by: User, now: datetime) -> None:
    """What the register counts, written where the partner would have typed it."""
    keep_counted(version, as_typed(counted(version)) if has_register(version) else {}, by=by, now=now)


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
