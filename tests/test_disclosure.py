"""Disclosure control: the rule, invented worlds, the certificate, and what else is hidden."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outcomes.disclosure.attack import audit
from outcomes.disclosure.certificate import Certificate, check, targets
from outcomes.disclosure.proof import prove
from outcomes.disclosure.published import End, Release, hidden_ends, hide, numbers_of
from outcomes.disclosure.rule import inferred, shown, shown_range
from outcomes.disclosure.suppression import hide_what_tells
from outcomes.disclosure.traced import Leaves, terms, trace
from outcomes.disclosure.worlds import Count, Profile, Sources, Unbelievable, World
from outcomes.release_figures import figure_rows, periods_of
from tests.disclosure_regions import BASE_5, EVERY_PERIOD, crowd, policies, populations, region, registers
from vru_portal.core.periods import Month

WALSALL, BIRMINGHAM = "E08000030", "E08000025"
APRIL = Month(2021, 4)
POLICIES = st.sampled_from([(5, 5), (5, 8), (10, 10), (1, 5), (5, 1), (1, 1), (3, 7)])


def published(inputs, hidden=frozenset()):
    return Release(inputs, [hide(row, hidden) for row in figure_rows(inputs)])


class TestInferred:
    @given(st.integers(0, 2000), POLICIES)
    def test_holds_every_number_that_is_shown_so_and_ends_with_one(self, people, policy):
        rule = dict(zip(("round_to", "hide_below"), policy, strict=True))

        def as_shown(which, people):
            if which == "number":
                return shown(people, **rule)
            return shown_range(people, people, **rule)[which == "upper"]

        for which in ("number", "lower", "upper"):
            said = as_shown(which, people)
            least, most = inferred(said, which, **rule)
            assert least <= people
            assert most is None or people <= most
            if said is not None:
                assert as_shown(which, least) == as_shown(which, most) == said

    def test_of_a_hidden_number_is_anything(self):
        assert inferred(None, "number", round_to=5, hide_below=5) == (0, None)


class TestPeriodsBrokenDown:
    def test_programmes_by_quarters_and_years_to_the_end_of_one(self):
        found = [p for p in periods_of(Month(2021, 7)) if p.is_broken_down(BASE_5)]
        assert [(p.type, p.end.isoformat()) for p in found] == [
            ("quarter", "2021-06-30"),
            ("year_to_date", "2021-06-30"),
        ]
        assert [p.type for p in found if p.is_crossed] == ["year_to_date"]

    def test_always_where_the_policy_says_so(self):
        every = periods_of(Month(2021, 7))
        assert all(p.is_broken_down(EVERY_PERIOD) for p in every)
        assert [p.end.isoformat() for p in every if p.is_crossed] == ["2021-06-30"]


class TestTrace:
    @given(populations, registers, registers, policies)
    @settings(max_examples=20)
    def test_counts_as_the_counting_code_does(self, population, who, by_reference, policy):
        inputs = region(population, who, policy=policy, by_reference=by_reference)
        traced = list(trace(Leaves(Sources([inputs]), 0), inputs))
        for row, counted in zip(figure_rows(inputs), traced, strict=True):
            if row.exact_lower is not None:
                assert (counted.people.lower, counted.people.upper) == (row.exact_lower, row.exact_upper)

    def test_says_of_what_a_number_is_made(self):
        inputs = region(crowd([(WALSALL, "14-15", {"three": {0}}, 6)]), month=APRIL)
        total = next(
            c for c in trace(Leaves(Sources([inputs]), 0), inputs) if c.scope.programme and c.scope.programme.id == 2
        )
        moves = terms(total.people.upper)
        assert moves[Count("three", APRIL, 0, "first_seen", "district", WALSALL)] == 1


class TestSources:
    def test_change_a_count_and_those_that_stand_on_it(self):
        inputs = region(crowd([(WALSALL, "14-15", {"three": {0}}, 6)]), month=APRIL)
        moved = {
            Count("three", APRIL, 0, "first_seen", "district", WALSALL): -2,
            Count("three", APRIL, 0, "first_seen", "district", BIRMINGHAM): 2,
        }
        told = Sources([inputs]).told(World(moved), 0)
        found = {(r.programme and r.programme.code, r.district and r.district.code): r for r in figure_rows(told)}
        assert found["club", None].exact_upper == 6
        assert found[None, BIRMINGHAM].exact_upper == 2

    @pytest.mark.parametrize("change", [-7, 1])
    def test_refuse_fewer_than_nobody_and_breakdowns_that_do_not_add_up(self, change):
        inputs = region(crowd([(WALSALL, "14-15", {"three": {0}}, 6)]), month=APRIL)
        world = World({Count("three", APRIL, 0, "first_seen", "district", WALSALL): change})
        with pytest.raises(Unbelievable):
            Sources([inputs]).told(world, 0)

    def test_refuse_somebody_counted_again_who_was_never_seen(self):
        inputs = region(crowd([(WALSALL, "14-15", {"three": {0, 1}}, 6)]), month=Month(2021, 5))
        again = [("district", WALSALL), ("age_band", "14-15")]
        world = World({Count("three", Month(2021, 5), 0, "already_counted", *cell): 1 for cell in again})
        with pytest.raises(Unbelievable, match="never seen before"):
            Sources([inputs]).told(world, 0)

    def test_move_people_of_registers(self):
        inputs = region(crowd([(WALSALL, "14-15", {"three": {0}}, 6)]), {"three"}, month=APRIL)
        met = frozenset([("three", APRIL)])
        world = World({}, {Profile(met, WALSALL, "14-15"): -2, Profile(met, BIRMINGHAM, "14-15"): 3})
        told = Sources([inputs]).told(world, 0)
        everything = [row for row in figure_rows(told) if row.programme is None and row.age_band is None]
        found = {row.district and row.district.code: row.exact_upper for row in everything}
        assert (found[None], found[WALSALL], found[BIRMINGHAM]) == (7, 4, 3)

    def test_refuse_to_take_away_more_people_than_there_were(self):
        inputs = region(crowd([(WALSALL, "14-15", {"three": {0}}, 6)]), {"three"}, month=APRIL)
        world = World({}, {Profile(frozenset([("three", APRIL)]), WALSALL, "14-15"): -7})
        with pytest.raises(Unbelievable, match="taken away"):
            Sources([inputs]).told(world, 0)

    def test_leave_an_earlier_release_alone_where_it_had_another_version(self):
        early = region(crowd([(WALSALL, "14-15", {"three": {0}}, 6)]), month=APRIL)
        late = region(crowd([(WALSALL, "14-15", {"three": {0}}, 8)]), month=APRIL)
        moved = {
            Count("three", APRIL, 1, "first_seen", "district", WALSALL): -1,
            Count("three", APRIL, 1, "first_seen", "district", BIRMINGHAM): 1,
        }
        sources = Sources([early, late])
        assert sources.told(World(moved), 0) == early
        assert sources.told(World(moved), 1) != late


class TestCheck:
    """Of one hidden Birmingham beside a hidden Walsall: two people could be of either."""

    inputs = region(
        crowd([(WALSALL, "14-15", {"three": {0}}, 4), (BIRMINGHAM, "14-15", {"three": {0}}, 4)]), month=APRIL
    )

    def world(self, people):
        return World(
            {
                Count("three", APRIL, 0, "first_seen", "district", BIRMINGHAM): people,
                Count("three", APRIL, 0, "first_seen", "district", WALSALL): -people,
            }
        )

    def test_holds_with_a_world_for_either_side(self):
        verdict = check(Certificate([self.world(3), self.world(-3)]), [published(self.inputs)])
        assert verdict.holds

    def test_names_what_no_world_shields(self):
        verdict = check(Certificate([self.world(3)]), [published(self.inputs)])
        assert not verdict.holds
        assert {t.end.place.district for t in verdict.unshielded} == {WALSALL, BIRMINGHAM}
        assert {t.end.place.district for t in verdict.unshielded if t.up} == {WALSALL}

    def test_rejects_a_world_that_does_not_come_to_what_is_published(self):
        more = World(
            {
                Count("three", APRIL, 0, "first_seen", "district", BIRMINGHAM): 9,
                Count("three", APRIL, 0, "first_seen", "age_band", "14-15"): 9,
            }
        )
        verdict = check(Certificate([self.world(3), self.world(-3), more]), [published(self.inputs)])
        assert not verdict.unshielded
        assert len(verdict.broken) == 1

    def test_rejects_a_world_that_people_cannot_have_produced(self):
        assert "nobody" in check(Certificate([self.world(5)]), [published(self.inputs)]).broken[0]

    def test_needs_the_same_world_for_every_release_that_is_public(self):
        """What a second release shows of the same returns holds as well."""
        ends = {n.end for row in figure_rows(self.inputs) for n in numbers_of(row) if n.end.place.district}
        exact = replace(self.inputs, policy=replace(self.inputs.policy, round_to=1, hide_below=1))
        verdict = check(Certificate([self.world(3), self.world(-3)]), [published(self.inputs), published(exact)])
        assert len(verdict.broken) == 2
        hidden = check(Certificate([self.world(3), self.world(-3)]), [published(self.inputs), published(exact, ends)])
        assert not hidden.broken


def hidden(inputs, earlier=()):
    return hide_what_tells(inputs, list(figure_rows(inputs)), earlier)


class TestProve:
    @given(populations, registers, policies)
    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_finds_worlds_that_hold_and_says_how_many_numbers_they_prove(self, population, who, policy):
        inputs = region(population, who, month=Month(2021, 6), policy=policy)
        chain, said = [Release(inputs, hidden(inputs).rows)], []
        certificate = prove(chain, progress=lambda *numbers: said.append(numbers)).certificate
        verdict = check(certificate, chain)
        wanted = len(targets(chain))
        assert verdict.broken == []
        assert said[-1] == (wanted - len(verdict.unshielded), wanted)

    def test_proves_a_quarter_in_which_two_districts_can_stand_for_each_other(self):
        population = crowd(
            [
                *((WALSALL, age, {name: {0}}, 4) for age in ("14-15", "16-17") for name in ("one", "two", "three")),
                *((BIRMINGHAM, age, {name: {0}}, 30) for age in ("14-15", "16-17") for name in ("one", "two", "three")),
            ]
        )
        inputs = region(population, month=APRIL)
        chain = [Release(inputs, hidden(inputs).rows)]
        assert check(prove(chain).certificate, chain).holds

    def test_proves_people_of_registers(self):
        population = crowd([(d, a, {"three": {0}}, 4) for d in (WALSALL, BIRMINGHAM) for a in ("14-15", "16-17")])
        inputs = region(population, {"three"}, month=APRIL)
        chain = [Release(inputs, hidden(inputs).rows)]
        assert check(prove(chain).certificate, chain).holds

    def test_proves_people_of_registers_who_may_have_come_in_another_quarter_too(self):
        """At most 7 in half a year, at least 5 in its second quarter: of five in the first, some came again."""
        of_walsall = [({0}, 2), ({3}, 3), ({4}, 2)]
        population = crowd(
            [
                *((WALSALL, "16-17", {"three": months}, many) for months, many in of_walsall),
                # There are more of those whom others met.
                *((WALSALL, "16-17", {"one": {month}}, 20) for month in range(6)),
                *((BIRMINGHAM, age, {"three": {0, 3}}, 30) for age in ("14-15", "16-17")),
            ]
        )
        inputs = region(population, {"one", "three"})
        chain = [Release(inputs, hidden(inputs).rows)]
        assert any(target.up and target.end.place.district == WALSALL for target in targets(chain))
        left = check(prove(chain).certificate, chain).unshielded
        assert not [target for target in left if target.end.place.district == WALSALL and target.end.which == "number"]

    def test_gives_the_same_again(self):
        inputs = region(crowd([(WALSALL, "14-15", {"one": {0}}, 3), (BIRMINGHAM, "16-17", {"two": {1}}, 17)]))
        chain = [Release(inputs, hidden(inputs).rows)]
        assert prove(chain) == prove(chain)

    def test_looks_at_earlier_releases_and_a_late_return_together(self):
        people = [
            (WALSALL, "14-15", {"one": {0}, "three": {0}}, 3),
            (BIRMINGHAM, "16-17", {"two": {0}, "three": {0}}, 22),
        ]
        late_people = [(BIRMINGHAM, "14-15", {"three": {0}}, 4)]
        early = region(crowd(people), month=APRIL, missing=[("three", 0)])
        late = region(crowd([*people, *late_people]), month=APRIL)
        first = Release(early, hidden(early).rows)
        chain = [first, Release(late, hidden(late, [first]).rows)]
        verdict = check(prove(chain).certificate, chain)
        assert verdict.broken == []
        assert len(verdict.unshielded) < len(targets(chain))

    def test_of_a_region_without_small_numbers_wants_nothing(self):
        inputs = region(crowd([(WALSALL, "14-15", {"three": {0}}, 40)]), month=APRIL)
        chain = [Release(inputs, hidden(inputs).rows)]
        assert targets(chain) == set()
        assert prove(chain).certificate.worlds == ()


class TestHideWhatTells:
    @given(populations, registers, policies)
    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_leaves_nothing_that_the_attack_can_tell_and_changes_no_number_that_it_shows(self, population, who, policy):
        inputs = region(population, who, month=Month(2021, 6), policy=policy)
        counted = {n.end: n.shown for row in figure_rows(inputs) for n in numbers_of(row)}
        found = hidden(inputs)
        assert found.told == ()
        assert not any(finding.is_told for finding in audit([Release(inputs, found.rows)]))
        for row in found.rows:
            for number in numbers_of(row):
                assert number.shown in {counted[number.end], None}
                assert (number.shown is None) == (counted[number.end] is None or number.end in found.beside)

    def test_keeps_hidden_what_an_earlier_release_hid(self):
        population = crowd([(WALSALL, "14-15", {"one": {0}, "three": {0}}, 30)])
        early, late = region(population, month=APRIL), region(population, month=Month(2021, 5))
        ends = {n.end for row in figure_rows(early) for n in numbers_of(row) if n.end.place.district == WALSALL}
        assert ends <= hidden_ends(hidden(late, [published(early, ends)]).rows)

    def test_keeps_hidden_what_it_is_told_to(self):
        inputs = region(crowd([(WALSALL, "14-15", {"one": {0}, "three": {0}}, 30)]), month=APRIL)
        rows = list(figure_rows(inputs))
        end = next(n.end for row in rows for n in numbers_of(row) if n.end.place.programme == "hub")
        assert end in hide_what_tells(inputs, rows, sticky={end: None}).beside


class TestHide:
    def test_hides_one_end_and_leaves_the_other(self):
        inputs = region(
            crowd([(WALSALL, "14-15", {"one": {0}}, 30), (WALSALL, "14-15", {"two": {0}}, 40)]), month=APRIL
        )
        row = next(row for row in figure_rows(inputs) if row.basis == "range")
        lower = End(next(numbers_of(row)).end.place, "lower")
        found = hide(row, {lower})
        assert (found.lower, found.upper, found.symbol) == (None, row.upper, "c")
