"""What a release hides beside small numbers: kept with it, hidden again, and told to staff in words."""

import re
from datetime import date

import pytest
from django.urls import reverse

from outcomes.actions import releases
from outcomes.queries.hidden import attack_in_words, what_is_hidden
from outcomes.queries.reproduction import made_again
from partners.permissions import Role
from tests import factories
from tests.test_audit_release import made_after_one_that_showed_everything
from vru_portal.core.periods import Month

pytestmark = [pytest.mark.usefixtures("workbooks_once"), pytest.mark.django_db]

JUNE = Month(2021, 6)
NOW = factories.noon(date(2021, 7, 22))


@pytest.fixture
def release():
    """Exact numbers: three in Walsall, which are what Birmingham leaves of the total."""
    factories.PolicyFactory(round_to=1)
    sent = {"district": {"first_seen": {"E08000025": 417, "E08000030": 3}}}
    factories.accepted_return(factories.DeliveryFactory(), JUNE, new_people=420, breakdowns=sent)
    return releases.produce(month=JUNE, by=None, now=NOW)


class TestWhatIsHidden:
    def test_names_each_number_beside_and_what_it_shields(self, release):
        found = what_is_hidden(release)
        assert found.told == []
        assert found.beside
        for one in found.beside:
            figure = release.figures.get(order=one.number.row)
            assert getattr(figure, "lower" if one.number.which == "number" else one.number.which) is None
            small = release.figures.get(order=one.shields.row)
            assert small.symbol == "c"
            assert 0 < small.exact_lower < 5

    def test_names_apart_what_an_earlier_release_hid(self, release):
        factories.approve(release=release, by=factories.user_with(Role.DIRECTOR), now=NOW)
        factories.accepted_return(factories.DeliveryFactory(), JUNE, new_people=900)
        found = what_is_hidden(releases.produce(month=JUNE, by=None, now=NOW))
        assert found.still
        assert not {one.row for one in found.still} & {one.number.row for one in found.beside}

    def test_counts_the_figures_of_each_programme(self, release):
        found = what_is_hidden(release)
        assert sum(one.figures for one in found.programmes) == release.figures.count()
        hiding = release.figures.filter(symbol="c").count()
        assert sum(one.by_rule + one.beside for one in found.programmes) == hiding

    def test_is_kept_so_that_the_release_can_be_made_again(self, release):
        assert release.hidden_beside
        assert made_again(release).is_same

    def test_names_what_can_be_told(self):
        found = what_is_hidden(release := made_after_one_that_showed_everything())
        assert {one.release_code for one in found.told_before} == {"2021-06.1"}
        assert [each.code for each in found.attacked_with] == ["2021-05.1"]
        assert attack_in_words(release).endswith("It says nothing more of them.")


class TestThePage:
    def page(self, client, release, role):
        client.force_login(factories.user_with(role))
        return client.get(reverse("outcomes:release-hidden", args=[release.code]))

    def test_tells_staff_and_shows_no_hidden_number(self, client, release):
        text = self.page(client, release, Role.ANALYST).content.decode()
        words = re.sub(r"<[^>]+>|\s+", " ", text)
        assert "Beside small numbers: " in words
        assert "Birmingham" in words
        assert "417" not in words
        assert "420" not in words

    def test_says_what_to_do_where_something_can_be_told(self, client):
        text = self.page(client, made_after_one_that_showed_everything(), Role.ANALYST).content.decode()
        assert "Whoever approves it says why it is published even so." in text

    @pytest.mark.parametrize("role", [Role.COMMISSIONER, Role.PARTNER])
    def test_is_not_there_for_readers(self, client, release, role):
        factories.approve(release=release, by=factories.user_with(Role.DIRECTOR), now=NOW)
        assert self.page(client, release, role).status_code == 403

    def test_is_linked_from_the_release_and_from_its_approval(self, client, release):
        client.force_login(factories.user_with(Role.DIRECTOR))
        link = reverse("outcomes:release-hidden", args=[release.code])
        for name in ("release-detail", "release-approve"):
            assert link in client.get(reverse(f"outcomes:{name}", args=[release.pk])).content.decode()
