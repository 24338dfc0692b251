"""Migrations of many models that take seconds, not a minute: see docs/decisions/0003-migrations.md."""

from collections.abc import Iterable, Sequence

from django.db.migrations import AddConstraint, AddField, AddIndex, AlterModelOptions, CreateModel, RemoveConstraint
from django.db.migrations.operations.base import Operation
from pgtrigger.migrations import AddTrigger, RemoveTrigger

TOGETHER = (
    *(CreateModel, AddField, AlterModelOptions),
    *(AddConstraint, RemoveConstraint, AddIndex),
    *(AddTrigger, RemoveTrigger),
)


class AtOnce(Operation):
    """Operations that need to know only how all models are in the end: CreateModel, AddConstraint, AddTrigger.

    For each operation of a migration Django builds its model anew, and every model that is related to it over any
    number of others. Here all operations say first what they change, then the models are built, then the database is
    told. So a table that is made has from the start what any other operation here adds to its model: leave that to a
    second AtOnce.
    """

    serialization_expand_args = ["operations"]

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label, state) -> None:
        state.__dict__.pop("apps", None)  # Django's cached property: built anew when it is next asked for
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"{len(self.operations)} operations at once"


def in_runs(operations: Iterable[Operation]) -> list[Operation]:
    """The same operations in the same order, of which each run that may be done at once is."""
    runs: list[list[Operation]] = []
    for operation in operations:
        if runs and _may_join(operation, runs[-1]):
            runs[-1].append(operation)
        else:
            runs.append([operation])
    return [run[0] if len(run) == 1 else AtOnce(run) for run in runs]


def _may_join(operation: Operation, run: list[Operation]) -> bool:
    if not isinstance(operation, TOGETHER) or not isinstance(run[-1], TOGETHER):
        return False
    made = {other.name_lower for other in run if isinstance(other, CreateModel)}
    return not (isinstance(operation, AddField) and operation.model_name_lower in made)
