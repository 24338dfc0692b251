"""What more would be hidden for all to be proven: enough, and no more than the new worlds need."""

from dataclasses import replace

import pytest

from outcomes.disclosure.certificate import Certificate, Target, check, targets
from outcomes.disclosure.further import hide_further
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


def hiding(chain, ends):
    return [replace(release, rows=[hide(row, ends) for row in release.rows]) for release in chain]


class TestHideFurther:
    def test_proves_with_a_few_more_hidden_what_was_left(self, chain, proof):
        assert proof.in_the_way
        said = []
        further = hide_further(chain, proof.in_the_way, progress=lambda *numbers: said.append(numbers))
        every = Certificate((*proof.certificate.worlds, *further.worlds))
        assert check(every, hiding(chain, further.hides)).holds
        assert said[-1] == (len(proof.in_the_way), len(proof.in_the_way))
        assert set(further.hides.values()) <= {(t.release, t.end) for t in proof.in_the_way}

    def test_hides_nothing_that_the_new_worlds_do_not_need(self, chain, proof):
        further = hide_further(chain, proof.in_the_way)
        assert further.hides
        for end in further.hides:
            shown = hiding(chain, set(further.hides) - {end})
            assert check(Certificate(further.worlds), shown).broken, end

    def test_never_hides_the_total_of_all_programmes_nor_what_was_published_before(self, chain, proof):
        shown = [n.end for row in chain[0].rows for n in numbers_of(row) if n.shown is not None]
        total = next(end for end in shown if dearness(end.place) == OF_ALL)
        other = next(end for end in shown if dearness(end.place) < OF_ALL)
        left = next(iter(proof.in_the_way))
        assert hide_further(chain, {left: [(0, total)]}) is None
        assert hide_further([*chain, *chain], {left: [(0, other)]}) is None


class TestKnownWorlds:
    def test_are_taken_and_spare_the_search(self, chain, proof, monkeypatch):
        further = hide_further(chain, proof.in_the_way)
        known = (*proof.certificate.worlds, *further.worlds)
        monkeypatch.setattr("outcomes.disclosure.proof.EFFORTS", ())
        again = prove(hiding(chain, further.hides), known=known)
        assert not again.in_the_way
        assert check(again.certificate, hiding(chain, further.hides)).holds

    def test_that_do_not_come_to_what_is_published_are_left_out(self, chain, proof, monkeypatch):
        further = hide_further(chain, proof.in_the_way)
        monkeypatch.setattr("outcomes.disclosure.proof.EFFORTS", ())
        again = prove(chain, known=further.worlds)
        assert not again.certificate.worlds

    def test_only_what_is_wanted_is_looked_for(self, chain):
        (target,) = wanted = {max(targets(chain))}
        found = prove(chain, wanted=wanted)
        assert isinstance(target, Target)
        assert set(found.in_the_way) <= wanted


def test_what_is_hidden_further_stays_with_what_it_shields(chain, proof):
    further = hide_further(chain, proof.in_the_way)
    inputs = chain[0].inputs
    rows = list(figure_rows(inputs))
    found = hide_what_tells(inputs, rows, sticky=further.hides)
    assert {end: found.beside[end] for end in further.hides} == dict(further.hides)
    assert set(further.hides) <= hidden_ends(found.rows)
