"""Reading registers: what a return's register says, and how many people it counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Max, Min, Q, QuerySet

from outcomes.models import (
    Category,
    Obligation,
    RegisterContact,
    RegisterFile,
    RegisterIdentity,
    ReturnVersion,
    Submission,
)
from outcomes.models.policy import Dimension
from outcomes.models.returns import Seen
from outcomes.queries.register_keys import register_keys, ties_of
from outcomes.reach import Person
from outcomes.registers.linking import Identity, link
from outcomes.registers.values import CodeLists
from programmes.models import CountingBasis, Setting
from programmes.queries import gives_registers
from vru_portal.core.periods import Month

State = ReturnVersion.State
SAID = (State.SUBMITTED, State.ACCEPTED)
ATTRIBUTES = ("age_band", "sex", "ethnicity", "district")


# ---- Whether ----
def counts_from_register(obligation: Obligation) -> bool:
    """Whether the people of this return are counted from a register, and not typed."""
    return gives_registers(obligation.delivery, obligation.period.last) and bool(register_keys())


def references_alone(obligation: Obligation) -> bool:
    return obligation.delivery.counting_basis == CountingBasis.CASE_REFERENCE


def code_lists() -> CodeLists:
    """The reference tables as registers' words are held against them."""
    categories = defaultdict(list)
    for dimension, code, name in Category.objects.order_by("order").values_list("dimension", "code", "name"):
        categories[dimension].append((code, name))
    return CodeLists.of(categories, list(Setting.objects.values_list("code", "name")))


# ---- The register of a return ----
def files_of(version: ReturnVersion | None) -> QuerySet[RegisterFile]:
    """The confirmed files of a version, each with how many contacts it holds and from when to when."""
    return (
        RegisterFile.objects.filter(version=version, state=RegisterFile.State.TAKEN)
        .select_related("taken_by")
        .annotate(
            size=Count("contacts"),
            first_day=Min("contacts__contact_on"),
            last_day=Max("contacts__contact_on"),
        )
        .order_by("pk")
    )


def has_register(version: ReturnVersion) -> bool:
    return version.register_files.filter(state=RegisterFile.State.TAKEN).exists()


@dataclass(frozen=True)
class Counted:
    """A month's register as a return says it. `cells`: people by (seen, category id)."""

    new_people: int
    known_people: int
    already_counted_people: int
    contacts: int
    cells: Mapping[tuple[str, int], int]

    def is_said_by(self, answers) -> bool:
        """Whether answers to a return say just this."""
        names = ("new_people", "known_people", "already_counted_people", "contacts")
        cells = {cell: people for cell, people in answers.cells.items() if people}
        return all(getattr(answers, name) == getattr(self, name) for name in names) and cells == dict(self.cells)

    @property
    def people(self) -> int:
        return self.new_people + self.known_people + self.already_counted_people


def counted(version: ReturnVersion, *, also: RegisterFile | None = None) -> Counted:
    """The people of a version's register, once each. `also`: as if this staged file were part of it.

    A: never in a register of this delivery before. B: in one of an earlier financial year, and for the first time in
    this one. C: already counted since April. Somebody is of the age, sex, ethnicity and district that the year's first
    contact gives; the first that is known.
    """
    contacts = _contacts(version, also)
    people = _linked(contacts)
    month, year = version.obligation.month, Month.of(version.obligation.month).financial_year
    known = set(Category.objects.filter(is_known=True).values_list("pk", flat=True))
    before_year, before_month, now = set(), set(), set()
    first: dict[int, dict[str, int]] = {}
    size = 0
    for contact, person in zip(contacts, people, strict=True):
        if contact.contact_on < year.first:
            before_year.add(person)
            continue
        if contact.contact_on < month:
            before_month.add(person)
        else:
            now.add(person)
            size += 1
        said = first.setdefault(person, {})
        for attribute in ATTRIBUTES:
            category = getattr(contact, f"{attribute}_id")
            if attribute not in said or (said[attribute] not in known and category in known):
                said[attribute] = category
    already = now & before_month
    cells = Counter(
        (Seen.ALREADY_COUNTED if person in already else Seen.FIRST_SEEN, category)
        for person in now
        for category in first[person].values()
    )
    return Counted(
        new_people=len(now - before_month - before_year),
        known_people=len((now - before_month) & before_year),
        already_counted_people=len(already),
        contacts=size,
        cells=cells,
    )


