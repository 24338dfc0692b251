"""Database constraints that many models need, so that each is written once."""

from django.db.models import CheckConstraint, Choices, F, Q


def one_of(field: str, choices: type[Choices], name: str, *, blank: bool = False) -> CheckConstraint:
    """The field holds one of the choices (or nothing, if `blank`)."""
    allowed = [*choices.values, *([""] if blank else [])]
    return CheckConstraint(name=name, condition=Q(**{f"{field}__in": allowed}))


def first_of_month(field: str, name: str) -> CheckConstraint:
    """A month is stored as its first day."""
    return CheckConstraint(name=name, condition=Q(**{f"{field}__day": 1}))


def in_order(earlier: str, later: str, name: str) -> CheckConstraint:
    """The later date is not before the earlier one; either may be empty."""
    return CheckConstraint(
        name=name,
        condition=Q(**{f"{later}__isnull": True})
        | Q(**{f"{earlier}__isnull": True})
        | Q(**{f"{later}__gte": F(earlier)}),
    )


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
