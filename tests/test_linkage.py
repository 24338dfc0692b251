"""Who is one person, on the site: put together by the job, kept in a ledger, decided by people, and undone."""

from datetime import date

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from outcomes.actions import corrections, linkage, objections, registers, unlocks
from outcomes.models import (
    LedgerEntry,
    Linkage,
    LinkDecision,
    LinkedIdentity,
    LinkQuestion,
    Obligation,
    Presence,
    ReachCell,
    Recount,
    RegisterContact,
    RegisterIdentity,
)
from outcomes.queries import linkage as queries
from outcomes.queries.registers import counted
from outcomes.registers import linking
from partners.permissions import Role
from tests.factories import noon, user_with
from tests.registers import accepted_register, giving_registers, sent_register
from vru_portal.core.working_days import working_days_after

pytestmark = [pytest.mark.usefixtures("reference_tables"), pytest.mark.django_db]

JUNE, JULY = date(2021, 6, 1), date(2021, 7, 1)
NOW = noon(date(2022, 1, 5))


def row(reference, forename, surname, birth, postcode="B12 3AB", day="14/06/2021", **more):
    said = {"district": "Birmingham", "sex": "", "ethnicity": "", "kind": "one-to-one", "setting": "School"} | more
    return (
        *(reference, forename, surname, birth, postcode),
        *(said["district"], said["sex"], said["ethnicity"], day, said["kind"], said["setting"]),
    )


AMINA = row("A1", "Amina", "Khan", "02/03/2010")
AMINAH = row("Z9", "Aminah", "Kahn", "02/03/2010")  # as the other partner writes her
JAKUB = row("B2", "Jakub", "Nowak", "09/11/2008", "WS1 2QQ", district="Walsall")
TWINS = (
    row("T1", "Ibrahim", "Yusuf", "05/05/2009", "B9 4AA"),
    row("T2", "Hamza", "Yusuf", "05/05/2009", "B9 4AA"),
)


@pytest.fixture
def two_deliveries(db):
    one = giving_registers()
    return one, giving_registers(programme=one.programme)


@pytest.fixture
def met_by_both(two_deliveries):
    one, other = two_deliveries
    accepted_register(one, JUNE, [AMINA, JAKUB, *TWINS], now=NOW)
    accepted_register(other, JUNE, [AMINAH], now=NOW)
    linkage.settle(now=NOW)


def people() -> int:
    return LinkedIdentity.objects.values("person").distinct().count()


def identity(forename_of, partner) -> RegisterIdentity:
    """Whoever the partner's register of June has in this row."""
    contact = partner_contacts(partner)[forename_of]
    return contact.identity


def partner_contacts(delivery):
    found = RegisterContact.objects.filter(file__version__obligation__delivery=delivery).order_by("row")
    return list(found.select_related("identity"))


def figures():
    """Every cell, and who was where, without the numbers of rows and cubes."""
    cells = ReachCell.objects.order_by().values_list(
        *("period", "start", "where", "what", "district", "age_band", "sex", "ethnicity"),
        *("told", "strict", "loose", "lower", "upper", "is_unique", "received", "due"),
    )
    presence = Presence.objects.order_by().values_list("month", "person", "strict", "loose", "delivery", "contacts")
    return sorted(cells), sorted(presence)


def total(period="year_to_date", **of) -> ReachCell:
    found = ReachCell.objects.filter(period=period, where="any", district="", age_band="", sex="", ethnicity="", **of)
    return found.latest("end", "start")