def _contacts(version: ReturnVersion, also: RegisterFile | None) -> list[RegisterContact]:
    """The delivery's contacts up to the version's month, the earliest first: of other months what the unit has."""
    obligation = version.obligation
    own = Q(file__version=version) & Q(file__state=RegisterFile.State.TAKEN)
    earlier = Q(
        file__version__obligation__delivery=obligation.delivery_id,
        file__version__obligation__month__lt=obligation.month,
        file__version__state__in=SAID,
        file__state=RegisterFile.State.TAKEN,
    )
    wanted = own | earlier | (Q(file=also) if also else Q(pk__in=[]))
    return list(
        RegisterContact.objects.filter(wanted)
        .select_related("identity")
        .order_by("contact_on", "file__version__number", "file", "row")
    )


def _linked(contacts: Sequence[RegisterContact]) -> list[int]:
    """For each contact its person. Rows under two keys meet in those that were written under both."""
    found = {contact.identity_id: contact.identity for contact in contacts}
    ties = ties_of(found)
    others = RegisterIdentity.objects.in_bulk({identity for tie in ties for identity in tie} - found.keys())
    written = [*(contact.identity for contact in contacts), *others.values()]
    groups = link([Identity(bytes(i.packed), str(i.partner_id)) for i in written]).groups.tolist()
    place = {identity.pk: number for number, identity in enumerate(written)}
    leads_to: dict[int, int] = {}

    def of(group: int) -> int:
        while group in leads_to:
            group = leads_to[group]
        return group

    for newer, older in ties:
        one, other = sorted((of(groups[place[newer]]), of(groups[place[older]])))
        if one != other:
            leads_to[other] = one
    return [of(group) for group in groups[: len(contacts)]]


# ---- Everybody of a year ----
def people_met(versions: Sequence[int]) -> dict[int, dict[Month, frozenset[Person]]]:
    """By delivery and month, whom the registers of these versions tell of, over all partners; of nil returns nobody.

    Deliveries that gave no register are not there. People are numbered by their first contact.
    """
    taken = RegisterContact.objects.filter(file__version__in=versions, file__state=RegisterFile.State.TAKEN)
    contacts = list(
        taken.select_related("identity", "district", "age_band")
        .annotate(delivery=F("file__version__obligation__delivery"), month=F("file__version__obligation__month"))
        .order_by("contact_on", "file", "row")
    )
    if not contacts:
        return {}
    groups = _linked(contacts)
    people = _people_of_year(contacts, groups)
    met: dict[int, dict[Month, set[Person]]] = defaultdict(lambda: defaultdict(set))
    for contact, group in zip(contacts, groups, strict=True):
        met[contact.delivery][Month.of(contact.month)].add(people[group])
    for delivery, month in _nil_months(versions, met):
        met[delivery].setdefault(month, set())
    return {d: {month: frozenset(found) for month, found in months.items()} for d, months in met.items()}


def _people_of_year(contacts: Sequence[RegisterContact], groups: Sequence[int]) -> dict[int, Person]:
    """Each person's district and age band: those of the first contact, or the first that are known."""
    said: dict[int, dict[str, Category]] = {}
    for contact, group in zip(contacts, groups, strict=True):
        first = said.setdefault(group, {"district": contact.district, "age_band": contact.age_band})
        for attribute, category in first.items():
            if not category.is_known:
                first[attribute] = getattr(contact, attribute)
    return {
        group: Person(number, first["district"].code, first["age_band"].code)
        for number, (group, first) in enumerate(said.items(), 1)
    }


def _nil_months(versions: Sequence[int], deliveries: Collection[int]) -> Iterator[tuple[int, Month]]:
    nil = Submission.objects.filter(
        version__in=versions, is_nil=True, version__obligation__delivery__in=list(deliveries)
    ).values_list("version__obligation__delivery", "version__obligation__month")
    for delivery, month in nil:
        yield delivery, Month.of(month)


@dataclass(frozen=True)
class Preview:
    """What confirming a staged file would do to the register."""

    file: RegisterFile
    contacts: int
    people: int
    first_day: date
    last_day: date
    before: Counted
    after: Counted

    @property
    def is_there_already(self) -> bool:
        """The very same was confirmed before."""
        return self.file.version.register_files.filter(state=RegisterFile.State.TAKEN, digest=self.file.digest).exists()


def preview(file: RegisterFile) -> Preview:
    contacts = list(file.contacts.select_related("identity").order_by("contact_on"))
    return Preview(
        file=file,
        contacts=len(contacts),
        people=len(set(_linked(contacts))),
        first_day=contacts[0].contact_on,
        last_day=contacts[-1].contact_on,
        before=counted(file.version),
        after=counted(file.version, also=file),
    )


def category_ids() -> dict[tuple[str, str], int]:
    """(dimension, code) → the category's id."""
    found = Category.objects.filter(dimension__in=list(Dimension))
    return {(dimension, code): pk for pk, dimension, code in found.values_list("pk", "dimension", "code")}
