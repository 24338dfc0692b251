"""The activity report of a release attacked by what is published of it: by anybody, and by a partner of the others."""

import csv
import gzip
import io
import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from outcomes.actions import releases
from outcomes.activity import Place, Published, activity_rows, audit_activity
from outcomes.disclosure import additive
from outcomes.models import Release, ReleaseFile
from partners.models import Network, NetworkMember, NetworkMembership
from partners.permissions import Role
from tests import factories
from tests.test_activity_insiders import THEM, US, inputs
from tests.test_other_reports import APRIL, CHARITY, EXACT, JUNE, MAY, NHS, NOW, POLICY, answered, cells, rows_of


def published(made_of, shows=()):
    """What a release of these would say; `shows`: places of which it shows what it should hide."""
    said = {
        cell.key: int(row.exact) if row.place in shows else row.value and int(row.value)
        for cell, row in zip(cells(made_of), activity_rows(made_of), strict=True)
    }
    return Published(made_of, said)


def given_away(chain, partner=None):
    return {(each.release, each.end.place) for each in audit_activity(chain, partner) if each.is_told}


answers = st.lists(st.integers(0, 9), min_size=4, max_size=4)


class TestAuditActivity:
    # 4 at the hospital, which is hidden, and 23 elsewhere; 1 and 3 of them are ours.
    OURS, THEIRS = (3, None, 20, None), (1, None, 3, None)

    @given(answers, answers, st.sampled_from([EXACT, POLICY]))
    def test_finds_nothing_in_what_is_protected(self, ours, theirs, policy):
        chain = [published(inputs(ours, theirs, policy=policy))]
        assert not given_away(chain)
        assert not given_away(chain, US)
        assert not given_away(chain, THEM)

    def test_says_what_is_given_away_and_by_which_numbers(self):
        """27 in all without 23 elsewhere are the hospital's 4."""
        total = Place("boxing")
        found = [
            each
            for each in audit_activity([published(inputs(self.OURS, self.THEIRS), shows=[total, CHARITY])])
            if each.is_told
        ]
        assert {each.end.place for each in found} == {NHS}
        assert {(each.least, each.most) for each in found} == {(4, 4)}
        assert {key.place for each in found for _, key in each.by} == {total, CHARITY}

    def test_says_what_a_partner_can_tell_of_the_others(self):
        """Of what was hidden from outside alone: our 23 of 27 leave 4 of others."""
        said = published(inputs(self.OURS, self.THEIRS, partner=None)).said
        chain = [Published(inputs(self.OURS, self.THEIRS), said)]
        assert not given_away(chain)
        assert given_away(chain, US)
        assert audit_activity(chain, 1_000) == []

    def test_takes_each_release_s_numbers_by_the_rule_of_its_time(self):
        """23 said as 25 is between 23 and 27, whatever the rule is now."""
        before = published(inputs((20, None, 3, None), (0, None, 0, None), policy=POLICY))
        after = inputs((20, None, 3, None), (0, None, 0, None), policy=replace(EXACT, hide_below=5))
        rows = activity_rows(after, [before])
        assert {row.exact: row.value for row in rows if row.exact and row.exact > 4}[Decimal(23)] == 23
        assert not [each for each in audit_activity([before, published(after)]) if each.least > each.most]


# ---- In a release ----
def network_of(members):
    """A network of 40 before April, which so many joined in it."""
    network = Network.objects.create(name="Faith", kind=Network.Kind.FAITH_ALLIANCE)
    for n in range(40 + members):
        joined_on = date(2021, 3, 1) if n < 40 else APRIL.first
        member = NetworkMember.objects.create(name=f"Member {n}")
        NetworkMembership.objects.create(network=network, member=member, joined_on=joined_on)


@pytest.fixture
def walks(reference_tables, db):
    """Of 64 walkers, whom the rule of this unit gives exactly, 3 were a hospital's: so the others are hidden too."""
    factories.PolicyFactory(effective_from=MAY.first, round_to=1)
    factories.MeasureFactory(code="walkers", name="Walkers")
    programme = factories.ProgrammeFactory(code="walking", name="Walking")
    for kind, walkers in (("charity", 61), ("nhs", 3)):
        partner = factories.OrganisationFactory(name=f"Walks of the {kind}", kind=kind)
        answered(factories.DeliveryFactory(programme=programme, partner=partner), APRIL, walkers=walkers)
    return programme


def plant(release, shows):
    """Write into its activity file, as no action does, what it should hide of each kind of partner."""
    rows = rows_of(release, "activity.csv")
    for row in rows:
        if row["measure_code"] == "walkers" and row["partner_kind_code"] in shows:
            row["value"], row["symbol"] = shows[row["partner_kind_code"]], ""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    with pgtrigger.ignore("outcomes.ReleaseFile:append_only"):
        compressed = gzip.compress(out.getvalue().encode(), mtime=0)
        ReleaseFile.objects.filter(release=release, name="activity.csv").update(compressed=compressed)


