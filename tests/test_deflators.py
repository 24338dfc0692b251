"""Money of one year in the prices of another, by a series that is loaded from a small file."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from funding import deflator_csv
from funding.actions import deflators
from funding.models import DeflatorIndex, DeflatorSeries
from funding.queries.deflators import Prices, prices
from partners.models import Event
from partners.permissions import Role
from tests import factories as make
from tests.database import refused
from vru_portal.core.periods import FinancialYear
from vru_portal.core.refusals import NotAllowed
from vru_portal.core.spreadsheets import read_table

NOW = make.noon(date(2026, 10, 1))
TABLE = """series,published on,year,index
GDP deflator,30/09/2026,2021/22,87.5000
GDP deflator,30/09/2026,2022/23,93.0512
GDP deflator,30/09/2026,2026/27,105
"""


def read(text: str):
    return deflator_csv.read(text.encode(), "deflators.csv")


@pytest.fixture
def finance(db):
    return make.user_with(Role.FINANCE_OFFICER)


def load(text: str, by):
    return deflators.load(series=read(text), by=by, now=NOW)


class TestRead:
    def test_takes_the_columns_in_any_order_and_spelling(self):
        (one,) = read("Year , index, Series,Published  On\n2022-23,93.0512,GDP,2026-09-30\n")
        assert one == deflator_csv.Read("GDP", date(2026, 9, 30), {2022: Decimal("93.0512")})

    @pytest.mark.parametrize(
        ("row", "sentence"),
        [
            ("GDP,30/09/2026,2022/24,93", "Row 2: write the financial year as 2022/23"),
            ("GDP,30/13/2026,2022/23,93", "Row 2: write the day of publication"),
            ("GDP,30/09/2026,2022/23,0", "Row 2: the index must be a number above nought"),
            ("GDP,30/09/2026,2022/23,NaN", "Row 2: the index must be a number above nought"),
            (",30/09/2026,2022/23,93", "Row 2: give the name of the series"),
            ("GDP,30/09/2026,2022/23,93\nGDP,30/09/2026,2022/23,94", "Row 3: this year of the series stands"),
        ],
    )
    def test_says_which_row_is_wrong_and_why(self, row, sentence):
        with pytest.raises(deflator_csv.WrongRows, match=sentence):
            read(f"series,published on,year,index\n{row}\n")

    def test_says_which_column_is_missing(self):
        with pytest.raises(deflator_csv.WrongRows, match="The column “index” is missing"):
            read("series,published on,year\nGDP,30/09/2026,2022/23\n")

    def test_a_table_without_rows_is_refused(self):
        with pytest.raises(deflator_csv.WrongRows, match="has no rows"):
            read("series,published on,year,index\n")


@pytest.mark.django_db
class TestLoad:
    def test_keeps_every_version_and_the_same_file_twice_changes_nothing(self, finance):
        (first,) = load(TABLE, finance)
        assert load(TABLE, finance) == []
        (second,) = load(TABLE.replace("30/09/2026", "28/11/2026").replace("105", "106"), finance)
        assert list(DeflatorSeries.objects.all()) == [second, first]
        assert DeflatorIndex.objects.count() == 6

    def test_refuses_other_numbers_of_one_publication(self, finance):
        load(TABLE, finance)
        with pytest.raises(deflators.PublishedOtherwise, match="loaded already with other numbers"):
            load(TABLE.replace("105", "106"), finance)

    def test_the_database_keeps_what_was_published(self, finance):
        (series,) = load(TABLE, finance)
        with refused("deflatorseries_published_once"):
            DeflatorSeries.objects.create(
                name=series.name, published_on=series.published_on, loaded_by=finance, loaded_at=NOW
            )
        with refused("deflatorindex_year_once"):
            series.indices.create(financial_year=2022, index=1)
        with refused("deflatorindex_positive"):
            series.indices.create(financial_year=2019, index=0)
        for attempt in (
            lambda: DeflatorIndex.objects.update(index=1),
            lambda: DeflatorSeries.objects.update(name="Other"),
            lambda: DeflatorIndex.objects.first().delete(),
            lambda: DeflatorSeries.objects.filter(pk=series.pk)._raw_delete("default"),
        ):
            with pytest.raises(ProgrammingError), transaction.atomic():
                attempt()


class TestWithdraw:
    def withdraw(self, series, by, reason="Wrong table"):
        return deflators.withdraw(series=series, reason=reason, by=by, now=NOW)

    def test_keeps_the_series_and_lets_figures_go_by_the_one_before(self, finance):
        (first,) = load(TABLE, finance)
        (second,) = load(TABLE.replace("30/09/2026", "28/11/2026").replace("105", "999"), finance)
        assert prices().series == second
        self.withdraw(second, finance)
        assert prices().series == first
        assert second.indices.count() == 3
        event = Event.objects.get(name="funding.deflators.withdrawn")
        assert (event.by, event.reason) == (finance, "Wrong table")
        self.withdraw(first, finance)
        assert prices() is None

    def test_lets_the_same_publication_be_loaded_as_it_is(self, finance):
        (wrong,) = load(TABLE.replace("105", "106"), finance)
        self.withdraw(wrong, finance)
        (right,) = load(TABLE, finance)
        assert prices().series == right
        assert DeflatorSeries.objects.count() == 2

    def test_is_done_once_by_those_who_manage_money(self, finance):
        (series,) = load(TABLE, finance)
        with pytest.raises(NotAllowed):
            self.withdraw(series, make.user_with(Role.ANALYST))
        self.withdraw(series, finance)
        with pytest.raises(deflators.WithdrawnAlready):
            self.withdraw(series, finance)

    def test_is_whole_and_final_in_the_database(self, finance):
        (series,) = load(TABLE, finance)
        rows = DeflatorSeries.objects.filter(pk=series.pk)
        with refused("deflatorseries_withdrawn_whole"):
            rows.update(withdrawn_at=NOW)
        self.withdraw(series, finance)
        with pytest.raises(ProgrammingError, match="withdrawn_once"), transaction.atomic():
            rows.update(withdrawn_by=None, withdrawn_at=None, withdrawn_reason="")


@pytest.mark.django_db
class TestPrices:
    def test_tell_money_in_the_prices_of_another_year(self, finance):
        load(TABLE, finance)
        found = prices(FinancialYear(2026))
        assert found.real(5_800_000_00, FinancialYear(2022)) == 654_478_395  # 580,000,000 × 105 ÷ 93.0512
        assert found.real(100, FinancialYear(2026)) == 100
        assert found.real(100, FinancialYear(2019)) is None
        assert str(found.series) == "GDP deflator, published on 30 September 2026"

    def test_go_by_the_last_year_where_the_series_does_not_have_the_one_asked_for(self, finance):
        load(TABLE, finance)
        assert prices(FinancialYear(2030)).base == FinancialYear(2026)

    def test_are_not_there_while_nothing_is_loaded(self, db):
        assert prices() is None

    @given(st.integers(-(10**12), 10**12), st.decimals(1, 200, places=4), st.decimals(1, 200, places=4))
    def test_there_and_back_is_within_a_penny_of_the_other_year(self, pence, one, other):
        years = {FinancialYear(2021): one, FinancialYear(2022): other}
        there = Prices(None, FinancialYear(2022), years).real(pence, FinancialYear(2021))
        back = Prices(None, FinancialYear(2021), years).real(there, FinancialYear(2022))
        assert abs(back - pence) <= 1 + one / other


@pytest.mark.django_db
class TestPages:
    def choose(self, client, text: str):
        url = reverse("funding:deflators-load")
        return client.post(url, {"file": SimpleUploadedFile("a.csv", text.encode())})

    def test_a_series_is_seen_before_it_is_loaded(self, client, finance):
        client.force_login(finance)
        assert reverse("funding:deflators") in client.get(reverse("money")).content.decode()
        wrong = self.choose(client, TABLE.replace("105", "none")).text
        assert "a.csv: 1 thing to correct" in wrong
        assert "the index must be a number above nought" in wrong
        seen = self.choose(client, TABLE)
        assert "93.0512" in seen.text
        assert not DeflatorSeries.objects.exists(), "it is only shown"
        url = reverse("funding:deflators-load")
        found = client.post(url, {"confirm": seen.context["key"]}, follow=True).text
        assert "Loaded: GDP deflator, published on 30 September 2026." in found
        assert "Figures go by this one." in found
        assert "there is nothing to load" in self.choose(client, TABLE).text
        assert "loaded already with other numbers" in self.choose(client, TABLE.replace("105", "106")).text
        assert "no longer kept" in client.post(url, {"confirm": "x"}, follow=True).text

    @pytest.mark.parametrize("ending", ["csv", "xlsx"])
    def test_there_is_an_empty_table_to_begin_from(self, client, finance, ending):
        client.force_login(finance)
        url = reverse("funding:deflators-columns", args=[ending])
        assert url in client.get(reverse("funding:deflators-load")).text
        answer = client.get(url)
        assert read_table(answer.content, f"a.{ending}").headers == list(deflator_csv.COLUMNS)

    def test_a_series_is_withdrawn_with_a_reason(self, client, finance):
        client.force_login(finance)
        (series,) = load(TABLE, finance)
        url = reverse("funding:deflators-withdraw", args=[series.pk])
        assert url in client.get(reverse("funding:deflators")).text
        assert "are not shown until another series is loaded" in client.get(url).text
        assert "Enter the reason" in client.post(url, {"reason": ""}).text
        found = client.post(url, {"reason": "Wrong table"}, follow=True).text
        assert "Withdrawn: GDP deflator, published on 30 September 2026." in found
        assert f"Withdrawn by {finance}, " in found
        assert "Wrong table" in found
        assert client.get(url).status_code == 404
