"""What earlier releases tell for ever: told apart from what a new one tells, and published for a reason."""

import io
from dataclasses import replace
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.urls import reverse
from hypothesis import given, settings

from outcomes.actions import certificates, releases
from outcomes.disclosure.attack import audit
from outcomes.disclosure.published import Release as Published
from outcomes.disclosure.published import without_numbers
from outcomes.disclosure.relations import Relations
from outcomes.disclosure.suppression import hide_what_tells
from outcomes.models import Release
from outcomes.queries.audit import chain_attacked
from outcomes.queries.certificates import certificate_in_words
from outcomes.queries.hidden import attack_in_words, what_is_hidden
from outcomes.queries.reproduction import made_again
from outcomes.release_figures import figure_rows
from partners.permissions import Role
from tests import factories
from tests.disclosure_regions import BASE_5, crowd, populations, region, registers
from tests.test_audit_release import made_after_one_that_showed_everything
from vru_portal.core.periods import Month

WALSALL, BIRMINGHAM = "E08000030", "E08000025"
APRIL, MAY, JUNE, JULY = (Month(2021, month) for month in (4, 5, 6, 7))
NOW = factories.noon(date(2021, 8, 20))
WHY = "May's release is public for good, and this one says nothing more of them."


def told_by(chain):
    return {(found.release, found.end): found for found in audit(chain) if found.is_told}


class TestHideWhatTells:
    """Pure: an earlier release of exact numbers that hid nothing, and one by the rule."""

    EXACT = replace(BASE_5, round_to=1, hide_below=1)

    def after(self, population, who, *, earlier, later):
        """The chain of both, and what is hidden of the later one."""
        first, second = (region(population, who, month=month, policy=policy) for month, policy in (earlier, later))
        before = Published(first, list(figure_rows(first)))
        hidden = hide_what_tells(second, list(figure_rows(second)), [before])
        return [before, Published(second, hidden.rows)], hidden

    @given(populations, registers)
    @settings(max_examples=12, deadline=None)
    def test_tells_apart_what_is_told_without_it(self, population, who):
        chain, hidden = self.after(population, who, earlier=(MAY, self.EXACT), later=(JUNE, BASE_5))
        alone = told_by([chain[0], without_numbers(chain[1])])
        assert hidden.told == ()
        assert set(hidden.told_before) == set(alone)
        assert set(told_by(chain)) == set(alone)

    @given(populations, registers)
    @settings(max_examples=12, deadline=None)
    def test_tells_what_is_told_already_no_further(self, population, who):
        chain, _ = self.after(population, who, earlier=(MAY, self.EXACT), later=(JUNE, BASE_5))
        alone = told_by([chain[0], without_numbers(chain[1])])
        assert not any(found.tells_further_than(alone[case]) for case, found in told_by(chain).items())

    def test_does_not_take_what_a_finer_rounding_tells_for_told_already(self):
        """25 in all and 20 in Birmingham left 1 to 9 in Walsall; 23 leave 3."""
        people = crowd([(BIRMINGHAM, "14-15", {"three": {0}}, 20), (WALSALL, "14-15", {"three": {0}}, 3)])
        finer = replace(BASE_5, round_to=1)
        _, hidden = self.after(people, (), earlier=(APRIL, BASE_5), later=(APRIL, finer))
        assert hidden.told
        assert {end.place.district for _, end in hidden.told} == {WALSALL}
        assert hidden.told_before == ()


@pytest.fixture
def director():
    return factories.user_with(Role.DIRECTOR)


@pytest.fixture
def june(monkeypatch, director):
    """Two partners met four young people each in April. May's release was made before the attack knew that “at most 10”
    of two says that one of them met three, and is public."""
    factories.PolicyFactory()
    one, two = factories.DeliveryFactory.create_batch(2, programme=factories.ProgrammeFactory())
    for delivery in (one, two):
        factories.accepted_return(delivery, APRIL, new_people=4)
    with monkeypatch.context() as before:
        before.setattr(Relations, "over_deliveries", lambda *_: ())
        may = releases.produce(month=MAY, by=None, now=NOW)
    assert (may.told, may.told_before) == ([], [])
    factories.approve(release=may, by=director, now=NOW)
    for delivery in (one, two):
        factories.accepted_return(delivery, JUNE, new_people=4)
    return releases.produce(month=JUNE, by=None, now=NOW)


