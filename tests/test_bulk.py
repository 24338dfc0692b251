"""Many rows at once by COPY, beside what the ORM writes."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from partners.models import Event, Organisation
from tests.factories import OrganisationFactory, UserFactory, noon
from vru_portal.core.bulk import checking_references_together, copy_rows, create

pytestmark = pytest.mark.django_db


def test_is_what_the_orm_writes():
    organisation, person = OrganisationFactory(), UserFactory()

    def event(number: int) -> Event:
        return Event(
            name="outcomes.return.submitted",
            occurred_at=noon(date(2026, 11, 2)),
            by=person,
            organisation=organisation,
            subject_type="outcomes.returnversion",
            subject_id=number,
            subject="Tabs\tand\nlines, \\N and “quotes”",
        )

    by_orm, by_copy = event(1), event(1)
    by_orm.save()
    create(Event, [by_copy])
    names = [field.attname for field in Event._meta.concrete_fields if not field.primary_key]
    one, other = (Event.objects.filter(pk=each.pk).values_list(*names).get() for each in (by_orm, by_copy))
    assert one == other
    assert by_copy.pk > by_orm.pk


class TestCheckingReferencesTogether:
    COLUMNS = ("name", "occurred_at", "by_id", "subject_type", "subject_id", "subject", "reason")

    def _copy(self, by: int) -> None:
        row = ("outcomes.return.submitted", noon(date(2026, 11, 2)), by, "outcomes.returnversion", 1, "A return", "")
        copy_rows(Event, self.COLUMNS, [row])

    def test_takes_rows_that_refer_to_what_comes_before_the_end(self):
        with checking_references_together(Event):
            person = UserFactory.build()
            person.pk = 10**9
            self._copy(person.pk)
            person.save(force_insert=True)
        assert Event.objects.get(by=person).subject == "A return"

    def test_refuses_a_row_that_refers_to_nobody_at_the_end(self):
        with (
            pytest.raises(IntegrityError, match=r"violates foreign key constraint .*_by_id_"),
            transaction.atomic(),
            checking_references_together(Event),
        ):
            self._copy(10**9)
        assert not Event.objects.exists()

    def test_makes_every_other_check_that_waits(self):
        """Those of tables that are not named, too: at the commit there is nothing left to find."""
        with (
            pytest.raises(IntegrityError, match="violates foreign key constraint"),
            transaction.atomic(),
            checking_references_together(Organisation),
        ):
            self._copy(10**9)

    def test_leaves_each_reference_checked_row_by_row_as_it_was(self):
        before = self._references()
        with checking_references_together(Event):
            assert {enforced for _, enforced, *_ in self._references()} == {False}
        assert self._references() == before
        assert {tuple(state) for _, *state in before} == {(True, True, True, True)}
        before_it = transaction.savepoint()
        self._copy(10**9)
        with pytest.raises(IntegrityError, match="violates foreign key constraint"):
            connection.check_constraints()
        transaction.savepoint_rollback(before_it)

    def _references(self) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT conname, conenforced, convalidated, condeferrable, condeferred FROM pg_constraint "
                "WHERE conrelid = 'partners_event'::regclass AND contype = 'f' ORDER BY conname"
            )
            return cursor.fetchall()
