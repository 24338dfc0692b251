"""The attack: what can be told of hidden numbers from what is published, held against another programme's audit."""

from dataclasses import replace
from itertools import combinations
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes.disclosure.attack import MOST, SLACK, Attack, audit
from outcomes.disclosure.covering import cheapest
from outcomes.disclosure.finding import SENSES, Finding
from outcomes.disclosure.insiders import Insider, Parts, audit_insider
from outcomes.disclosure.published import Release, hidden_ends, hide, numbers_of, without_numbers
from outcomes.disclosure.readers import Reader, ask_together
from outcomes.disclosure.relations import Relations
from outcomes.disclosure.suppression import MOST_CHOICES, dearness, hide_what_tells, suppress
from outcomes.release_figures import Place, figure_rows
from outcomes.release_inputs import PolicyInput
from tests.disclosure_regions import BASE_5, EVERY_PERIOD, crowd, policies, populations, region, registers
from tests.test_reach import AGES, DISTRICTS
from vru_portal.core.periods import Month

WALSALL, BIRMINGHAM = "E08000030", "E08000025"
APRIL, JUNE = Month(2021, 4), Month(2021, 6)
EXACT = PolicyInput(1, ("one_to_one",), round_to=1, hide_below=5)


def published(inputs, hidden=frozenset()):
    return Release(inputs, [hide(row, hidden) for row in figure_rows(inputs)])


def numbers(release):
    return {number.end: number for row in release.rows for number in numbers_of(row)}


def told_by_another_programme(table, tmp_path):
    """Intervals of hidden cells by pytauargus, whose audit reads a file: value, whether hidden, and the equations."""
    programme = pytest.importorskip("pytauargus._tauargus", reason="There is no pytauargus for this machine.")
    cells, equations = table
    lines = ["0", str(len(cells))]
    for place, (value, hidden) in enumerate(cells):
        lines.append(f"{place} {value} 1 {'u' if hidden else 's'} 0 1000000 0 0 0")
    lines.append(str(len(equations)))
    for total, parts in equations:
        terms = " ".join(f"{part} (1)" for part in parts)
        lines.append(f"0 {len(parts) + 1} : {total} (-1) {terms}")
    path = tmp_path / "table.jj"
    path.write_text("\n".join(lines) + "\n")
    return {found["cell"]: (max(found["min"], 0), found["max"]) for found in programme.audit_jj(str(path))}


def crossed_table(release):
    """District by age of the year to June, with its margins: the places in order, the cells, the equations."""
    rows = {
        (row.district and row.district.code, row.age_band and row.age_band.code): row
        for row in release.rows
        if row.programme is None and row.period.type == "year_to_date" and row.period.months[-1] == JUNE
    }
    places = {key: place for place, key in enumerate(rows)}
    equations = [(places[None, None], [places[d, None] for d in DISTRICTS])]
    equations += [(places[None, None], [places[None, a] for a in AGES])]
    equations += [(places[d, None], [places[d, a] for a in AGES]) for d in DISTRICTS]
    equations += [(places[None, a], [places[d, a] for d in DISTRICTS]) for a in AGES]
    cells = [(row.exact_lower, row.lower is None) for row in rows.values()]
    return [next(numbers_of(row)).end for row in rows.values()], (cells, equations)


