"""The certificate that is kept with a release: made with it, searched by a job, read by staff without its worlds."""

import io
import threading
from datetime import date, timedelta
from functools import partial

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from outcomes.actions import certificates, releases
from outcomes.actions.session_lock import only_one
from outcomes.disclosure import proof
from outcomes.disclosure.certificate import Certificate as Worlds
from outcomes.disclosure.certificate import targets
from outcomes.disclosure.further import Further
from outcomes.disclosure.published import numbers_of
from outcomes.disclosure.worlds import Count, Profile, World
from outcomes.disclosure.writing import read, written
from outcomes.models import Certificate, Release, ReleaseRun
from outcomes.queries.audit import chain_attacked
from outcomes.queries.certificates import certificate_in_words, certificate_of, checked
from outcomes.queries.reproduction import made_again
from partners.permissions import Role
from tests import factories
from vru_portal.core.periods import Month

pytestmark = [pytest.mark.usefixtures("workbooks_once"), pytest.mark.django_db]

JUNE = Month(2021, 6)
FURTHER = [[1, "upper", [0, 2, "upper"]]]
NOW = factories.noon(date(2021, 7, 22))
SOON = timedelta(minutes=10)


def make(*, walsall=3, birmingham=30):
    """People of two districts and one age: those of Walsall are hidden, and could be of the other."""
    factories.PolicyFactory()
    delivery = factories.DeliveryFactory()
    sent = {"district": {"first_seen": {"E08000025": birmingham, "E08000030": walsall}}}
    factories.accepted_return(delivery, JUNE, new_people=walsall + birmingham, breakdowns=sent)
    return releases.produce(month=JUNE, by=None, now=NOW)


def searched(release):
    return certificates.search(release_id=release.pk, clock=lambda: NOW)


class TestProduce:
    def test_keeps_a_certificate_of_the_truth_alone(self):
        certificate = make().certificates.get()
        assert (certificate.world_count, certificate.is_searched) == (0, False)
        assert certificate.numbers
        assert certificate.proven < certificate.numbers


class TestSearch:
    def test_keeps_one_that_the_counting_code_checks(self):
        release = make()
        certificate = searched(release)
        assert certificate.number == 2
        assert certificate.proven > release.certificates.get(number=1).proven
        verdict = checked(certificate)
        assert verdict.broken == []
        assert len({(t.release, t.end) for t in verdict.unshielded}) == len(certificate.unproven)

    def test_is_done_once(self):
        release = make()
        assert searched(release)
        assert searched(release) is None
        assert release.certificates.count() == 2

    @pytest.mark.parametrize("decide", [factories.approve, partial(releases.discard, reason="A wrong return.")])
    def test_of_one_that_is_decided_is_not_begun_and_it_says_so(self, decide):
        release = make()
        decide(release=release, by=factories.user_with(Role.DIRECTOR), now=NOW)
        assert searched(release) is None
        assert certificates.resume(now=NOW + SOON) is None
        words = certificate_in_words(certificate_of(Release.objects.get()))
        assert words.endswith("by the truth alone: it was decided before other populations were looked for.")

    def test_of_a_release_that_is_gone_does_nothing(self):
        assert certificates.search(release_id=1_000_000, clock=lambda: NOW) is None

    @pytest.mark.django_db(transaction=True)
    def test_goes_on_once_at_a_time(self):
        release, found = make(), []

        def elsewhere():
            found.append(searched(release))
            connection.close()

        with only_one(certificates.LOCK, 0):
            other = threading.Thread(target=elsewhere)
            other.start()
            other.join()
        assert found == [None]
        assert searched(release)


class TestLookFurther:
    @pytest.fixture
    def found_nothing(self, monkeypatch):
        """Where not one population may be counted, none is found."""
        monkeypatch.setattr(proof, "MOST_COUNTED", 0)

    def test_comes_after_what_the_search_found_is_kept(self, found_nothing):
        release = make()
        assert searched(release).looked_further
        assert list(release.certificates.values_list("is_searched", "looked_further")) == [
            (False, False),
            (True, False),
            (True, True),
        ]
        assert searched(release) is None

    def test_is_resumed_where_it_did_not_come_to_its_end(self, found_nothing, monkeypatch):
        release = make()
        with monkeypatch.context() as broken:
            broken.setattr(certificates, "hide_further", None)
            with pytest.raises(TypeError):
                searched(release)
        assert "looks on with more of it hidden" in certificate_in_words(certificate_of(release))
        assert certificates.resume(now=NOW + SOON) == release
        assert searched(release).number == 3
        assert certificates.resume(now=NOW + SOON) is None
        assert "looks on" not in certificate_in_words(certificate_of(release))


