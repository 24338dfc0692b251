"""What is read of returns: where each stands, what is unusual, and what free text gives away."""

from datetime import date
from functools import partial

import pytest

from outcomes.actions import decisions
from outcomes.forms.decisions import DecisionForm, NilForm, WaiveForm
from outcomes.models import Obligation, ReturnVersion
from outcomes.queries import returns, review
from outcomes.queries.standing import standing, with_standing
from partners.actions.events import acting
from partners.permissions import Role
from programmes.models import Rung
from tests.factories import (
    DeliveryFactory,
    ObligationFactory,
    ProgrammeFactory,
    ReturnVersionFactory,
    SubmissionFactory,
    UserFactory,
    accepted_return,
    noon,
    sent_return,
    user_with,
)
from vru_portal.core.free_text import NEAR, personal_details, sentence
from vru_portal.core.periods import FinancialYear, Month

State = ReturnVersion.State
DUE = date(2021, 7, 14)
LATE = date(2021, 7, 15)


@pytest.fixture
def delivery(db):
    return DeliveryFactory()


@pytest.fixture
def officer(db):
    return user_with(Role.PROGRAMME_MANAGER)


def june(delivery, **version) -> Obligation:
    obligation = ObligationFactory(delivery=delivery, month=date(2021, 6, 1))
    if version:
        make = ReturnVersionFactory if version.get("state") == State.DRAFT else sent_return
        make(obligation=obligation, **version)
    return with_standing(Obligation.objects.filter(pk=obligation.pk)).get()


class TestStanding:
    @pytest.mark.parametrize(
        ("version", "today", "tag"),
        [
            ({}, date(2021, 6, 20), ""),
            ({}, DUE, "due"),
            ({}, LATE, "overdue"),
            ({"state": State.DRAFT}, DUE, "draft"),
            ({"state": State.DRAFT}, LATE, "overdue"),
            ({"number": 1}, LATE, "submitted"),
            ({"sent_back": True}, LATE, "returned"),
            ({"accepted": True}, LATE, "accepted"),
        ],
    )
    def test_follows_from_the_newest_version_and_the_day(self, delivery, version, today, tag):
        obligation = june(delivery, **version)
        assert standing(obligation, today) == tag

    def test_waived_is_never_late(self, delivery):
        obligation = june(delivery)
        Obligation.objects.update(waived_at=noon(DUE), waived_by=UserFactory(), waived_reason="Flood")
        obligation.refresh_from_db()
        assert standing(obligation, LATE) == "waived"

    def test_a_correction_that_was_begun_leaves_it_accepted(self, delivery):
        version = accepted_return(delivery, Month(2021, 6))
        ReturnVersionFactory(obligation=version.obligation, number=2, revision_reason="correction")
        obligation = with_standing(Obligation.objects.all()).get()
        assert standing(obligation, LATE) == "accepted"

    def test_nil_is_told_from_missing(self, delivery):
        accepted_return(delivery, Month(2021, 6), nil=True)
        obligation = with_standing(Obligation.objects.all()).get()
        assert standing(obligation, LATE) == "nil"


class TestDueNow:
    def test_shows_a_correction_until_it_is_sent(self, delivery):
        version = accepted_return(delivery, Month(2021, 6))
        ReturnVersionFactory(obligation=version.obligation, number=2, revision_reason="correction")
        user = user_with(Role.PARTNER, delivery.partner)
        (line,) = returns.due_now(user, LATE).waiting
        assert (line.words, line.may_be_nil) == ("Correction begun", False)

    def test_has_nothing_for_a_commissioner(self, delivery):
        june(delivery)
        assert returns.due_now(user_with(Role.COMMISSIONER), LATE).waiting == ()