class TestAudit:
    @given(counts=st.lists(st.integers(0, 12), min_size=4, max_size=4))
    @settings(max_examples=25, deadline=None)
    def test_agrees_with_pytauargus_where_tables_add_up(self, counts, tmp_path_factory):
        labels = [(d, a) for d in DISTRICTS[:2] for a in AGES[:2]]
        people = crowd([(*label, {"three": {2}}, many) for label, many in zip(labels, counts, strict=True)])
        inputs = region(people, {"one", "two", "three"}, month=JUNE, policy=EXACT)
        # Programmes are left out: they are one more sum, of which that table knows nothing.
        whole = published(inputs)
        ends = {n.end for row in whole.rows for n in numbers_of(row) if row.programme}
        release = published(inputs, ends)
        places, table = crossed_table(release)
        theirs = told_by_another_programme(table, tmp_path_factory.mktemp("jj"))
        ours = {finding.end: finding for finding in audit([release])}
        for cell, (least, most) in theirs.items():
            finding = ours[places[cell]]
            assert finding.least == pytest.approx(least)
            assert finding.most == (None if most > MOST / 2 else pytest.approx(most))

    def test_names_the_published_numbers_that_give_a_number_away(self):
        inputs = region(
            crowd([(WALSALL, "14-15", {"three": {0}}, 3), (BIRMINGHAM, "14-15", {"three": {0}}, 20)]),
            month=APRIL,
            policy=EXACT,
        )
        told = [f for f in audit([published(inputs)]) if f.end.place.district == WALSALL]
        assert told
        assert all(finding.is_told and (finding.least, finding.most) == (3, 3) for finding in told)
        named = {end.place.district for finding in told for _, end in finding.by}
        assert BIRMINGHAM in named

    def test_tells_less_where_numbers_are_rounded(self):
        inputs = region(
            crowd([(WALSALL, "14-15", {"three": {0}}, 3), (BIRMINGHAM, "14-15", {"three": {0}}, 20)]), month=APRIL
        )
        walsall = [f for f in audit([published(inputs)]) if f.end.place.district == WALSALL]
        assert walsall
        assert all(finding.most > finding.least for finding in walsall)

    def test_adds_up_the_districts_that_are_known_alone(self):
        """Whoever lives nobody knows where may be among the others: the others alone are no more than all of them."""
        one = [(BIRMINGHAM, "14-15", {"one": {0}}, 31), (WALSALL, "14-15", {"one": {0}}, 3)]
        two = [(BIRMINGHAM, "14-15", {"two": {0}}, 20), ("not-known", "14-15", {"two": {0}}, 8)]
        told = [f for f in audit([published(region(crowd([*one, *two]), month=APRIL))]) if f.is_told]
        assert {(f.end.place.district, f.end.which, f.most) for f in told} == {(WALSALL, "lower", 4)}

    def test_divides_at_most_by_the_deliveries(self):
        """At most 10, so 6 or more, of two deliveries: one of them met three of them."""
        walsall = [(WALSALL, "14-15", {"one": {0}}, 4), (WALSALL, "14-15", {"two": {0}}, 3)]
        inputs = region(crowd([*walsall, (BIRMINGHAM, "14-15", {"one": {0}}, 50)]), month=JUNE)
        told = [f for f in audit([published(inputs)]) if f.is_told and f.end.place.programme == "hub"]
        assert {(f.end.place.district, f.end.which, f.least) for f in told} == {(WALSALL, "lower", 3)}
        assert all(any(end.which == "upper" for _, end in finding.by) for finding in told)

    @pytest.mark.parametrize(
        ("hub", "who", "most"),
        [
            # 41 to 45 in Walsall, and 41 to 45 of them of one age.
            ([("14-15", "one", 41)], set(), 4),
            # A register has 60 or more in Walsall, and 44 or fewer of that age; all 65 or fewer, and 46 or more.
            ([("14-15", "one", 44), ("16-17", "one", 16), ("14-15", "two", 3)], {"one"}, 3),
        ],
    )
    def test_subtracts_those_of_a_district_and_an_age_from_those_of_the_district(self, hub, who, most):
        """The club met nobody of that age: so whom it met in Walsall is among the others."""
        met = [(WALSALL, age, {delivery: {0}}, many) for age, delivery, many in hub]
        inputs = region(crowd([*met, (WALSALL, "16-17", {"three": {0}}, 2)]), who, month=JUNE)
        shown = {("", WALSALL, ""), ("", WALSALL, "14-15"), ("club", "", "14-15")}
        ends = numbers(published(inputs))
        release = published(inputs, {end for end in ends if end.place[3:] not in shown or end.place.period == "month"})
        of_club = [f for f in audit([release]) if f.end.place[3:] == ("club", WALSALL, "") and f.is_told]
        assert {f.end.place.period: f.most for f in of_club} == {"quarter": most, "year_to_date": most}

    @given(populations, registers, st.sets(st.tuples(st.sampled_from(["one", "two"]), st.integers(0, 5))), policies)
    @settings(max_examples=60)
    def test_never_subtracts_too_many_where_returns_are_right(self, population, who, missing, policy):
        release = published(region(population, who, missing=missing, policy=policy))
        attack = Attack([release])
        rows = {number.end.place: row for row in release.rows for number in numbers_of(row)}
        assert all(
            attack._holds(each)
            for each in Relations([release], attack.variables, attack.true).over_crossed(0, release, rows)
        )

    def test_blames_no_number_for_not_being_less_than_none(self):
        """Nobody in Coventry: what hiding that would let in is more people there, and never fewer."""
        attack = Attack([published(TestSuppress.inputs)])
        case = next(each for each in attack.protected if each[1].place.district == WALSALL)
        blamed = [attack.extreme(attack.variables[case], sense)[1] for sense in SENSES]
        none = {(0, end) for end, number in numbers(attack.chain[0]).items() if number.shown == 0}
        assert [bool(none & by.keys()) for by in blamed] == [False, True]

    @given(
        populations,
        registers,
        st.sets(st.tuples(st.sampled_from(["one", "two"]), st.integers(0, 5))),
        st.booleans(),
        policies,
    )
    @settings(max_examples=60)
    def test_never_divides_by_too_few_where_returns_are_right(self, population, who, missing, by_reference, policy):
        by_reference = who if by_reference else ()
        release = published(region(population, who, missing=missing, policy=policy, by_reference=by_reference))
        attack = Attack([release])
        rows = {number.end.place: row for row in release.rows for number in numbers_of(row)}
        found = list(Relations([release], attack.variables, attack.true).over_deliveries(0, release, rows))
        assert all(attack._holds(each) for each in found)

    def test_reads_two_releases_of_the_same_returns_together(self):
        """Hidden in one and shown in the other is not hidden."""
        people = crowd([(WALSALL, "14-15", {"three": {0}}, 4), (BIRMINGHAM, "14-15", {"three": {0}}, 4)])
        inputs = region(people, month=APRIL)
        shown = replace(inputs, policy=replace(inputs.policy, round_to=1, hide_below=1))
        assert not any(f.is_told for f in audit([published(inputs)]))
        assert all(f.is_told for f in audit([published(shown), published(inputs)]))

    def test_says_of_a_number_that_releases_repeat_what_asking_for_each_would_say(self):
        inputs = region(crowd([(WALSALL, "14-15", {"one": {0}, "three": {0}}, 3)]))
        attack = Attack(chain := [published(inputs), published(inputs)])
        assert len({attack.variables[case] for case in attack.protected}) < len(attack.protected)
        each = [attack.interval(which, end, own=0) for which, end in attack.protected]
        # By which numbers it is told, there can be several answers.
        assert [replace(found, by={}) for found in audit(chain)] == [replace(found, by={}) for found in each]

    def test_reads_a_release_for_which_registers_say_something_else_of_the_same_people(self):
        """By then more is known of whom a register told of before: the same returns, and other figures."""
        people = crowd([(WALSALL, "14-15", {"three": {0}}, 40), (BIRMINGHAM, "14-15", {"three": {0}}, 3)])
        early = region(people, {"three"}, month=APRIL)
        walsall, birmingham = (("district", code) for code in (WALSALL, BIRMINGHAM))
        everybody = early.everybody | {
            walsall: early.everybody[walsall] | early.everybody[birmingham],
            birmingham: early.everybody[birmingham] - early.everybody[birmingham],
        }
        chain = [published(early), published(replace(early, everybody=everybody))]
        findings = audit(chain)
        assert findings
        for finding in findings:
            exact = numbers(chain[finding.release])[finding.end].exact
            assert finding.least <= exact <= (finding.most or MOST)

    @given(populations, registers, st.integers(0, 2))
    @settings(max_examples=15)
    def test_leaves_out_no_relation_that_would_tell_more(self, population, who, hidden_too):
        inputs = region(population, who, month=JUNE)
        release = published(inputs)
        some = sorted(n.end for n in numbers(release).values() if n.shown)[hidden_too::7]

        def told(attack):
            reader = Reader(attack, attack.own, dict.fromkeys(attack.protected, 0))
            before = reader.told()
            for end in some:
                attack.hide(attack.alike(0, end))
            between = reader.told()
            for end in some[::2]:
                if not attack.alike(0, end):
                    attack.show({(0, end)})
            return before, between, reader.told()

        class WithAll(Attack):
            def _says_something(self, relation):
                return True

        assert told(Attack([release])) == told(WithAll([release]))

    def test_does_not_take_a_late_return_for_the_same(self):
        early = region(crowd([(WALSALL, "14-15", {"one": {0}, "three": {0}}, 30)]), month=APRIL, missing=[("three", 0)])
        late = region(
            crowd([(WALSALL, "14-15", {"one": {0}, "three": {0}}, 30), (BIRMINGHAM, "14-15", {"three": {0}}, 3)]),
            month=APRIL,
        )
        chain = [published(early), published(late)]
        hidden = [finding for finding in audit(chain) if finding.end.place.district == BIRMINGHAM]
        assert hidden
        assert {finding.release for finding in hidden} == {1}


