"""Making a financial year's cube: presence from the registers, cells from presence and counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection, transaction

from outcomes import cells
from outcomes.models import Presence, ReachCell, ReachCube
from outcomes.queries import cube as queries
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


def bring_presence_up_to_date(*, year: FinancialYear, last: Month, linked: Collection[int]) -> ReachCube:
    """The year's cube, with whom its registers tell of as they are linked now. Its cells stay until they are made anew.

    `linked`: the versions whose people were put together. One that was accepted since is not among them, and the cube
    says so: whoever needs it finds that it is not counted yet.
    """
    accepted = queries.accepted_of(year, last).among(linked)
    people = queries.people_of(accepted)
    cube = ReachCube.objects.filter(year=year.start).first()
    if cube is not None and (cube.people, cube.last_month) == (people, last.first):
        return cube
    with transaction.atomic():
        made_from = {
            "last_month": last.first,
            "people": people,
            "versions": queries.digest_of(queries.versions_with_registers(accepted.versions)),
            "position": queries.ledger_position(),
        }
        cube, _ = ReachCube.objects.update_or_create(year=year.start, defaults=made_from)
        cube.presence.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(_PRESENCE, {"cube": cube.pk, "versions": accepted.versions})
            cursor.execute(f"ANALYZE {Presence._meta.db_table}")
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
    columns = ", ".join(f'"{name}"' for name in cells.CellRow._fields)
    with transaction.atomic():
        cube.cells.all().delete()
        with connection.cursor() as cursor:
            with cursor.copy(f"COPY {ReachCell._meta.db_table} (cube_id, {columns}) FROM STDIN") as copy:
                for row in cells.cells(this, last_year):
                    copy.write_row((cube.pk, *row))
            cursor.execute(f"ANALYZE {ReachCell._meta.db_table}")
        cube.sources, cube.counted_at = sources, now
        cube.save(update_fields=["sources", "counted_at"])
