"""Register keys: made and restored by two people, and written into their file whole."""

import stat

import pytest

from outcomes.actions import register_keys as actions
from outcomes.models import RegisterKey
from outcomes.registers import keys
from outcomes.registers.ceremony import FIRST, SECOND, WrongShare, hkdf, key_of, new_share, share_in
from outcomes.registers.keys import Key, NoKey
from partners.models import Event
from partners.permissions import Role
from tests.ceremony import OLD, make, restore, shares
from tests.factories import user_with
from tests.test_returns_concurrency import at_once
from vru_portal.core.refusals import NotAllowed


class TestShare:
    def test_is_read_from_paper_however_it_is_written(self):
        share = new_share(2, FIRST)
        assert len(share.written.split()) == 9
        for written in (share.written, share.written.lower().replace(" ", "-"), share.written.replace("O", "0")):
            assert share_in(written, version=2, place=FIRST) == share

    def test_with_one_letter_wrong_is_refused(self):
        written = new_share(2, FIRST).written
        slips = [written[:n] + ("A" if sign != "A" else "B") + written[n + 1 :] for n, sign in enumerate(written)]
        for slip in (slip for slip, sign in zip(slips, written, strict=True) if sign != " "):
            with pytest.raises(WrongShare, match="a letter of it is wrong"):
                share_in(slip, version=2, place=FIRST)

    @pytest.mark.parametrize(("version", "place"), [(3, FIRST), (2, SECOND)])
    def test_of_another_version_or_custodian_is_refused(self, version, place):
        with pytest.raises(WrongShare):
            share_in(new_share(2, FIRST).written, version=version, place=place)

    @pytest.mark.parametrize("typed", ["", "AAAA", "é" * 36, "A" * 36, "A" * 400])
    def test_that_is_none_is_refused(self, typed):
        with pytest.raises(WrongShare):
            share_in(typed, version=2, place=FIRST)

    def test_is_shown_in_no_trace(self):
        share, key = new_share(2, FIRST), key_of(*shares())
        assert share.written[:4] not in repr(share)
        assert key.secret.hex()[:8] not in repr(key)


class TestKeyOfTwoShares:
    def test_is_derived_as_rfc_5869_says(self):
        made = hkdf(b"\x0b" * 22, salt=bytes(range(13)), info=bytes(range(0xF0, 0xFA)))
        assert made.hex() == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"

    def test_depends_on_both_and_on_the_version(self):
        first, second = shares()
        again = share_in(first.written, version=2, place=FIRST), share_in(second.written, version=2, place=SECOND)
        assert key_of(first, second) == key_of(*again)
        others = [key_of(new_share(2, FIRST), second), key_of(first, new_share(2, SECOND))]
        moved = [type(s)(3, s.place, s.secret) for s in (first, second)]
        assert len({key_of(first, second).secret, *(key.secret for key in others), key_of(*moved).secret}) == 4

    def test_needs_the_first_and_the_second(self):
        first, second = shares()
        for one, other in ((first, first), (second, first), (first, new_share(3, SECOND))):
            with pytest.raises(WrongShare):
                key_of(one, other)


class TestFile:
    def test_takes_a_key_in_its_place_and_is_only_its_owners(self, keys_file):
        keys_file.write_text(f"# ours\n{OLD.line}\n3 {'ab' * 32}\n")
        keys.add(str(keys_file), Key(2, b"\2" * 32))
        assert keys_file.read_text() == f"# ours\n{OLD.line}\n2 {'02' * 32}\n3 {'ab' * 32}\n"
        assert stat.S_IMODE(keys_file.stat().st_mode) == 0o600
        assert [path.name for path in keys_file.parent.iterdir()] == [keys_file.name]

    def test_is_made_where_there_is_none(self, tmp_path):
        keys.add(str(tmp_path / "new"), OLD)
        assert keys.configured(str(tmp_path / "new"), "") == [OLD]

    def test_that_is_a_link_stays_one(self, keys_file, tmp_path):
        link = tmp_path / "link"
        link.symlink_to(keys_file)
        keys.add(str(link), Key(2, b"\2" * 32))
        assert link.is_symlink()
        assert len(keys.configured(str(keys_file), "")) == 2

    @pytest.mark.parametrize("spoilt", ["1 abc\n", "2 " + "ab" * 32 + "\n", "é"])
    def test_that_is_wrong_is_left_as_it_is(self, keys_file, spoilt):
        keys_file.write_text(spoilt)
        with pytest.raises(NoKey):
            keys.add(str(keys_file), Key(2, b"\2" * 32))
        assert keys_file.read_text() == spoilt

    def test_that_cannot_be_written_is_said(self, tmp_path):
        with pytest.raises(NoKey, match="cannot be written"):
            keys.add(str(tmp_path), OLD)