class TestEndedEarly:
    """A delivery whose last day was brought forward after obligations had been opened."""

    @pytest.fixture
    def delivery(self, delivery):
        months = [date(2021, 4, 1), date(2021, 5, 1), date(2021, 6, 1)]
        april, _, june = (ObligationFactory(delivery=delivery, month=month) for month in months)
        sent_return(obligation=april, accepted=True)
        sent_return(obligation=june)
        delivery.ends_on = date(2021, 4, 30)
        delivery.save()
        return delivery

    def months(self, obligations) -> list[int]:
        return sorted(obligation.period.number for obligation in obligations)

    def test_owes_nothing_after_its_end_but_what_was_sent(self, delivery):
        assert self.months(Obligation.objects.owed()) == [4, 6]
        assert not Obligation.objects.late(LATE).exists()

    def test_owes_the_month_in_which_it_ends(self, delivery):
        delivery.ends_on = date(2021, 5, 1)
        delivery.save()
        assert self.months(Obligation.objects.late(LATE)) == [5]

    def test_is_late_on_no_page(self, delivery, officer):
        partner = user_with(Role.PARTNER, delivery.partner)
        assert returns.due_now(partner, LATE).waiting == ()
        assert self.months(line.obligation for line in returns.our_returns(partner, FinancialYear(2021), LATE)) == [
            4,
            6,
        ]
        (told,) = returns.our_figures(partner, FinancialYear(2021), LATE)
        assert [month.month.number for month in told.missing] == [6]  # sent, and not accepted yet
        (row,) = review.heat_map(officer, FinancialYear(2021), LATE).rows
        assert [square.tag for square in row.squares[:3]] == ["accepted", "", "submitted"]
        assert row.judged == 2
        assert review.counts(officer, LATE).late == 0
        may = Obligation.objects.get(month=date(2021, 5, 1))
        assert returns.return_detail(officer, may.pk, LATE).tag == ""


