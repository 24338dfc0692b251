"""Claims, payments, holds, forecasts and write-offs as people do them."""

from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funding import queries
from funding.actions import awards, claims, payments
from funding.actions.amounts import AmountWrong
from funding.actions.award_years import NoteMissing
from funding.actions.awards import MoreThanAwarded
from funding.actions.deciding import DecidedAlready, OwnProposal, ReferenceTaken
from funding.actions.evidence import NotEvidence
from funding.models import ClaimFile, PartnerAward, PartnerPayment
from funding.queries.claims import lines_of
from partners.permissions import Role
from tests import factories as make
from tests.files import archive
from vru_portal.core.file_kinds import FileKind, kind_of
from vru_portal.core.periods import FinancialYear, Month
from vru_portal.core.refusals import NotAllowed, Refusal

pytestmark = pytest.mark.django_db

NOW = make.noon(date(2022, 7, 20))
PDF = b"%PDF-1.7 receipts"
SPRING, SUMMER = FinancialYear(2022).quarters[:2]


@pytest.fixture
def finance():
    return make.user_with(Role.FINANCE_OFFICER)


@pytest.fixture
def director():
    return make.user_with(Role.DIRECTOR)


@pytest.fixture
def award():
    return make.PartnerAwardFactory(amount_pence=1_000_00)


@pytest.fixture
def partner(award):
    return make.user_with(Role.PARTNER, award.delivery.partner)


@pytest.fixture
def claim(award, partner):
    return claims.start(award=award, quarter=SPRING, by=partner, now=NOW)


@pytest.fixture
def sent(claim, partner):
    claims.add_file(claim=claim, name="June.pdf", content=PDF, by=partner, now=NOW)
    return claims.send(claim=claim, amounts={"staff": 300_00, "travel": 12_50}, by=partner, now=NOW)


def propose(finance, subject, pence, reference="BACS-1", **fields):
    given = {"on_date": date(2022, 7, 20), "by": finance, "now": NOW} | fields
    return payments.propose_payment(subject=subject, amount_pence=pence, reference=reference, **given)


def pay(finance, director, subject, pence, reference, **fields):
    return payments.approve_payment(payment=propose(finance, subject, pence, reference, **fields), by=director, now=NOW)


