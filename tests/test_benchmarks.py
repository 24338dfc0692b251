"""The benchmarks' made-up regions fit the tables that there are: rows that keep every rule, and can be asked about."""

from __future__ import annotations

import pytest

from outcomes.models import Obligation, ReturnVersion
from tests.benchmarks import returns


@pytest.mark.django_db(transaction=True)
class TestReturns:
    def test_every_person_has_one_open_return_to_fill_in(self, reference_tables, client):
        people = returns.load(deliveries=4, months=3, partners=2, people=2)
        assert ReturnVersion.objects.filter(state="accepted").count() == 4 * 2
        for cookie, obligation in people:
            client.cookies["sessionid"] = cookie
            assert Obligation.objects.get(pk=obligation).month.month == 6
            assert client.get(f"/returns/{obligation}/fill-in/numbers/").status_code == 200