class TestResume:
    def test_hands_over_the_newest_that_was_not_searched(self):
        release = make()
        assert certificates.resume(now=NOW) is None, "its job may still begin"
        assert certificates.resume(now=NOW + SOON) == release
        searched(release)
        assert certificates.resume(now=NOW + SOON) is None


class TestApprove:
    def test_wants_a_reason_for_what_is_not_proven(self):
        release, director = make(), factories.user_with(Role.DIRECTOR)
        with pytest.raises(releases.NotProven, match="Say why"):
            releases.approve(release=release, by=director, now=NOW)
        approved = releases.approve(release=release, by=director, now=NOW, unproven_reason="They are due.")
        assert approved.unproven_reason == "They are due."

    def test_of_what_is_proven_keeps_no_reason(self):
        release = make(walsall=0)
        assert certificate_of(release).is_whole
        approved = releases.approve(
            release=release, by=factories.user_with(Role.DIRECTOR), now=NOW, unproven_reason="In case."
        )
        assert approved.unproven_reason == ""

    def test_refuses_one_without_a_certificate(self):
        release = make()
        release.pk, release.number = None, 2
        release.save(force_insert=True)
        with pytest.raises(releases.NotProven, match="no certificate"):
            releases.approve(release=release, by=factories.user_with(Role.DIRECTOR), now=NOW)

    def test_asks_for_the_reason_on_its_page(self, client):
        release = make()
        client.force_login(factories.user_with(Role.DIRECTOR))
        address = reverse("outcomes:release-approve", args=[release.pk])
        assert "although not every hidden number is proven" in client.get(address).content.decode()
        page = client.post(address).content.decode()
        assert "Say why it is published even so" in page
        page = client.post(address, {"unproven_reason": "The figures are due."}, follow=True).content.decode()
        assert "The figures are due." in page


