"""Making a financial year's cube: presence from the registers, cells from presence and counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection, transaction

from outcomes import cells
from outcomes.models import Presence, ReachCell, ReachCube
from outcomes.queries import cube as queries
from outcomes.queries.presence import presence
from vru_portal.core.bulk import copy_rows, take_stock
from vru_portal.core.periods import FinancialYear, Month

_PRESENCE = f"""
    INSERT INTO outcomes_presence (month, person, strict, loose, delivery_id, setting_id, rung,
                                   district_id, age_band_id, sex_id, ethnicity_id, contacts, cube_id)
    SELECT found.*, %(cube)s
    FROM ({presence(links="outcomes_linkedidentity l", numbers=["person", "strict", "loose"])}) AS found
"""  # noqa: S608 - the names are ours


def bring_presence_up_to_date(*, year: FinancialYear, last: Month, linked: Collection[int]) -> ReachCube:
    """The year's cube, with whom its registers tell of as they are linked now. Its cells stay until they are made anew.

    `linked`: the versions whose people were put together; one that was accepted since waits for the next time.
    """
    accepted = queries.accepted_of(year, last).among(linked)
    people = queries.people_of(accepted)
    cube = ReachCube.objects.filter(year=year.start).first()
    if cube is not None and (cube.people, cube.last_month) == (people, last.first):
        return cube
    with transaction.atomic():
        cube, _ = ReachCube.objects.update_or_create(
            year=year.start, defaults={"last_month": last.first, "people": people}
        )
        cube.presence.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(_PRESENCE, {"cube": cube.pk, "versions": accepted.versions})
        take_stock(Presence)
    return cube


def drop_all_but(years: Iterable[FinancialYear]) -> None:
    """Of a year of which no return is accepted any more nothing is counted."""
    ReachCube.objects.exclude(year__in=[year.start for year in years]).delete()


def bring_cells_up_to_date(*, cube: ReachCube, before: ReachCube | None, now: datetime) -> None:
    """Of a cube whose presence is up to date, as is that of the year before."""
    sources = queries.sources_of(cube, before)
    if cube.sources == sources:
        return
    this, last_year = (queries.year_reach(each) if each else None for each in (cube, before))
    with transaction.atomic():
        cube.cells.all().delete()
        columns = ["cube_id", *cells.CellRow._fields]
        copy_rows(ReachCell, columns, ((cube.pk, *row) for row in cells.cells(this, last_year)))
        take_stock(ReachCell)
        cube.sources, cube.counted_at = sources, now
        cube.save(update_fields=["sources", "counted_at"])
