"""The search of the service bar: who finds what, and how it is typed."""

from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from funding.models import GrantReceipt
from outcomes.actions import releases
from partners.actions.organisations import edit_organisation
from partners.models import Network, NetworkMember, NetworkMembership
from partners.permissions import Role
from tests import factories as make
from tests.test_releases_actions import JUNE, NOW
from tests.test_releases_actions import region as region
from tests.test_releases_actions import region_once as region_once
from vru_portal.core.periods import Month
from vru_portal.core.words import words_in

pytestmark = pytest.mark.django_db

PAGE = reverse("search")


def title_of(page) -> str:
    return unescape(page.text.split("<title>")[1].split("</title>")[0].partition(" – ")[0])


@pytest.fixture
def places():
    """All that has a page, called “hub”: of King’s and of the Oak Club."""
    programme = make.ProgrammeFactory(name="Heal Hub")
    found = {"programme": programme, "fund": make.FundFactory(name="Fund of the hub")}
    year = make.AwardYearFactory(fund=found["fund"], at="agreement_signed")
    for key, name in (("kings", "King’s Hub Trust"), ("oak", "Oak Hub Club")):
        partner = make.OrganisationFactory(name=name)
        delivery = make.DeliveryFactory(
            programme=programme, partner=partner, name=f"Hub of {name}", code=f"HUB-{key.upper()}"
        )
        award = make.PartnerAwardFactory(delivery=delivery, award_year=year, reference=f"A-HUB-{key.upper()}")
        make.ClaimFactory(award=award, at="sent")
        found[key] = partner
    make.GrantReceiptFactory(award_year=year, reference="HO-HUB-7", amount_pence=100_00)
    make.BridgingFacilityFactory(fund=found["fund"], decision_reference="PCC-HUB-3")
    network = Network.objects.create(name="Friends of the hub", kind=Network.Kind.COMMUNITY)
    member = NetworkMember.objects.create(name="Amina Hubbard")
    NetworkMembership.objects.create(network=network, member=member, joined_on=NOW.date())
    make.user_with(Role.PARTNER, found["oak"], name="Hubert Oakes", email="hubert@example.org")
    return found


@pytest.fixture
def sees(client):
    """The page that somebody of a role, at an organisation, gets for what they typed."""

    def page_for(role, typed, organisation=None):
        client.force_login(make.user_with(role, organisation))
        return client.get(PAGE, {"q": typed})

    return page_for


def names_in(page) -> dict[str, list[str]]:
    return {group.label: [line.name for line in group.lines] for group in page.context["groups"]}


