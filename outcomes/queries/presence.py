"""Whom registers tell of: the person behind each contact, by some set of links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db import connection
from pyroaring import BitMap

from outcomes.models import RegisterContact, RegisterFile, Submission
from outcomes.models.policy import Dimension
from outcomes.queries.linkage import Together, edges_at
from outcomes.reach import Cell
from vru_portal.core.periods import Month

WHO = (Dimension.DISTRICT.value, Dimension.AGE_BAND.value, Dimension.SEX.value, Dimension.ETHNICITY.value)
# Of each person what the first contact says of them, or the first that says anything. Of two on one day that say
# otherwise the category that was there first, so that it does not matter which register came first. Windows, not joins:
# where the tables' statistics are from before the registers, joins would be planned for a few rows and take hours.
_FIRST = """first_value({name}_id) OVER (
                PARTITION BY person ORDER BY {name}_is_known DESC, contact_on, {name}_id) AS {name}_id"""


def presence(*, links: str, numbers: Collection[str], dimensions: Collection[str] = WHO) -> str:
    """SQL for one row a person, month, delivery, setting and rung, of a financial year's `%(versions)s`: those columns
    and `numbers`, the id of what the person is by each dimension, and how many contacts there were.

    `links`: a table with identity_id, person and what else is among `numbers`.
    """
    ids = ", ".join(f"{name}_id" for name in dimensions)
    of_the_person = ", ".join(numbers)
    columns = f"month, {of_the_person}, delivery_id, setting_id, kind"
    return f"""
        WITH met AS (
            SELECT {", ".join(f"l.{name}" for name in numbers)}, o.month, o.delivery_id,
                   coalesce(c.setting_id, d.setting_id) AS setting_id, c.kind, c.contact_on,
                   {", ".join(f"c.{name}_id, {name}.is_known AS {name}_is_known" for name in dimensions)}
            FROM outcomes_registercontact c
            JOIN {links} ON l.identity_id = c.identity_id
            JOIN outcomes_registerfile f ON f.id = c.file_id AND f.state = 'taken'
            JOIN outcomes_returnversion v ON v.id = f.version_id
            JOIN outcomes_obligation o ON o.id = v.obligation_id
            JOIN programmes_delivery d ON d.id = o.delivery_id
            {" ".join(f"JOIN outcomes_category {name} ON {name}.id = c.{name}_id" for name in dimensions)}
            WHERE v.id = ANY(%(versions)s)),
        placed AS (SELECT {columns}, {", ".join(_FIRST.format(name=name) for name in dimensions)} FROM met)
        SELECT {columns}, {ids}, count(*) FROM placed GROUP BY {columns}, {ids}
    """  # noqa: S608 - the names are ours


@dataclass(frozen=True)
class Met:
    """By delivery and month, everybody in its registers by number; who of everybody is of which cell; and how many
    contacts there were."""

    registers: Mapping[int, Mapping[Month, BitMap]] = field(default_factory=dict)
    everybody: Mapping[Cell, BitMap] = field(default_factory=dict)
    contacts: int = 0


_AT_POSITION = "unnest(%(identities)s::bigint[], %(people)s::bigint[]) AS l(identity_id, person)"


def people_met(versions: Collection[int], *, position: int, codes: Mapping[int, str]) -> Met:
    """By the registers of these versions of one financial year, as people were put together at the position of the
    ledger. `codes` of categories by id. Nil returns of deliveries that give registers tell of nobody.
    """
    gave = versions_with_registers(versions)
    if not gave:
        return Met()
    together = Together(edges_at(position))
    identities = list(
        RegisterContact.objects.filter(file__version__in=list(gave))
        .order_by()
        .values_list("identity", flat=True)
        .distinct()
    )
    registers = empty_months(gave, versions)
    everybody: dict[Cell, BitMap] = defaultdict(BitMap)
    dimensions = (Dimension.DISTRICT.value, Dimension.AGE_BAND.value)
    with connection.cursor() as cursor:
        cursor.execute(
            presence(links=_AT_POSITION, numbers=["person"], dimensions=dimensions),
            {
                "versions": list(gave),
                "identities": identities,
                "people": [together.of(identity) for identity in identities],
            },
        )
        contacts = 0
        for month, person, delivery, _, _, district, age_band, met in cursor:
            contacts += met
            registers[delivery][Month.of(month)].add(person)
            for dimension, category in zip(dimensions, (district, age_band), strict=True):
                everybody[dimension, codes[category]].add(person)
    return Met(registers, everybody, contacts)


def versions_with_registers(versions: Collection[int]) -> dict[int, tuple[int, Month]]:
    """Version → (delivery, month) of those that came with a register."""
    found = RegisterFile.objects.filter(version__in=versions, state=RegisterFile.State.TAKEN).values_list(
        "version", "version__obligation__delivery", "version__obligation__month"
    )
    return {version: (delivery, Month.of(month)) for version, delivery, month in found}


def empty_months(gave: Mapping[int, tuple[int, Month]], versions: Iterable[int]) -> dict[int, dict[Month, BitMap]]:
    """The months for which registers tell who was met: those of registers, and nil months of the same deliveries."""
    registers: dict[int, dict[Month, BitMap]] = defaultdict(dict)
    for delivery, month in gave.values():
        registers[delivery][month] = BitMap()
    nil = Submission.objects.filter(
        version__in=versions, is_nil=True, version__obligation__delivery__in=list(registers)
    ).values_list("version__obligation__delivery", "version__obligation__month")
    for delivery, month in nil:
        registers[delivery].setdefault(Month.of(month), BitMap())
    return registers