class TestInstalments:
    @pytest.mark.parametrize(("way", "count"), [("monthly", 12), ("quarterly", 4)])
    def test_are_made_with_the_award(self, finance, way, count):
        year = make.AwardYearFactory()
        award = awards.propose_award(
            award_year=year,
            delivery=make.DeliveryFactory(),
            amount_pence=1_000_01,
            starts_on=year.year.first,
            ends_on=year.year.last,
            agreed_on=date(2022, 3, 1),
            reference="A-9",
            paid_by=way,
            by=finance,
            now=NOW,
        )
        parts = list(award.instalments.all())
        assert len(parts) == count
        assert sum(part.amount_pence for part in parts) == 1_000_01
        assert {part.amount_pence for part in parts[:-1]} == {1_000_01 // count}
        assert [part.due_on for part in parts[:2]] == [date(2022, 4, 1), Month(2022, 4).plus(12 // count).first]


class TestClaim:
    def test_begins_once_when_its_quarter_is_over(self, award, claim, partner):
        assert claims.start(award=award, quarter=SPRING, by=partner, now=NOW) == claim
        with pytest.raises(claims.NotClaimable, match="once the quarter is over: after 30 September 2022"):
            claims.start(award=award, quarter=SUMMER, by=partner, now=NOW)
        with pytest.raises(claims.NotClaimable, match="does not run in Quarter 1 of 2021/22"):
            claims.start(award=award, quarter=FinancialYear(2021).quarters[0], by=partner, now=NOW)

    def test_is_made_by_people_of_its_partner_alone(self, award, claim, finance):
        for stranger in (finance, make.user_with(Role.PARTNER)):
            with pytest.raises(NotAllowed):
                claims.start(award=award, quarter=SPRING, by=stranger, now=NOW)
            with pytest.raises(NotAllowed):
                claims.save(claim=claim, amounts={"staff": 1}, by=stranger, now=NOW)

    def test_keeps_what_was_typed_until_it_is_sent(self, claim, partner):
        claims.save(claim=claim, amounts={"staff": 100, "travel": None}, by=partner, now=NOW)
        claims.save(claim=claim, amounts={"staff": 0, "premises": 250}, by=partner, now=NOW)
        assert dict(claim.lines.values_list("heading", "amount_pence")) == {"premises": 250}

    def test_is_sent_with_amounts_and_a_file(self, claim, partner):
        with pytest.raises(AmountWrong, match="under one heading at least"):
            claims.send(claim=claim, amounts={}, by=partner, now=NOW)
        with pytest.raises(claims.EvidenceMissing, match="one file at least"):
            claims.send(claim=claim, amounts={"staff": 1}, by=partner, now=NOW)

    def test_stays_as_it_was_sent(self, sent, partner):
        with pytest.raises(claims.NotYours, match=r"is with the unit by now, .* if the unit asks something"):
            claims.save(claim=sent, amounts={"staff": 1}, by=partner, now=NOW)
        with pytest.raises(claims.NotYours):
            claims.add_file(claim=sent, name="a.pdf", content=PDF, by=partner, now=NOW)

    def test_comes_back_with_a_question_and_is_answered(self, sent, partner, finance):
        with pytest.raises(NoteMissing):
            claims.query(claim=sent, question=" ", by=finance, now=NOW)
        claims.query(claim=sent, question="Whose travel?", by=finance, now=NOW)
        claims.send(claim=sent, amounts={"staff": 300_00}, note="Removed", by=partner, now=NOW)
        assert list(sent.steps.values_list("state", "note")) == [
            ("draft", ""),
            ("sent", ""),
            ("queried", "Whose travel?"),
            ("sent", "Removed"),
        ]

    def test_is_not_sent_again_without_an_answer_or_a_new_file(self, sent, partner, finance):
        asked = make.noon(date(2022, 10, 4))  # whenever it is recorded: what was typed so far is older
        claims.query(claim=sent, question="Whose travel?", by=finance, now=asked)
        same = {"staff": 300_00, "travel": 12_50}
        with pytest.raises(claims.AnswerMissing, match="Answer what the unit asks, or add a file"):
            claims.send(claim=sent, amounts=same, note=" ", by=partner, now=asked)
        later = asked + timedelta(minutes=1)
        claims.add_file(claim=sent, name="Tickets.pdf", content=PDF + b"2", by=partner, now=later)
        assert claims.send(claim=sent, amounts=same, by=partner, now=later).state == "sent"

    @pytest.mark.django_db(transaction=True)
    def test_is_answered_by_another_amount_too(self, sent, partner, finance):
        claims.query(claim=sent, question="Whose travel?", by=finance, now=timezone.now())
        same = {"staff": 300_00, "travel": 12_50}
        with pytest.raises(claims.AnswerMissing):
            claims.send(claim=sent, amounts=same, by=partner, now=timezone.now())
        claims.save(claim=sent, amounts={"staff": 300_00}, by=partner, now=timezone.now())
        assert claims.send(claim=sent, amounts={"staff": 300_00}, by=partner, now=timezone.now()).state == "sent"

    def test_is_approved_once_and_by_those_who_may(self, sent, director):
        with pytest.raises(NotAllowed):
            claims.approve(claim=sent, by=make.user_with(Role.ANALYST), now=NOW)
        assert claims.approve(claim=sent, by=director, now=NOW).state == "approved"
        with pytest.raises(DecidedAlready):
            claims.decline(claim=sent, reason="Late", by=director, now=NOW)

    def test_is_never_approved_beyond_the_award(self, sent, award, director):
        take_back(award, -700_00)
        with pytest.raises(MoreThanAwarded, match=r"£312\.50 is claimed, and £300 of the award is left"):
            claims.approve(claim=sent, by=director, now=NOW)

    def test_is_not_sent_beyond_what_earlier_claims_left(self, sent, award, partner, director):
        claims.approve(claim=sent, by=director, now=NOW)
        later = make.noon(date(2022, 10, 3))
        second = claims.start(award=award, quarter=SUMMER, by=partner, now=later)
        claims.add_file(claim=second, name="September.pdf", content=PDF, by=partner, now=later)
        sentence = r"£687\.51 is claimed, and £687\.50 of the award is left\. Claim that or less, or ask your contact"
        with pytest.raises(MoreThanAwarded, match=sentence):
            claims.send(claim=second, amounts={"staff": 687_51}, by=partner, now=later)
        assert claims.send(claim=second, amounts={"staff": 687_50}, by=partner, now=later).state == "sent"

    def test_is_not_sent_beyond_what_a_correction_left(self, claim, award, partner):
        take_back(award, -700_00)
        claims.add_file(claim=claim, name="June.pdf", content=PDF, by=partner, now=NOW)
        assert queries.left_to_claim(award).left == 300_00
        with pytest.raises(MoreThanAwarded, match="£300 of the award is left"):
            claims.send(claim=claim, amounts={"staff": 300_01}, by=partner, now=NOW)

    def test_shows_to_the_unit_once_it_was_sent(self, claim, partner, finance):
        assert not queries.claims(user=finance)
        assert list(queries.claims(user=partner)) == [claim]
        assert not queries.claims(user=make.user_with(Role.PARTNER))

    def test_is_due_after_its_quarter(self, award, partner):
        assert not queries.claims_due(user=partner, today=date(2022, 6, 30))
        (due,) = queries.claims_due(user=partner, today=date(2022, 7, 1))
        assert (due.quarter, due.due_on, due.claim) == (SPRING, date(2022, 7, 30), None)
        assert not queries.claims_due(user=make.user_with(Role.PARTNER), today=date(2022, 7, 1))

    def test_is_asked_for_while_something_is_left_of_the_awards_together(self, award, partner, director):
        take_back(award, -700_00)
        for user in (partner, director):
            assert [due.award for due in queries.claims_due(user=user, today=NOW.date())] == [award]
        take_back(award, -300_00)
        for user in (partner, director):
            assert not queries.claims_due(user=user, today=NOW.date())
            assert not queries.claims_due(user=user, today=NOW.date(), award=award)
        with pytest.raises(claims.NotClaimable, match="Nothing of this award is left to claim"):
            claims.start(award=award, quarter=SPRING, by=partner, now=NOW)

    def test_is_asked_for_until_the_day_of_the_correction(self, award, director):
        corrected = date(2022, 8, 1)
        take_back(award, -1_000_00, proposed_at=make.noon(corrected))
        days = (corrected - timedelta(days=1), corrected)
        assert [len(queries.claims_due(user=director, today=day)) for day in days] == [1, 0]

    def test_is_asked_for_again_where_more_is_awarded_after_a_correction(self, award, partner):
        take_back(award, -1_000_00)
        more = take_back(award, 200_00)
        assert {due.award for due in queries.claims_due(user=partner, today=NOW.date())} == {award, more}
        assert claims.start(award=award, quarter=SPRING, by=partner, now=NOW).state == "draft"

    def test_is_asked_for_whatever_happens_to_awards_that_are_not_alike(self, award, partner):
        other = make.PartnerAwardFactory(delivery=award.delivery, amount_pence=1_000_00)
        take_back(other, -1_000_00)
        assert [due.award for due in queries.claims_due(user=partner, today=NOW.date())] == [award]

    def test_is_not_asked_for_once_all_of_the_award_is_claimed_and_approved(self, claim, award, partner, director):
        claims.add_file(claim=claim, name="June.pdf", content=PDF, by=partner, now=NOW)
        claims.send(claim=claim, amounts={"staff": 1_000_00}, by=partner, now=NOW)
        later = date(2022, 10, 3)
        assert [due.quarter for due in queries.claims_due(user=partner, today=later)] == [SUMMER]
        claims.approve(claim=claim, by=director, now=NOW)
        assert not queries.claims_due(user=partner, today=later)

    def test_is_not_asked_for_where_a_correction_leaves_what_was_approved(self, sent, award, partner, director):
        claims.approve(claim=sent, by=director, now=NOW)
        take_back(award, -687_50)
        assert not queries.claims_due(user=partner, today=date(2022, 10, 3))

    def test_asks_no_answer_that_could_not_be_sent(self, sent, award, partner, finance):
        claims.query(claim=sent, question="Whose travel?", by=finance, now=NOW)
        assert [asked.claim for asked in queries.claims_asked(user=partner)] == [sent]
        take_back(award, -1_000_00)
        assert not queries.claims_asked(user=partner)

    def test_is_asked_about_in_as_many_queries_for_one_as_for_many(self, partner):
        def cost() -> int:
            with CaptureQueriesContext(connection) as found:
                queries.claims_asked(user=partner)
            return len(found)

        deliveries = make.DeliveryFactory.create_batch(4, partner=partner.memberships.get().organisation)
        given = {"award_year": make.AwardYearFactory()}
        make.ClaimFactory(award=make.PartnerAwardFactory(delivery=deliveries[0], **given), at="queried")
        cost()  # who asks is known from now on
        one = cost()
        for delivery in deliveries[1:]:
            make.ClaimFactory(award=make.PartnerAwardFactory(delivery=delivery, **given), at="queried")
        assert len(queries.claims_asked(user=partner)) == 4
        assert cost() == one

    def test_is_declined_while_its_answer_is_waited_for(self, sent, finance, director):
        claims.query(claim=sent, question="Whose travel?", by=finance, now=NOW)
        with pytest.raises(DecidedAlready):
            claims.approve(claim=sent, by=director, now=NOW)
        assert claims.decline(claim=sent, reason="The award was taken back", by=director, now=NOW).state == "declined"

    @pytest.mark.django_db(transaction=True)
    def test_is_declined_as_it_was_sent_whatever_its_partner_changed_since(self, sent, partner, finance, director):
        claims.query(claim=sent, question="Whose travel?", by=finance, now=timezone.now())
        claims.save(claim=sent, amounts={"staff": 777_00, "premises": 1}, by=partner, now=timezone.now())
        more = {"name": "unsent-secret.pdf", "content": PDF + b" more"}
        unsent = claims.add_file(claim=sent, **more, by=partner, now=timezone.now())
        claims.decline(claim=sent, reason="Too late", by=director, now=timezone.now())
        assert [(step.state, step.amount_pence) for step in sent.steps.order_by("id")][1:] == [
            ("sent", 312_50),
            ("queried", 312_50),
            ("declined", 312_50),
        ]
        assert [file.name for file in ClaimFile.objects.visible_to(director)] == ["June.pdf"]
        assert unsent in ClaimFile.objects.visible_to(partner)
        for user in (director, partner):
            claim = queries.claim_with_parts(user=user).get()
            assert claim.total == 312_50
            assert {line.heading: line.amount_pence for line in lines_of(claim)} == {
                "staff": 300_00,
                "travel": 12_50,
            }


class TestEvidence:
    def test_lies_under_another_name_and_leaves_a_row(self, claim, partner, django_capture_on_commit_callbacks):
        file = claims.add_file(claim=claim, name="../Receipts of June.pdf", content=PDF, by=partner, now=NOW)
        assert file.kind == "pdf"
        assert "June" not in file.stored_as
        with default_storage.open(file.stored_as) as kept:
            assert kept.read() == PDF
        with django_capture_on_commit_callbacks(execute=True):
            claims.remove_file(file=file, by=partner, now=NOW)
        assert not default_storage.exists(file.stored_as)
        assert ClaimFile.objects.get().removed_by == partner

    def test_leaves_no_file_where_the_action_does_not_last(self, claim, partner, monkeypatch):
        before = set(default_storage.listdir("claims")[1]) if default_storage.exists("claims") else set()

        def fails(*args, **kwargs):
            raise OSError("the database went away")

        monkeypatch.setattr("partners.actions.events.Event.objects.bulk_create", fails)
        with pytest.raises(OSError, match="went away"):
            claims.add_file(claim=claim, name="June.pdf", content=PDF, by=partner, now=NOW)
        assert not claim.files.exists()
        assert set(default_storage.listdir("claims")[1]) == before

    @pytest.mark.parametrize(
        ("name", "content", "sentence"),
        [
            ("a.pdf", b"MZ\x90 a program", "a.pdf is none of the kinds that are taken"),
            ("a.pdf", b"", "a.pdf is empty"),
            ("a.pdf", b"%PDF-" + bytes(10 * 1024 * 1024), "a.pdf is larger than 10 MB"),
        ],
    )
    def test_is_looked_at(self, claim, partner, name, content, sentence):
        with pytest.raises(NotEvidence, match=sentence):
            claims.add_file(claim=claim, name=name, content=content, by=partner, now=NOW)

    def test_counts_once_and_is_not_too_much(self, claim, partner):
        for number in range(10):
            claims.add_file(claim=claim, name="a.pdf", content=PDF + bytes([number]), by=partner, now=NOW)
        with pytest.raises(NotEvidence, match="here already"):
            claims.add_file(claim=claim, name="b.pdf", content=PDF + bytes([3]), by=partner, now=NOW)
        with pytest.raises(NotEvidence, match="takes 10 files"):
            claims.add_file(claim=claim, name="b.pdf", content=PDF, by=partner, now=NOW)


class TestKindOf:
    def test_is_said_by_the_content(self):
        ods = b"application/vnd.oasis.opendocument.spreadsheet"
        for content, kind in [
            (b"%PDF-1.4", FileKind.PDF),
            (b"\x89PNG\r\n\x1a\n0000", FileKind.PNG),
            (b"\xff\xd8\xff\xe0", FileKind.JPEG),
            (archive({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), FileKind.XLSX),
            (archive({"[Content_Types].xml": b"", "word/document.xml": b""}), FileKind.DOCX),
            (archive({"mimetype": ods}), FileKind.ODS),
            (archive({"[Content_Types].xml": b"", "xl/workbook.xml": b"", "xl/vbaProject.bin": b""}), None),
            (archive({"mimetype": b"application/epub+zip"}), None),
            (b"PK\x03\x04 no archive", None),
            (b"<html>", None),
        ]:
            assert kind_of(content, "invoice.pdf") == kind

    def test_a_plain_table_goes_by_its_name_and_must_be_text(self):
        assert kind_of("heading,£\nStaff,12\n".encode(), "a.CSV") == FileKind.CSV
        assert kind_of("heading,£\n".encode("cp1252"), "a.csv") == FileKind.CSV
        assert kind_of(b"a,b\n", "a.txt") is None
        assert kind_of(b"\x00\x01", "a.csv") is None


class TestPayment:
    def test_is_proposed_by_one_and_approved_by_another(self, sent, finance, director):
        with pytest.raises(payments.NotOwed):
            propose(finance, sent, 1)
        claims.approve(claim=sent, by=director, now=NOW)
        sent.refresh_from_db()
        payment = propose(finance, sent, 312_50)
        with pytest.raises(OwnProposal):
            payments.approve_payment(payment=payment, by=finance, now=NOW)
        payments.approve_payment(payment=payment, by=director, now=NOW)
        with pytest.raises(DecidedAlready):
            payments.decline_payment(payment=payment, reason="No", by=director, now=NOW)
        with pytest.raises(payments.MoreThanDue, match="Only £0 of it is not paid"):
            propose(finance, sent, 1, "BACS-2")

    def test_reference_counts_once(self, finance):
        instalment = make.InstalmentAwardFactory().instalments.first()
        propose(finance, instalment, 1)
        with pytest.raises(ReferenceTaken):
            propose(finance, instalment, 1)

    def test_comes_back_with_a_note(self, finance, director):
        instalment = make.InstalmentAwardFactory().instalments.first()
        pay(finance, director, instalment, 500, "1")
        with pytest.raises(NoteMissing):
            propose(finance, instalment, -500, "2")
        with pytest.raises(payments.MoreThanDue, match="Only £5 of it was paid"):
            propose(finance, instalment, -501, "2", note="Paid twice")
        pay(finance, director, instalment, -500, "2", note="Paid twice")
        assert queries.money_of([instalment.award], as_at=date(2022, 8, 1))[0].paid == 0

    def test_is_prepared_for_a_day_of_this_month_or_the_next(self, finance, director):
        instalment = make.InstalmentAwardFactory(amount_pence=12_00).instalments.first()
        ask = {"subject": instalment, "amount_pence": 1_00, "by": finance, "now": NOW}
        with pytest.raises(payments.TooFarAhead, match="until 31 August 2022"):
            payments.propose_payment(**ask, on_date=date(2022, 9, 1), reference="B-1")
        payment = payments.propose_payment(**ask, on_date=date(2022, 8, 1), reference="B-1")
        with pytest.raises(payments.MoreThanDue):
            payments.propose_payment(**ask, on_date=date(2022, 8, 2), reference="B-2")
        with pytest.raises(payments.NotYet, match="prepared for 1 August 2022"):
            payments.approve_payment(payment=payment, by=director, now=NOW)
        assert not queries.payments_waiting(user=director, today=date(2022, 7, 31)).exists()
        payments.approve_payment(payment=payment, by=director, now=make.noon(date(2022, 8, 1)))
        paid = [queries.money_of([instalment.award], as_at=date(2022, *day))[0].paid for day in ((7, 31), (8, 1))]
        assert paid == [0, 1_00]

    def test_waits_while_it_is_held(self, finance, director):
        award = make.InstalmentAwardFactory(holds_for_returns=True)
        instalment = award.instalments.first()
        waiting = propose(finance, instalment, 100)
        assert payments.hold(award=award, reason="The June return is missing.", now=NOW)
        assert payments.hold(award=award, reason="The June return is missing.", now=NOW) is None
        with pytest.raises(payments.Held, match="The June return is missing"):
            payments.approve_payment(payment=waiting, by=director, now=NOW)
        payments.hold(award=award, reason="The July return is missing.", now=NOW)
        assert award.holds.filter(lifted_at=None).get().reason == "The July return is missing."
        payments.lift(award=award, now=NOW)
        assert payments.lift(award=award, now=NOW) is None
        assert payments.approve_payment(payment=waiting, by=director, now=NOW).approved_by == director


class TestForecast:
    def test_the_latest_counts_whoever_made_it(self, award, partner, finance):
        july, august = Month(2022, 7), Month(2022, 8)
        payments.forecast(award=award, amounts={july: 100, august: 50}, by=partner, now=NOW)
        payments.forecast(award=award, amounts={july: 80, august: None}, by=finance, now=NOW)
        assert {month: made.amount_pence for month, made in queries.forecast_of(award).items()} == {
            july: 80,
            august: 50,
        }
        assert queries.money_of([award], as_at=NOW.date())[0].forecast == 130
        assert not payments.forecast(award=award, amounts={july: 80}, by=finance, now=NOW)
        with pytest.raises(payments.OutsideAward):
            payments.forecast(award=award, amounts={Month(2023, 4): 1}, by=finance, now=NOW)
        with pytest.raises(NotAllowed):
            payments.forecast(award=award, amounts={july: 1}, by=make.user_with(Role.PARTNER), now=NOW)


def take_back(award, pence: int, **fields) -> PartnerAward:
    like = {name: getattr(award, name) for name in ("delivery", "award_year", "ring_fence", "paid_by")}
    return make.PartnerAwardFactory(**like, amount_pence=pence, note="Started late", **fields)


class TestAnyOrder:
    """Whatever is tried in whatever order, the sums stay what they are the sums of, and within what they belong to."""

    moves = st.lists(
        st.one_of(
            st.tuples(st.just("pay"), st.integers(0, 3), st.integers(-400, 400)),
            st.tuples(st.just("decide"), st.integers(0, 9), st.booleans()),
            st.tuples(st.just("hold"), st.booleans(), st.none()),
            st.tuples(st.just("correct"), st.integers(-600, -1), st.none()),
            st.tuples(st.just("claim"), st.integers(0, 3), st.integers(1, 600)),
        ),
        max_size=25,
    )

    @given(moves=moves)
    @settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_breaks_no_rule(self, moves, finance, director):
        with transaction.atomic():
            self.play(moves, finance, director)
            transaction.set_rollback(True)

    def play(self, moves, finance, director):
        by_parts = make.InstalmentAwardFactory(paid_by="quarterly", amount_pence=1_000, holds_for_returns=True)
        by_claims = make.PartnerAwardFactory(amount_pence=1_000)
        parts = list(by_parts.instalments.all())
        for number, (kind, first, second) in enumerate(moves):
            try:
                with transaction.atomic():
                    if kind == "pay":
                        propose(finance, parts[first], second, f"T{number}", note="Because")
                    elif kind == "decide" and (waiting := list(PartnerPayment.objects.open())):
                        one = waiting[first % len(waiting)]
                        if second:
                            payments.approve_payment(payment=one, by=director, now=NOW)
                        else:
                            payments.decline_payment(payment=one, reason="No", by=director, now=NOW)
                    elif kind == "hold" and first:
                        payments.hold(award=by_parts, reason="A return is missing.", now=NOW)
                    elif kind == "hold":
                        payments.lift(award=by_parts, now=NOW)
                    elif kind == "correct":
                        self.correct(by_parts if number % 2 else by_claims, first, number, finance, director)
                    elif kind == "claim":
                        self.claim(by_claims, first, second, director, finance, number)
            except Refusal:
                continue
            self.check(by_parts, by_claims, parts)

    def correct(self, award, pence, number, finance, director):
        asked = awards.propose_award(
            award_year=award.award_year,
            delivery=award.delivery,
            amount_pence=pence,
            starts_on=award.starts_on,
            ends_on=award.ends_on,
            agreed_on=award.agreed_on,
            reference=f"C{number}",
            paid_by=award.paid_by,
            note="Started late",
            by=finance,
            now=NOW,
        )
        awards.approve_award(award=asked, by=director, now=NOW)

    def claim(self, award, place, pence, director, finance, number):
        quarter = award.award_year.year.quarters[place].months[0].first
        if award.claims.filter(quarter=quarter).exists():
            return
        claim = make.ClaimFactory(award=award, quarter=quarter, at="sent", amounts={"staff": pence})
        claims.approve(claim=claim, by=director, now=NOW)
        pay(finance, director, claims.Claim.objects.get(pk=claim.pk), pence, f"K{number}")

    def check(self, by_parts, by_claims, parts):
        for part in parts:
            paid = sum(p.amount_pence for p in part.payments.approved())
            assert 0 <= paid <= part.amount_pence
        money = {each.award.pk: each for each in queries.money_of(PartnerAward.objects.all(), as_at=date(2022, 7, 31))}
        for award, own in ((by_parts, "instalment__award"), (by_claims, "claim__award")):
            net = sum(a.amount_pence for a in PartnerAward.objects.like(award).filter(approved_by__isnull=False))
            rows = PartnerPayment.objects.approved().filter(**{own: award})
            assert money[award.pk].paid == sum(row.amount_pence for row in rows)
            assert queries.overpaid(award) == money[award.pk].paid - net
        assert money[by_claims.pk].approved == money[by_claims.pk].paid <= net