class TestAuditInsider:
    def test_tells_a_partner_of_the_others_what_is_left_of_a_published_total(self):
        people = crowd(
            [
                (WALSALL, "14-15", {"one": {0}}, 3),
                (WALSALL, "14-15", {"two": {0}}, 1),
                (BIRMINGHAM, "14-15", {"one": {0}}, 20),
            ]
        )
        exact = audit_insider([published(region(people, month=APRIL, policy=EXACT))], {"one"})
        assert exact
        assert all(finding.is_told and (finding.least, finding.most) == (1, 1) for finding in exact)
        rounded = audit_insider([published(region(people, month=APRIL))], {"one"})
        assert rounded
        assert all(finding.most > finding.least for finding in rounded)

    def test_is_told_nothing_by_a_release_that_shows_no_number(self):
        """Registers tell of four and counts of four others: that the lower end is the registers' says by itself that
        they are no fewer."""
        people = [(BIRMINGHAM, "14-15", {name: {0}}, 4) for name in ("one", "three")]
        inputs = region(crowd(people), {"one"}, month=APRIL, policy=EVERY_PERIOD)
        assert any(each.least > 1 for each in audit_insider([without_numbers(published(inputs))], {"three"}))
        for release in (published(inputs), without_numbers(published(inputs))):
            assert not any(each.is_told for each in audit_insider([release], {"three"}))

    def test_names_the_side_alone_that_is_told_by_what_is_published(self):
        end = next(iter(numbers(published(TestSuppress.inputs))))
        found = Finding(0, end, least=3, most=4, tells_least=True, tells_most=True, by={(0, end): 1.0})
        known = replace(found, most=9)
        assert (found.beyond(known).tells_least, found.beyond(known).tells_most) == (False, True)
        assert found.beyond(known).by == found.by
        assert found.beyond(found) == replace(found, tells_least=False, tells_most=False, by={})

    def test_protects_nothing_of_a_partner_that_is_alone(self):
        release = published(region(crowd([(WALSALL, "14-15", {"three": {0}}, 3)]), month=APRIL))
        assert audit_insider([release], {"three"}) == []


