"""What the database itself says no to, by the name of its rule."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction


class refused:
    """`with refused("table_rule"):` the database says no, and names that rule. Deferred rules are asked at once."""

    def __init__(self, rule: str) -> None:
        self.rule = rule

    def __enter__(self):
        self.raises = pytest.raises(IntegrityError)
        self.caught = self.raises.__enter__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()

    def __exit__(self, kind, error, trace):
        if kind is None:
            try:
                connection.check_constraints()
            except IntegrityError as problem:
                kind, error, trace = type(problem), problem, problem.__traceback__
        self.savepoint.__exit__(kind, error, trace)
        suppressed = self.raises.__exit__(kind, error, trace)
        assert error.__cause__.diag.constraint_name == self.rule
        return suppressed


def refusal_of(act: Callable[[], object]) -> str:
    """The name of the rule that refused it on a connection of its own; empty when none did."""
    try:
        act()
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name
    finally:
        connection.close()
    return ""
