"""Making a financial year's cube: presence from the registers, cells from presence and counts, all at one go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import connection, transaction

from outcomes import cells
from outcomes.models import Presence, ReachCell, ReachCube
from outcomes.queries import cube as queries
from outcomes.queries.reach import policy_on
from vru_portal.core.periods import FinancialYear, Month

# Of each person what the year's first contact says of them, or the first that says anything.
_FIRST = """
    {name} AS (
        SELECT DISTINCT ON (r.person) r.person, r.{name}_id FROM met r JOIN outcomes_category k ON k.id = r.{name}_id
        ORDER BY r.person, k.is_known DESC, r.contact_on, r.file_id, r.row)"""
_WHO = ("district", "age_band", "sex", "ethnicity")
_PRESENCE = f"""
    INSERT INTO outcomes_presence (cube_id, month, person, strict, loose, delivery_id, setting_id, rung,
                                   district_id, age_band_id, sex_id, ethnicity_id, contacts)
    WITH met AS (
        SELECT l.person, l.strict, l.loose, o.month, o.delivery_id, coalesce(c.setting_id, d.setting_id) AS setting_id,
               c.kind, c.contact_on, c.file_id, c.row, c.district_id, c.age_band_id, c.sex_id, c.ethnicity_id
        FROM outcomes_registercontact c
        JOIN outcomes_linkedidentity l ON l.identity_id = c.identity_id
        JOIN outcomes_registerfile f ON f.id = c.file_id AND f.state = 'taken'
        JOIN outcomes_returnversion v ON v.id = f.version_id
        JOIN outcomes_obligation o ON o.id = v.obligation_id
        JOIN programmes_delivery d ON d.id = o.delivery_id
        WHERE v.id = ANY(%(versions)s)),
    {",".join(_FIRST.format(name=name) for name in _WHO)}
    SELECT %(cube)s, month, person, strict, loose, delivery_id, setting_id, kind,
           district.district_id, age_band.age_band_id, sex.sex_id, ethnicity.ethnicity_id, count(*)
    FROM met JOIN district USING (person) JOIN age_band USING (person) JOIN sex USING (person)
    JOIN ethnicity USING (person)
    GROUP BY month, person, strict, loose, delivery_id, setting_id, kind,
             district.district_id, age_band.age_band_id, sex.sex_id, ethnicity.ethnicity_id
"""  # noqa: S608 - the names are ours


Reached = Callable[[], cells.YearReach]


def make(
    *, year: FinancialYear, last: Month, before: Reached | None, sources_before: str, now: datetime
) -> tuple[ReachCube, Reached, bool]:
    """The year's cube as it is to be, made anew if anything it is made from has changed; and what it was made from,
    read only when somebody asks.

    Returns (the cube, its `YearReach`, whether it was made anew).
    """
    supported = policy_on(last.last).supported_rungs
    accepted = queries.accepted_of(year, last)
    sources = queries.sources_of(year, last, accepted, supported, sources_before)
    cube = ReachCube.objects.filter(year=year.start).first()
    if cube is not None and cube.sources == sources:
        return cube, partial(queries.year_reach, cube, accepted, supported), False
    with transaction.atomic():
        ReachCube.objects.filter(year=year.start).delete()
        cube = ReachCube.objects.create(
            year=year.start,
            made_at=now,
            sources=sources,
            versions=queries.digest_of(queries.versions_with_registers(accepted.versions)),
            position=queries.ledger_position(),
            last_month=last.first,
        )
        with connection.cursor() as cursor:
            cursor.execute(_PRESENCE, {"cube": cube.pk, "versions": accepted.versions})
        found = queries.year_reach(cube, accepted, supported)
        _write_cells(cube, found, before and before())
    return cube, lambda: found, True


def _write_cells(cube: ReachCube, this: cells.YearReach, before: cells.YearReach | None) -> None:
    columns = ", ".join(f'"{name}"' for name in cells.CellRow._fields)
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {ReachCell._meta.db_table} (cube_id, {columns}) FROM STDIN") as copy:
            for row in cells.cells(this, before):
                copy.write_row((cube.pk, *row))
        cursor.execute(f"ANALYZE {ReachCell._meta.db_table}, {Presence._meta.db_table}")
