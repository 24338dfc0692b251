"""A young person objects: their rows are taken out of what is stored, and left out from then on. Or they think better
of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime

from outcomes.actions import linkage
from outcomes.actions.register_lock import while_none_come_in
from outcomes.actions.registers import count_anew
from outcomes.models import Objection, ObjectionWriting, RegisterContact, RegisterIdentity, ReturnVersion
from outcomes.queries.objections import found, identities_of
from outcomes.queries.register_keys import register_keys
from partners.actions.events import Recorder, acting, require
from partners.models import Organisation, User
from partners.permissions import Permission
from vru_portal.core.refusals import Refusal


class NotRecorded(Refusal):
    """The objection cannot be recorded so."""


def record(
    *, writings: Mapping[int, bytes], partner: Organisation | None, channel: str, by: User, now: datetime
) -> Objection:
    """Record that somebody objected, known by their pseudonyms under each key (and by `partner`'s reference, if that is
    among them), and take out for good whatever is stored of them. Returns that were sent keep their numbers.
    """
    require(by, Permission.RECORD_OBJECTION)
    with acting("outcomes.objection.recorded", by=by, now=now) as act:
        while_none_come_in()
        if writings.keys() != {key.version for key in register_keys()}:
            raise NotRecorded("The register keys have changed meanwhile. Type the details again.")
        identities = identities_of(writings, partner)
        there = found(identities)
        objection = Objection.objects.create(
            channel=channel,
            recorded_at=now,
            recorded_by=by,
            rows_purged=there.rows,
            partners_purged=there.partners,
        )
        ObjectionWriting.objects.bulk_create(
            ObjectionWriting(objection=objection, partner=partner, key_version=version, packed=packed)
            for version, packed in writings.items()
        )
        rows_by_version = _take_out(identities, objection)
        _tell(act, objection, rows_by_version)
        for version in sorted(rows_by_version, key=lambda version: version.obligation_id):
            count_anew(version=version, by=by, now=now)
        if rows_by_version:
            linkage.request(by=by, now=now)
    return objection


def _take_out(identities: Collection[int], objection: Objection) -> Counter[ReturnVersion]:
    """Gone for good; how many confirmed rows each version of a return had of them."""
    contacts = RegisterContact.objects.filter(identity__in=identities)
    of_versions = Counter(contacts.confirmed().values_list("file__version", flat=True))
    RegisterIdentity.objects.filter(pk__in=identities).update(objection=objection)
    contacts.delete()
    RegisterIdentity.objects.filter(pk__in=identities).delete()
    versions = ReturnVersion.objects.select_related("obligation__delivery__partner").in_bulk(of_versions)
    return Counter({versions[pk]: rows for pk, rows in of_versions.items()})


def _tell(act: Recorder, objection: Objection, rows_by_version: Counter[ReturnVersion]) -> None:
    """Each partner sees of its own returns that rows went, and how many; only the unit sees how many in all."""
    for version, rows in rows_by_version.items():
        act.reason = f"{_rows(rows)} taken out"
        act.on(version, organisation=version.obligation.delivery.partner)
    act.reason = f"{_rows(objection.rows_purged)} taken out"
    act.on(objection)


def _rows(number: int) -> str:
    return f"{number} row{'' if number == 1 else 's'}"


def withdraw(*, objection: Objection, by: User, now: datetime) -> Objection:
    """Their rows are taken again when they come. What was taken out stays gone."""
    require(by, Permission.RECORD_OBJECTION)
    with acting("outcomes.objection.withdrawn", by=by, now=now) as act:
        while_none_come_in()
        locked = Objection.objects.select_for_update().get(pk=objection.pk)
        if locked.withdrawn_at:
            raise NotRecorded("This objection was withdrawn already.")
        locked.withdrawn_at, locked.withdrawn_by = now, by
        locked.save(update_fields=["withdrawn_at", "withdrawn_by"])
        locked.writings.all().delete()
        act.on(locked)
    return locked