class TestSettle:
    def test_puts_people_of_two_partners_together(self, met_by_both):
        assert people() == 4
        assert (total().told, total().lower, total().upper, total().is_unique) == (4, 4, 4, True)

    def test_of_the_same_again_changes_nothing(self, met_by_both):
        before = (Linkage.objects.count(), LedgerEntry.objects.count(), figures())
        linkage.settle(now=NOW)
        assert (Linkage.objects.count(), LedgerEntry.objects.count(), figures()) == before

    def test_by_other_rules_puts_people_together_anew(self, met_by_both, monkeypatch):
        before = (LedgerEntry.objects.count(), figures())
        monkeypatch.setattr("outcomes.registers.linking.RULES", linking.RULES + 1)
        linkage.settle(now=NOW)
        assert Linkage.objects.count() == 2
        assert (LedgerEntry.objects.count(), figures()) == before

    def test_for_a_release_says_what_is_accepted_and_leaves_the_slices_to_the_job(self, two_deliveries):
        version = accepted_register(two_deliveries[0], JUNE, [AMINA, JAKUB], now=NOW)
        assert linkage.settle_people(now=NOW) == ({version.pk}, queries.ledger_position())
        assert (Presence.objects.count(), ReachCell.objects.count()) == (0, 0)
        linkage.settle(now=NOW)
        assert total().told == 2

    def test_leaves_out_what_is_not_accepted(self, two_deliveries):
        sent_register(two_deliveries[0], JUNE, [AMINA, JAKUB], now=NOW)
        linkage.settle(now=NOW)
        assert people() == 0
        assert not ReachCell.objects.exists()

    def test_takes_a_void_return_out_again(self, two_deliveries):
        one, other = two_deliveries
        accepted_register(one, JUNE, [AMINA, JAKUB], now=NOW)
        version = accepted_register(other, JUNE, [AMINAH, *TWINS], now=NOW)
        linkage.settle(now=NOW)
        assert people() == 4
        manager = user_with(Role.PROGRAMME_MANAGER)
        corrections.void(version=version, reason="Sent for the wrong month.", by=manager, now=NOW)
        linkage.settle(now=NOW)
        assert people() == 2
        assert LedgerEntry.objects.filter(joined=False, because="gone").count() == 1

    def test_counts_a_late_return_into_every_period_it_belongs_to(self, two_deliveries):
        one, other = two_deliveries
        accepted_register(one, JULY, [row("A1", "Amina", "Khan", "02/03/2010", day="05/07/2021")], now=NOW)
        linkage.settle(now=NOW)
        assert total().told == 1
        accepted_register(other, JUNE, [AMINAH, *TWINS], now=NOW)
        linkage.settle(now=NOW)
        assert total().told == 3
        assert total("quarter").told == 3
        assert total("month", start=JUNE).told == 3
        assert total("month", start=JULY).told == 1
        assert total("rolling_year").told == 3


class TestWhatHappensMeanwhile:
    """Somebody accepts, or objects, while people are being put together and counted."""

    def test_a_register_that_is_accepted_in_between_is_not_taken_for_counted(self, two_deliveries):
        one, other = two_deliveries
        accepted_register(one, JUNE, [AMINA, JAKUB], now=NOW)
        late = []

        def accept(stage, _):
            if stage.startswith("Finding whom") and not late:
                late.append(accepted_register(other, JUNE, TWINS, now=NOW))

        linkage.settle(now=NOW, progress=accept)
        assert late
        assert total().told == 2
        linkage.settle(now=NOW)
        assert total().told == 4

    def test_rows_that_an_objection_takes_out_are_passed_over(self, two_deliveries, monkeypatch):
        one, _ = two_deliveries
        accepted_register(one, JUNE, [AMINA, JAKUB], now=NOW)
        linked = queries.InUse.linked

        def object_after(in_use, **how):
            links = linked(in_use, **how)
            writings = {1: bytes(identity(0, one).packed)}
            objections.record(writings=writings, partner=None, channel="spoken", by=user_with(Role.ANALYST), now=NOW)
            return links

        with monkeypatch.context() as patched:
            patched.setattr(queries.InUse, "linked", object_after)
            linkage.settle(now=NOW)
        assert people() == 1
        linkage.settle(now=NOW)
        assert total().told == 1

    def test_the_figures_of_before_stay_until_the_new_ones_are_there(self, two_deliveries):
        one, other = two_deliveries
        accepted_register(one, JUNE, [AMINA, JAKUB], now=NOW)
        linkage.settle(now=NOW)
        accepted_register(other, JUNE, TWINS, now=NOW)
        seen = []
        linkage.settle(now=NOW, progress=lambda stage, _: seen.append((stage, total().told)))
        assert [told for stage, told in seen if stage.startswith("Counting people of")] == [2]
        assert total().told == 4

    def test_a_year_of_which_nothing_is_accepted_any_more_is_counted_no_more(self, two_deliveries):
        one, _ = two_deliveries
        version = accepted_register(one, JUNE, [AMINA, JAKUB], now=NOW)
        linkage.settle(now=NOW)
        corrections.void(version=version, reason="Sent for the wrong month.", by=user_with(Role.DIRECTOR), now=NOW)
        linkage.settle(now=NOW)
        assert not ReachCell.objects.exists()
        assert not Presence.objects.exists()


