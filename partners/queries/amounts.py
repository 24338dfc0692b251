"""What events did to amounts of money, in words: “Awarded from £90 to £120”, and “£96,000” where it only was decided.

An amount is a whole number of pence in a field whose name ends in `_pence`. An event in words carries none, so they are
read from the rows' history, which has the event's name: the n-th event of a name on a row made the n-th such change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import pghistory.models
from django.apps import apps
from django.db.models import Model

from partners.models import Event
from vru_portal.core.money import pounds

PENCE = "_pence"


def amount_name(field: str) -> str:
    """`awarded_pence` as “Awarded”, `amount_pence` as “Amount”."""
    return field.removesuffix(PENCE).replace("_", " ").capitalize()


def with_amounts(events: Iterable[Event]) -> list[tuple[Event, str]]:
    """Each event with what it did to amounts; nothing for those about anything but money."""
    events = list(events)
    found = _amounts_of(events)
    return [(event, found.get(event.pk, "")) for event in events]


def _amounts_of(events: Iterable[Event]) -> dict[int, str]:
    by_type: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_type[event.subject_type].append(event)
    found: dict[int, str] = {}
    for label, those in by_type.items():
        model = _model(label)
        if model is not None:
            found |= _of_one_kind(model, label, those)
    return found


def _model(label: str) -> type[Model] | None:
    """One that has amounts, or says them itself where they stand on its parts."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return None
    return model if _fields(model) or hasattr(model, "say_amounts") else None


def _fields(model: type[Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if field.name.endswith(PENCE)]


def _of_one_kind(model: type[Model], label: str, events: Iterable[Event]) -> dict[int, str]:
    subjects = model._base_manager.in_bulk({event.subject_id for event in events})
    if hasattr(model, "say_amounts"):
        return {
            event.pk: subjects[event.subject_id].say_amounts(event.occurred_at)
            for event in events
            if event.subject_id in subjects
        }
    changes = _changes(label, subjects)
    return {
        event.pk: changes.get(event.pk) or _as_recorded(model, subjects[event.subject_id])
        for event in events
        if event.subject_id in subjects
    }


def _as_recorded(model: type[Model], subject: Model) -> str:
    """Of a row with one amount that never changes; elsewhere it would say what was not known then."""
    is_fixed = _fields(model) == ["amount_pence"] and subject.amount_pence is not None
    return f"Amount {pounds(subject.amount_pence)}" if is_fixed else ""


def _changes(label: str, subjects: Mapping[int, Model]) -> dict[int, str]:
    """By event id the words of its change, where the history has as many changes as there are events of the name."""
    rows = pghistory.models.Events.objects.tracks(*subjects.values()) if subjects else []
    made: dict[tuple[int, str], dict] = defaultdict(lambda: defaultdict(dict))
    for row in sorted(rows, key=lambda row: (row.pgh_created_at, row.pgh_id)):
        name = (row.pgh_context or {}).get("event", "")
        _take(made[int(row.pgh_obj_id), name][row.pgh_context_id], row)
    told: dict[tuple[int, str], list[int]] = defaultdict(list)
    events = Event.objects.filter(subject_type=label, subject_id__in=subjects).order_by("occurred_at", "id")
    for pk, subject, name in events.values_list("pk", "subject_id", "name"):
        told[subject, name].append(pk)
    return {
        pk: _in_words(change)
        for key, pks in told.items()
        if len(pks) == len(made[key])
        for pk, change in zip(pks, made[key].values(), strict=True)
    }


def _take(change: dict[str, tuple], row) -> None:
    """One action may write a row more than once: what it was before the first, what it is after the last."""
    before = {name: old for name, (old, _) in (row.pgh_diff or {}).items()}
    for name, value in row.pgh_data.items():
        if name.endswith(PENCE):
            old = None if row.pgh_label == "insert" else before.get(name, value)
            change[name] = (change[name][0] if name in change else old, value)


def _in_words(change: Mapping[str, tuple]) -> str:
    moved = {name: (old, new) for name, (old, new) in change.items() if old != new}
    return "; ".join(_moved(name, old, new) for name, (old, new) in moved.items())


def _moved(name: str, old: int | None, new: int | None) -> str:
    if old is None:
        return f"{amount_name(name)} {pounds(new)}"
    return f"{amount_name(name)} from {pounds(old)} to {'not stated' if new is None else pounds(new)}"
