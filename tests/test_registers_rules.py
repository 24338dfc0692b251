"""Each rule of the database about registers, by its name."""

from datetime import date

import pytest
from django.db import InternalError, ProgrammingError, transaction

from outcomes.models import (
    Objection,
    ObjectionWriting,
    RegisterContact,
    RegisterFile,
    RegisterIdentity,
    RegisterKey,
)
from outcomes.registers.pseudonyms import PACKED_BYTES
from tests.database import refused
from tests.factories import (
    CategoryFactory,
    ObjectionFactory,
    OrganisationFactory,
    ReturnVersionFactory,
    UserFactory,
    noon,
    sent_return,
)

NOW = noon(date(2021, 7, 5))


@pytest.fixture
def version(db):
    return ReturnVersionFactory()


@pytest.fixture
def somebody(db):
    return UserFactory()


def staged(version, by, digest="a"):
    return RegisterFile.objects.create(
        version=version, digest=digest, rows_read=1, rows_refused=0, staged_at=NOW, staged_by=by
    )


def take(file, by):
    file.state, file.taken_at, file.taken_by = RegisterFile.State.TAKEN, NOW, by
    file.save()
    return file


def identity(version, packed=b"\1" * PACKED_BYTES, key_version=1, **fields):
    partner = version.obligation.delivery.partner
    return RegisterIdentity.objects.create(partner=partner, key_version=key_version, packed=packed, **fields)


def contact(file, **fields):
    categories = {d: CategoryFactory(dimension=d, code="x") for d in ("age_band", "sex", "ethnicity", "district")}
    fields = {"row": 2, "contact_on": date(2021, 6, 14), "kind": "group"} | categories | fields
    if "identity" not in fields:
        fields["identity"] = identity(file.version)
    return RegisterContact.objects.create(file=file, **fields)


class TestIdentity:
    def test_is_written_once(self, version):
        identity(version)
        with refused("registeridentity_once"):
            identity(version)

    def test_has_the_length_of_its_layout(self, version):
        with refused("registeridentity_length"):
            identity(version, packed=b"short")

    def test_is_never_changed(self, version):
        found = identity(version)
        for changed in ({"key_version": 2}, {"packed": b"\2" * PACKED_BYTES}, {"partner": OrganisationFactory()}):
            with pytest.raises((ProgrammingError, InternalError), match="append_only"), transaction.atomic():
                RegisterIdentity.objects.filter(pk=found.pk).update(**changed)

    def test_says_once_what_it_renews(self, version):
        old, other = identity(version), identity(version, b"\2" * PACKED_BYTES)
        new = RegisterIdentity.objects.filter(pk=identity(version, key_version=2).pk)
        new.update(renews=old)
        for another in (other, None):
            with pytest.raises((ProgrammingError, InternalError), match="append_only"), transaction.atomic():
                new.update(renews=another)

    def test_renews_another_that_no_one_renews_yet(self, version):
        old = identity(version)
        identity(version, key_version=2, renews=old)
        with refused("registeridentity_renewed_once"):
            identity(version, b"\2" * PACKED_BYTES, key_version=2, renews=old)

    def test_renews_what_the_same_partner_wrote_under_an_older_key(self, version):
        old, of_another = identity(version), identity(ReturnVersionFactory())
        with refused("registeridentity_renews_an_older_one"):
            identity(version, key_version=2, renews=of_another)
        with refused("registeridentity_renews_an_older_one"):
            identity(version, b"\2" * PACKED_BYTES, renews=old)


class TestKey:
    def made(self, **fields):
        people = {"first_custodian": UserFactory(), "second_custodian": UserFactory()}
        facts = {"version": 1, "fingerprint": "0123456789abcdef", "made_at": NOW} | people | fields
        return RegisterKey.objects.create(**facts)

    def test_is_made_by_two_people(self, somebody):
        with refused("registerkey_two_people"):
            self.made(first_custodian=somebody, second_custodian=somebody)

    @pytest.mark.parametrize(
        ("fields", "rule"),
        [
            ({"version": 0}, "registerkey_version_from_one"),
            ({"fingerprint": "0123"}, "registerkey_fingerprint"),
            ({"fingerprint": "f" * 16}, "outcomes_registerkey_version_key"),
            ({"version": 2}, "outcomes_registerkey_fingerprint_key"),
        ],
    )
    def test_is_one_of_its_version_and_fingerprint(self, db, fields, rule):
        self.made()
        with refused(rule):
            self.made(**fields)

    def test_is_never_changed_nor_deleted(self, db):
        found = RegisterKey.objects.filter(pk=self.made().pk)
        for act in (lambda: found.update(version=2), found.delete):
            with pytest.raises((ProgrammingError, InternalError), match="append_only"), transaction.atomic():
                act()


class TestFile:
    def test_is_part_of_a_register_once(self, version, somebody):
        take(staged(version, somebody), somebody)
        second = staged(version, somebody)
        with refused("registerfile_once"):
            take(second, somebody)

    @pytest.mark.parametrize("state", [{}, {"accepted": True}])
    def test_comes_only_while_the_return_is_open(self, somebody, state):
        closed = sent_return(**state)
        with refused("registerfile_of_an_open_version"):
            staged(closed, somebody)

    def test_has_a_state_of_the_list(self, version, somebody):
        file = staged(version, somebody)
        with refused("registerfile_state"):
            RegisterFile.objects.filter(pk=file.pk).update(state="lost", taken_at=NOW, taken_by=somebody)

    def test_says_who_took_it_and_when(self, version, somebody):
        file = staged(version, somebody)
        with refused("registerfile_state_is_dated"):
            RegisterFile.objects.filter(pk=file.pk).update(state="taken")

    def test_refuses_no_more_rows_than_were_read(self, version, somebody):
        with refused("registerfile_refused_were_read"):
            RegisterFile.objects.create(
                version=version, digest="b", rows_read=1, rows_refused=2, staged_at=NOW, staged_by=somebody
            )

    def test_is_kept_once_it_was_taken(self, version, somebody):
        file = take(staged(version, somebody), somebody)
        with pytest.raises((ProgrammingError, InternalError), match="kept_once_taken"), transaction.atomic():
            RegisterFile.objects.filter(pk=file.pk)._raw_delete("default")

    def test_keeps_what_it_is(self, version, somebody):
        file = staged(version, somebody)
        with pytest.raises((ProgrammingError, InternalError), match="keeps_what_it_is"), transaction.atomic():
            RegisterFile.objects.filter(pk=file.pk).update(digest="other")


