"""Database constraints that many models need, so that each is written once."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from datetime import date

from django.db import DEFAULT_DB_ALIAS
from django.db.models import CheckConstraint, Choices, F, Model, Q


class QuickCheck(CheckConstraint):
    """A check that can be seen to hold without asking the database, which is otherwise asked for every check of every
    row that is validated. Where it is not seen to hold, Django asks, and says what is wrong."""

    def __init__(self, *, holds: Callable[[Model], bool], sentence: str = "", **kwargs) -> None:
        super().__init__(**kwargs)
        self.holds, self.sentence = holds, sentence

    def get_violation_error_message(self) -> str:
        return self.sentence or super().get_violation_error_message()

    def validate(self, model, instance, exclude=None, using=DEFAULT_DB_ALIAS) -> None:
        if not self.holds(instance):
            super().validate(model, instance, exclude=exclude, using=using)

    def deconstruct(self) -> tuple:
        """In the database, and so to migrations, it is a check like any other."""
        _, args, kwargs = super().deconstruct()
        return "django.db.models.CheckConstraint", args, kwargs

    def clone(self) -> QuickCheck:
        return copy(self)


def one_of(field: str, choices: type[Choices], name: str, *, blank: bool = False) -> CheckConstraint:
    """The field holds one of the choices (or nothing, if `blank`)."""
    allowed = [*choices.values, *([""] if blank else [])]
    return QuickCheck(
        name=name, condition=Q(**{f"{field}__in": allowed}), holds=lambda row: getattr(row, field) in allowed
    )


def first_of_month(field: str, name: str) -> CheckConstraint:
    """A month is stored as its first day."""
    return CheckConstraint(name=name, condition=Q(**{f"{field}__day": 1}))


def in_order(earlier: str, later: str, name: str) -> CheckConstraint:
    """The later date is not before the earlier one; either may be empty."""
    return QuickCheck(
        name=name,
        condition=Q(**{f"{later}__isnull": True})
        | Q(**{f"{earlier}__isnull": True})
        | Q(**{f"{later}__gte": F(earlier)}),
        holds=lambda row: _are_in_order(getattr(row, earlier), getattr(row, later)),
        sentence=f"{later} must not be before {earlier}.",
    )


def _are_in_order(earlier, later) -> bool:
    """Not asked of times: one may lack its zone, and then they do not compare."""
    if earlier is None or later is None:
        return True
    return type(earlier) is type(later) is date and earlier <= later


def together(name: str, *fields: str) -> CheckConstraint:
    """All of the fields are given, or none."""
    return CheckConstraint(
        name=name,
        condition=Q(**{f"{field}__isnull": True for field in fields})
        | Q(**{f"{field}__isnull": False for field in fields}),
    )


def in_this_transaction(row: str) -> str:
    """SQL: the row (a table's alias) was written by the transaction that asks.

    A savepoint has a transaction number of its own, so the number is not compared: a row that we can see and whose
    transaction is still in progress is ours.
    """
    epoch = "((pg_current_xact_id()::text::bigint >> 32) << 32)"
    number = f"({epoch} + {row}.xmin::text::bigint)::text::xid8"
    return f"pg_xact_status({number}) IS NOT DISTINCT FROM 'in progress'"