@pytest.mark.django_db
class TestMake:
    def test_writes_the_key_and_records_who_made_it_and_no_key(self, keys_file, custodians):
        key = make(custodians)
        assert keys.configured(str(keys_file), "") == [OLD, key]
        made = RegisterKey.objects.get()
        assert (made.version, made.fingerprint) == (2, key.fingerprint)
        assert (made.first_custodian, made.second_custodian) == custodians
        event = Event.objects.about(made).get()
        assert (event.words, event.by, event.reason) == (
            "Register key made",
            custodians[0],
            f"Second custodian: {custodians[1]}",
        )

    def test_by_one_person_alone_is_refused(self, keys_file, custodians):
        with pytest.raises(actions.NoCeremony, match="nobody makes a key alone"):
            make((custodians[0], custodians[0]))
        assert (RegisterKey.objects.count(), keys_file.read_text()) == (0, OLD.line + "\n")

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR, Role.DIRECTOR, Role.PROGRAMME_MANAGER}))
    def test_with_somebody_who_may_not_is_refused(self, keys_file, custodians, role):
        for pair in ((custodians[0], user_with(role)), (user_with(role), custodians[0])):
            with pytest.raises(NotAllowed):
                make(pair)

    def test_records_nothing_if_the_file_cannot_be_written(self, keys_file, custodians, settings):
        settings.REGISTER_KEYS_FILE = str(keys_file / "not a folder")
        with pytest.raises(NoKey):
            make(custodians, shares(1))
        assert not RegisterKey.objects.exists()

    def test_leaves_the_environment_to_who_keeps_it(self, custodians, settings):
        settings.REGISTER_KEYS_FILE, settings.REGISTER_KEYS = "", OLD.line
        key = make(custodians)
        assert key.line.startswith("2 ")
        assert RegisterKey.objects.get().fingerprint == key.fingerprint

    def test_without_a_place_for_keys_is_refused(self, custodians, settings):
        settings.REGISTER_KEYS_FILE = settings.REGISTER_KEYS = ""
        with pytest.raises(actions.NoCeremony, match="Set REGISTER_KEYS_FILE first"):
            make(custodians, shares(1))

    def test_begins_with_version_1_where_the_file_is_not_there_yet(self, custodians, settings, tmp_path):
        settings.REGISTER_KEYS_FILE = str(tmp_path / "register-keys")
        assert make(custodians, shares(1)).version == 1


@pytest.mark.django_db(transaction=True)
class TestTwoCeremoniesAtOnce:
    def test_make_one_key_and_the_second_pair_is_told(self, keys_file, custodians):
        others = user_with(Role.ADMINISTRATOR), user_with(Role.DIRECTOR)
        outcome = at_once(2, lambda n: make((custodians, others)[n]))
        assert outcome == {"Key": 1, "NoCeremony": 1}
        assert [key.version for key in keys.configured(str(keys_file), "")] == [1, 2]
        assert RegisterKey.objects.get().fingerprint == keys.configured(str(keys_file), "")[1].fingerprint


@pytest.mark.django_db
class TestRestore:
    def test_makes_the_same_key_again(self, keys_file, custodians):
        made = make(custodians, of := shares())
        keys_file.write_text(OLD.line + "\n")
        assert restore((custodians[1], custodians[0]), of) == made
        assert keys.configured(str(keys_file), "") == [OLD, made]
        assert Event.objects.filter(name="outcomes.register_key.restored").count() == 1

    def test_of_a_key_that_is_there_changes_nothing(self, keys_file, custodians):
        make(custodians, of := shares())
        before = keys_file.read_text()
        restore(custodians, of)
        assert keys_file.read_text() == before

    def test_from_other_shares_is_refused(self, keys_file, custodians):
        make(custodians, of := shares())
        with pytest.raises(actions.NoCeremony, match="do not make version 2"):
            restore(custodians, (of[0], new_share(2, SECOND)))

    def test_by_one_person_alone_is_refused(self, keys_file, custodians):
        make(custodians, of := shares())
        with pytest.raises(actions.NoCeremony, match="nobody makes a key alone"):
            restore((custodians[0], custodians[0]), of)

    def test_of_a_key_that_was_set_by_hand_is_refused(self, keys_file, custodians):
        with pytest.raises(actions.NoCeremony, match="was not made in a ceremony"):
            restore(custodians, shares(1))

    def test_beside_another_key_of_that_version_is_refused(self, keys_file, custodians):
        make(custodians, of := shares())
        keys_file.write_text(f"{OLD.line}\n2 {'ab' * 32}\n")
        with pytest.raises(actions.NoCeremony, match="Another key is configured"):
            restore(custodians, of)