class TestSuppress:
    inputs = region(
        crowd([(WALSALL, "14-15", {"three": {0}}, 3), (BIRMINGHAM, "14-15", {"three": {0}}, 20)]),
        month=APRIL,
        policy=EXACT,
    )

    def test_hides_until_nothing_can_be_told(self):
        release = published(self.inputs)
        found = suppress([release])
        assert found.told == ()
        assert found.why
        after = [hide(row, found.why) for row in release.rows]
        assert not any(finding.is_told for finding in audit([Release(self.inputs, after)]))

    def test_hides_nothing_in_vain(self):
        release = published(self.inputs)
        found = suppress([release])
        same = {}
        for end in found.why:
            same.setdefault((end.place[1:], end.which), set()).add(end)
        for alike in same.values():
            rows = [hide(row, found.why.keys() - alike) for row in release.rows]
            assert any(finding.is_told for finding in audit([Release(self.inputs, rows)]))

    def test_says_of_each_what_could_be_told_without_it(self):
        release = published(self.inputs)
        found = suppress([release])
        for end, case in found.why.items():
            alike = {other for other in found.why if (other.place[1:], other.which) == (end.place[1:], end.which)}
            rows = [hide(row, found.why.keys() - alike) for row in release.rows]
            told = {(f.release, f.end) for f in audit([Release(self.inputs, rows)]) if f.is_told}
            assert case in told

    def test_says_so_where_an_earlier_release_shows_too_much(self):
        people = crowd([(WALSALL, "14-15", {"three": {0}}, 4), (BIRMINGHAM, "14-15", {"three": {0}}, 4)])
        inputs = region(people, month=APRIL)
        shown = replace(inputs, policy=replace(inputs.policy, round_to=1, hide_below=1))
        found = suppress([published(shown), published(inputs)])
        assert found.told_before
        assert found.told == ()