class TestUnusual:
    def sentences(self, delivery, before: dict, **now) -> list[str]:
        accepted_return(delivery, Month(2021, 5), **before)
        version = ReturnVersionFactory(
            obligation=ObligationFactory(delivery=delivery, month=date(2021, 6, 1)), state=State.SUBMITTED
        )
        SubmissionFactory(version=version, **now)
        (line,) = review.queue(user_with(Role.ANALYST))
        found = review.reading(line.waiting).unusual
        assert line.notes[: len(found)] == found
        return list(found)

    def known(self, people: int) -> dict:
        """Every breakdown in a line that is known."""
        lines = {"age_band": "14-15", "sex": "female", "ethnicity": "white-irish", "district": "E08000030"}
        return {dimension: {"first_seen": {code: people}} for dimension, code in lines.items()}

    def test_says_nothing_of_an_ordinary_month(self, delivery):
        assert self.sentences(delivery, {"new_people": 10}, new_people=12, breakdowns=self.known(12)) == []

    def test_names_a_fall_under_a_third(self, delivery):
        found = self.sentences(delivery, {"new_people": 40}, new_people=12, breakdowns=self.known(12))
        assert "A: new: 12, under a third of last month’s 40." in found

    def test_says_nothing_of_a_jump_among_few(self, delivery):
        assert self.sentences(delivery, {"new_people": 1}, new_people=4, breakdowns=self.known(4)) == []

    def test_names_more_people_known_than_were_seen(self, delivery):
        found = self.sentences(
            delivery, {"new_people": 10}, new_people=8, already_counted_people=11, breakdowns=self.known(8)
        )
        assert "C is 11, but only 10 people were first seen in earlier months since April." in found

    def test_names_what_is_beyond_the_last_months_and_more_than_chance(self, delivery):
        for month, people in ((3, 33), (4, 37)):
            accepted_return(delivery, Month(2021, month), new_people=people, breakdowns=self.known(people))
        found = self.sentences(
            delivery, {"new_people": 35, "breakdowns": self.known(35)}, new_people=103, breakdowns=self.known(103)
        )
        assert "A: new: 103; in the months before between 33 and 37." in found
        assert "People seen (A + B + C): 103; in the months before between 33 and 37." in found

    def test_says_nothing_of_what_chance_makes_of_few(self, delivery):
        for month, people in ((3, 6), (4, 8)):
            accepted_return(delivery, Month(2021, month), new_people=people, breakdowns=self.known(people))
        now = {"new_people": 13, "breakdowns": self.known(13)}
        assert self.sentences(delivery, {"new_people": 7, "breakdowns": self.known(7)}, **now) == []

    def test_names_what_was_known_in_the_months_before(self, delivery):
        for month in (3, 4):
            accepted_return(delivery, Month(2021, month), new_people=100, breakdowns=self.known(100))
        now = self.known(103) | {"sex": {"first_seen": {"female": 91, "not-known": 12}}}
        found = self.sentences(
            delivery, {"new_people": 100, "breakdowns": self.known(100)}, new_people=103, breakdowns=now
        )
        assert found == ["Sex: not known for 12 of the 103 people first seen; in the months before for nobody."]

    def test_names_what_is_mostly_not_known(self, delivery):
        found = self.sentences(delivery, {"new_people": 10}, new_people=10)
        assert "Sex: not known for 10 of the 10 people first seen." in found
        assert not any("Age" in sentence for sentence in found)

    def test_names_nothing_after_something(self, delivery):
        found = self.sentences(delivery, {"new_people": 10}, nil=True)
        assert found == ["Nothing to report, after 10 last month. Reason: Nobody came this month."]

    def test_compares_with_the_month_before_one_that_was_nil(self, delivery):
        accepted_return(delivery, Month(2021, 4), new_people=40)
        found = self.sentences(delivery, {"nil": True}, new_people=36, breakdowns=self.known(36))
        assert not [sentence for sentence in found if "none" in sentence]

    def test_names_the_month_that_it_compares_with(self, delivery):
        accepted_return(delivery, Month(2021, 4), new_people=40)
        found = self.sentences(delivery, {"nil": True}, new_people=12, breakdowns=self.known(12))
        assert "A: new: 12, under a third of April’s 40." in found

    def test_compares_estimates_too(self, db):
        delivery = DeliveryFactory(programme=ProgrammeFactory(rung=Rung.EXPOSURE))
        found = self.sentences(delivery, {"exposed_people": 100}, exposed_people=900)
        assert found == ["Pupils exposed (estimate): 900, more than three times last month’s 100."]


class TestReading:
    def reading(self, delivery, submitted_at=None):
        accepted_return(delivery, Month(2021, 5), nil=True)
        accepted_return(delivery, Month(2021, 4), new_people=1_200)
        version = ReturnVersionFactory(
            obligation=ObligationFactory(delivery=delivery, month=date(2021, 6, 1), due_date=DUE), state=State.SUBMITTED
        )
        SubmissionFactory(version=version, new_people=9, submitted_at=noon(submitted_at or DUE))
        (line,) = review.queue(user_with(Role.ANALYST))
        return review.reading(line.waiting)

    def test_tells_nil_from_none_and_from_a_number(self, delivery):
        assert self.reading(delivery).numbers[0].before == ("nil", "1,200", "not due")

    def test_says_of_a_month_without_numbers_where_its_return_is(self, db):
        delivery = DeliveryFactory(starts_on=date(2021, 1, 1))
        march = ObligationFactory(delivery=delivery, month=date(2021, 3, 1))
        assert self.reading(delivery).numbers[0].before[2] == "no return"
        returned = ReturnVersionFactory(obligation=march, sent_back=True)
        SubmissionFactory(version=returned, new_people=5)
        line = review.queue(user_with(Role.ANALYST))[0]
        assert review.reading(line.waiting).numbers[0].before == ("nil", "1,200", "sent back")

    def test_says_how_late_it_was_sent(self, delivery):
        assert self.reading(delivery, submitted_at=date(2021, 8, 20)).late == "37 days late"

    def test_says_nothing_of_one_in_time(self, delivery):
        assert self.reading(delivery).late == ""