@pytest.mark.usefixtures("workbooks_once")
@pytest.mark.django_db
class TestARelease:
    def approve(self, release, director, reason=WHY):
        return releases.approve(
            release=release, by=director, now=NOW, unproven_reason="They are due.", told_before_reason=reason
        )

    def test_keeps_apart_what_was_told_before(self, june):
        assert june.told == []
        assert june.told_before
        found = what_is_hidden(june)
        assert {one.release_code for one in found.told_before} == {"2021-05.1", "2021-06.1"}
        assert {one.which for one in found.told_before} == {"lower"}
        assert not [one.what for one in found.told_before if "April" not in one.what]

    def test_still_hides_what_it_would_tell_besides(self, june):
        """In June two met four each again; at most 10 is not said of that."""
        of_june = june.figures.filter(period_type="month", period_start=JUNE.first, district=None, age_band=None)
        assert [(figure.exact_upper, figure.lower, figure.upper) for figure in of_june.exclude(programme=None)] == [
            (8, None, None)
        ]
        *before, _ = chain = chain_attacked(june)
        assert {case for case in told_by(chain) if case[0] == 0} == set(told_by(before))

    def test_is_refused_without_a_reason_and_approved_with_one(self, june, director):
        with pytest.raises(releases.ToldBefore, match="Say why"):
            self.approve(june, director, reason="")
        approved = self.approve(june, director)
        assert approved.told_before_reason == WHY
        assert Release.objects.get(pk=june.pk).is_approved

    def test_keeps_no_reason_where_nothing_was_told_before(self, director):
        factories.PolicyFactory()
        factories.accepted_return(factories.DeliveryFactory(), JUNE, new_people=40)
        release = releases.produce(month=JUNE, by=None, now=NOW)
        assert self.approve(release, director).told_before_reason == ""

    def test_is_proven_as_far_as_it_can_be_and_then_needs_one_reason(self, june, director):
        """What is told already is no part of what has to be proven."""
        certificate = certificates.search(release_id=june.pk, clock=lambda: NOW)
        assert certificate.is_whole
        assert certificate.numbers
        assert f"({len(june.told_before)}) can never be proven" in certificate_in_words(certificate)
        approved = releases.approve(release=june, by=director, now=NOW, told_before_reason=WHY)
        assert (approved.unproven_reason, approved.told_before_reason) == ("", WHY)

    def test_is_made_again_to_the_byte(self, june, director):
        self.approve(june, director)
        assert made_again(june).is_same

    def test_lets_the_next_release_of_the_year_be_approved_too(self, june, director):
        self.approve(june, director)
        factories.accepted_return(factories.DeliveryFactory(), JULY, new_people=40)
        july = releases.produce(month=JULY, by=None, now=NOW)
        assert july.told == []
        assert {case[0] for case in july.told_before} == {0, 1, 2}
        assert self.approve(july, director).is_approved

    def test_of_which_an_earlier_one_showed_everything_is_approved_with_a_reason(self, director):
        release = made_after_one_that_showed_everything()
        assert release.told == []
        assert self.approve(release, director).is_approved


