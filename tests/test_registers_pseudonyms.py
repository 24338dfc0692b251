"""Rows without names: what a pseudonym is made of, and that none tells what it was made of."""

import hashlib
from dataclasses import replace
from datetime import date

import pytest

from outcomes.registers.names import family, parts
from outcomes.registers.pseudonyms import (
    BYTES,
    COLUMN,
    FORM,
    LAYOUT,
    PACKED_BYTES,
    Details,
    Pseudonymiser,
    plain_reference,
)

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
MISSING = bytes(BYTES)
AMINA = Details("YOUTH", "AB12", "Amina", "Zulfiqar-Reid", date(2010, 3, 17), "B12 3AB", "female", "9434765919", "A123")


def packed(details: Details, key: bytes = KEY) -> list[bytes]:
    whole = Pseudonymiser(key).packed(details)
    assert len(whole) == PACKED_BYTES
    return [whole[start : start + BYTES] for start in range(0, PACKED_BYTES, BYTES)]


def one(details: Details, name: str) -> bytes:
    return packed(details)[COLUMN[name]]


class TestPseudonyms:
    def test_are_the_same_under_one_key(self):
        assert packed(AMINA) == packed(replace(AMINA))

    def test_have_nothing_in_common_under_two_keys(self):
        given_parts = set(packed(AMINA)) - {MISSING}
        assert len(given_parts) > 50
        assert given_parts.isdisjoint(packed(AMINA, OTHER_KEY))

    def test_hold_nothing_of_what_they_stand_for(self):
        whole = b"".join(packed(AMINA)).upper()
        for text in ("AMINA", "ZULFIQAR", "2010", "B123AB", "9434765919", "AB12", "A123"):
            assert text.encode() not in whole

    def test_do_not_heed_case_marks_punctuation_and_space(self):
        written = replace(AMINA, reference="ab-12", forename=" AMÍNA", surname="zulfiqar reid", postcode="b123ab ")
        assert packed(written) == packed(AMINA)

    def test_of_different_parts_are_never_the_same(self):
        """What stands as a forename's end must not be found as a surname's sound."""
        row = packed(Details("Y", "ANN", "Ann", "Ann", date(2010, 3, 17), "ANN", "ANN", "ANN", "ANN"))
        told_apart = [row[COLUMN[name]] for name in ("postcode", "sex", "nhs_number", "upn", "reference")]
        told_apart += [row[COLUMN[f"forename_{part}"]] for part in ("whole", "sound", "head", "tail", "letters")]
        assert len(set(told_apart)) == len(told_apart)

    def test_of_a_forename_and_a_surname_can_be_compared_crosswise(self):
        turned = replace(AMINA, forename=AMINA.surname, surname=AMINA.forename)
        assert one(turned, "forename_whole") == one(AMINA, "surname_whole")

    def test_of_a_reference_are_a_partners_own(self):
        assert one(AMINA, "reference") != one(replace(AMINA, partner="OTHERS"), "reference")

    def test_of_missing_parts_are_missing(self):
        assert set(packed(Details("YOUTH"))) == {MISSING}

    @pytest.mark.parametrize("forename", ["Jo", "Amina", "Bartholomew-Alexander"])
    def test_do_not_tell_how_long_a_name_is(self, forename):
        row = packed(replace(AMINA, forename=forename))
        slips = [row[COLUMN[name]] for name in LAYOUT if name.startswith("slip_")]
        assert MISSING not in slips
        assert len(set(slips)) == len(slips)

    def test_are_made_again_after_much_is_forgotten(self, monkeypatch):
        monkeypatch.setattr("outcomes.registers.pseudonyms.MOST_REMEMBERED", 3)
        assert packed(AMINA) == packed(replace(AMINA))

    def test_and_their_details_show_nothing(self):
        pseudonymiser = Pseudonymiser(KEY)
        pseudonymiser.packed(AMINA)
        for shown in (repr(AMINA), str(AMINA), f"{AMINA}", repr([AMINA]), repr(pseudonymiser)):
            assert not any(text in shown for text in ("Amina", "Zulfiqar", "2010", "B12", "kkk"))

    @pytest.mark.parametrize(
        "reference",
        ["", "N/A", "n.a.", "-", "?", "unknown", "TBC", "none", "0", "0000", "XX", "x", "9999", "Not known"],
    )
    def test_of_placeholders_are_missing(self, reference):
        assert plain_reference(reference) == ""

    def test_of_references_keep_the_letters_of_every_alphabet(self):
        assert plain_reference("Б-12") != plain_reference("В-12")
        assert plain_reference("ＡＢ-１２") == plain_reference("AB12")

    @pytest.mark.parametrize("reference", ["1", "11", "222", "AB-12", "ref 7", "X1"])
    def test_of_short_references_are_made(self, reference):
        assert plain_reference(reference)