class TestDearness:
    def test_takes_a_total_for_two_of_its_parts(self):
        place = Place("quarter", "2021-04-01", "2021-06-30", "hub", "", "")
        assert dearness(place) == 2 * dearness(place._replace(district=WALSALL))
        assert dearness(place._replace(programme="")) > 40 * dearness(place)


class TestCheapest:
    ones = st.integers(1, 6)
    wish = st.tuples(st.frozensets(ones, min_size=1, max_size=4), st.one_of(st.none(), ones))
    wishes = st.sets(wish.filter(lambda wish: wish[1] not in wish[0]), max_size=8)

    @given(st.lists(st.integers(1, 4), min_size=6, max_size=6), wishes)
    def test_nothing_cheaper_takes_one_of_each(self, costs, wishes):
        costs = dict(enumerate(costs, 1))

        def takes_one_of_each(chosen):
            return all(these & chosen for these, only_if in wishes if only_if is None or only_if in chosen)

        possible = [set(some) for many in range(7) for some in combinations(costs, many)]
        least = min(sum(costs[one] for one in chosen) for chosen in possible if takes_one_of_each(chosen))
        found = cheapest(costs, sorted(wishes, key=repr))
        assert takes_one_of_each(found)
        assert sum(costs[one] for one in found) == least


class TestReader:
    def test_keeps_no_answer_that_a_number_shown_again_makes_impossible(self):
        attack = Attack([published(TestSuppress.inputs)])
        reader = self.from_outside(attack)
        told, hidden = set(reader.told()), []
        for side in told:
            while by := reader.what_tells(side):
                hidden.append(attack.alike(*min(by)))
                attack.hide(hidden[-1])
        assert told
        assert not reader.told()
        for alike in hidden:
            attack.show(alike)
            assert set(reader.told()) == set(self.from_outside(attack).told())
        assert set(reader.told()) == told

    def test_what_tells_a_number_by_itself_tells_it_whatever_else_is_hidden(self):
        walsall = [(WALSALL, "14-15", {"one": {0}}, 4), (WALSALL, "14-15", {"two": {0}}, 3)]
        inputs = region(crowd([*walsall, (BIRMINGHAM, "14-15", {"one": {0}}, 50)]), month=JUNE)
        release = published(inputs)
        attack = Attack([release])
        reader = self.from_outside(attack)
        alone = [(side, attack.shown_by[n]) for side in reader.sides() for n in reader.telling_alone(side)]
        telling = [(side, alike) for side, alike in alone if alike]
        assert telling
        for side, alike in telling:
            others = numbers(release).keys() - {end for _, end in alike}
            alone = self.from_outside(Attack([Release(inputs, [hide(row, others) for row in release.rows])]))
            assert alone.what_tells(side) is not None

    @given(populations, registers)
    @settings(max_examples=15, deadline=None)
    def test_what_can_be_for_all_partners_together_can_be_for_each(self, population, who):
        release = published(region(population, who, month=JUNE))
        attack, parts = Attack([release]), [Parts(release)]
        hidden = [(0, end) for end in hidden_ends(release.rows)]
        insiders = [Insider(parts, deliveries) for deliveries in TestInsiders.PARTNERS]
        asked, by_themselves = (
            [Reader(attack, attack.known(each.own), each.few_others(hidden)) for each in insiders] for _ in range(2)
        )
        ask_together(attack, asked)
        for reader, other in zip(asked, by_themselves, strict=True):
            assert all((answer >= reader.own - SLACK).all() for answer in reader.answers.values())
            assert set(reader.told()) == set(other.told())

    def from_outside(self, attack):
        return Reader(attack, attack.own, dict.fromkeys(attack.protected, 0))


