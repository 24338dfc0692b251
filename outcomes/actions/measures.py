"""The library of measures: added, edited until a published template asks them, and followed by successors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from outcomes.models import Measure, MeasureOption, MeasureSuccession
from outcomes.models.templates import TemplateVersionState
from outcomes.queries.templates import revision_of_measure
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.periods import Month
from vru_portal.core.refusals import Refusal
from vru_portal.core.revisions import ChangedMeanwhile

LONGEST_CODE = 40
# What a published template fixes; the other facts are only how it is put.
MEANING = ("definition", "kind", "unit", "over_months", "over_places")
SHAPE = ("kind", "unit", "is_about_people", "over_months", "over_places", "better", "people_label")


class AskedAlready(Refusal):
    """Published templates ask the measure, so what it means stays."""

    def __init__(self, measure: Measure) -> None:
        super().__init__(
            f"Published templates ask “{measure}”, so its definition, unit, lines and the way it adds up stay as they "
            "are. Make a successor: it takes over from a month on, and the series goes on behind a break."
        )


class CannotSucceed(Refusal):
    """One measure cannot take the other's place; the message says why."""


def add(*, facts: Mapping, options: Sequence[str] = (), by: User, now: datetime) -> Measure:
    """A new measure; `facts` by the names of its fields, `options` the names of the lines of a number."""
    require(by, Permission.MANAGE_TEMPLATES)
    with acting("outcomes.measure.added", by=by, now=now) as act:
        measure = _create(facts, options)
        act.on(measure)
    return measure


def edit(
    *, measure: Measure, facts: Mapping, options: Sequence[str] = (), by: User, now: datetime, revision: str = ""
) -> Measure:
    """Say it otherwise. `AskedAlready` if that would change what published templates ask.

    `revision` is what the person saw (`revision_of_measure`); `ChangedMeanwhile` if that is past.
    """
    require(by, Permission.MANAGE_TEMPLATES)
    with acting("outcomes.measure.edited", by=by, now=now) as act:
        measure = Measure.objects.select_for_update().get(pk=measure.pk)
        _refuse_what_is_past(measure, revision, facts, options)
        names = [option.name for option in measure.options.all()]
        is_other = any(facts[name] != getattr(measure, name) for name in MEANING) or list(options) != names
        if is_other and is_asked(measure):
            raise AskedAlready(measure)
        for name, value in facts.items():
            setattr(measure, name, value)
        measure.save()
        if list(options) != names:
            _put_options(measure, options)
        act.on(measure)
    return measure


def _refuse_what_is_past(measure: Measure, revision: str, facts: Mapping, options: Sequence[str]) -> None:
    kept = revision_of_measure(measure)
    if revision in ("", kept):
        return
    differs = {
        str(Measure._meta.get_field(name).verbose_name): _said(measure, name)
        for name, value in facts.items()
        if value != getattr(measure, name)
    }
    lines = [option.name for option in measure.options.all()]
    if lines != list(options):
        differs["lines"] = ", ".join(lines)
    if differs:
        raise ChangedMeanwhile(f"“{measure}”", differs, kept)


def _said(measure: Measure, name: str) -> object:
    in_words = getattr(measure, f"get_{name}_display", None)
    return in_words() if in_words else getattr(measure, name)


def delete(*, measure: Measure, by: User, now: datetime) -> None:
    """Take a measure out of the library that nobody has asked yet."""
    require(by, Permission.MANAGE_TEMPLATES)
    with acting("outcomes.measure.deleted", by=by, now=now) as act:
        measure = Measure.objects.select_for_update().get(pk=measure.pk)
        follows = MeasureSuccession.objects.filter(old=measure) | MeasureSuccession.objects.filter(new=measure)
        if measure.questions.exists() or measure.answers.exists() or follows.exists():
            raise Refusal(f"“{measure}” is asked, answered or part of a series, so it stays.")
        act.on(measure)
        measure.delete()