class TestNames:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("O'Brien", ("OBRIEN",)),
            ("O’Brien", ("OBRIEN",)),
            ("José-Luis", ("JOSE", "LUIS")),
            ("Łukasz", ("LUKASZ",)),
            ("Mr Khan", ("KHAN",)),
            ("Mr", ("MR",)),
            ("  ", ()),
            ("-", ()),
            ("Ольга Йованович", ("ОЛЬГА", "ИОВАНОВИЧ")),
            ("Γιώργος", ("ΓΙΩΡΓΟΣ",)),
            ("مُحَمَّد", ("محمد",)),
            ("علی", ("علي",)),
            ("王 小明", ("王", "小明")),
            ("रीमा", ("रीमा",)),
            ("Məmməd", ("MƏMMƏD",)),
            ("Baby-Rose", ("BABY", "ROSE")),
            *((name, (name.upper(),)) for name in ("Baby", "Infant", "Twin", "Null", "Nk")),
            ("N. A.", ("N", "A")),
            ("Unknown Khan", ("UNKNOWN", "KHAN")),
            ("Na", ("NA",)),
            ("X", ("X",)),
        ],
    )
    def test_are_compared_in_plain_letters(self, text, words):
        assert parts(text) == words

    @pytest.mark.parametrize(
        "text",
        [
            *("Anonymous", "anon.", "UNKNOWN", "Unknown male", "Not known", "Name withheld", "xx", "TBC", "Unknown 2"),
            *(
                "No name given",
                "Name not disclosed",
                "First name unknown",
                "No surname",
                "Young person B",
                "Service User",
            ),
            *("Baby Boy", "Baby of Amina", "Infant of Amina Khan", "Unborn", "Mr Unknown", "Prefer not to say"),
        ],
    )
    def test_are_none_where_it_says_so(self, text):
        assert parts(text) == ()

    @pytest.mark.parametrize(("name", "other"), [("Kate", "Catherine"), ("Mohammed", "Muhammad"), ("Alfie", "Alfred")])
    def test_have_families(self, name, other):
        assert family(parts(name)) == family(parts(other))


# Of another form of pseudonyms, the digest of what it makes. Whoever has to write another digest here raises FORM too,
# and tells operators under “Upgrades” (docs/operations.md) to make a new key.
FORM_MAKES = (2, "2ca8f2235c3fd559")
WRITTEN = (
    *("José-Luis", "O’Brien", "Łukasz", "Mr Khan", "Kate", "T", "Ольга", "مُحَمَّد", "علی", "王 小明", "रीमा"),
    *(
        "Baby",
        "Na",
        "Null",
        "Baby of Amina",
        "Unknown",
        "Unknown male",
        "Unknown Khan",
        "No name given",
        "XX",
        "N/A",
        "Nk",
    ),
)


def test_what_a_pseudonym_is_made_of_changes_with_its_form_alone():
    rows = [replace(AMINA, forename=name, surname=name, reference=name) for name in WRITTEN]
    made = hashlib.sha256(b"".join(Pseudonymiser(KEY).packed(row) for row in rows)).hexdigest()
    assert (FORM, made[:16]) == FORM_MAKES
