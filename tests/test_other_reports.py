"""Activity, timeliness and networks: what a release tells beside reach, under the same protection."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes import activity
from outcomes.actions import releases
from outcomes.activity import ALL, ActivityInputs, Answer, DeliveryInput, MeasureInput, Place, Published, activity_rows
from outcomes.models import MeasureAnswer, Release
from outcomes.queries import files
from outcomes.queries.reports import activity_said
from outcomes.queries.reproduction import made_again
from outcomes.release_inputs import PolicyInput
from outcomes.stocks import NetworkInput, StockInputs, stock_rows
from outcomes.timeliness import Group, Judged, rates
from partners.models import Network, NetworkMember, NetworkMembership, Organisation
from partners.permissions import Role
from tests import factories
from vru_portal.core.periods import Month

APRIL, MAY, JUNE, JULY = (Month(2021, number) for number in (4, 5, 6, 7))
POLICY = PolicyInput(1, ("group", "one_to_one"), 5, 5)
EXACT = PolicyInput(1, ("group", "one_to_one"), 1, 5)
SESSIONS = MeasureInput("sessions", "Sessions", "Held.", "count", "sessions", "sum", False)
REFERRED = MeasureInput("referred", "Referred", "People.", "people", "young people", "sum", True)
OPEN = replace(REFERRED, code="open", over_months="latest")
LARGEST = replace(SESSIONS, code="places", over_months="maximum")
NOW = factories.noon(date(2021, 7, 22))


def inputs(measure, told, *, month=JUNE, policy=POLICY, owed=(APRIL, MAY, JUNE)) -> ActivityInputs:
    """`told`: place → month → value (None: no return)."""
    places = list(told)
    return ActivityInputs(
        month=month,
        policy=policy,
        measures=[measure],
        deliveries={n: DeliveryInput(place, frozenset(owed)) for n, place in enumerate(places)},
        answers={
            measure.code: [
                Answer(n, when, 100 * n + when.number, Decimal(value))
                for n, place in enumerate(places)
                for when, value in told[place].items()
                if value is not None
            ]
        },
    )


def values(rows, period="quarter") -> dict[Place, tuple]:
    return {row.place: (row.value, row.symbol) for row in rows if row.period.type == period}


NHS, CHARITY = Place("boxing", "nhs", "hospital"), Place("boxing", "charity", "street")
SCHOOL = Place("mentoring", "charity", "school")


class TestActivity:
    def test_adds_up_over_months_and_places_and_says_each_total_once(self):
        rows = activity_rows(inputs(SESSIONS, {NHS: {APRIL: 2, JUNE: 3}, CHARITY: {MAY: 4}, SCHOOL: {MAY: 8}}))
        assert values(rows) == {
            Place(): (17, ""),
            Place("boxing"): (9, ""),
            Place("mentoring"): (8, ""),
            Place(partner_kind="nhs"): (5, ""),
            Place(partner_kind="charity"): (12, ""),
            Place(setting="hospital"): (5, ""),
            Place(setting="street"): (4, ""),
            Place(setting="school"): (8, ""),
            NHS: (5, ""),
            CHARITY: (4, ""),
        }

    def test_leaves_out_what_would_only_repeat_another_row(self):
        assert values(activity_rows(inputs(SESSIONS, {NHS: {APRIL: 2}}))) == {Place("boxing"): (2, "")}

    @pytest.mark.parametrize(
        ("measure", "expected"), [(SESSIONS, 17), (LARGEST, 9), (replace(OPEN, is_about_people=False), 8)]
    )
    def test_a_measure_says_itself_how_its_months_come_together(self, measure, expected):
        told = {NHS: {APRIL: 6, MAY: 2, JUNE: 5}, CHARITY: {APRIL: 1, MAY: 3}}
        assert values(activity_rows(inputs(measure, told)))[Place("boxing")] == (expected, "")

    def test_of_people_numbers_are_rounded_and_small_ones_hidden_of_things_they_are_as_counted(self):
        for number, people in ((23, (25, "")), (3, (None, "c")), (0, (0, ""))):
            told = {NHS: {APRIL: number}}
            assert values(activity_rows(inputs(REFERRED, told))) == {Place("boxing"): people}
            assert values(activity_rows(inputs(SESSIONS, told))) == {Place("boxing"): (number, "")}

    def test_what_is_missing_is_not_available_and_never_zero(self):
        rows = activity_rows(inputs(SESSIONS, {NHS: {APRIL: 0}, CHARITY: {APRIL: None}}))
        said = {
            row.place: (row.value, row.symbol, row.answered, row.due) for row in rows if row.period.type == "quarter"
        }
        assert said[NHS] == (0, "", 1, 3)
        assert said[CHARITY] == (None, "x", 0, 3)

    def test_nothing_is_due_before_a_programme_was_asked(self):
        [row] = [row for row in activity_rows(inputs(SESSIONS, {NHS: {JUNE: 4}})) if row.period.type == "quarter"]
        assert (row.answered, row.due) == (1, 1)

    def test_what_an_earlier_release_hid_stays_hidden(self):
        before = inputs(REFERRED, {NHS: {APRIL: 3}})
        said = {cell.key: None for cell in cells(before)}
        now = inputs(REFERRED, {NHS: {APRIL: 3, MAY: 30}})
        assert values(activity_rows(now, [Published(before, said)]))[Place("boxing")] == (None, "c")


def cells(told):
    return list(activity._Told(told, told.measures[0]).cells())


# ---- The attack: every table of whole numbers that agrees with what is published ----
MOST = 12
ATOMS = [(place, quarter) for place in (NHS, CHARITY) for quarter in (1, 2)]
TABLES = np.stack(np.meshgrid(*[np.arange(MOST + 1)] * len(ATOMS)), -1).reshape(-1, len(ATOMS))


def parts_of(row) -> list[bool]:
    """Which places and quarters a published row is the sum of: it knows the columns, and no more."""
    quarters = {month.quarter.number for month in row.period.months}
    return [
        quarter in quarters and all(part in (ALL, of) for part, of in zip(row.place, place, strict=True))
        for place, quarter in ATOMS
    ]


class TestSubtraction:
    @settings(max_examples=100, deadline=None)
    @given(st.lists(st.integers(0, MOST // 3), min_size=4, max_size=4))
    def test_no_small_number_is_told_by_totals_parts_quarters_and_the_year_to_date(self, told):
        """Of numbers that are not rounded, which is harder: of a small one nobody can say that it is, or is no one."""
        answers = {
            NHS: {APRIL: told[0], JULY: told[1]},
            CHARITY: {APRIL: told[2], JULY: told[3]},
        }
        rows = activity_rows(inputs(REFERRED, answers, month=JULY, policy=EXACT, owed=(APRIL, JULY)))
        possible = np.ones(len(TABLES), dtype=bool)
        for row in rows:
            if row.value is not None:
                possible &= TABLES @ parts_of(row) == int(row.value)
        for row in rows:
            if row.exact and row.exact < EXACT.hide_below:
                said = TABLES[possible] @ parts_of(row)
                assert (said.min() <= 1, said.max() >= EXACT.hide_below) == (True, True)

    def test_as_little_is_hidden_as_is_needed(self):
        rows = values(activity_rows(inputs(REFERRED, {NHS: {APRIL: 3}, CHARITY: {APRIL: 30}}, policy=EXACT)))
        assert rows == {Place("boxing"): (33, ""), NHS: (None, "c"), CHARITY: (None, "c")}

    def test_an_earlier_release_s_total_is_not_subtracted_from_a_later_one_s_parts(self):
        before = inputs(REFERRED, {NHS: {APRIL: 3}, CHARITY: {APRIL: 30}}, policy=EXACT)
        rows = activity_rows(before)
        said = {cell.key: row.value and int(row.value) for cell, row in zip(cells(before), rows, strict=True)}
        again = activity_rows(before, [Published(before, said)])
        assert [row.value for row in again] == [row.value for row in rows]


class TestTimeliness:
    def judged(self, partner, programme, kind, *, month=JUNE, timely=True):
        return Judged(month, partner, Group(programme, programme), Group(kind, kind), True, False, timely)

    def test_puts_groups_of_few_partners_together(self):
        told = [self.judged(n, "boxing", "charity") for n in range(5)]
        told += [self.judged(9, "hospital", "nhs", timely=False), self.judged(8, "custody", "police")]
        told += [self.judged(7, "streets", "council")]
        said = {(row[3], row[4]): row[6:] for row in rates(JUNE, told) if row[0] == "quarter"}
        assert said["all", "all"] == [8, 8, 8, 0, 7]
        assert said["partner_kind", "charity"] == [5, 5, 5, 0, 5]
        assert said["partner_kind", "other"] == [3, 3, 3, 0, 2]
        assert not {"nhs", "police", "council"} & {code for _, code in said}

    def test_never_leaves_one_small_group_to_be_subtracted(self):
        told = [self.judged(n, "boxing", "charity") for n in range(5)] + [self.judged(9, "hospital", "nhs")]
        assert {row[4] for row in rates(JUNE, told) if row[3] == "partner_kind"} == {"other"}


def faith(*, at_start: int, joined: int, left: int) -> StockInputs:
    people = [at_start, at_start + joined - left]
    one = NetworkInput("Faith", "faith_alliance", at_start, ((joined, left),))
    return StockInputs((one,), {"all": people, "faith_alliance": people})


class TestNetworks:
    def test_a_small_number_is_not_told_by_the_others_of_its_row(self):
        rows = stock_rows(JUNE, faith(at_start=100, joined=2, left=0), EXACT)
        *_, network = [row for row in rows if row.period.type == "quarter"]
        start, joined, left, end = network.numbers
        assert joined is None
        assert None in (start, left, end)

    def test_rounds_as_reach_does(self):
        rows = stock_rows(JUNE, faith(at_start=103, joined=12, left=8), POLICY)
        said = {(row.kind, row.network): row.numbers for row in rows if row.period.type == "quarter"}
        assert said == {
            ("all", "all"): (105, None, None, 105),
            ("faith_alliance", "all"): (105, None, None, 105),
            ("faith_alliance", "Faith"): (105, 10, 10, 105),
        }


# ---- With a release ----
@transaction.atomic
def answered(delivery, month: Month, **answers: int):
    """An accepted return that says so much of each measure."""
    version = factories.accepted_return(delivery, month, new_people=12)
    for code, value in answers.items():
        measure = factories.MeasureFactory._meta.model.objects.get(code=code)
        MeasureAnswer.objects.create(submission=version.submissions.get(), measure=measure, value=value)
    return version


@pytest.fixture
def told(reference_tables, db):
    """Three deliveries of one programme by two kinds of partner, in the first quarter; one of them owes June."""
    factories.MeasureFactory(code="walks", name="Walks", unit="hours", is_about_people=False)
    factories.MeasureFactory(code="walkers", name="Walkers")
    factories.MeasureFactory(code="mood", kind="before_after", unit="points")
    programme = factories.ProgrammeFactory(code="walking", name="Walking")
    one, two, three = (
        factories.DeliveryFactory(programme=programme, partner__kind=kind) for kind in ("charity", "charity", "nhs")
    )
    answered(one, APRIL, walks=3, walkers=41)
    answered(two, MAY, walks=4, walkers=20)
    answered(three, MAY, walks=1, walkers=3)
    factories.ObligationFactory(delivery=one, month=JUNE.first)
    return one, two, three


@pytest.fixture
def network(told):
    network = Network.objects.create(name="Faith Alliance", kind=Network.Kind.FAITH_ALLIANCE)
    for n in range(8):
        member = NetworkMember.objects.create(name=f"Member {n}")
        NetworkMembership.objects.create(network=network, member=member, joined_on=date(2021, 3, 1) + timedelta(n * 5))
    return network


def rows_of(release: Release, name: str) -> list[dict[str, str]]:
    content = b"".join(files.blocks(release.files.get(name=name))).decode()
    return list(csv.DictReader(io.StringIO(content, newline="")))


def quarter_of(release: Release, measure: str) -> dict[str, str]:
    """By kind of partner."""
    rows = rows_of(release, "activity.csv")
    found = [row for row in rows if (row["period_type"], row["measure_code"]) == ("quarter", measure)]
    return {row["partner_kind_code"]: row["value"] or row["symbol"] for row in found}


class TestRelease:
    def test_tells_of_activity_by_programme_and_kind_of_partner(self, told):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        assert quarter_of(release, "walks") == {"all": "8", "charity": "7", "nhs": "1"}
        assert quarter_of(release, "walkers") == {"all": "65", "charity": "60", "nhs": "c"}
        assert "mood" not in {row["measure_code"] for row in rows_of(release, "activity.csv")}
        said = {row["measure_code"]: row for row in rows_of(release, "measures.csv")}
        assert (said["walks"]["rounded"], said["walkers"]["rounded"]) == ("no", "yes")
        assert said["walks"]["definition"] == "What counts, and what does not."

    def test_tells_how_many_returns_came_and_no_partner_s_name(self, told):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        [total] = [
            row for row in rows_of(release, "timeliness.csv") if (row["period_type"], row["by"]) == ("quarter", "all")
        ]
        assert (total["returns_due"], total["returns_accepted"], total["accepted_percent"]) == ("4", "3", "75")
        for name in ("activity.csv", "timeliness.csv", "measures.csv"):
            content = b"".join(files.blocks(release.files.get(name=name))).decode()
            assert not [partner for partner in Organisation.objects.all() if partner.name in content]

    def test_tells_of_networks_on_a_date(self, network):
        [row] = [
            row
            for row in rows_of(releases.produce(month=JUNE, by=None, now=NOW), "networks.csv")
            if (row["period_type"], row["network"]) == ("quarter", "Faith Alliance")
        ]
        assert (row["members_at_start"], row["members_at_end"], row["kind"]) == ("5", "10", "Faith Alliance")
        assert (row["joined"], row["symbol"]) == ("", "c")

    def test_is_made_again_to_the_byte_whatever_has_changed_since(self, network, told):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        one, *_ = told
        Organisation.objects.filter(pk=one.partner_id).update(kind="faith")
        one.setting = factories.SettingFactory(code="street")
        one.save()
        factories.MeasureFactory._meta.model.objects.filter(code="walks").update(name="Rambles")
        NetworkMembership.objects.update(left_on=date(2021, 5, 1))
        answered(one, JUNE, walks=9, walkers=9)
        assert made_again(release).is_same

    def test_is_made_again_to_the_byte_where_there_are_several_kinds_of_network(self, network):
        """The database keeps no order of names: it puts the shorter ones first."""
        Network.objects.create(name="Street pastors", kind=Network.Kind.COMMUNITY)
        Network.objects.create(name="Schools", kind=Network.Kind.THEMATIC)
        release = releases.produce(month=JUNE, by=None, now=NOW)
        kinds = list(dict.fromkeys(row["kind_code"] for row in rows_of(release, "networks.csv")))
        assert kinds == ["all", "community", "faith_alliance", "thematic"]
        release.refresh_from_db()
        assert made_again(release).is_same

    def test_a_late_return_takes_nothing_from_what_is_hidden(self, told):
        *_, three = told
        first = releases.produce(month=JUNE, by=None, now=NOW)
        factories.approve(release=first, by=factories.user_with(Role.DIRECTOR), now=NOW)
        answered(three, JUNE, walks=1, walkers=30)
        second = releases.produce(month=JUNE, by=None, now=NOW + timedelta(days=1))
        assert quarter_of(second, "walks") == {"all": "9", "charity": "7", "nhs": "2"}
        assert quarter_of(second, "walkers") == {"all": "95", "charity": "60", "nhs": "c"}
        assert made_again(second).is_same

    def test_what_is_hidden_is_read_back_from_what_was_published(self, told):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        said = activity_said(rows_of(release, "activity.csv"))
        nhs = [number for key, number in said.items() if key.measure == "walkers" and key.place.partner_kind == "nhs"]
        assert nhs == [None, None]  # the quarter, and the year to date
        assert {key.measure for key in said} == {"contacts", "walkers"}


class TestPages:
    REPORTS = ("release-activity", "release-timeliness", "release-networks")

    @pytest.fixture
    def release(self, network):
        return releases.produce(month=JUNE, by=None, now=NOW)

    def answers(self, client, role: Role, release: Release) -> set[int]:
        client.force_login(factories.user_with(role))
        return {client.get(reverse(f"outcomes:{name}", args=[release.code])).status_code for name in self.REPORTS}

    def test_are_there_for_commissioners_once_the_release_is_public(self, release, client):
        assert self.answers(client, Role.COMMISSIONER, release) == {404}
        assert self.answers(client, Role.ANALYST, release) == {200}
        factories.approve(release=release, by=factories.user_with(Role.DIRECTOR), now=NOW)
        assert self.answers(client, Role.COMMISSIONER, release) == {200}
        assert self.answers(client, Role.PARTNER_LEAD, release) == {403}

    def test_say_what_the_file_says_and_no_more(self, release, client):
        client.force_login(factories.user_with(Role.ANALYST))
        address = reverse("outcomes:release-activity", args=[release.code])
        page = client.get(address, {"period": "quarter.2021-06-30", "by": "programme_code"})
        [walkers] = [line for line in page.context["told"][0].lines if line.measure == "Walkers"]
        assert (walkers.value, walkers.missing) == (65, "")
        assert [(part.of, part.value, part.missing) for part in walkers.parts] == [
            ("Charity, school", 60, ""),
            ("NHS, school", None, "hidden"),
        ]

    def test_show_the_usual_for_a_choice_that_there_is_not(self, release, client):
        client.force_login(factories.user_with(Role.ANALYST))
        page = client.get(reverse("outcomes:release-networks", args=[release.code]), {"period": "nothing"})
        assert page.status_code == 200
        assert page.context["period"] == "April to June 2021 (year to date)"

    def test_are_there_without_networks_too(self, told, client):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        client.force_login(factories.user_with(Role.ANALYST))
        page = client.get(reverse("outcomes:release-networks", args=[release.code]))
        assert "No network is recorded" in page.content.decode()

    def test_are_reached_from_the_list_the_release_and_the_downloads(self, release, client):
        factories.approve(release=release, by=factories.user_with(Role.DIRECTOR), now=NOW)
        client.force_login(factories.user_with(Role.COMMISSIONER))
        for page in (
            reverse("outcomes:release-list"),
            reverse("outcomes:release-detail", args=[release.pk]),
            reverse("outcomes:downloads"),
        ):
            content = client.get(page).content.decode()
            assert all(reverse(f"outcomes:{name}", args=[release.code]) in content for name in self.REPORTS)


class TestMeasure:
    def test_of_people_is_always_protected(self, db):
        with pytest.raises(IntegrityError, match="measure_people_are_protected"):
            factories.MeasureFactory(unit="people", is_about_people=False)
