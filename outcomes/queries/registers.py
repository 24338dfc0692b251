"""Reading registers: what a return's register says, and how many people it counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from outcomes.models import Category, Obligation, RegisterContact, RegisterFile, ReturnVersion
from outcomes.models.policy import Dimension
from outcomes.models.returns import Seen
from outcomes.queries.linkage import of_contacts, person_of
from outcomes.queries.register_keys import register_keys
from outcomes.queries.standing import open_version
from outcomes.registers.values import CodeLists
from programmes.models import CountingBasis, Setting
from programmes.queries import is_agreed
from vru_portal.core.periods import Month

State = ReturnVersion.State
SAID = (State.SUBMITTED, State.ACCEPTED)
ATTRIBUTES = ("age_band", "sex", "ethnicity", "district")


# ---- Whether ----
def basis_of(obligation: Obligation) -> CountingBasis:
    """What the return gives: the open version what its delivery gave as it was begun, one that is to come what it gives
    now."""
    begun = open_version(obligation) or obligation.delivery
    return CountingBasis(begun.counting_basis)


def counts_from_register(obligation: Obligation) -> bool:
    """Whether the people of this return are counted from a register, and not typed. One that is there stays, also where
    the agreement has ended since."""
    return (
        basis_of(obligation) != CountingBasis.AGGREGATE
        and bool(register_keys())
        and (_is_agreed(obligation) or _has_begun_register(obligation))
    )


def why_no_rows(obligation: Obligation) -> str:
    """Why nothing can be added to this return's register, and what to do; empty if something can, or if none is
    wanted."""
    if basis_of(obligation) == CountingBasis.AGGREGATE or _is_agreed(obligation):
        return ""
    partner, last = obligation.delivery.partner, obligation.period.last
    sentence = f"No data-sharing agreement with {partner} holds on {last.day} {last:%B %Y}"
    if _has_begun_register(obligation):
        return (
            f"{sentence}, so nothing can be added to this register. What is in it stays, and is counted. Send the "
            "return so, or ask the unit to record the new agreement first."
        )
    return (
        f"{sentence}, so no register can be given, and the people are typed. Ask the unit to record the agreement if "
        "you want to send the register."
    )


def _is_agreed(obligation: Obligation) -> bool:
    return is_agreed(obligation.delivery, obligation.period.last)


def _has_begun_register(obligation: Obligation) -> bool:
    return RegisterFile.objects.filter(
        version__obligation=obligation,
        version__state__in=ReturnVersion.OPEN_STATES,
        state=RegisterFile.State.TAKEN,
    ).exists()


def references_alone(obligation: Obligation) -> bool:
    return basis_of(obligation) == CountingBasis.CASE_REFERENCE


def code_lists() -> CodeLists:
    """The reference tables as registers' words are held against them."""
    categories = defaultdict(list)
    for dimension, code, name in Category.objects.order_by("order").values_list("dimension", "code", "name"):
        categories[dimension].append((code, name))
    return CodeLists.of(categories, list(Setting.objects.values_list("code", "name")))


# ---- The register of a return ----
def files_of(version: ReturnVersion | None) -> QuerySet[RegisterFile]:
    """The confirmed files of a version, each with how many contacts it holds, from when to when, and whether an earlier
    version of the return had it too."""
    earlier = RegisterFile.objects.filter(
        version__obligation=OuterRef("version__obligation"),
        version__number__lt=OuterRef("version__number"),
        state=RegisterFile.State.TAKEN,
        digest=OuterRef("digest"),
    )
    return (
        RegisterFile.objects.filter(version=version, state=RegisterFile.State.TAKEN)
        .select_related("taken_by")
        .annotate(
            size=Count("contacts"),
            first_day=Min("contacts__contact_on"),
            last_day=Max("contacts__contact_on"),
            was_accepted=Exists(earlier),
        )
        .order_by("pk")
    )


def why_not_nil(version: ReturnVersion | None) -> str:
    """Why there is something to report; empty where there may be nothing."""
    if version is None or not has_register(version):
        return ""
    return "There are contacts in this month’s register. Take its files out first, or send it."


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