class TestWhatCameBack:
    def test_is_said_of_each_sending(self, delivery, officer):
        """From events: returned with a reason, then taken back, then sent."""
        partner = user_with(Role.PARTNER, delivery.partner)
        version = ReturnVersionFactory(obligation__delivery=delivery, state=State.SUBMITTED)
        for sequence, day in enumerate((5, 7, 9), start=1):
            SubmissionFactory(version=version, sequence=sequence, submitted_at=noon(date(2021, 7, day)))
        for name, by, day, reason in (("returned", officer, 6, "Check A."), ("taken_back", partner, 8, "")):
            with acting(f"outcomes.return.{name}", by=by, now=noon(date(2021, 7, day)), reason=reason) as act:
                act.on(version)
        detail = returns.return_detail(officer, version.obligation.pk, LATE)
        assert [sent.came_back for sent in detail.versions[0].submissions.all()] == [
            "",
            "Taken back by the sender on 8 July 2021.",
            "Returned to the partner on 6 July 2021: Check A.",
        ]


class TestWhatChanged:
    def test_compares_with_what_was_sent_before(self, delivery):
        version = ReturnVersionFactory(obligation__delivery=delivery, state=State.SUBMITTED)
        SubmissionFactory(version=version, new_people=12, contacts=20)
        SubmissionFactory(version=version, sequence=2, new_people=9, contacts=20)
        (line,) = review.queue(user_with(Role.ANALYST))
        assert review.reading(line.waiting).changed == (
            "A: new: 12 before, now 9.",
            "People seen (A + B + C): 12 before, now 9.",
            "Age on 1 April, 14 15, first seen: 12 before, now 9.",
            "District they live in, Birmingham, first seen: 12 before, now 9.",
            "Ethnicity, not known, first seen: 12 before, now 9.",
            "Sex, not known, first seen: 12 before, now 9.",
        )

    def test_compares_with_what_the_unit_sent_back_whatever_was_taken_back_since(self, delivery, officer):
        version = ReturnVersionFactory(obligation__delivery=delivery, state=State.SUBMITTED)
        read = SubmissionFactory(version=version, new_people=14, contacts=20)
        decisions.return_to_partner(submission=read, reason="Check A.", by=officer, now=noon(LATE))
        for sequence in (2, 3):
            SubmissionFactory(version=version, sequence=sequence, new_people=13, contacts=20)
        type(version).objects.update(state=State.SUBMITTED)
        (line,) = review.queue(officer)
        reading = review.reading(line.waiting)
        assert reading.came_back
        assert "A: new: 14 before, now 13." in reading.changed

    def test_says_nothing_the_first_time(self, delivery):
        SubmissionFactory()
        (line,) = review.queue(user_with(Role.ANALYST))
        assert review.reading(line.waiting).changed == ()


class TestHeatMap:
    def test_ends_with_the_newest_month(self, delivery, officer):
        june(delivery)
        heat = review.heat_map(officer, FinancialYear(2021), date(2021, 8, 9))
        assert [month.number for month in heat.months] == [4, 5, 6, 7, 8]
        assert [len(row.squares) for row in heat.rows] == [5]
        ObligationFactory(delivery=delivery, month=date(2021, 10, 1))
        assert review.heat_map(officer, FinancialYear(2021), date(2021, 8, 9)).months[-1] == Month(2021, 10)
        assert len(review.heat_map(officer, FinancialYear(2021), date(2022, 8, 9)).months) == 12

    def test_judges_timeliness_by_the_first_sending(self, delivery, officer):
        on_time = ObligationFactory(delivery=delivery, month=date(2021, 5, 1), due_date=date(2021, 6, 14))
        version = ReturnVersionFactory(obligation=on_time, accepted=True)
        SubmissionFactory(version=version, submitted_at=noon(date(2021, 6, 14)))
        SubmissionFactory(version=version, sequence=2, submitted_at=noon(date(2021, 6, 30)))
        june(delivery)
        (row,) = review.heat_map(officer, FinancialYear(2021), LATE).rows
        assert (row.timely, row.judged) == (1, 2)
        assert [square.tag for square in row.squares[:4]] == ["", "accepted", "overdue", ""]

    def test_reads_it_in_few_queries(self, officer, django_assert_max_num_queries):
        for _ in range(5):
            accepted_return(DeliveryFactory(), Month(2021, 6))
        with django_assert_max_num_queries(2):
            review.heat_map(officer, FinancialYear(2021), LATE)


