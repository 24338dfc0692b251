"""Many rows at once by COPY, beside what the ORM writes."""

from datetime import date

import pytest

from partners.models import Event
from tests.factories import OrganisationFactory, UserFactory, noon
from vru_portal.core.bulk import create

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