def make_successor(
    *,
    old: Measure,
    name: str,
    definition: str,
    example: str = "",
    options: Sequence[str] = (),
    month: Month,
    factor: Decimal = Decimal(1),
    note: str,
    unit: str | None = None,
    people_label: str | None = None,
    by: User,
    now: datetime,
) -> Measure:
    """A new measure that takes the old one's place from `month` on. Its earlier values are those of the old, times
    `factor`, behind a break that says `note`. What is not given is as with the old one."""
    require(by, Permission.MANAGE_TEMPLATES)
    with acting("outcomes.measure.succeeded", by=by, now=now, reason=note) as act:
        facts = {shape: getattr(old, shape) for shape in SHAPE} | {"name": name, "definition": definition}
        facts |= {"example": example, "unit": old.unit if unit is None else unit}
        facts["people_label"] = old.people_label if people_label is None else people_label
        new = _create(facts, options)
        _follow(old, new, month, factor, note)
        act.on(new)
    return new


def succeed(
    *,
    old: Measure,
    new: Measure,
    month: Month,
    factor: Decimal = Decimal(1),
    note: str,
    by: User | None,
    now: datetime,
) -> MeasureSuccession:
    """From `month` on `new` stands where `old` stood. `CannotSucceed` if their series do not fit together."""
    if by is not None:
        require(by, Permission.MANAGE_TEMPLATES)
    with acting("outcomes.measure.succeeded", by=by, now=now, reason=note) as act:
        succession = _follow(old, new, month, factor, note)
        act.on(new)
    return succession


def _follow(old: Measure, new: Measure, month: Month, factor: Decimal, note: str) -> MeasureSuccession:
    # The library, so that two successions do not close a circle between them.
    locked = {measure.pk: measure for measure in Measure.objects.select_for_update().order_by("pk")}
    old = locked[old.pk]
    if MeasureSuccession.objects.filter(old=old).exists():
        raise CannotSucceed(f"“{old}” has a successor already: “{old.succeeded_by.new}”.")
    if old.kind != new.kind or old.kind == Measure.Kind.TEXT:
        raise CannotSucceed("A series goes on only from numbers to numbers, averages to averages, medians to medians.")
    followed = new
    while succession := MeasureSuccession.objects.filter(old=followed).select_related("new").first():
        if succession.new_id == old.pk:
            raise CannotSucceed(f"“{old}” follows “{new}” already.")
        followed = succession.new
    return MeasureSuccession.objects.create(old=old, new=new, month=month.first, factor=factor, note=note)


def is_asked(measure: Measure) -> bool:
    """Whether a published template asks it."""
    return measure.questions.filter(section__version__state=TemplateVersionState.LIVE).exists()


def _create(facts: Mapping, options: Sequence[str]) -> Measure:
    code = _free_code(facts["name"])
    try:
        with transaction.atomic():
            measure = Measure.objects.create(code=code, **facts)
    except IntegrityError:
        if not Measure.objects.filter(code=code).exists():
            raise
        return _create(facts, options)  # somebody else took the code at the same moment
    _put_options(measure, options)
    return measure


def _free_code(name: str) -> str:
    """The name as a code: “Days lost” is `days-lost`, and the second of that name `days-lost-2`."""
    stem, number = slugify(name)[: LONGEST_CODE - 4].strip("-") or "measure", 1
    code = stem
    while code == "add" or Measure.objects.filter(code=code).exists():  # “add” is an address
        number += 1
        code = f"{stem}-{number}"
    return code


def _put_options(measure: Measure, names: Sequence[str]) -> None:
    """The lines in this order. A line that keeps its name keeps its code."""
    known = {option.name: option for option in measure.options.all()}
    measure.options.exclude(name__in=names).delete()
    taken = {known[name].code for name in names if name in known}
    for order, name in enumerate(names, 1):
        option = known.get(name) or MeasureOption(measure=measure, name=name, code=_line_code(name, taken))
        option.order = order
        option.save()


def _line_code(name: str, taken: set[str]) -> str:
    stem, number = slugify(name)[: LONGEST_CODE - 4].strip("-") or "line", 1
    code = stem
    while code in taken:
        number += 1
        code = f"{stem}-{number}"
    taken.add(code)
    return code