def counted(
    version: ReturnVersion, *, also: RegisterFile | None = None, without: Collection[int] = frozenset()
) -> Counted:
    """The people of a version's register, once each. `also`: as if this staged file were part of it, `without` these
    contacts.

    A: never in a register of this delivery before. B: in one of an earlier financial year, and for the first time in
    this one. C: already counted since April. Somebody is of the age, sex, ethnicity and district that the year's first
    contact gives; the first that is known, and of two on one day the category that was there first.
    """
    contacts = [contact for contact in _contacts(version, also) if contact.pk not in without]
    people = _linked(contacts)
    month, year = version.obligation.month, Month.of(version.obligation.month).financial_year
    categories = Category.objects.in_bulk()
    before_year, before_month, now = set(), set(), set()
    first: dict[int, dict[str, tuple]] = defaultdict(dict)
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
        for attribute in ATTRIBUTES:
            category = categories[getattr(contact, f"{attribute}_id")]
            says = (not category.is_known, contact.contact_on, category.pk)
            first[person][attribute] = min(first[person].get(attribute, says), says)
    already = now & before_month
    cells = Counter(
        (Seen.ALREADY_COUNTED if person in already else Seen.FIRST_SEEN, category)
        for person in now
        for *_, category in first[person].values()
    )
    return Counted(
        new_people=len(now - before_month - before_year),
        known_people=len((now - before_month) & before_year),
        already_counted_people=len(already),
        contacts=size,
        cells=cells,
    )


# What counting reads of a contact: there may be a hundred thousand.
COUNTED = ("pk", "identity_id", "contact_on", *(f"{attribute}_id" for attribute in ATTRIBUTES))


def _contacts(version: ReturnVersion, also: RegisterFile | None) -> list[RegisterContact]:
    """The delivery's contacts up to the version's month: of other months what the unit has."""
    obligation = version.obligation
    own = Q(file__version=version) & Q(file__state=RegisterFile.State.TAKEN)
    earlier = Q(
        file__version__obligation__delivery=obligation.delivery_id,
        file__version__obligation__month__lt=obligation.month,
        file__version__state__in=SAID,
        file__state=RegisterFile.State.TAKEN,
    )
    wanted = own | earlier | (Q(file=also) if also else Q(pk__in=[]))
    return list(RegisterContact.objects.filter(wanted).order_by("pk").values_list(*COUNTED, named=True))


def _linked(contacts: Sequence[RegisterContact]) -> list[int]:
    """For each contact its person, within the partner."""
    people = person_of(of_contacts(contacts))
    return [people[contact.identity_id] for contact in contacts]


SAME = ("identity", "contact_on", "kind", "setting")
BESIDE = ("minutes", "age", "age_band", "sex", "ethnicity", "district", "referred_to")


def there_already(file: RegisterFile) -> frozenset[int]:
    """The contacts of a staged file that its register holds: the same writing of a person, day, kind and setting. Each
    contact of the register answers for one."""
    there = Counter(_held(file).values_list(*SAME))
    found = set()
    for pk, *same in file.contacts.order_by("pk").values_list("pk", *SAME):
        if there[tuple(same)]:
            there[tuple(same)] -= 1
            found.add(pk)
    return frozenset(found)


def _held(file: RegisterFile) -> QuerySet[RegisterContact]:
    return RegisterContact.objects.filter(file__version=file.version_id, file__state=RegisterFile.State.TAKEN)


@dataclass(frozen=True)
class Preview:
    """What confirming a staged file would do to the register. `there`: how many of its contacts are in it already,
    `otherwise`: how many of those with something else beside (another district, say); `held`: the register's own
    contacts, in the files `seen`. `after`: with only what is not there yet."""

    file: RegisterFile
    contacts: int
    people: int
    first_day: date
    last_day: date
    there: int
    otherwise: int
    held: int
    seen: tuple[int, ...]
    after: Counted

    @property
    def missing(self) -> int:
        return self.contacts - self.there


def preview(file: RegisterFile) -> Preview:
    contacts, there = list(file.contacts.order_by("contact_on")), there_already(file)
    held = _held(file)
    word_for_word = Counter(held.values_list(*SAME, *BESIDE)) & Counter(file.contacts.values_list(*SAME, *BESIDE))
    return Preview(
        file=file,
        contacts=len(contacts),
        people=len(set(_linked(contacts))),
        first_day=contacts[0].contact_on,
        last_day=contacts[-1].contact_on,
        there=len(there),
        otherwise=len(there) - word_for_word.total(),
        held=held.count(),
        seen=tuple(files_of(file.version).values_list("pk", flat=True)),
        after=counted(file.version, also=file, without=there),
    )


def category_ids() -> dict[tuple[str, str], int]:
    """(dimension, code) → the category's id."""
    found = Category.objects.filter(dimension__in=list(Dimension))
    return {(dimension, code): pk for pk, dimension, code in found.values_list("pk", "dimension", "code")}
