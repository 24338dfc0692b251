"""Who did what, when and why: the events in words, and beneath each the rows as they were and became."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pghistory.models
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, DateTimeField, Model, QuerySet
from django.utils import timezone

from partners.models import Event, NetworkMember, NetworkMembership, Organisation, User
from partners.models.events import in_words
from partners.models.networks import SOMEBODY_IN
from partners.queries.amounts import PENCE, amount_name
from partners.queries.networks import may_read_members
from vru_portal.core.money import pounds

PEOPLE, CLOCK, ALL = "people", "clock", "all"
DOERS = {PEOPLE: "People", CLOCK: "The clock", ALL: "People and the clock"}
OF_MEMBERS = frozenset({NetworkMember._meta.label_lower, NetworkMembership._meta.label_lower})
OUR_APPS = frozenset({"partners", "programmes", "funding", "outcomes"})


@dataclass(frozen=True)
class Change:
    """One field's old and new value, in words."""

    field: str
    old: str
    new: str


@dataclass(frozen=True)
class RowChange:
    """A row was added, changed or deleted."""

    at: datetime
    what: str
    by: str
    event: str
    reason: str
    changes: list[Change]


def find_events(
    user: User,
    *,
    doer: str = ALL,
    person: User | None = None,
    organisation: Organisation | None = None,
    name: str = "",
    first: date | None = None,
    last: date | None = None,
) -> QuerySet[Event]:
    """The events that the user sees, newest first.

    `doer`: one of `DOERS`; a `person` goes before it. `first` and `last` are days, both included.
    """
    found = Event.objects.visible_to(user).select_related("by", "organisation")
    if person is not None:
        found = found.filter(by=person)
    elif doer != ALL:
        found = found.filter(by__isnull=doer == CLOCK)
    if organisation is not None:
        found = found.filter(organisation=organisation)
    if name:
        found = found.filter(name=name)
    if first is not None:
        found = found.filter(occurred_at__date__gte=first)
    if last is not None:
        found = found.filter(occurred_at__date__lte=last)
    return found


def done_last(user: User, count: int) -> list[tuple[Event, str]]:
    """What people did last, newest first, each with what it was done to, as the user may read it."""
    events = Event.objects.visible_to(user).filter(by__isnull=False).select_related("by")[:count]
    reads_members = may_read_members(user)
    return [(event, event.subject if reads_members else _naming_no_member(event)) for event in events]


def _naming_no_member(event: Event) -> str:
    """Events of early versions name the members of networks, and no event is ever changed."""
    is_of_member = event.subject_type in OF_MEMBERS and not event.subject.startswith(SOMEBODY_IN)
    return NetworkMember.name_in_events if is_of_member else event.subject


def event_names() -> list[str]:
    return list(Event.objects.order_by("name").values_list("name", flat=True).distinct())


def find_subject(subject_type: str, subject_id: int) -> Model | None:
    """The row that events of this type and id are about; None if it is none of ours or is gone."""
    app_label, _, model_name = subject_type.partition(".")
    if app_label not in OUR_APPS:
        return None
    try:
        model = apps.get_model(app_label, model_name)
    except LookupError:
        return None
    return model._base_manager.filter(pk=subject_id).first()


def row_changes(subject: Model) -> list[RowChange]:
    """The row's history as the database's triggers wrote it, newest first."""
    rows = list(pghistory.models.Events.objects.tracks(subject).order_by("-pgh_created_at", "-pgh_id"))
    people = User.objects.in_bulk({by for row in rows if (by := (row.pgh_context or {}).get("user"))})
    return [_row_change(type(subject), row, people) for row in rows]


WHAT = {"insert": "Added", "update": "Changed", "delete": "Deleted"}


def _row_change(model: type[Model], row, people: dict[int, User]) -> RowChange:
    context = row.pgh_context or {}
    by = people.get(context.get("user"))
    if row.pgh_diff is None:
        changes = [_change(model, name, None, value) for name, value in row.pgh_data.items() if name != "id"]
        changes = [change for change in changes if change.new]
    else:
        changes = [_change(model, name, old, new) for name, (old, new) in row.pgh_diff.items()]
    return RowChange(
        at=row.pgh_created_at,
        what=WHAT.get(row.pgh_label, row.pgh_label),
        by=str(by) if by else "",
        event=in_words(context.get("event", "")),
        reason=context.get("reason", ""),
        changes=changes,
    )


def _change(model: type[Model], name: str, old, new) -> Change:
    try:
        field = model._meta.get_field(name.removesuffix("_id"))
    except FieldDoesNotExist:
        return Change(name, _words(old), _words(new))
    if name.endswith(PENCE):
        return Change(amount_name(name), *("" if value is None else pounds(int(value)) for value in (old, new)))
    return Change(str(field.verbose_name).capitalize(), _words(old, field), _words(new, field))


def _words(value, field=None) -> str:
    """A stored value as people read it: choices by their label, other rows by their name."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(field, DateTimeField):
        moment = timezone.localtime(datetime.fromisoformat(value))
        return f"{moment.day} {moment:%B %Y, %H:%M}"
    if isinstance(field, DateField):
        day = date.fromisoformat(value)
        return f"{day.day} {day:%B %Y}"
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field is not None and field.many_to_one:
        related = field.related_model._base_manager.filter(pk=value).first()
        return str(related) if related else f"number {value}"
    return str(value)