class TestHideWhatTells:
    inputs = TestSuppress.inputs

    def test_hides_what_an_earlier_release_hid_and_says_that_it_is_so(self):
        first = published(self.inputs)
        shown = next(n for n in numbers(first).values() if n.shown and n.end.place.district == BIRMINGHAM)
        before = Release(self.inputs, [hide(row, {shown.end}) for row in first.rows])
        found = hide_what_tells(self.inputs, list(figure_rows(self.inputs)), [before])
        assert found.beside[shown.end] is None
        assert numbers(Release(self.inputs, found.rows))[shown.end].shown is None

    def test_says_again_and_again_that_it_is_going_on(self):
        said = []
        hide_what_tells(self.inputs, list(figure_rows(self.inputs)), going_on=lambda: said.append("so"))
        assert len(said) > 2

    def test_names_nothing_that_is_hidden_by_the_rule_already(self):
        counted = list(figure_rows(self.inputs))
        found = hide_what_tells(self.inputs, counted)
        assert found.beside
        by_the_rule = {n.end for row in counted for n in numbers_of(row) if n.shown is None}
        assert not by_the_rule & found.beside.keys()


class TestInsiders:
    PARTNERS = ({"one"}, {"two"}, {"three"}, {"one", "three"})

    @given(populations, registers, st.sampled_from([EXACT, BASE_5, EVERY_PERIOD]))
    @settings(max_examples=15, deadline=None)
    def test_what_tells_a_partner_of_the_others_is_hidden(self, population, who, policy):
        inputs = region(population, who, month=JUNE, policy=policy)
        found = hide_what_tells(inputs, list(figure_rows(inputs)), partners=self.PARTNERS)
        chain = [Release(inputs, found.rows)]
        assert found.told == ()
        for deliveries in self.PARTNERS:
            assert not [each for each in audit_insider(chain, deliveries) if each.is_told]

    def test_it_costs_more_than_what_is_hidden_from_outside(self):
        """Two in Walsall of one age: one partner met one of them."""
        people = [(WALSALL, "14-15", {"one": {2}}, 1), (WALSALL, "14-15", {"two": {2}}, 1)]
        others = [(WALSALL, "16-17", {"two": {2}}, 3), (BIRMINGHAM, "14-15", {"one": {2}}, 6)]
        inputs = region(crowd([*people, *others]), month=JUNE)
        rows = list(figure_rows(inputs))
        outside, inside = hide_what_tells(inputs, rows), hide_what_tells(inputs, rows, partners=[{"one"}])
        assert any(each.is_told for each in audit_insider([Release(inputs, outside.rows)], {"one"}))
        assert not any(each.is_told for each in audit_insider([Release(inputs, inside.rows)], {"one"}))
        assert len(outside.beside) < len(inside.beside)

    @given(
        populations, registers, st.sampled_from([EXACT, BASE_5, EVERY_PERIOD]), st.sampled_from([0, 1, MOST_CHOICES])
    )
    @settings(max_examples=12, deadline=None)
    def test_what_tells_nobody_anything_is_shown_again(self, population, who, policy, choices):
        """Each that stays hidden would tell somebody something: somebody outside, or a partner. Also where the fewest
        were not found after so many choices."""
        inputs = region(population, who, month=JUNE, policy=policy)
        rows = list(figure_rows(inputs))
        with patch("outcomes.disclosure.suppression.MOST_CHOICES", choices):
            found = hide_what_tells(inputs, rows, partners=self.PARTNERS)
        assert found.told == ()
        same = {}
        for end in found.beside:
            same.setdefault((end.place[1:], end.which), set()).add(end)
        for alike in same.values():
            chain = [Release(inputs, [hide(row, found.beside.keys() - alike) for row in rows])]
            inside = (each for deliveries in self.PARTNERS for each in audit_insider(chain, deliveries))
            assert any(each.is_told for each in (*audit(chain), *inside))

    def test_what_an_earlier_release_hid_stays_hidden_though_it_tells_nobody_anything(self):
        inputs = region(crowd([(WALSALL, "14-15", {"one": {2}}, 40), (BIRMINGHAM, "14-15", {"two": {2}}, 30)]))
        rows = list(figure_rows(inputs))
        shown = {n.end for row in rows for n in numbers_of(row) if n.shown}
        assert not hide_what_tells(inputs, rows, partners=self.PARTNERS).beside
        some = set(sorted(shown)[::5])
        before = Release(inputs, [hide(row, some) for row in rows])
        found = hide_what_tells(inputs, rows, [before], partners=self.PARTNERS)
        assert some <= found.beside.keys()
        assert not some & {n.end for row in found.rows for n in numbers_of(row) if n.shown is not None}