class TestWhatIsFound:
    @pytest.mark.parametrize("role", [Role.DIRECTOR, Role.FINANCE_OFFICER, Role.AUDITOR])
    def test_staff_and_auditors_find_each_kind_and_every_link_opens(self, role, places, sees, client):
        page = sees(role, "hub")
        assert names_in(page) == {
            "Organisations": ["King’s Hub Trust", "Oak Hub Club"],
            "People who sign in": ["Hubert Oakes"],
            "Programmes": ["Heal Hub"],
            "Deliveries": ["Hub of King’s Hub Trust", "Hub of Oak Hub Club"],
            "Networks": ["Friends of the hub"],
            "Funds": ["Fund of the hub"],
            "Awards": ["A-HUB-KINGS", "A-HUB-OAK"],
            "Claims": ["Quarter 1 of 2022/23 of A-HUB-KINGS", "Quarter 1 of 2022/23 of A-HUB-OAK"],
            "Receipts of grant": ["HO-HUB-7, 8 July 2022"],
            "Bridging facilities": ["Loan PCC-HUB-3"],
        }
        assert title_of(page) == "Search: 14 found for “hub”"
        for group in page.context["groups"]:
            for line in group.lines:
                assert client.get(line.url).status_code == 200, line

    @pytest.mark.parametrize("role", [Role.PARTNER, Role.PARTNER_LEAD])
    def test_a_partner_finds_its_own_and_every_link_opens(self, role, places, sees, client):
        page = sees(role, "hub", places["kings"])
        assert names_in(page) == {
            "Organisations": ["King’s Hub Trust"],
            "Deliveries": ["Hub of King’s Hub Trust"],
            "Awards": ["A-HUB-KINGS"],
            "Claims": ["Quarter 1 of 2022/23 of A-HUB-KINGS"],
        }
        assert "Oak" not in page.text
        for group in page.context["groups"]:
            for line in group.lines:
                assert client.get(line.url).status_code == 200, line

    def test_a_partner_does_not_learn_that_others_exist(self, places, sees):
        of_another, of_nobody = (sees(Role.PARTNER, typed, places["kings"]) for typed in ("oak", "elm"))
        assert title_of(of_another) == "Search: nothing found for “oak”"
        main = [page.text.split("<main")[1].split("</main>")[0] for page in (of_another, of_nobody)]
        assert main[0].replace("oak", "elm") == main[1]

    def test_a_commissioner_finds_nothing_of_partners_and_their_money(self, places, sees):
        page = sees(Role.COMMISSIONER, "hub")
        assert names_in(page) == {}
        assert [kind.label for kind in page.context["kinds"]] == ["Releases"]

    def test_nobody_finds_a_member_of_a_network(self, places, sees):
        for role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.DIRECTOR):
            page = sees(role, "amina")
            assert names_in(page) == {}
            assert "Hubbard" not in page.text

    def test_a_claim_is_found_by_the_unit_once_it_is_sent(self, places, sees):
        award = make.PartnerAwardFactory(delivery=places["kings"].deliveries.get(), reference="A-NEW")
        make.ClaimFactory(award=award)
        assert names_in(sees(Role.FINANCE_OFFICER, "a-new")) == {"Awards": ["A-NEW"]}
        own = names_in(sees(Role.PARTNER, "a-new", places["kings"]))
        assert own == {"Awards": ["A-NEW"], "Claims": ["Quarter 1 of 2022/23 of A-NEW"]}

    def test_an_award_is_found_once_it_is_approved(self, places, sees):
        make.PartnerAwardFactory(delivery=places["kings"].deliveries.get(), reference="A-NEXT", approved_by=None)
        assert names_in(sees(Role.PARTNER, "a-next", places["kings"])) == {}
        assert names_in(sees(Role.DIRECTOR, "a-next")) == {}

    def test_a_receipt_that_was_declined_is_not_found(self, places, sees):
        receipt = make.GrantReceiptFactory(reference="HO-WRONG", approved_by=None)
        assert names_in(sees(Role.DIRECTOR, "wrong")) == {"Receipts of grant": ["HO-WRONG, 8 July 2022"]}
        GrantReceipt.objects.filter(pk=receipt.pk).update(
            declined_by=make.UserFactory(), declined_reason="Of another grant."
        )
        assert names_in(sees(Role.DIRECTOR, "wrong")) == {}

    def test_somebody_who_no_longer_has_a_role_is_not_found(self, places, sees):
        places["oak"].memberships.update(ended_on=NOW.date())
        assert names_in(sees(Role.DIRECTOR, "hubert")) == {}

    def test_an_organisation_is_found_by_the_name_that_it_had(self, places, sees):
        manager = make.user_with(Role.PROGRAMME_MANAGER)
        edit_organisation(organisation=places["oak"], name="Acorn House", by=manager, now=NOW)
        page = sees(Role.DIRECTOR, "oak club")
        assert names_in(page)["Organisations"] == ["Acorn House"]
        assert "Acorn House</a>, Charity, formerly Oak Hub Club" in page.text

    def test_an_organisation_is_found_by_its_identifier(self, places, sees):
        make.OrganisationFactory(name="Elm Club", org_id="GB-CHC-7654321")
        assert names_in(sees(Role.ANALYST, "7654321")) == {"Organisations": ["Elm Club"]}


@pytest.mark.usefixtures("workbooks_once")
class TestReleases:
    @pytest.fixture
    def two(self, region):
        """Of May, published; of June, not."""
        published = releases.produce(month=Month(2021, 5), by=None, now=NOW)
        make.approve(release=published, by=make.user_with(Role.DIRECTOR), now=NOW)
        return published, releases.produce(month=JUNE, by=None, now=NOW)

    def test_are_found_by_month_and_by_code(self, two, sees):
        for typed in ("June 2021", "2021 june", "2021-06", "2021-06.1"):
            page = sees(Role.ANALYST, typed)
            assert names_in(page) == {"Releases": ["Reach to June 2021, release 1"]}, typed
        assert "2021-06.1, provisional, not public" in page.text

    def test_are_found_by_commissioners_once_they_are_public(self, two, sees, client):
        page = sees(Role.COMMISSIONER, "2021")
        assert names_in(page) == {"Releases": ["Reach to May 2021, release 1"]}
        assert client.get(page.context["groups"][0].lines[0].url).status_code == 200

    def test_are_not_found_by_partners(self, two, sees):
        assert names_in(sees(Role.PARTNER, "2021")) == {}