class TestFreeText:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("We took 14 young people to the coast on 12 June 2021.", []),
            ("Contacts rose from 1,200 to 1,350.", []),
            ("Ring his mother on 07700 900123.", ["a telephone number"]),
            ("Call +44 121 496 0000", ["a telephone number"]),
            ("NHS number 943 476 5919", ["an NHS number"]),
            ("Reference 943 476 5918", []),
            ("He lives at B12 9QX.", ["a postcode"]),
            ("j.smith@example.org asked", ["an email address"]),
            ("joe@@example..org asked", ["an email address"]),
            ("Amina" + 20 * " " + "Khan" + 400 * " " + "1/1/2010", ["a name beside a date"]),
            ("JS, born 3/4/2008", ["a date of birth"]),
            ("dob: 3 April 2008", ["a date of birth"]),
            ("Jordan Okafor 03/04/2011 came twice.", ["a name beside a date"]),
            ("We lost touch with Aoife O’Brien-Daly (3rd of April 2011) in May.", ["a name beside a date"]),
            ("2011-04-03, that is Élodie Martin", ["a name beside a date"]),
            ("Saturday Kai Marsh, sadly absent since the day of 3.4.11", []),
            ("Saturday Kai Marsh, absent since 3.4.11", ["a name beside a date"]),
            ("Closed from Monday 3 May 2021. Back on Tuesday 4 May 2021.", []),
            ("On 12 June 2021 we met at the hall, and the month after at Kingsway Church.", []),
            ("Sessions move to Kingsway Church in June.", []),
        ],
    )
    def test_finds_what_somebody_could_be_known_by(self, text, found):
        assert personal_details(text) == found

    @pytest.mark.parametrize(
        ("part", "found"),
        [
            ("a", []),
            ("@", []),
            ("A-", []),
            ("Aa ", []),
            ("1.", []),
            (" ", []),
            (f"Amina Khan {'and ' * NEAR}on 1/1/2021 {'and ' * NEAR}on ", []),
            ("a@b", []),
            ("Amina Khan 1/1/2021 ", ["a name beside a date"]),
        ],
    )
    def test_reads_a_long_text_once(self, part, found):
        """A pattern that went over the text again from each of its characters would take many minutes here."""
        assert personal_details(part * (300_000 // len(part))) == found

    @pytest.mark.parametrize(
        ("form", "given", "field"),
        [
            (NilForm, {"reason": "other"}, "other_reason"),
            (WaiveForm, {}, "reason"),
            (partial(DecisionForm, obligation=Obligation(pk=1), gives_back=True), {}, "reason"),
        ],
    )
    def test_is_looked_for_in_every_reason(self, db, form, given, field):
        filled = form(given | {field: "Jordan Okafor 03/04/2011 was counted twice."})
        assert filled.errors[field] == [
            "The reason seems to hold a name beside a date. Take out everything by which somebody could be known."
        ]

    def test_says_what_to_do(self):
        assert sentence("The comment", "07700 900123, B12 9QX") == (
            "The comment seems to hold a telephone number and a postcode. "
            "Take out everything by which somebody could be known."
        )
