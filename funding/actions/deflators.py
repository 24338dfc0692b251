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


def load(*, series: Sequence[Read], by: User, now: datetime) -> list[DeflatorSeries]:
    """Keep each series; one that is loaded already and says the same changes nothing. Returns what is new."""
    with acting("funding.deflators.loaded", by=by, now=now) as act:
        require(by, Permission.MANAGE_MONEY)
        added = []
        for read in series:
            known = DeflatorSeries.objects.filter(name=read.name, published_on=read.published_on).first()
            if known:
                _refuse_other(known, read)
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


def _refuse_other(known: DeflatorSeries, read: Read) -> None:
    if dict(known.indices.values_list("financial_year", "index")) != read.indices:
        raise PublishedOtherwise(
            f"“{known}” is loaded already with other numbers. Check the day of publication: what was published later "
            "has a later day."
        )
