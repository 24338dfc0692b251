"""Reading who is one person: what the linker is given, what the ledger says."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.db import connection
from django.db.models import Count, Max

from outcomes.models import LedgerEntry, LinkDecision, RegisterContact, RegisterFile, RegisterIdentity, ReturnVersion
from outcomes.queries.register_keys import ties_of
from outcomes.registers import linking
from outcomes.registers.linking import Identity, Links, link


# ---- What the linker is given ----
@dataclass(frozen=True, eq=False)
class InUse:
    """Identities by number, lowest first, with how many contacts stand under each, and what was decided of pairs. Two
    with one fingerprint are the same."""

    weights: Mapping[int, int]
    one_row: frozenset[tuple[int, int]] = frozenset()
    together: frozenset[tuple[int, int]] = frozenset()
    apart: frozenset[tuple[int, int]] = frozenset()

    @cached_property
    def numbers(self) -> list[int]:
        return sorted(self.weights)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256. What stands under a number never changes, so the numbers will do; what is made of it does, with the
        rules."""
        weights = [(number, self.weights[number]) for number in self.numbers]
        digest = hashlib.sha256(f"rules {linking.RULES} {weights}".encode())
        for name in ("one_row", "together", "apart"):
            digest.update(f"{name} {sorted(getattr(self, name))}".encode())
        return digest.hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, InUse) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def linked(self, *, explain: bool = False) -> Links:
        """Rows of the links are places in `numbers`."""
        place = {number: n for n, number in enumerate(self.numbers)}

        def places(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
            return [(place[first], place[second]) for first, second in pairs]

        return link(
            self._identities(),
            weights=[self.weights[number] for number in self.numbers],
            one_row=places(self.one_row),
            together=places(self.together),
            apart=places(self.apart),
            explain=explain,
        )

    def _identities(self) -> list[Identity]:
        rows = RegisterIdentity.objects.filter(pk__in=self.numbers).order_by("pk").values_list("packed", "partner_id")
        return [Identity(bytes(packed), str(partner)) for packed, partner in rows.iterator(chunk_size=5_000)]


@lru_cache(maxsize=4)
def person_of(in_use: InUse) -> Mapping[int, int]:
    """Identity → its person, by a number that means nothing elsewhere. Remembered: a register is counted as its file is
    taken, as its page is shown and as its return is sent."""
    return dict(zip(in_use.numbers, in_use.linked().groups.tolist(), strict=True))


def identities_in_use(versions: Sequence[int]) -> InUse:
    """Of the registers of these versions."""
    taken = RegisterContact.objects.filter(file__version__in=versions, file__state=RegisterFile.State.TAKEN)
    return _in_use(dict(taken.order_by().values_list("identity").annotate(Count("pk"))))


def of_contacts(contacts: Sequence[RegisterContact]) -> InUse:
    """Of some contacts alone: a partner's own, while a return is not accepted yet."""
    weights: dict[int, int] = {}
    for contact in contacts:
        weights[contact.identity_id] = weights.get(contact.identity_id, 0) + 1
    return _in_use(weights)


def _in_use(weights: dict[int, int]) -> InUse:
    """With the writings of the same rows under other keys, by which rows of other years may know them."""
    ties = ties_of(weights)
    for number in {number for tie in ties for number in tie}:
        weights.setdefault(number, 0)
    decided = decisions_about(weights)
    return InUse(
        weights,
        one_row=frozenset(ties),
        together=frozenset(decided[True]),
        apart=frozenset(decided[False]),
    )


def decisions_about(numbers: Container[int]) -> dict[bool, set[tuple[int, int]]]:
    """Pairs of these of which somebody decided that they are one person (True), or two."""
    decided = {True: set(), False: set()}
    held = LinkDecision.objects.filter(undone_at__isnull=True).values_list("first", "second", "are_one")
    for first, second, are_one in held:
        if first in numbers and second in numbers:
            decided[are_one].add((first, second))
    return decided


def accepted_versions() -> list[int]:
    """What counts in reach, of all years."""
    found = ReturnVersion.objects.filter(state=ReturnVersion.State.ACCEPTED, obligation__waived_at__isnull=True)
    return list(found.order_by("pk").values_list("pk", flat=True))


# ---- The ledger ----
def ledger_position() -> int:
    """The last entry of the ledger; 0 while there is none."""
    return LedgerEntry.objects.aggregate(last=Max("pk"))["last"] or 0


@dataclass(frozen=True)
class Edge:
    """A join that holds."""

    first: int
    second: int
    because: str


def edges_at(position: int | None = None) -> list[Edge]:
    """The joins that held after this entry of the ledger; None: that hold now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT first, second, (array_agg(because ORDER BY id DESC))[1] FROM outcomes_ledgerentry "
            "WHERE %s::bigint IS NULL OR id <= %s GROUP BY first, second "
            "HAVING sum(CASE WHEN joined THEN 1 ELSE -1 END) > 0 ORDER BY first, second",
            [position, position],
        )
        return [Edge(*row) for row in cursor.fetchall()]


class Together:
    """Numbers joined two at a time; each group goes by its lowest."""

    def __init__(self, edges: Iterable[Edge] = ()) -> None:
        self._parent: dict[int, int] = {}
        for edge in edges:
            self.join(edge.first, edge.second)

    def of(self, number: int) -> int:
        parent = self._parent
        while (above := parent.get(number, number)) != number:
            parent[number] = parent.get(above, above)
            number = above
        return number

    def join(self, first: int, second: int) -> bool:
        """False if they were together before."""
        low, high = sorted((self.of(first), self.of(second)))
        if low == high:
            return False
        self._parent[high] = low
        return True
