"""How common what stands in two rows is among the people of the registers: in bands, and no name, date or place.

Pseudonyms of one key are the same where what they stand for is, so they can be counted; what it is they do not say.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import BinaryField, Count, Q
from django.db.models.functions import Substr

from outcomes.models import LinkedIdentity, RegisterIdentity
from outcomes.registers.pseudonyms import BYTES, COLUMN, MISSING

# By what a part is counted; and, where a part of it may be an initial alone, which tells nothing, what is missing then.
COUNTED = {
    "First name": ("forename_family", "forename_head"),
    "Last name": ("surname_family", "surname_head"),
    "Date of birth": ("birth", "birth"),
    "Postcode": ("postcode", "postcode"),
}
BANDS = ((0, "nobody else"), (4, "1 to 4 other people"), (19, "5 to 19 other people"), (99, "20 to 99 other people"))
MORE = "100 or more other people"


@dataclass(frozen=True)
class _Value:
    part: str
    row: int
    key_version: int
    pseudonym: bytes


def how_common(first: int, second: int) -> dict[str, str]:
    """By part, how many people beside the two have what the rows have. Nothing of a part that is in neither."""
    values = [value for number in (first, second) for value in _values(RegisterIdentity.objects.get(pk=number))]
    people = _others(values, (first, second))
    found = {}
    for part in COUNTED:
        said = {value.row: (value, _band(people[value])) for value in values if value.part == part}
        if said:
            found[part] = _sentence(*(said.get(number) for number in (first, second)))
    return found


def _values(identity: RegisterIdentity) -> list[_Value]:
    packed = bytes(identity.packed)
    return [
        _Value(part, identity.pk, identity.key_version, _column(packed, name))
        for part, (name, needed) in COUNTED.items()
        if _column(packed, needed) != MISSING
    ]


def _column(packed: bytes, name: str) -> bytes:
    return packed[COLUMN[name] * BYTES :][:BYTES]


def _others(values: list[_Value], rows: tuple[int, int]) -> dict[_Value, int]:
    """People of the newest linkage, without those whom the two rows belong to."""
    themselves = LinkedIdentity.objects.filter(pk__in=rows).values("person")
    parts = {
        f"of_{part}": Substr("packed", COLUMN[name] * BYTES + 1, BYTES, output_field=BinaryField())
        for part, name in enumerate(name for name, _ in COUNTED.values())
    }
    place = {part: f"of_{n}" for n, part in enumerate(COUNTED)}
    counted = {
        f"people_{n}": Count(
            "linked__person",
            distinct=True,
            filter=Q(**{place[value.part]: value.pseudonym, "key_version": value.key_version}),
        )
        for n, value in enumerate(values)
    }
    others = RegisterIdentity.objects.filter(linked__isnull=False).exclude(linked__person__in=themselves)
    found = others.annotate(**parts).aggregate(**counted)
    return {value: found[f"people_{n}"] for n, value in enumerate(values)}


def _band(people: int) -> str:
    return next((words for most, words in BANDS if people <= most), MORE)


def _sentence(one: tuple[_Value, str] | None, other: tuple[_Value, str] | None) -> str:
    if one is None or other is None:
        _, words = one or other
        return f"{'First' if one else 'Second'} row: shared with {words} in the registers."
    (of_one, words), (of_other, words_of_other) = one, other
    if of_one.pseudonym == of_other.pseudonym:
        return f"Shared with {words} in the registers."
    return f"First row: shared with {words} in the registers. Second row: with {words_of_other}."