class TestLedger:
    def test_read_to_its_end_gives_the_people_as_they_are(self, met_by_both):
        together = queries.Together(queries.edges_at())
        for linked in LinkedIdentity.objects.all():
            assert together.of(linked.pk) == linked.person

    def test_read_to_an_earlier_position_gives_the_people_of_then(self, two_deliveries):
        one, other = two_deliveries
        accepted_register(one, JUNE, [AMINA], now=NOW)
        linkage.settle(now=NOW)
        position = LedgerEntry.objects.order_by("pk").values_list("pk", flat=True).last() or 0
        accepted_register(other, JUNE, [AMINAH], now=NOW)
        linkage.settle(now=NOW)
        assert queries.edges_at(position) == []
        assert len(queries.edges_at()) == 1

    def test_says_why_and_how_far_two_rows_agree(self, met_by_both):
        entry = LedgerEntry.objects.get(joined=True)
        assert entry.because == "evidence"
        assert entry.bits > 0
        assert entry.get_birth_display() == "SAME"

    def test_joins_a_partners_own_reference(self, two_deliveries):
        one, _ = two_deliveries
        accepted_register(one, JUNE, [AMINA, row("A1", "Mina", "Khan", "02/03/2010", "B1 1AA")], now=NOW)
        linkage.settle(now=NOW)
        assert LedgerEntry.objects.get().because == "reference"


class TestDecide:
    def decide(self, first, second, are_one, **by):
        by = by.get("by") or user_with(Role.ANALYST)
        return linkage.decide(
            first=first.pk, second=second.pk, are_one=are_one, reason="I asked both partners.", by=by, now=NOW
        )

    def test_that_two_are_two_parts_them(self, met_by_both, two_deliveries):
        one, other = two_deliveries
        self.decide(identity(0, one), identity(0, other), are_one=False)
        linkage.settle(now=NOW)
        assert people() == 5
        assert total().told == 5
        assert LedgerEntry.objects.filter(joined=False).get().because == "decision"

    def test_that_two_are_one_joins_even_twins(self, met_by_both, two_deliveries):
        one, _ = two_deliveries
        self.decide(identity(2, one), identity(3, one), are_one=True)
        linkage.settle(now=NOW)
        assert people() == 3
        assert LedgerEntry.objects.latest("pk").because == "decision"

    @pytest.mark.parametrize("are_one", [True, False])
    def test_and_undo_restores_every_figure_exactly(self, met_by_both, two_deliveries, are_one):
        one, other = two_deliveries
        before = figures()
        pair = (identity(2, one), identity(3, one)) if are_one else (identity(0, one), identity(0, other))
        decision = self.decide(*pair, are_one=are_one)
        linkage.settle(now=NOW)
        assert figures() != before
        linkage.undo(decision=decision, by=user_with(Role.PROGRAMME_MANAGER), now=NOW)
        linkage.settle(now=NOW)
        assert figures() == before

    def test_holds_against_a_shared_reference(self, two_deliveries):
        one, _ = two_deliveries
        accepted_register(one, JUNE, [AMINA, row("A1", "Mina", "Khan", "02/03/2010", "B1 1AA")], now=NOW)
        linkage.settle(now=NOW)
        self.decide(identity(0, one), identity(1, one), are_one=False)
        linkage.settle(now=NOW)
        assert people() == 2

    def test_twice_is_refused(self, met_by_both, two_deliveries):
        one, other = two_deliveries
        self.decide(identity(0, one), identity(0, other), are_one=False)
        with pytest.raises(linkage.DecidedAlready):
            self.decide(identity(0, other), identity(0, one), are_one=True)

    def test_undone_twice_is_refused(self, met_by_both, two_deliveries):
        one, other = two_deliveries
        decision = self.decide(identity(0, one), identity(0, other), are_one=False)
        linkage.undo(decision=decision, by=user_with(Role.ANALYST), now=NOW)
        with pytest.raises(linkage.DecidedAlready):
            linkage.undo(decision=decision, by=user_with(Role.ANALYST), now=NOW)

    def test_of_rows_that_are_gone_is_refused(self, met_by_both):
        with pytest.raises(linkage.NotToBeDecided):
            linkage.decide(first=1, second=2**40, are_one=True, reason="", by=user_with(Role.ANALYST), now=NOW)

    def test_holds_while_a_partner_counts_its_own(self, met_by_both, two_deliveries):
        """What a partner's next return says is told apart by the same decisions."""
        one, _ = two_deliveries
        self.decide(identity(2, one), identity(3, one), are_one=True)
        version = one.obligations.get(month=JUNE).versions.get()
        assert counted(version).people == 3