def said(code, *options):
    out = io.StringIO()
    try:
        call_command("audit_release", code, *options, stdout=out)
    except CommandError as problem:
        return out.getvalue(), str(problem)
    return out.getvalue(), ""


class TestAuditRelease:
    def test_finds_nothing_where_all_that_tells_is_hidden(self, walks):
        network_of(3)
        release = releases.produce(month=JUNE, by=None, now=NOW)
        assert (release.told, release.told_before) == ([], [])
        words, problem = said("2021-06.1", "--partners")
        assert problem == ""
        assert re.search(r"^networks.csv: [1-9]\d* hidden numbers of 2021-06.1; 0 of them can", words, re.MULTILINE)
        assert re.search(r"^activity.csv: [1-9]\d* hidden numbers of 2021-06.1; 0 of them can", words, re.MULTILINE)
        assert "activity.csv, Walks of the nhs: 0 numbers of others; 0 can be given away." in words

    def test_ends_with_an_error_where_something_is_given_away(self, walks):
        plant(releases.produce(month=JUNE, by=None, now=NOW), {"all": "64", "charity": "61"})
        words, problem = said("2021-06.1")
        assert "Nobody outside the unit may see this release" in problem
        [line, _] = re.findall(r"^activity.csv: 2021-06.1 .*$", words, re.MULTILINE)
        assert "2021-04-01 to 2021-06-30, walkers, walking, nhs, " in line
        assert ": 3 to 3, by 2021-06.1 " in line

    def test_names_the_earlier_release_that_gave_it_away(self, walks):
        first = releases.produce(month=MAY, by=None, now=NOW)
        plant(first, {"all": "64", "charity": "61"})
        factories.approve(release=first, by=factories.user_with(Role.DIRECTOR), now=NOW)
        releases.produce(month=JUNE, by=None, now=NOW + timedelta(days=1))
        words, problem = said("2021-06.1")
        assert "by what was published before" in problem
        assert "activity.csv: Given away by 2021-05.1 already, and no further by 2021-06.1:" in words


class TestARelease:
    """Told like numbers of reach: refused, or published for a reason where earlier releases tell it without it."""

    @pytest.fixture
    def director(self):
        return factories.user_with(Role.DIRECTOR)

    @pytest.fixture
    def telling(self, walks, monkeypatch):
        """As if nothing had been hidden beside small numbers."""
        network_of(3)
        monkeypatch.setattr(additive, "protect", lambda *_, **__: additive.Hidden(frozenset(), ()))
        return releases.produce(month=JUNE, by=None, now=NOW)

    def test_keeps_what_its_other_reports_tell(self, telling):
        walkers = ["quarter", "2021-04-01", "2021-06-30", "walkers", "walking", "nhs"]
        faith = ["quarter", "2021-04-01", "2021-06-30", "faith_alliance", "Faith", "joined"]
        assert telling.told_before == []
        kept = [(which, key[:6], name) for which, key, name in telling.told]
        assert (0, walkers, "activity.csv") in kept
        assert (0, faith, "networks.csv") in kept
        assert {name for _, _, name in telling.told} == {"activity.csv", "networks.csv"}

    def test_is_never_approved_if_they_tell_something(self, telling, director):
        with pytest.raises(releases.CanBeTold, match="can be worked out"):
            factories.approve(release=telling, by=director, now=NOW)
        approved = {"approved_by": director, "approved_at": NOW, "public_at": NOW, "unproven_reason": "They are due."}
        with pytest.raises(DatabaseError, match="release_attacked_before_it_is_approved"), transaction.atomic():
            Release.objects.filter(pk=telling.pk).update(**approved)

    def test_says_which_on_its_page(self, telling, client, director):
        client.force_login(director)
        page = client.get(reverse("outcomes:release-hidden", args=[telling.code])).content.decode()
        assert f"{len(telling.told)} hidden numbers can be worked out from what is published with it" in page
        assert "activity.csv of 2021-06.1: quarter, 2021-04-01, 2021-06-30, walkers, walking, nhs, " in page
        assert "networks.csv of 2021-06.1: quarter, 2021-04-01, 2021-06-30, faith_alliance, Faith, joined" in page

    def test_is_approved_with_a_reason_if_an_earlier_one_tells_it(self, walks, client, director):
        first = releases.produce(month=MAY, by=None, now=NOW)
        plant(first, {"all": "64", "charity": "61"})
        factories.approve(release=first, by=director, now=NOW)
        release = releases.produce(month=JUNE, by=None, now=NOW)
        assert release.told == []
        assert {(which, name) for which, _, name in release.told_before} == {(0, "activity.csv"), (1, "activity.csv")}
        with pytest.raises(releases.ToldBefore, match="Say why"):
            factories.approve(release=release, by=director, now=NOW)
        client.force_login(director)
        page = client.get(reverse("outcomes:release-hidden", args=[release.code])).content.decode()
        assert "can be worked out from what is known already" in page
        assert "activity.csv of 2021-05.1: year_to_date, 2021-04-01, 2021-05-31, walkers, walking, nhs, " in page