class TestHowItIsTyped:
    @pytest.mark.parametrize(
        "typed", ["king's", "King’s", "KINGS", "trust king", "hub king's trust", "  king‘s   hub ", "ings"]
    )
    def test_in_any_order_case_and_apostrophe(self, typed, places, sees):
        assert names_in(sees(Role.DIRECTOR, typed))["Organisations"] == ["King’s Hub Trust"]

    @pytest.mark.parametrize("typed", ["café zoë", "cafe zoe", "CAFÉ", "Zoe\u0308"])
    def test_with_or_without_accents(self, typed, db, sees):
        make.OrganisationFactory(name="Café Zoë")
        assert names_in(sees(Role.DIRECTOR, typed)) == {"Organisations": ["Café Zoë"]}

    @pytest.mark.parametrize("typed", ["hub elm", "%%", "__", "k%s", "hub\\"])
    def test_every_word_has_to_be_there_as_it_is_typed(self, typed, places, sees):
        assert names_in(sees(Role.DIRECTOR, typed)) == {}

    def test_words_are_plain(self):
        assert words_in(" O’Brien’s  Łódź ") == ["OBriens", "Łodz"]

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ("", "Type what you look for in the box at the top"),
            ("   ", "Type what you look for in the box at the top"),
            ("h", "Type two letters or more"),
            ("h u b", "Type two letters or more"),
            ("’’’", "Type two letters or more"),
            ("hub" * 50, "Type 100 letters or fewer"),
            ("hub\0", "Null characters are not allowed."),
        ],
    )
    def test_what_cannot_be_looked_for_gets_a_sentence_that_says_what_to_do(self, typed, sentence, places, sees):
        page = sees(Role.DIRECTOR, typed)
        assert names_in(page) == {}
        assert sentence in page.text
        assert title_of(page) == "Search: nothing looked for yet"
        assert "Deliveries, by name or code" in page.text

    def test_what_was_typed_stands_in_the_box_again(self, places, sees):
        page = sees(Role.DIRECTOR, '"king’s"')
        assert 'type="search" value="&quot;king’s&quot;"' in page.text
        assert title_of(page) == 'Search: nothing found for “"king’s"”'

    def test_nothing_found_says_what_can_be_looked_for(self, places, sees):
        page = sees(Role.PARTNER, "elm", places["kings"])
        assert "Every word that you typed has to be in the name" in page.text
        assert [kind.label for kind in page.context["kinds"]] == ["Organisations", "Deliveries", "Awards", "Claims"]


class TestMany:
    @pytest.fixture
    def twelve(self, db):
        return [make.DeliveryFactory(name=f"Walk {n:02}", partner__name=f"Walkers {n:02}") for n in range(12)]

    def test_shows_ten_of_a_kind_and_where_the_rest_are(self, twelve, sees, client):
        page = sees(Role.DIRECTOR, "walk")
        organisations, deliveries = page.context["groups"]
        assert [line.name for line in deliveries.lines] == [f"Walk {n:02}" for n in range(10)]
        assert "<h2>Deliveries: 12</h2>" in page.text
        assert "<p>and 2 more. Type a further word to find fewer.</p>" in page.text
        assert title_of(page) == "Search: 24 found for “walk”"
        assert f'<p>and 2 more: <a href="{organisations.every}">all 12 in the list</a></p>' in page.text
        assert client.get(organisations.every).context["count"] == 12

    @pytest.mark.parametrize("role", [Role.DIRECTOR, Role.PARTNER])
    def test_asks_no_more_for_more_that_is_found(self, role, places, client):
        client.force_login(make.user_with(role, places["kings"] if role == Role.PARTNER else None))
        counts = [self.queries(client)]
        for n in range(5):
            partner = make.OrganisationFactory(name=f"Hub {n}") if role == Role.DIRECTOR else places["kings"]
            delivery = make.DeliveryFactory(name=f"Hub {n}", partner=partner)
            award = make.PartnerAwardFactory(delivery=delivery, reference=f"A-HUB-{n}")
            make.ClaimFactory(award=award, at="sent")
        counts.append(self.queries(client))
        assert counts[0] == counts[1] == {Role.DIRECTOR: 14, Role.PARTNER: 7}[role]

    def queries(self, client) -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(PAGE, {"q": "hub"})
        return len(asked)


class TestTheBox:
    @pytest.mark.parametrize("role", Role)
    def test_stands_in_the_service_bar_of_everybody_with_a_role(self, role, client):
        client.force_login(make.user_with(role))
        page = client.get(reverse("partners:account")).text
        header = page.split("<header")[1].split("</header>")[0]
        assert f'<form role="search" method="get" action="{PAGE}"' in header
        assert '<label class="govuk-visually-hidden" for="search-for">' in header
        assert page.count('id="search-for"') == 1

    def test_is_not_there_for_who_may_not_search(self, client):
        assert 'role="search"' not in client.get(reverse("account_login")).text
        client.force_login(make.UserFactory())
        assert 'role="search"' not in client.get(reverse("home")).text
        assert client.get(PAGE, {"q": "hub"}).status_code == 403