class TestQuestions:
    def test_are_of_pairs_that_are_nearly_enough_and_name_nobody(self, two_deliveries):
        one, other = two_deliveries
        accepted_register(one, JUNE, [AMINA, *TWINS], now=NOW)
        # The same forename and birthday, another surname and another home.
        accepted_register(other, JUNE, [row("Q7", "Amina", "Begum", "02/03/2010", "CV1 1AA")], now=NOW)
        linkage.settle(now=NOW)
        for question in LinkQuestion.objects.all():
            assert abs(question.beyond) <= 2 or not question.are_one
            assert question.forename is not None

    def test_are_not_asked_again_once_decided(self, met_by_both, two_deliveries):
        one, _ = two_deliveries
        first, second = sorted((identity(0, one).pk, identity(1, one).pk))
        linkage.decide(first=first, second=second, are_one=False, reason="", by=user_with(Role.ANALYST), now=NOW)
        linkage.settle(now=NOW)
        assert not LinkQuestion.objects.filter(first=first, second=second).exists()


def accepted_or_corrected(delivery, rows, month=JUNE) -> None:
    """The month's register, or, where one is accepted, another in its place."""
    obligation = Obligation.objects.filter(delivery=delivery, month=month).first()
    if obligation is None:
        accepted_register(delivery, month, rows, now=NOW)
        return
    manager, partner = user_with(Role.PROGRAMME_MANAGER), user_with(Role.PARTNER, delivery.partner)
    until = working_days_after(timezone.localdate(NOW), 3)
    unlocks.unlock(obligation=obligation, until=until, reason="Wrong rows.", by=manager, now=NOW)
    version = corrections.start(obligation=obligation, revision_reason="correction", by=partner, now=NOW)
    for file in version.register_files.all():
        registers.remove(file=file, by=partner, now=NOW)
    accepted_register(delivery, month, rows, now=NOW)


def orders():
    """The same three registers and one correction, as they may arrive."""
    june_one, june_other, july_one = "june_one", "june_other", "july_one"
    return [
        [june_one, june_other, july_one],
        [july_one, june_one, june_other],
        [june_other, july_one, june_one],
        [june_one, june_one, june_other, july_one, june_other],
    ]


