"""Loading what the Treasury publishes about prices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from funding.deflator_csv import Read
from funding.models import DeflatorIndex, DeflatorSeries
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.refusals import Refusal


class PublishedOtherwise(Refusal):
    """A series of that name and day is loaded already, and says something else."""


class WithdrawnAlready(Refusal):
    def __init__(self) -> None:
        super().__init__("This series is withdrawn already. Nothing goes by it.")


def load(*, series: Sequence[Read], by: User, now: datetime) -> list[DeflatorSeries]:
    """Keep each series; one that is loaded already and says the same changes nothing. Returns what is new."""
    with acting("funding.deflators.loaded", by=by, now=now) as act:
        require(by, Permission.MANAGE_MONEY)
        added = []
        for read in series:
            if known(read):
                continue
            kept = DeflatorSeries.objects.create(
                name=read.name, published_on=read.published_on, loaded_by=by, loaded_at=now
            )
            DeflatorIndex.objects.bulk_create(
                DeflatorIndex(series=kept, financial_year=year, index=index)
                for year, index in sorted(read.indices.items())
            )
            act.on(kept)
            added.append(kept)
    return added


def known(read: Read) -> DeflatorSeries | None:
    """The same, if it is loaded already; raises `PublishedOtherwise` if that says something else."""
    found = DeflatorSeries.objects.standing().filter(name=read.name, published_on=read.published_on).first()
    if found and dict(found.indices.values_list("financial_year", "index")) != read.indices:
        raise PublishedOtherwise(
            f"“{found}” is loaded already with other numbers. Check the day of publication: what was published later "
            "has a later day. If what is loaded is wrong, withdraw it first."
        )
    return found


def withdraw(*, series: DeflatorSeries, reason: str, by: User, now: datetime) -> DeflatorSeries:
    """Let nothing go by the series any more. It stays with its reason, and what was published may be loaded again."""
    with acting("funding.deflators.withdrawn", by=by, now=now, reason=reason) as act:
        require(by, Permission.MANAGE_MONEY)
        asked = DeflatorSeries.objects.select_for_update().get(pk=series.pk)
        if asked.withdrawn_at:
            raise WithdrawnAlready()
        asked.withdrawn_by, asked.withdrawn_at, asked.withdrawn_reason = by, now, reason
        asked.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
        act.on(asked)
    return asked
