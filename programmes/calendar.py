"""In which months a return is owed: while the delivery runs, its partner is open and, in term time, its schools are.

The one place for this rule; everybody who asks builds a query of these parts.
"""

from __future__ import annotations

from datetime import date

from django.apps import apps
from django.db.models import DateField, Exists, F, Func, OuterRef, Q, Value


class NextMonth(Func):
    """The first day of the month after that of a first day."""

    template = "(%(expressions)s + INTERVAL '1 month')::date"
    output_field = DateField()


def owed_in(month: date | str, delivery: str = "") -> Q:
    """Whether a return is owed for the month: its first day, or the name of a field that holds it.

    `delivery` is the way from the row that is asked to its delivery, e.g. `delivery__`.
    """
    return runs_in(month, delivery) & partner_open_in(month, delivery) & schools_open_in(month, delivery)


def runs_in(month: date | str, delivery: str = "") -> Q:
    """At least one day of the month."""
    first = _expression(month)
    starts = Q(**{f"{delivery}starts_on__lt": NextMonth(first)})
    return starts & (Q(**{f"{delivery}ends_on__isnull": True}) | Q(**{f"{delivery}ends_on__gte": first}))


def partner_open_in(month: date | str, delivery: str = "") -> Q:
    """At least one day of the month. (An organisation's `closed_on` is its first day of not being there.)"""
    closed = f"{delivery}partner__closed_on"
    return Q(**{f"{closed}__isnull": True}) | Q(**{f"{closed}__gt": _expression(month)})


def schools_open_in(month: date | str, delivery: str = "") -> Q:
    """For a delivery in term time: on a day of the month it is term in one of its areas, or nobody knows.

    Nobody knows where no term is loaded on either side of the month: an area without a calendar, and months before its
    first term and after its last, owe as usual.
    """
    areas = _areas().filter(delivery=OuterRef(f"{delivery}pk"))
    return Q(**{f"{delivery}is_term_time": False}) | ~Exists(areas) | Exists(areas.filter(~_in_holiday(month)))


def _in_holiday(month: date | str) -> Q:
    """Of an area of a delivery: the whole month lies between two terms."""
    first = Value(month) if isinstance(month, date) else OuterRef(OuterRef(month))
    terms = apps.get_model("programmes", "SchoolTerm").objects.filter(area=OuterRef("area"))
    return (
        Exists(terms.filter(ends_on__lt=first))
        & Exists(terms.filter(starts_on__gte=NextMonth(first)))
        & ~Exists(terms.filter(starts_on__lt=NextMonth(first), ends_on__gte=first))
    )


def _areas():
    return apps.get_model("programmes", "Delivery").areas.through.objects


def _expression(month: date | str):
    return Value(month) if isinstance(month, date) else F(month)
