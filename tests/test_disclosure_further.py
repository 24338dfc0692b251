"""What more would be hidden for all to be proven: enough, and no more than the new worlds need."""

from dataclasses import replace

import pytest

from outcomes.disclosure.attack import Attack
from outcomes.disclosure.certificate import Certificate, Target, check, reached, targets
from outcomes.disclosure.further import _cheapest, _Found, _least, hide_further
from outcomes.disclosure.proof import prove
from outcomes.disclosure.published import Release, hidden_ends, hide, numbers_of
from outcomes.disclosure.suppression import OF_ALL, dearness, hide_what_tells
from outcomes.release_figures import figure_rows
from tests.disclosure_regions import crowd, region
from vru_portal.core.periods import Month

WALSALL, BIRMINGHAM = "E08000030", "E08000025"
# Three were met by the club alone, all of them in April: the year to May says at most how many there are.
PEOPLE = [
    (WALSALL, "16-17", {"three": {2}, "one": {1}}, 6),
    (BIRMINGHAM, "16-17", {"one": {0}}, 12),
    (WALSALL, "14-15", {"three": {0}}, 3),
    (BIRMINGHAM, "16-17", {"two": {1, 2}, "three": {0, 1, 2}}, 12),
]


@pytest.fixture(scope="module")
def chain():
    inputs = region(crowd(PEOPLE), {"three"}, month=Month(2021, 6))
    return [Release(inputs, hide_what_tells(inputs, list(figure_rows(inputs))).rows)]


@pytest.fixture(scope="module")
def proof(chain):
    return prove(chain)


@pytest.fixture(scope="module")
def further(chain, proof):
    return hide_further(chain, proof.in_the_way)


def truth(chain):
    """What the truth itself reaches."""
    return reached(chain, [release.rows for release in chain], targets(chain))


def hiding(chain, ends):
    return [replace(release, rows=[hide(row, ends) for row in release.rows]) for release in chain]


class TestHideFurther:
    def test_proves_with_a_few_more_hidden_what_was_left(self, chain, proof, further):
        assert proof.in_the_way
        every = Certificate((*proof.certificate.worlds, *further.as_it_stands, *further.worlds))
        assert check(every, hiding(chain, further.hides)).holds
        assert set(further.hides.values()) <= {(t.release, t.end) for t in proof.in_the_way}

    def test_hides_nothing_that_the_new_worlds_do_not_need(self, chain, further):
        assert further.hides
        for end in further.hides:
            shown = hiding(chain, set(further.hides) - {end})
            assert check(Certificate(further.worlds), shown).broken, end

    def test_hides_whatever_else_says_the_same(self, chain, further):
        attack = Attack(chain)
        for end in further.hides:
            assert {other for _, other in attack.shown_by[attack.variables[0, end]]} <= set(further.hides)

    def test_takes_what_needs_nothing_hidden_as_it_stands(self, chain, proof):
        """What the search of before had found is looked for as if it had not."""
        target = next(iter(targets(chain) - set(proof.in_the_way) - truth(chain)))
        found = hide_further(chain, [target])
        assert (dict(found.hides), list(found.worlds), found.in_the_way) == ({}, [], {})
        assert target not in check(Certificate(found.as_it_stands), chain).unshielded

    def test_never_hides_the_total_of_all_programmes_nor_what_was_published_before(self, chain):
        shown = [n.end for row in chain[0].rows for n in numbers_of(row) if n.shown is not None]
        total = next(end for end in shown if dearness(end.place) == OF_ALL)
        first, other = [end for end in shown if dearness(end.place) == 1][:2]
        assert not _cheapest([frozenset({(0, total)})], 0, ())
        assert not _cheapest([frozenset({(0, first), (1, first)})], 1, ())
        assert not _cheapest([frozenset({(0, first)})], 0, {first})
        assert _cheapest([frozenset({(0, first), (0, other)})], 0, ()) == sorted([first, other])


class TestKnownWorlds:
    def test_are_taken_and_spare_the_search(self, chain, proof, further, monkeypatch):
        known = (*proof.certificate.worlds, *further.as_it_stands, *further.worlds)
        monkeypatch.setattr("outcomes.disclosure.proof.EFFORTS", ())
        again = prove(hiding(chain, further.hides), known=known)
        assert not again.in_the_way
        assert check(again.certificate, hiding(chain, further.hides)).holds

    def test_that_do_not_come_to_what_is_published_are_left_out(self, chain, further, monkeypatch):
        monkeypatch.setattr("outcomes.disclosure.proof.EFFORTS", ())
        again = prove(chain, known=further.worlds)
        assert not again.certificate.worlds

    def test_only_what_is_wanted_is_looked_for(self, chain):
        (target,) = wanted = {max(targets(chain))}
        found = prove(chain, wanted=wanted)
        assert isinstance(target, Target)
        assert set(found.in_the_way) <= wanted


def test_what_is_hidden_further_stays_with_what_it_shields(chain, further):
    inputs = chain[0].inputs
    rows = list(figure_rows(inputs))
    found = hide_what_tells(inputs, rows, sticky=further.hides)
    assert {end: found.beside[end] for end in further.hides} == dict(further.hides)
    assert set(further.hides) <= hidden_ends(found.rows)


class TestLeast:
    """Of what was found only that which proves something that nothing else does."""

    A, B, C = (Target(0, place, True) for place in "abc")

    def found(self, proves, differs):
        return _Found(object(), set(proves), set(differs))

    def test_hides_nothing_for_what_is_proven_as_it_stands_after_all(self):
        late, as_it_stands = self.found([self.A], ["x"]), self.found([self.A, self.B], [])
        least = _least([late, as_it_stands], {self.A, self.B}, {})
        assert (least.as_it_stands, dict(least.hides), list(least.worlds)) == ([as_it_stands.world], {}, [])

    def test_takes_the_worlds_that_need_least_and_says_what_each_number_shields(self):
        much, little = self.found([self.A, self.B], ["x", "y"]), self.found([self.A], ["x"])
        least = _least([much, little], {self.A, self.B}, {})
        assert list(least.worlds) == [little.world, much.world]
        assert least.hides == {"x": (0, "a"), "y": (0, "b")}

    def test_hides_nothing_where_something_would_be_left(self):
        least = _least([self.found([self.A], ["x"])], {self.A, self.C}, {})
        assert (dict(least.hides), list(least.worlds)) == ({}, [])
