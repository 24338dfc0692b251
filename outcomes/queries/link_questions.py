"""Reading the links for the people who look after them: what is asked, what was decided, what the ledger says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from outcomes.models import LedgerEntry, Linkage, LinkDecision, LinkedIdentity, LinkQuestion, RegisterContact
from outcomes.queries.how_common import how_common
from outcomes.registers.evidence import Birth, Name, Postcode

# What a level of agreement is called. Never what stands in either row.
NAMES = {
    Name.SAME: "the same",
    Name.FAMILY: "another form of the same name",
    Name.SLIP: "the same but for a letter",
    Name.ALIKE: "alike in sound or beginning",
    Name.INITIAL: "the initial alone",
    Name.OTHER: "different",
    Name.MISSING: "missing in one of them",
}
BIRTHS = {
    Birth.SAME: "the same",
    Birth.SWAPPED: "day and month the other way round",
    Birth.NEARLY: "two of day, month and year the same",
    Birth.ABOUT: "a few years apart at most",
    Birth.OTHER: "different",
    Birth.MISSING: "missing in one of them",
}
POSTCODES = {
    Postcode.SAME: "the same",
    Postcode.HALF: "one half the same",
    Postcode.OTHER: "different",
    Postcode.MISSING: "missing in one of them",
}

DELIVERY = "file__version__obligation__delivery"


@dataclass(frozen=True)
class Writing:
    """A way in which a partner wrote somebody: where and when, and how many contacts. No name."""

    number: int
    partner: str
    deliveries: tuple[str, ...]
    contacts: int
    first_day: date
    last_day: date
    person_rows: int  # contacts of the whole person that it is part of


@dataclass(frozen=True)
class Pair:
    """Two writings side by side, how far they agree in words, and by part how many others have the same."""

    one: Writing
    other: Writing
    agreement: tuple[tuple[str, str], ...]
    how_common: Mapping[str, str] = field(default_factory=dict)
    question: LinkQuestion | None = None
    decision: LinkDecision | None = None

    @property
    def evidence(self) -> tuple[tuple[str, str, str], ...]:
        """(part, how it agrees, how common it is)."""
        return tuple((part, words, self.how_common.get(part, "")) for part, words in self.agreement)


def in_words(compared) -> tuple[tuple[str, str], ...]:
    """(part, how it agrees) of an entry, or a question; empty where nothing was compared."""
    if compared is None or compared.forename is None:
        return ()
    return (
        ("First name", NAMES[compared.forename]),
        ("Last name", NAMES[compared.surname]),
        ("Date of birth", BIRTHS[compared.birth]),
        ("Postcode", POSTCODES[compared.postcode]),
        ("Sex", "different" if compared.sex_differs else "the same, or missing"),
    )


def questions() -> QuerySet[LinkQuestion]:
    """The least certain first. What was decided meanwhile is asked no more."""
    held = LinkDecision.objects.filter(first=OuterRef("first"), second=OuterRef("second"), undone_at__isnull=True)
    return LinkQuestion.objects.exclude(Exists(held))


def pair_of(first: int, second: int) -> Pair | None:
    """None if one of the two is in no accepted register any more."""
    first, second = sorted((first, second))
    found = writings([first, second])
    if len(found) < 2:
        return None
    question = LinkQuestion.objects.filter(first=first, second=second).first()
    compared = question or LedgerEntry.objects.filter(first=first, second=second, joined=True).last()
    decision = LinkDecision.objects.filter(first=first, second=second, undone_at__isnull=True).first()
    return Pair(found[first], found[second], in_words(compared), how_common(first, second), question, decision)


def pairs_of(asked: Sequence[LinkQuestion]) -> list[Pair]:
    found = writings({number for question in asked for number in (question.first, question.second)})
    return [
        Pair(found[q.first], found[q.second], in_words(q), question=q)
        for q in asked
        if q.first in found and q.second in found
    ]


def writings(numbers: Collection[int]) -> dict[int, Writing]:
    persons = dict(LinkedIdentity.objects.filter(pk__in=numbers).values_list("pk", "person"))
    rows_of = _rows_of(set(persons.values()))
    found: dict[int, list[tuple]] = defaultdict(list)
    contacts = (
        RegisterContact.objects.filter(identity__in=list(persons), file__state="taken", file__version__state="accepted")
        .order_by("file__version__obligation__delivery__name")
        .values_list(
            "identity",
            "file__version__obligation__delivery__name",
            "file__version__obligation__delivery__partner__name",
        )
        .annotate(rows=Count("pk"), first=Min("contact_on"), last=Max("contact_on"))
    )
    for number, *rest in contacts:
        found[number].append(rest)
    return {
        number: Writing(
            number=number,
            partner=rows[0][1],
            deliveries=tuple(delivery for delivery, *_ in rows),
            contacts=sum(count for _, _, count, _, _ in rows),
            first_day=min(first for *_, first, _ in rows),
            last_day=max(last for *_, last in rows),
            person_rows=rows_of.get(persons[number], 0),
        )
        for number, rows in found.items()
    }


def _rows_of(persons: Iterable[int]) -> dict[int, int]:
    found = RegisterContact.objects.filter(
        identity__linked__person__in=list(persons), file__state="taken", file__version__state="accepted"
    )
    return dict(found.order_by().values_list("identity__linked__person").annotate(Count("pk")))


def newest_linkage() -> Linkage | None:
    return Linkage.objects.first()


def decisions() -> QuerySet[LinkDecision]:
    """Those that hold first, each kind newest first."""
    found = LinkDecision.objects.annotate(is_undone=Q(undone_at__isnull=False))
    return found.select_related("decided_by", "undone_by").order_by("is_undone", "-pk")


def entries() -> QuerySet[LedgerEntry]:
    """Newest first."""
    return LedgerEntry.objects.select_related("linkage").order_by("-pk")


def with_rows(found: Iterable[LedgerEntry]) -> list[tuple[LedgerEntry, bool]]:
    """Each with whether its two rows are in accepted registers, and can be looked at."""
    found = list(found)
    there = writings({number for entry in found for number in (entry.first, entry.second)})
    return [(entry, entry.first in there and entry.second in there) for entry in found]
