"""Whose rows of registers are of somebody who objected, as the linker puts them together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from outcomes.models import Objection, ObjectionWriting, RegisterContact, RegisterIdentity
from outcomes.queries.linkage import decisions_about
from outcomes.queries.register_keys import configured_keys, register_keys, ties_of
from outcomes.registers.keys import NoKey
from outcomes.registers.linking import Identity, link
from outcomes.registers.pseudonyms import Details, Pseudonymiser
from partners.models import Organisation
from programmes.models import Delivery

CONTEXT = 20_000  # stored writings that say how rare a name is, when rows arrive


def writings_of(details: Details) -> dict[int, bytes]:
    """Who somebody is, as pseudonyms by the version of the key: under every key of this installation."""
    return {key.version: Pseudonymiser(key.secret).packed(details) for key in register_keys()}


def identities_of(writings: Mapping[int, bytes], partner: Organisation | None) -> set[int]:
    """All that is stored of whoever is written so: what the linker puts together with them, under whichever key."""
    found = set()
    for version, packed in writings.items():
        them = Identity(packed, _partner(partner.pk if partner else None))
        stored = list(RegisterIdentity.objects.filter(key_version=version).values_list("pk", "packed", "partner"))
        place = {pk: number for number, (pk, _, _) in enumerate(stored, 1)}
        decided = {
            are_one: [(place[first], place[second]) for first, second in pairs]
            for are_one, pairs in decisions_about(place).items()
        }
        groups = link(
            [them, *(Identity(bytes(packed), _partner(of)) for _, packed, of in stored)],
            together=decided[True],
            apart=decided[False],
        ).groups.tolist()
        found |= {pk for pk, number in place.items() if groups[number] == groups[0]}
    return found | {identity for tie in ties_of(found) for identity in tie}


def objected(version: int, packed: Sequence[bytes], partner: Organisation) -> dict[int, int]:
    """Of rows that arrive, by their places those of somebody who objected, with the objection's id."""
    writings = list(ObjectionWriting.objects.filter(key_version=version, objection__in=Objection.objects.in_force()))
    if not writings:
        return {}
    context = RegisterIdentity.objects.filter(key_version=version).order_by("-pk").values_list("packed", "partner")
    groups = link(
        [
            *(Identity(bytes(writing.packed), _partner(writing.partner_id)) for writing in writings),
            *(Identity(pseudonyms, _partner(partner.pk)) for pseudonyms in packed),
            *(Identity(bytes(pseudonyms), _partner(of)) for pseudonyms, of in context[:CONTEXT]),
        ]
    ).groups.tolist()
    by_group = {group: writing.objection_id for group, writing in zip(groups, writings, strict=False)}
    arrived = groups[len(writings) : len(writings) + len(packed)]
    return {place: by_group[group] for place, group in enumerate(arrived) if group in by_group}


def _partner(pk: int | None) -> str:
    return "" if pk is None else str(pk)


@dataclass(frozen=True)
class Found:
    """How much is stored of somebody. `waiting`: rows beside it that nobody has confirmed yet."""

    rows: int
    partners: int
    waiting: int


def found(identities: Collection[int]) -> Found:
    contacts = RegisterContact.objects.filter(identity__in=identities)
    confirmed = contacts.confirmed()
    rows = confirmed.count()
    return Found(rows, confirmed.values("identity__partner").distinct().count(), contacts.count() - rows)


# ---- What is shown ----
def all_objections() -> QuerySet[Objection]:
    return Objection.objects.select_related("recorded_by", "withdrawn_by").prefetch_related("writings")


def known_under(objection: Objection) -> list[int]:
    """The versions of the key under which whoever objected is known."""
    return sorted({writing.key_version for writing in objection.writings.all()})


def newest_key() -> int | None:
    """The version under which people must be known to be known from now on; None if there is no key to read."""
    try:
        return max((key.version for key in configured_keys()), default=None)
    except NoKey:
        return None


def give_registers() -> QuerySet[Organisation]:
    """Partners that know their young people one by one, and those that did."""
    knows = Q(Exists(Delivery.objects.chosen_to_give_rows().filter(partner=OuterRef("pk"))))
    return Organisation.objects.filter(knows | Exists(RegisterIdentity.objects.filter(partner=OuterRef("pk"))))