class TestTheOrder:
    @pytest.mark.parametrize("order", orders(), ids=lambda order: "-".join(order))
    @pytest.mark.parametrize("settled_between", [False, True])
    def test_of_what_arrives_never_changes_the_count(self, two_deliveries, order, settled_between):
        one, other = two_deliveries
        what = {
            "june_one": (one, JUNE, [AMINA, JAKUB, *TWINS]),
            "june_other": (other, JUNE, [AMINAH, row("K1", "Kofi", "Mensah", "21/07/2011", "WV1 4AA")]),
            "july_one": (one, JULY, [row("A1", "Amina", "Khan", "02/03/2010", day="03/07/2021")]),
        }
        seen = set()
        for name in order:
            if name in seen:  # sent once more: refused, and nothing changes
                with pytest.raises(Exception, match=r"already|accepted"), transaction.atomic():
                    accepted_register(*what[name], now=NOW)
                continue
            seen.add(name)
            accepted_register(*what[name], now=NOW)
            if settled_between:
                linkage.settle(now=NOW)
        linkage.settle(now=NOW)
        assert people() == 5
        assert total().told == 5
        assert total("month", start=JUNE).told == 5
        assert total("month", start=JULY).told == 1

    def test_of_files_within_a_register_never_changes_the_count(self, two_deliveries):
        one, _ = two_deliveries
        rows = [AMINA, JAKUB, *TWINS, AMINAH]
        found = []
        for order in (rows, rows[::-1]):
            with transaction.atomic():
                accepted_register(one, JUNE, order, now=NOW)
                linkage.settle(now=NOW)
                found.append([cell[8:] for cell in figures()[0]])
                transaction.set_rollback(True)
        assert found[0] == found[1]

    @pytest.mark.parametrize("first", [0, 1])
    def test_of_what_arrives_never_decides_between_two_contacts_of_one_day(self, two_deliveries, first):
        said = [AMINA, row("Z9", "Amina", "Khan", "02/03/2010", district="Walsall", sex="F")]
        for place in (first, 1 - first):
            accepted_register(two_deliveries[place], JUNE, [said[place]], now=NOW)
        linkage.settle(now=NOW)
        assert people() == 1
        found = Presence.objects.values_list("district__code", "sex__code").distinct()
        assert list(found) == [("E08000025", "female")]

    def test_of_files_never_decides_between_two_contacts_of_one_day(self, two_deliveries):
        one, _ = two_deliveries
        said = [AMINA, row("A1", "Amina", "Khan", "02/03/2010", district="Walsall")]
        found = []
        for rows in (said, said[::-1]):
            with transaction.atomic():
                version = accepted_register(one, JUNE, rows, now=NOW)
                found.append(set(version.latest_submission.counts.values_list("category__code", flat=True)))
                transaction.set_rollback(True)
        assert found[0] == found[1]
        assert "E08000025" in found[0]

    def test_of_a_correction_leaves_what_the_corrected_register_alone_would_give(self, two_deliveries):
        one, other = two_deliveries
        accepted_register(other, JUNE, [AMINAH], now=NOW)
        corrected = [AMINA, JAKUB]

        def after(*registers_of_one):
            with transaction.atomic():
                for rows in registers_of_one:
                    accepted_or_corrected(one, rows)
                    linkage.settle(now=NOW)
                found = [cell[8:] for cell in figures()[0]]
                transaction.set_rollback(True)
            return found

        assert after([*TWINS, JAKUB], corrected) == after(corrected)


class TestRules:
    """Of the database, by their names."""

    def refused(self, name, change):
        with pytest.raises(DatabaseError, match=name), transaction.atomic():
            change()

    @pytest.mark.parametrize(("model", "change"), [(LedgerEntry, {"joined": False}), (Linkage, {"people": 0})])
    def test_the_ledger_and_linkages_are_append_only(self, met_by_both, model, change):
        self.refused("append_only", lambda: model.objects.update(**change))
        self.refused("append_only", lambda: model.objects.all()._raw_delete("default"))

    def test_a_decision_keeps_what_was_decided_and_is_undone_once(self, met_by_both):
        by = user_with(Role.ANALYST)
        decision = LinkDecision.objects.create(first=1, second=2, are_one=True, decided_at=NOW, decided_by=by)
        held = LinkDecision.objects.filter(pk=decision.pk)
        self.refused("keeps_what_was_decided", lambda: held.update(are_one=False))
        self.refused("never_deleted", held.delete)
        self.refused("linkdecision_undone_whole", lambda: held.update(undone_at=NOW))
        held.update(undone_at=NOW, undone_by=by)
        self.refused("undone_once", lambda: held.update(undone_at=None, undone_by=None))

    @pytest.mark.parametrize(
        ("name", "pairs"), [("linkdecision_in_order", [(2, 1)]), ("linkdecision_one_holds", [(1, 2), (1, 2)])]
    )
    def test_pairs_of_decisions(self, name, pairs):
        by = user_with(Role.ANALYST)

        def decide():
            for first, second in pairs:
                LinkDecision.objects.create(first=first, second=second, are_one=True, decided_at=NOW, decided_by=by)

        self.refused(name, decide)

    @pytest.mark.parametrize("state", ["queued", "running"])
    def test_one_recount_at_most_waits_and_one_is_at_work(self, state):
        def two():
            for _ in range(2):
                Recount.objects.create(state=state, requested_at=NOW, beat_at=NOW)

        self.refused(f"recount_one_{state}", two)