@pytest.mark.usefixtures("workbooks_once")
@pytest.mark.django_db
class TestDatabase:
    def refuses(self, name, **values):
        with pytest.raises(DatabaseError, match=name), transaction.atomic():
            Release.objects.filter(month=JUNE.first).update(**values)

    def test_release_told_before_with_reason(self, june, director):
        rule = "release_told_before_with_reason"
        approved = {"approved_by": director, "approved_at": NOW, "public_at": NOW, "unproven_reason": "They are due."}
        self.refuses(rule, **approved)
        self.refuses(rule, told_before_reason="Not approved yet.")
        Release.objects.filter(pk=june.pk).update(told_before_reason=WHY, **approved)
        self.refuses("release_never_edited", told_before_reason="Another.")
        self.refuses("release_never_edited", told_before=[])

    def test_refuses_a_reason_for_nothing(self, director):
        factories.PolicyFactory()
        factories.accepted_return(factories.DeliveryFactory(), JUNE, new_people=40)
        release = releases.produce(month=JUNE, by=None, now=NOW)
        approved = {"approved_by": director, "approved_at": NOW, "public_at": NOW}
        approved["unproven_reason"] = factories.why_unproven(release)
        self.refuses("release_told_before_with_reason", told_before_reason=WHY, **approved)


@pytest.mark.usefixtures("workbooks_once")
@pytest.mark.django_db
class TestPages:
    def test_say_it_in_words_and_ask_why(self, june, client, director):
        client.force_login(director)
        address = reverse("outcomes:release-approve", args=[june.pk])
        page = client.get(address).content.decode()
        assert attack_in_words(june) in page
        assert "known already (2021-05.1)" in page
        assert "Why is it published although earlier releases give hidden numbers away?" in page
        page = client.post(address, {"unproven_reason": "The figures are due."}).content.decode()
        assert "Say why it is published although earlier releases give hidden numbers away" in page
        assert "The figures are due." in page
        given = {"unproven_reason": "The figures are due.", "told_before_reason": WHY}
        page = client.post(address, given, follow=True).content.decode()
        assert "is approved" in page
        for name, key in (("release-detail", june.pk), ("release-hidden", june.code)):
            page = client.get(reverse(f"outcomes:{name}", args=[key])).content.decode()
            assert f"It was approved even so: {WHY.replace(chr(39), '&#x27;')}" in page

    def test_show_it_in_the_history_of_the_release(self, june, client, director):
        TestARelease().approve(june, director)
        client.force_login(factories.user_with(Role.AUDITOR))
        page = client.get(reverse("partners:history-subject", args=["outcomes.release", june.pk])).content.decode()
        assert WHY.replace("'", "&#x27;") in page

    def test_say_nothing_of_it_to_readers(self, june, client, director):
        TestARelease().approve(june, director)
        client.force_login(factories.user_with(Role.COMMISSIONER))
        page = client.get(reverse("outcomes:release-detail", args=[june.pk])).content.decode()
        assert "worked out" not in page
        assert "public for good" not in page
        assert client.get(reverse("outcomes:release-hidden", args=[june.code])).status_code == 403


@pytest.mark.usefixtures("workbooks_once")
@pytest.mark.django_db
class TestAuditRelease:
    def test_names_the_release_that_gave_it_away_and_ends_with_an_error(self, june):
        out = io.StringIO()
        with pytest.raises(CommandError, match="can be told by what was published before"):
            call_command("audit_release", "2021-06.1", stdout=out)
        lines = out.getvalue().splitlines()
        assert lines[0] == "Given away by 2021-05.1 already, and no further by 2021-06.1:"
        named = lines[1 : 1 + len(june.told_before)]
        assert all(", lower: 3 to " in line and "by 2021-05.1 " in line for line in named)
        assert f"; {len(june.told_before)} of them can be given away." in out.getvalue()

    def test_names_apart_what_a_release_gives_away_itself(self, monkeypatch):
        """As a release that was made before the attack knew."""
        factories.PolicyFactory()
        programme = factories.ProgrammeFactory()
        for delivery in factories.DeliveryFactory.create_batch(2, programme=programme):
            factories.accepted_return(delivery, APRIL, new_people=4)
        with monkeypatch.context() as before:
            before.setattr(Relations, "over_deliveries", lambda *_: ())
            releases.produce(month=MAY, by=None, now=NOW)
        out = io.StringIO()
        with pytest.raises(CommandError, match="Nobody outside the unit may see"):
            call_command("audit_release", "2021-05.1", stdout=out)
        assert "already" not in out.getvalue()
        assert "2021-05.1 month 2021-04-01" in out.getvalue()
