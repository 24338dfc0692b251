"""The search for worlds: steps, walks, what is learnt of the largest of several numbers, what is remembered."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes.disclosure.columns import Beliefs, Effects, columns_of
from outcomes.disclosure.lines import Line, lines_at, lines_of
from outcomes.disclosure.nearest import Nearest
from outcomes.disclosure.published import Release, numbers_of
from outcomes.disclosure.remembered import Lately, Remembered
from outcomes.disclosure.search import Effort, Model, Says, Walk, Wish
from outcomes.disclosure.steps import Steps
from outcomes.disclosure.suppression import hide_what_tells
from outcomes.disclosure.traced import Leaves
from outcomes.disclosure.worlds import Count, Profile, Sources, World
from outcomes.release_figures import figure_rows
from tests.disclosure_regions import crowd, populations, region, registers
from vru_portal.core.periods import Month

WALSALL, BIRMINGHAM = "E08000030", "E08000025"
APRIL = Month(2021, 4)


def people(walsall=2):
    """Of two ages, in a district that is hidden and one that is not."""
    districts = ((WALSALL, walsall), (BIRMINGHAM, 31))
    return crowd([(d, age, {"three": {0}}, many) for d, many in districts for age in ("14-15", "16-17")])


def released(inputs):
    return Release(inputs, hide_what_tells(inputs, list(figure_rows(inputs))).rows)


def model_of(release):
    sources = Sources([release.inputs])
    lines = lines_of([release], [Leaves(sources, 0)])
    return Model(sources, lines), sources, lines


def hidden_end(release, **place):
    ends = [n.end for row in release.rows for n in numbers_of(row) if n.shown is None]
    return next(end for end in ends if all(getattr(end.place, name) == value for name, value in place.items()))


class TestSteps:
    COLUMNS = [Count("three", APRIL, 0, "first_seen", "district", code) for code in (WALSALL, BIRMINGHAM)]
    COLUMNS += [Count("three", APRIL, 0, "first_seen", "age_band", "14-15"), Profile(frozenset(), WALSALL, "14-15")]
    # Two districts, each with its own row and one that both share with an age; and a person of a register.
    EFFECTS = [{0: 1, 2: 1}, {1: 1, 2: 1}, {2: -1}, {0: 1, 1: 1}]

    def moves(self):
        steps = Steps(self.COLUMNS, self.EFFECTS, 3)
        return steps, [
            dict(zip(steps.rows[steps.part(n)].tolist(), steps.by[steps.part(n)].tolist(), strict=True))
            for n in range(len(steps.first))
        ]

    def test_change_a_district_and_an_age_at_once_and_leave_out_what_cancels(self):
        _, moves = self.moves()
        assert {0: 1} in moves, "one more in Walsall who is 14 or 15"
        assert {0: 1, 1: -1} in moves, "one who lives in Walsall and not in Birmingham"
        assert {0: 1, 1: 1} in moves, "one more in a register"
        assert len(moves) == 4

    def test_let_somebody_of_a_register_be_met_at_one_more_place(self):
        once, twice = frozenset([("two", APRIL)]), frozenset([("two", APRIL), ("three", APRIL)])
        columns = [Profile(once, WALSALL, "14-15"), Profile(twice, WALSALL, "14-15"), Profile(twice, WALSALL, "16-17")]
        steps = Steps(columns, [{0: 1}, {0: 1, 1: 1}, {0: 1, 1: 1}], 2)
        taken = zip(steps.first, steps.second, steps.times, strict=True)
        both = [(columns[one], columns[other]) for one, other, by in taken if by == -1]
        assert both == [(columns[1], columns[0])], "of the same district and age"
        assert [steps.rows[steps.part(n)].tolist() for n in range(len(steps.first)) if steps.times[n]] == [[1]]

    def test_are_found_by_the_row_that_they_move(self):
        steps, moves = self.moves()
        each, up = steps.of_row(1)
        assert [(moves[n], bool(u)) for n, u in zip(each, up, strict=True)] == [(m, m[1] > 0) for m in moves if 1 in m]

    def test_learn_how_another_row_moves(self):
        steps, before = self.moves()
        steps.learn(np.array([0, 2, 0, 1]))
        each, up = steps.of_row(3)
        assert len(each) == 3
        for step, upwards in zip(each, up, strict=True):
            part = steps.part(step)
            assert steps.rows[part][-1] == 3
            assert (steps.by[part][-1] > 0) == upwards
            assert (
                dict(zip(steps.rows[part].tolist(), steps.by[part].tolist(), strict=True)).items()
                > before[step].items()
            )


class TestColumns:
    def test_are_also_what_moves_no_number_by_itself(self):
        """Who is counted again in May stands in no number: all of April and May were met in April."""
        inputs = region(crowd([(WALSALL, "14-15", {"three": {0, 1}}, 9)]), month=Month(2021, 5))
        _, sources, lines = model_of(released(inputs))
        again = Count("three", Month(2021, 5), 0, "already_counted", "age_band", "14-15")
        columns = columns_of(sources, [line for line in lines if again not in line.terms])
        assert again in columns
        assert again._replace(month=APRIL) not in columns, "nobody was counted before April"

    def test_are_also_those_of_whom_few_were_met_as_known_from_elsewhere(self):
        found = crowd([(WALSALL, "14-15", {"three": {0}}, 2), (WALSALL, "14-15", {"one": {0}}, 40)])
        _, sources, lines = model_of(released(region(found, {"one", "three"}, month=APRIL)))
        both = Profile(frozenset([("one", APRIL), ("three", APRIL)]), WALSALL, "14-15")
        assert both not in sources.people[0]
        assert both in columns_of(sources, lines)


class TestNearest:
    # Two columns that move a row each, and a third together.
    EFFECTS = [{0: 1, 2: 1}, {1: 1, 2: 1}]

    def ask(self, least, most, learnt=()):
        nearest = Nearest(self.EFFECTS, 3, np.array([-2, -2]), 30)
        for times in learnt:
            nearest.learn(np.array(times))
        return nearest.ask(np.array(least, dtype=float), np.array(most, dtype=float))

    def test_is_where_fewest_people_differ(self):
        found, _ = self.ask([3, -5, -5], [9, 5, 5])
        assert found.tolist() == [3, 0]
        assert self.ask([3, -5, 0], [9, 5, 0])[0] is None, "no more than two can be taken away"
        assert self.ask([2, -5, 0], [9, 5, 0])[0].tolist() == [2, -2]

    def test_is_none_where_rows_contradict_each_other_and_says_which(self):
        found, in_the_way = self.ask([4, 0, -9], [9, 0, 2])
        assert found is None
        assert np.flatnonzero(in_the_way).tolist() == [0, 1, 2]

    def test_knows_what_was_learnt(self):
        assert self.ask([3, -9, -9, -9], [9, 9, 9, 1], [[1, 1]])[0].tolist() == [3, -2]


class TestWalk:
    @pytest.mark.parametrize("who", [set(), {"three"}])
    @pytest.mark.parametrize(("walsall", "up"), [(2, True), (1, False)])
    def test_ends_where_the_wish_is_true_and_everything_published_stays(self, who, walsall, up):
        release = released(region(people(walsall), who, month=APRIL))
        model, sources, _ = model_of(release)
        walk = Walk(model, np.random.default_rng(1))
        end = hidden_end(release, district=WALSALL, programme="")
        assert walk.grant(Wish((0, end), 5 if up else 1, up), Effort(20, 100))
        told = list(figure_rows(sources.told(walk.world, 0)))
        counted = {n.end: n for row in told for n in numbers_of(row)}
        assert counted[end].exact >= 5 if up else counted[end].exact <= 1
        shown = {n.end: n.shown for row in release.rows for n in numbers_of(row) if n.shown is not None}
        assert {e: counted[e].shown for e in shown} == shown

    def test_asks_for_the_nearest_world_before_it_walks(self):
        release = released(region(people(), month=APRIL))
        model, *_ = model_of(release)
        end, asked = hidden_end(release, district=WALSALL, programme=""), Effort(0, 0, asks=True)
        walk = Walk(model, np.random.default_rng(1))
        assert not walk.grant(Wish((0, end), 20, up=True), asked)
        assert walk.in_the_way()
        assert walk.grant(Wish((0, end), 5, up=True), asked)
        assert not walk._strain(slice(None), walk.moved).any()
        assert walk.moved.tolist() == model.moves(walk.times[:-1]).tolist()

    def test_goes_back_where_a_wish_cannot_be_granted(self):
        release = released(region(people(), month=APRIL))
        walk = Walk(model_of(release)[0], np.random.default_rng(1))
        end = hidden_end(release, district=WALSALL, programme="")
        assert not walk.grant(Wish((0, end), 900, up=True), Effort(3, 100))
        assert (walk.wishes, walk.world) == ([], World())
        assert not walk.moved.any()
        assert (walk.least == walk.model.least).all()

    def test_moves_each_row_by_what_its_columns_say(self):
        release = released(region(people(), month=APRIL))
        model, sources, lines = model_of(release)
        walk = Walk(model, np.random.default_rng(1))
        walk.grant(Wish((0, hidden_end(release, district=WALSALL, programme="")), 5, up=True), Effort(20, 100))
        effects, beliefs, moved = Effects(lines), Beliefs(sources), {}
        for column, times in walk.world.counts.items():
            for row, by in (*effects.of(column).items(), *beliefs.of(column)):
                moved[row] = moved.get(row, 0) + times * by
        assert sorted(filter(None, moved.values())) == sorted(filter(None, walk.moved.tolist()))


class TestLearn:
    def test_that_the_largest_of_several_is_no_less_than_another_of_them(self):
        met = [({"one": {0}}, 4), ({"two": {0}}, 3)]
        everybody = [(d, "14-15", by, n + 30 * (d == BIRMINGHAM)) for d in (WALSALL, BIRMINGHAM) for by, n in met]
        release = released(region(crowd(everybody), month=APRIL))
        model, sources, _ = model_of(release)
        end = hidden_end(release, district=WALSALL, programme="")._replace(which="lower")
        none = Wish((0, end), 1, up=False)
        assert len(model.wished(none)) == 1
        # Without those of the delivery that saw most, it is what the other saw.
        cells = (("district", WALSALL), ("age_band", "14-15"))
        world = World({Count("one", APRIL, 0, "first_seen", *cell): -4 for cell in cells})
        told = sources.told(world, 0)
        orders = {row.order for row in release.rows for n in numbers_of(row) if n.end == end}
        lines = [x for x in lines_at([release], Leaves(sources, 0), told, orders) if (0, end) in x.ends]
        assert model.learn(lines, world, [none])
        assert len(model.wished(none)) == 2
        assert model.says[-1] == Says.NO_LESS
        assert model.least[-1] == -np.inf
        assert len(model.wished(Wish((0, end), 5, up=True))) == 1, "one of them is enough"
        assert not model.learn(lines, World(), []), "nothing is strained by it alone"

    def strained(self):
        """A model, its release, and one of several numbers of which the smallest is shown as 6 to 10: 11 where two
        people less were met, so 13 in truth, where another is the smallest."""
        release = released(region(people(), month=APRIL))
        model, *_ = model_of(release)
        count = Count("three", APRIL, 0, "first_seen", "district", BIRMINGHAM)
        end = hidden_end(release, district=WALSALL, programme="")._replace(which="upper")
        return model, release, World({count: -2}), Line({(0, end)}, {count: 1}, 11, 6, 10)

    def test_holds_what_in_truth_is_beyond_what_is_shown(self):
        model, _, world, line = self.strained()
        assert model.learn([line], world, [])
        assert (model.true[-1], model.least[-1], model.most[-1]) == (13, -np.inf, -3)

    def test_is_forgotten_for_the_next_world(self):
        model, release, world, line = self.strained()
        wish = Wish((0, hidden_end(release, district=WALSALL, programme="")), 5, up=True)

        def walked(of):
            walk = Walk(of, np.random.default_rng(1))
            return walk.grant(wish, Effort(20, 100, asks=True)), walk.world

        before = walked(model)
        assert model.learn([line], world, [])
        assert walked(model) != before
        model.forget()
        assert walked(model) == before == walked(model_of(release)[0])
        assert model.learn([line], world, []), "it can be learnt again"


class TestLately:
    def test_makes_nothing_twice_of_the_very_same_thing_for_a_while(self):
        lately, one, alike, made = Lately(2), [1], [1], []

        def of(what, key="key"):
            return lately(what, key, lambda: made.append(what) or len(made))

        assert [of(one), of(one), of(alike), of(one)] == [1, 1, 2, 1], "what is equal is not the same"
        assert of(one, "another key") == 3
        assert of(one) == 4, "the oldest was forgotten"

    def test_remembers_of_a_world_the_deliveries_that_are_as_in_the_one_before(self):
        inputs = region(crowd([(WALSALL, "14-15", {"one": {0}, "three": {0}}, 6)]), month=APRIL)
        cells = (("district", WALSALL), ("age_band", "14-15"))
        changed = {who: {Count(who, APRIL, 0, "first_seen", *cell): 1 for cell in cells} for who in ("one", "three")}
        sources = Sources([inputs])

        def years(*who):
            told = sources.told(World({count: n for each in who for count, n in changed[each].items()}), 0)
            return {year.delivery: year for of in told.deliveries.values() for year in of}

        before, after = years("one"), years("one", "three")
        assert after["one"] is before["one"]
        assert after["three"] is not before["three"]


class TestRemembered:
    @given(populations, registers, st.integers(0, 3))
    @settings(max_examples=15, deadline=None)
    def test_counts_worlds_as_the_counting_code_does(self, population, who, more):
        inputs = region(population, who)
        sources = Sources([inputs])
        remembered = Remembered(y for years in inputs.deliveries.values() for y in years)
        profiles = dict.fromkeys(list(sources.people[0])[:1], more)
        cells = (("district", WALSALL), ("age_band", "14-15"))
        counts = {} if "one" in who else {Count("one", APRIL, 0, "first_seen", *cell): more for cell in cells}
        for world in (World(), World(counts, profiles), World(counts), World(counts, profiles)):
            told = sources.told(world, 0)
            assert list(figure_rows(told, remembered)) == list(figure_rows(told))
            assert remembered.found