class TestContact:
    def test_is_of_the_returns_month(self, version, somebody):
        file = staged(version, somebody)
        with refused("registercontact_of_its_month"):
            contact(file, contact_on=date(2021, 7, 1))

    def test_comes_before_its_file_is_taken(self, version, somebody):
        file = take(staged(version, somebody), somebody)
        with refused("registercontact_of_its_month"):
            contact(file)

    def test_is_kept_once_its_file_is_taken(self, version, somebody):
        file = staged(version, somebody)
        found = contact(file)
        take(file, somebody)
        with refused("registercontact_kept_once_taken"):
            RegisterContact.objects.filter(pk=found.pk).delete()

    @pytest.mark.parametrize(
        ("fields", "rule"),
        [
            ({"kind": "chat"}, "registercontact_kind"),
            ({"age": 121}, "registercontact_age"),
            ({"minutes": 1_441}, "registercontact_minutes"),
        ],
    )
    def test_keeps_to_its_lists_and_bounds(self, version, somebody, fields, rule):
        file = staged(version, somebody)
        with refused(rule):
            contact(file, **fields)

    def test_is_never_changed(self, version, somebody):
        found = contact(staged(version, somebody))
        with pytest.raises((ProgrammingError, InternalError), match="append_only"), transaction.atomic():
            RegisterContact.objects.filter(pk=found.pk).update(minutes=5)


class TestObjection:
    def test_lets_the_contacts_of_whom_it_names_go_and_no_others(self, version, somebody):
        file = staged(version, somebody)
        theirs, another = contact(file), contact(file, identity=identity(version, b"\2" * PACKED_BYTES))
        take(file, somebody)
        RegisterIdentity.objects.filter(pk=theirs.identity_id).update(objection=ObjectionFactory())
        RegisterContact.objects.filter(pk=theirs.pk).delete()
        RegisterIdentity.objects.filter(pk=theirs.identity_id).delete()
        with refused("registercontact_kept_once_taken"):
            RegisterContact.objects.filter(pk=another.pk).delete()

    def test_is_named_once(self, version):
        found = RegisterIdentity.objects.filter(pk=identity(version, objection=ObjectionFactory()).pk)
        for another in (ObjectionFactory(), None):
            with pytest.raises((ProgrammingError, InternalError), match="append_only"), transaction.atomic():
                found.update(objection=another)

    @pytest.mark.parametrize(
        ("fields", "rule"),
        [
            ({"channel": "rumour"}, "objection_channel"),
            ({"withdrawn_at": NOW}, "objection_withdrawn_whole"),
            ({"rows_purged": 1}, "objection_rows_are_of_partners"),
            ({"rows_purged": 1, "partners_purged": 2}, "objection_rows_are_of_partners"),
        ],
    )
    def test_says_what_it_must(self, db, fields, rule):
        with refused(rule):
            ObjectionFactory(**fields)

    def test_is_withdrawn_once_and_otherwise_kept(self, somebody):
        found = Objection.objects.filter(pk=ObjectionFactory().pk)
        with pytest.raises((ProgrammingError, InternalError), match="keeps_what_was_recorded"), transaction.atomic():
            found.update(rows_purged=2, partners_purged=1)
        with pytest.raises((ProgrammingError, InternalError), match="never_deleted"), transaction.atomic():
            found.delete()
        found.update(withdrawn_at=NOW, withdrawn_by=somebody)
        with pytest.raises((ProgrammingError, InternalError), match="withdrawn_once"), transaction.atomic():
            found.update(withdrawn_at=None, withdrawn_by=None)


@pytest.mark.django_db(transaction=True)
class TestAnObjectionOfBefore:
    def test_takes_nothing_out_any_more(self, version):
        found, before = identity(version), ObjectionFactory()
        with refused("registeridentity_objection_as_it_is_recorded"):
            RegisterIdentity.objects.filter(pk=found.pk).update(objection=before)


class TestObjectionWriting:
    @pytest.fixture
    def writing(self, db):
        return ObjectionWriting.objects.create(objection=ObjectionFactory(), key_version=1, packed=b"\1" * PACKED_BYTES)

    def test_is_written_once_and_whole(self, writing):
        same = {"objection": writing.objection, "key_version": 1, "packed": writing.packed}
        with refused("objectionwriting_once"):
            ObjectionWriting.objects.create(**same)
        with refused("objectionwriting_length"):
            ObjectionWriting.objects.create(**same | {"packed": b"short"})

    def test_is_never_changed(self, writing):
        with pytest.raises((ProgrammingError, InternalError), match="append_only"), transaction.atomic():
            ObjectionWriting.objects.update(key_version=2)

    def test_goes_once_the_objection_is_withdrawn(self, writing, somebody):
        with refused("objectionwriting_kept_while_in_force"):
            writing.delete()
        Objection.objects.update(withdrawn_at=NOW, withdrawn_by=somebody)
        ObjectionWriting.objects.all().delete()