class TestHideFurther:
    """A certificate that leaves one number, and says which other would have to be hidden."""

    @pytest.fixture
    def release(self):
        return make()

    @pytest.fixture
    def certificate(self, release):
        """As if the search had not found a world of the hidden number of Walsall, and had with Birmingham hidden."""
        found = read(bytes(searched(release).worlds))
        chain = chain_attacked(release)
        (left,) = {
            t for t in targets(chain) if t.up and t.end.place.period == "month" and self.is_of(t.end, "E08000030")
        }
        shown = next(
            n.end
            for row in chain[0].rows
            for n in numbers_of(row)
            if n.shown is not None and n.end.place.period == "month" and self.is_of(n.end, "E08000025")
        )
        return certificates.keep(
            release=release,
            chain=chain,
            certificate=Worlds(),
            unshielded={left},
            in_the_way=(ways := {left: [frozenset({(0, shown)})]}),
            further=Further(ways, (), {shown: (0, left.end)}, found.worlds),
            is_searched=True,
            now=NOW,
        )

    @staticmethod
    def is_of(end, district):
        return (end.place.district, end.place.programme, end.place.age_band) == (district, "", "")

    def produced(self, release, by):
        run = releases.request_proven(release=release, by=by, now=NOW)
        return releases.carry_out(run_id=run.pk, clock=lambda: NOW)

    def test_is_produced_again_with_that_hidden_and_what_it_shields(self, release, certificate):
        again = self.produced(release, factories.user_with(Role.ANALYST))
        assert (again.number, again.input_fingerprint) == (2, release.input_fingerprint)
        ((order, which, shields),) = certificate.further
        assert [order, which, shields] in again.hidden_beside
        figure, before = again.figures.get(order=order), release.figures.get(order=order)
        assert getattr(before, "upper" if which == "upper" else "lower") is not None
        assert getattr(figure, "upper" if which == "upper" else "lower") is None
        assert all(each in again.hidden_beside for each in release.hidden_beside)
        assert made_again(again).is_same

    def test_searches_from_what_was_found_before(self, release, certificate, monkeypatch):
        monkeypatch.setattr(proof, "EFFORTS", ())
        again = self.produced(release, factories.user_with(Role.ANALYST))
        assert searched(again).is_whole

    def test_is_asked_for_on_its_page(self, release, certificate, client):
        client.force_login(factories.user_with(Role.ANALYST))
        page = client.get(reverse("outcomes:release-hidden", args=[release.code])).content.decode()
        assert "With 1 more number hidden, populations were found for all others too." in page
        assert "With 1 more number hidden all of them would be." in page
        response = client.post(reverse("outcomes:release-prove", args=[release.code]))
        run = ReleaseRun.objects.get(proves=release)
        assert response.url == reverse("outcomes:release-run", args=[run.pk])

    def test_is_said_to_need_another_production_where_a_return_was_accepted_since(self, release, certificate, client):
        client.force_login(factories.user_with(Role.ANALYST))
        address, since = reverse("outcomes:release-hidden", args=[release.code]), "accepted since it was produced"
        assert since not in client.get(address).content.decode()
        factories.accepted_return(factories.DeliveryFactory(), JUNE, new_people=30)
        assert f"1 return of its months was {since}." in client.get(address).content.decode()

    def test_is_no_button_of_who_may_not_produce(self, release, certificate, client):
        client.force_login(factories.user_with(Role.AUDITOR))
        page = client.get(reverse("outcomes:release-hidden", args=[release.code])).content.decode()
        assert "Produce it again" not in page
        assert client.post(reverse("outcomes:release-prove", args=[release.code])).status_code == 403

    def test_is_refused_where_nothing_is_to_be_hidden_or_it_is_decided_or_replaced(self, release, client):
        analyst = factories.user_with(Role.ANALYST)
        with pytest.raises(releases.NothingToHide, match="No search has found what else to hide"):
            releases.request_proven(release=release, by=analyst, now=NOW)
        client.force_login(analyst)
        page = client.post(reverse("outcomes:release-prove", args=[release.code]), follow=True).content.decode()
        assert "No search has found what else to hide" in page
        second = factories.approve(release=release, by=factories.user_with(Role.DIRECTOR), now=NOW)
        with pytest.raises(releases.DecidedAlready):
            releases.request_proven(release=second, by=analyst, now=NOW)

    def test_is_refused_while_the_month_is_being_produced(self, release, certificate):
        releases.request(month=JUNE, by=None, now=NOW)
        with pytest.raises(releases.RunUnderWay, match="June 2021 is being produced already"):
            releases.request_proven(release=release, by=factories.user_with(Role.ANALYST), now=NOW)

    def test_is_asked_for_once(self, release, certificate):
        one, other = (
            releases.request_proven(release=release, by=factories.user_with(Role.ANALYST), now=NOW) for _ in range(2)
        )
        assert one == other

    @pytest.mark.parametrize("what", ["approved", "another return"])
    def test_fails_with_a_sentence_where_something_changed_meanwhile(self, release, certificate, what):
        run = releases.request_proven(release=release, by=factories.user_with(Role.ANALYST), now=NOW)
        if what == "approved":
            factories.approve(release=release, by=factories.user_with(Role.DIRECTOR), now=NOW)
        else:
            factories.accepted_return(factories.DeliveryFactory(), JUNE, new_people=30)
        with pytest.raises((releases.DecidedAlready, releases.ChangedSinceSearched)):
            releases.carry_out(run_id=run.pk, clock=lambda: NOW)
        run.refresh_from_db()
        assert run.state == ReleaseRun.State.FAILED
        assert "Produce the month again" in run.problem
        assert Release.objects.count() == 1

    def test_is_refused_of_one_that_a_newer_replaces(self, release, certificate):
        analyst = factories.user_with(Role.ANALYST)
        self.produced(release, analyst)
        with pytest.raises(releases.NewerOneStands, match="Release 2 of the same months is newer"):
            releases.request_proven(release=release, by=analyst, now=NOW)

    def test_stays_so_when_the_month_is_produced_once_more(self, release, certificate):
        again = self.produced(release, factories.user_with(Role.ANALYST))
        assert releases.produce(month=JUNE, by=None, now=NOW) == again


