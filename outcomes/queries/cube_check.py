"""The cube counted a second time, by PostgreSQL alone, to be held against the first cell by cell.

The fast way counts sets of numbers in memory; this one is a GROUP BY over `presence` with every grouping of the cube.
They share the rows of `presence` and no line of code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from outcomes.models import ReachCell, ReachCube
from outcomes.queries.policies import policy_on
from vru_portal.core.periods import Month

# Of a period, whom a delivery met is known where each of its accepted returns came with a register or said nobody. A
# rolling year is asked about by its two financial years.
_COUNTED = """
    WITH periods AS (
        SELECT DISTINCT period, start, "end" FROM outcomes_reachcell WHERE cube_id = %(cube)s),
    gave AS (
        SELECT o.delivery_id, o.month, extract(year FROM o.month - interval '3 months') AS year,
               EXISTS (SELECT 1 FROM outcomes_registerfile f WHERE f.version_id = v.id AND f.state = 'taken')
               OR (SELECT s.is_nil FROM outcomes_submission s WHERE s.version_id = v.id
                   ORDER BY s.sequence DESC LIMIT 1) AS told,
               v.counting_basis = 'case_reference' AS by_reference
        FROM outcomes_returnversion v JOIN outcomes_obligation o ON o.id = v.obligation_id
        WHERE v.state = 'accepted' AND o.waived_at IS NULL),
    apart AS (
        SELECT p.period, p.start, p."end", g.delivery_id, g.year
        FROM periods p JOIN gave g ON g.month BETWEEN p.start AND p."end"
        GROUP BY p.period, p.start, p."end", g.delivery_id, g.year
        HAVING bool_and(g.told) AND NOT bool_or(g.by_reference)),
    met AS (
        SELECT a.period, a."end", r.person, r.rung, g.code AS programme, s.code AS setting, g.prevention_level AS level,
               d.partner_id::text AS partner, district.code AS district, age_band.code AS age_band, sex.code AS sex,
               coalesce(nullif(ethnicity.group, ''), ethnicity.code) AS ethnicity,
               g.beneficiary = 'young_people' AND g.rung = ANY(%(supported)s) AS supported
        FROM outcomes_presence r
        JOIN outcomes_reachcube c ON c.id = r.cube_id
        JOIN apart a ON a.delivery_id = r.delivery_id AND a.year = c.year AND r.month BETWEEN a.start AND a."end"
        JOIN programmes_delivery d ON d.id = r.delivery_id JOIN programmes_programme g ON g.id = d.programme_id
        JOIN programmes_setting s ON s.id = r.setting_id
        JOIN outcomes_category district ON district.id = r.district_id
        JOIN outcomes_category age_band ON age_band.id = r.age_band_id
        JOIN outcomes_category sex ON sex.id = r.sex_id
        JOIN outcomes_category ethnicity ON ethnicity.id = r.ethnicity_id
        WHERE g.rung <> 'exposure')
"""
_CELLS = """
    SELECT period, "end",
           CASE WHEN grouping(programme) = 0 THEN 'programme' WHEN grouping(setting) = 0 THEN 'setting'
                WHEN grouping(level) = 0 THEN 'level' WHEN grouping(rung) = 0 THEN 'rung'
                WHEN grouping(partner) = 0 THEN 'partner' ELSE 'any' END AS slice,
           coalesce(programme, setting, level, rung, partner, ''),
           coalesce(district, ''), coalesce(age_band, ''), coalesce(sex, ''), coalesce(ethnicity, ''),
           CASE WHEN grouping(programme) = 0 THEN count(DISTINCT person)
                ELSE count(DISTINCT person) FILTER (WHERE supported) END
    FROM met
    GROUP BY period, "end",
             GROUPING SETS ((), (programme), (setting), (level), (rung), (partner)),
             GROUPING SETS ((), (district), (age_band), (sex), (ethnicity), (district, age_band))
"""

Key = tuple


@dataclass(frozen=True)
class Difference:
    """A cell in which the two do not agree."""

    cell: Key
    counted: int
    counted_again: int


def differences(cube: ReachCube) -> Iterator[Difference]:
    """Cells of people told apart that the two ways count differently; none, if all is well."""
    first, again = _cells(cube), _counted_again(cube)
    for key in sorted(first.keys() | again.keys(), key=str):
        if first.get(key, 0) != again.get(key, 0):
            yield Difference(key, first.get(key, 0), again.get(key, 0))


def cells_compared(cube: ReachCube) -> int:
    return len(_cells(cube))


def _cells(cube: ReachCube) -> dict[Key, int]:
    rows = ReachCell.objects.filter(cube=cube, told__gt=0).order_by()
    columns = ("period", "end", "where", "what", "district", "age_band", "sex", "ethnicity", "told")
    return {tuple(key): told for *key, told in rows.values_list(*columns)}


def _counted_again(cube: ReachCube) -> dict[Key, int]:
    supported = policy_on(Month.of(cube.last_month).last).supported_rungs
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED + _CELLS, {"cube": cube.pk, "supported": list(supported)})
        rows = {tuple(key): people for *key, people in cursor.fetchall() if people}
    return {key: people for key, people in rows.items() if _is_kept(key)}


def _is_kept(key: Key) -> bool:
    """The cube tells two things of people at once for everything supported alone, and of a rolling year nothing."""
    period, _, where, _, *who = key
    told = sum(map(bool, who))
    return told == 0 or (period != "rolling_year" and (told == 1 or where == "any"))
