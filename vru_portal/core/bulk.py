"""Many rows at once by COPY: several times as fast as INSERT, and triggers and constraints see them too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import attrgetter

from django.db import connection, models


def copy_rows(model: type[models.Model], columns: Sequence[str] | Mapping[str, str], rows: Iterable[Sequence]) -> None:
    """Rows in the order of the columns. With a mapping, column → PostgreSQL's type, they go in binary, which is faster
    and takes no value of another type."""
    names = ", ".join(map(connection.ops.quote_name, columns))
    how = " (FORMAT BINARY)" if isinstance(columns, Mapping) else ""
    statement = f"COPY {_table(model)} ({names}) FROM STDIN{how}"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        if isinstance(columns, Mapping):
            copy.set_types(list(columns.values()))
        for row in rows:
            copy.write_row(row)


def create(model: type[models.Model], objects: Iterable[models.Model]) -> list[models.Model]:
    """New rows, with ids from the table's sequence: what `bulk_create` does by INSERT. Each value is of its column's
    type already: times know their zone, numbers are rounded."""
    new, fields = list(objects), model._meta.concrete_fields
    relations = [field for field in fields if field.is_relation]
    for each, pk in zip(new, next_ids(model, len(new)), strict=True):
        each.pk = pk
        for field in relations:
            # Whom it refers to may have come to an id since.
            if (other := field.get_cached_value(each, default=None)) is not None:
                setattr(each, field.attname, other.pk)
    stored = [_stored(field) for field in fields]
    copy_rows(model, [field.column for field in fields], ([value(each) for value in stored] for each in new))
    for each in new:
        each._state.adding, each._state.db = False, connection.alias
    return new


# Kinds of fields of which COPY takes what the object holds: asking each field how it is stored takes most of the time.
_AS_IT_IS = {
    models.BigAutoField,
    models.BooleanField,
    models.CharField,
    models.DateField,
    models.DateTimeField,
    models.DecimalField,
    models.ForeignKey,
    models.IntegerField,
    models.OneToOneField,
    models.PositiveIntegerField,
    models.PositiveSmallIntegerField,
    models.SlugField,
    models.SmallIntegerField,
    models.TextField,
}


def _stored(field: models.Field) -> Callable[[models.Model], object]:
    """What finds a new object's value as it is stored."""
    sets_itself = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    if type(field) in _AS_IT_IS and not sets_itself:
        return attrgetter(field.attname)
    return lambda each: field.get_db_prep_save(field.pre_save(each, add=True), connection)


def next_ids(model: type[models.Model], many: int) -> list[int]:
    with connection.cursor() as cursor:
        # OFFSET 0 has PostgreSQL look for the sequence once, not once a row.
        cursor.execute(
            "SELECT nextval(own.name::regclass) FROM generate_series(1, %s), "
            "(SELECT pg_get_serial_sequence(%s, 'id') AS name OFFSET 0) own",
            [many, model._meta.db_table],
        )
        return [pk for (pk,) in cursor.fetchall()]


@contextmanager
def checking_references_together(*tables: type[models.Model]) -> Iterator[None]:
    """Whom rows of the tables refer to is looked up at the end, by a join over each whole table, and not row by row at
    the commit: a tenth of the time. Every check that waits for the commit is made then.

    Within a transaction, for whoever has the portal to themselves: until it ends nobody else reads the tables.

    Raises:
        IntegrityError: a row refers to what is not there.
    """
    references = [(table, name) for table in tables for name in _references(table)]
    _alter(references, "NOT ENFORCED")
    yield
    connection.check_constraints()  # no table is altered that has checks to come
    _alter(references, "ENFORCED")


def _references(table: type[models.Model]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f' ORDER BY conname",
            [table._meta.db_table],
        )
        return [name for (name,) in cursor.fetchall()]


def _alter(references: Iterable[tuple[type[models.Model], str]], enforced: str) -> None:
    with connection.cursor() as cursor:
        for table, name in references:
            key = connection.ops.quote_name(name)
            cursor.execute(f"ALTER TABLE {_table(table)} ALTER CONSTRAINT {key} {enforced}")


def take_stock(*tables: type[models.Model]) -> None:
    """Makes their statistics anew, after so many rows that what reads them next would be planned for empty tables. To
    the transaction's end others wait who want the same."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(map(_table, tables))}")


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)
