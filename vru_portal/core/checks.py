"""What `migrate` asks of a database before it begins."""

from collections.abc import Sequence

from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def refuse_half_migrated(databases: Sequence[str] | None = None, **_) -> list[CheckMessage]:
    """Where a database has only some of what a migration replaces, Django leaves that one out of its plan and says that
    there is nothing to do."""
    replacements = MigrationLoader(None).replacements
    refusals = []
    for database in databases or ():
        applied = set(MigrationRecorder(connections[database]).applied_migrations())
        for (app, name), migration in replacements.items():
            missing = set(migration.replaces) - applied
            if missing and not applied.isdisjoint(migration.replaces):
                _, last = max(missing)
                refusals.append(
                    Error(
                        f"This database stands before {app}.{last}, which is a part of {app}.{name} by now.",
                        hint=f"First run migrate of an earlier version of the portal: the last with {app}.{last}.",
                        id="core.E001",
                    )
                )
    return refusals