class TestWords:
    def test_say_how_many_are_proven_and_which_are_not(self, client):
        release = make()
        assert "has not ended" in certificate_in_words(certificate_of(release))
        certificate = searched(release)
        words = certificate_in_words(certificate)
        assert ("All " in words) == certificate.is_whole
        client.force_login(factories.user_with(Role.ANALYST))
        page = client.get(reverse("outcomes:release-hidden", args=[release.code])).content.decode()
        assert words in page.replace("&#x27;", "'")
        assert ("Which are not proven" in page) != certificate.is_whole

    def test_of_an_older_release_that_nothing_is_proven(self):
        assert "nothing is proven" in certificate_in_words(None)


class TestAudit:
    def test_checks_the_certificate(self):
        searched(make())
        out = io.StringIO()
        call_command("audit_release", "2021-06.1", stdout=out)
        assert "each comes to everything published" in out.getvalue()

    def test_fails_where_it_does_not_hold(self):
        release = make()
        sent = release.inputs.get().version.obligation.delivery.code
        more = World({Count(sent, JUNE, 0, "first_seen", "district", "E08000025"): 400})
        certificates.keep(
            release=release,
            chain=[],
            certificate=Worlds((more,)),
            unshielded=(),
            is_searched=True,
            now=NOW,
        )
        with pytest.raises(CommandError, match="certificate does not hold"):
            call_command("audit_release", "2021-06.1", stdout=io.StringIO())


def test_worlds_are_read_as_they_were_written():
    april = Month(2021, 4)
    world = World(
        {Count("one", april, 0, "first_seen", "district", "E08000030"): -2},
        {Profile(frozenset([("two", april), ("one", april.plus(1))]), "E08000030", "14-15"): 3},
    )
    assert read(written(Worlds((world,)))) == Worlds((world,))


class TestDatabase:
    def refuses(self, name, change):
        with pytest.raises(DatabaseError, match=name), transaction.atomic():
            change()

    def test_certificate_append_only(self):
        rows = make().certificates.all()
        self.refuses("append_only|Cannot update or delete", lambda: rows.update(proven=0))
        self.refuses("append_only|Cannot update or delete", lambda: rows._raw_delete("default"))

    def test_releaserun_proves_its_month(self):
        release = make()
        when = {"requested_at": NOW, "beat_at": NOW}
        name = "releaserun_proves_its_month"
        self.refuses(name, lambda: ReleaseRun.objects.create(month=date(2021, 5, 1), proves=release, **when))
        run = ReleaseRun.objects.create(month=JUNE.first, **when)
        self.refuses(name, lambda: ReleaseRun.objects.filter(pk=run.pk).update(proves=release))

    @pytest.mark.parametrize(
        ("rule", "values"),
        [
            ("certificate_number_once", {"number": 1}),
            ("certificate_of_its_release", {"output_fingerprint": "0" * 64}),
            ("certificate_of_its_release", {"made_with": [1]}),
            ("certificate_of_its_release", {"proven": 0}),
            ("certificate_proven_among_numbers", {"numbers": 1, "proven": 2, "unproven": []}),
            ("certificate_further_only_if_unproven", {"looked_further": True, "further": FURTHER}),
            (
                "certificate_further_only_if_unproven",
                {"proven": 0, "unproven": [[0, 1, "upper", []]], "further": FURTHER},
            ),
            ("certificate_further_only_if_unproven", {"further_worlds": b"worlds"}),
        ],
    )
    def test_certificate(self, rule, values):
        certificate = make().certificates.get()
        given = {field.attname: getattr(certificate, field.attname) for field in Certificate._meta.concrete_fields}
        given |= {"id": None, "number": 2, "numbers": 1, "proven": 1, "unproven": []} | values
        rule = (
            "certificate_proven_among_numbers|certificate_of_its_release" if "2" in str(values.get("proven")) else rule
        )
        self.refuses(rule, lambda: Certificate.objects.create(**given))


def test_neither_partners_nor_commissioners_see_it(client):
    release = make()
    searched(release)
    factories.approve(release=Release.objects.get(), by=factories.user_with(Role.DIRECTOR), now=NOW)
    for role in (Role.COMMISSIONER, Role.PARTNER):
        client.force_login(factories.user_with(role))
        assert client.get(reverse("outcomes:release-hidden", args=[release.code])).status_code in {403, 404}
        answer = client.get(reverse("outcomes:release-detail", args=[release.pk]))
        assert "proven" not in answer.content.decode()
    assert not any("certificate" in file.name for file in release.files.all())
