"""Reference tables as files: through the command, the preview and the confirmation; all or nothing."""

import csv
import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from outcomes.models import Category, Measure, Policy
from outcomes.resources import CategoryResource, MeasureOptionResource, PolicyResource
from partners.actions import reference_tables
from partners.models import Area, Event, Network, NetworkMember, NetworkMembership, Organisation
from partners.permissions import Role
from partners.queries import reference_tables as tables
from partners.resources import AreaResource, NetworkMembershipResource, NetworkResource, OrganisationResource, problems
from programmes.models import Beneficiary, Delivery, Programme, Rung, SchoolTerm, Setting
from programmes.resources import DeliveryResource, ProgrammeResource
from tests.factories import (
    DeliveryFactory,
    ObligationFactory,
    OrganisationFactory,
    ProgrammeFactory,
    ReturnVersionFactory,
    SubmissionFactory,
    user_with,
)
from vru_portal.core import spreadsheets
from vru_portal.core.refusals import NotAllowed

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)


def table_of(text: str):
    return spreadsheets.read_table(text.encode(), "table.csv")


def import_text(resource, text: str, by=None):
    return reference_tables.import_table(
        table=resource(), dataset=table_of(text), file_name="table.csv", by=by, now=NOW
    )


def refused(resource, text: str) -> list[tuple[int | None, str]]:
    with pytest.raises(reference_tables.FileRefused) as refusal:
        import_text(resource, text)
    return problems(refusal.value.result)


def workbook(rows: list[list]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


@pytest.fixture
def loaded(reference_tables, db):
    """As `load_reference_tables` leaves them."""


class TestLoadReferenceTables:
    def test_loads_what_the_domain_names(self, loaded):
        assert Area.objects.filter(parent__gss_code="E23000014").count() == 7
        assert Category.objects.filter(dimension="ethnicity", is_known=True).count() == 19
        groups = set(Category.objects.filter(dimension="ethnicity", is_known=True).values_list("group", flat=True))
        assert len(groups) == 5
        assert Category.objects.get(dimension="district", code="E08000030").area.name == "Walsall"
        assert Policy.objects.get().supported_rungs == ["brief_contact", "group", "one_to_one"]
        assert Measure.objects.count() > 60

    def test_changes_nothing_the_second_time(self, loaded, capsys):
        events = Event.objects.count()
        call_command("load_reference_tables")
        assert "Areas: left as they are." in capsys.readouterr().out
        assert Event.objects.count() == events

    def test_leaves_what_staff_edited(self, loaded):
        Policy.objects.update(hide_below=10)
        call_command("load_reference_tables")
        assert Policy.objects.get().hide_below == 10

    def test_brings_nothing_back_that_staff_renamed_or_deleted(self, loaded):
        Setting.objects.filter(code="school").update(code="classroom", name="Classroom")
        Setting.objects.filter(code="home").delete()
        call_command("load_reference_tables")
        codes = set(Setting.objects.values_list("code", flat=True))
        assert "classroom" in codes
        assert not {"school", "home"} & codes

    def test_fills_a_table_that_is_still_empty(self, loaded):
        Setting.objects.all().delete()
        call_command("load_reference_tables")
        assert Setting.objects.filter(code="school").exists()

    def test_puts_it_back_when_told_so(self, loaded):
        Policy.objects.update(hide_below=10)
        call_command("load_reference_tables", overwrite=True)
        assert Policy.objects.get().hide_below == 5


class TestImportTable:
    def test_adds_and_changes_and_says_who(self, loaded):
        editor = user_with(Role.PROGRAMME_MANAGER)
        OrganisationFactory(name="Old Oak Club", kind="community")
        result = import_text(
            OrganisationResource,
            "name,kind,district\nOld Oak Club,charity,E08000030\nNew Elm Club,charity,\n",
            by=editor,
        )
        assert (result.totals["new"], result.totals["update"]) == (1, 1)
        assert Organisation.objects.get(name="Old Oak Club").district.name == "Walsall"
        events = Event.objects.filter(name="partners.reference_table.imported", by=editor)
        assert sorted(events.values_list("subject", flat=True)) == ["New Elm Club", "Old Oak Club"]
        assert events[0].reason == "From the file table.csv"

    def test_takes_nothing_when_one_row_is_wrong(self, loaded):
        found = refused(OrganisationResource, "name,kind\nNew Elm Club,charity\nBad Club,castle\n")
        assert not Organisation.objects.filter(name="New Elm Club").exists()
        assert [row for row, _ in found] == [3]
        assert "castle" in found[0][1]

    @pytest.mark.parametrize(
        ("resource", "text", "row", "sentence"),
        [
            (AreaResource, "gss_code,nmae\nE08000025,x\n", None, "column “nmae”"),
            (AreaResource, "name,kind\nBirmingham,district\n", None, "lacks the column “gss_code”"),
            (AreaResource, "gss_code,name,kind,parent\nE08000099,X,district,E1\n", 2, "There is no area “E1”"),
            (AreaResource, "gss_code,name,kind,tile_row\nE08000099,X,district,1.5\n", 2, "“1.5” is not a whole number"),
            (AreaResource, "gss_code,name,kind\nWalsall,X,district\n", 2, "as in E08000025"),
            (CategoryResource, "dimension,code,name,is_known\nsex,x,X,maybe\n", 2, "neither yes nor no"),
            (PolicyResource, "effective_from,supported_rungs\n1 April,group\n", 2, "or as 2026-06-10"),
            (MeasureOptionResource, "measure,code\nno-such,other\n", 2, "There is no measure “no-such”"),
        ],
    )
    def test_says_what_is_wrong_and_where(self, loaded, resource, text, row, sentence):
        found = refused(resource, text)
        assert any(number == row and sentence in words for number, words in found), found

    def test_is_refused_to_those_who_may_not(self, loaded):
        with pytest.raises(NotAllowed):
            import_text(AreaResource, "gss_code,name,kind\nE08000099,X,district\n", by=user_with(Role.DIRECTOR))

    def test_leaves_columns_that_the_file_has_not(self, loaded):
        OrganisationFactory(name="Old Oak Club", telephone="0121 496 0000")
        import_text(OrganisationResource, "name,kind\nOld Oak Club,faith\n")
        assert Organisation.objects.get(name="Old Oak Club").telephone == "0121 496 0000"

    def test_keeps_deliveries_with_their_areas(self, loaded):
        delivery = DeliveryFactory(code="ED-1", areas=["E08000025"])
        dataset = DeliveryResource().export(Delivery.objects.all())
        assert dataset.dict[0]["areas"] == "E08000025"
        import_text(DeliveryResource, "code,areas\nED-1,E08000030;E08000025\n")
        assert {area.name for area in delivery.areas.all()} == {"Birmingham", "Walsall"}

    def test_reads_a_workbook_with_dates_and_numbers(self, loaded):
        data = workbook([["effective_from", "supported_rungs", "due_working_day"], [date(2027, 4, 1), "group", 9.0]])
        dataset = spreadsheets.read_table(data, "table.xlsx")
        found = reference_tables.preview_table(table=PolicyResource(), dataset=dataset)
        assert [sentence for _, sentence in problems(found)] == [
            f"{field}: This field cannot be null." for field in ("release_working_day", "round_to", "hide_below")
        ]


class TestNetworkMembers:
    ROWS = (
        "network,member,belongs_to,district,joined_on,left_on\n"
        "Faith Alliance,Revd A. Example,St Chad's,E08000030,2021-05-01,\n"
        "Walsall Together,Revd A. Example,St Chad's,E08000030,2021-06-01,2021-09-01\n"
    )

    def test_is_one_person_in_two_networks(self, loaded):
        for name, kind in [("Faith Alliance", "faith_alliance"), ("Walsall Together", "community")]:
            Network.objects.create(name=name, kind=kind)
        import_text(NetworkMembershipResource, self.ROWS)
        assert NetworkMember.objects.count() == 1
        assert NetworkMembership.objects.members_on(date(2021, 7, 1)) == 1
        again = import_text(NetworkMembershipResource, self.ROWS)
        assert again.totals["skip"] == 2

    def test_changes_the_day_of_leaving(self, loaded):
        Network.objects.create(name="Faith Alliance", kind="faith_alliance")
        Network.objects.create(name="Walsall Together", kind="community")
        import_text(NetworkMembershipResource, self.ROWS)
        import_text(NetworkMembershipResource, self.ROWS.replace("2021-05-01,\n", "2021-05-01,2022-01-01\n"))
        assert NetworkMembership.objects.filter(left_on=None).count() == 0

    def test_leaves_no_person_behind_when_refused(self, loaded):
        found = refused(NetworkMembershipResource, self.ROWS)
        assert found[0] == (
            2,
            "There is no network “Faith Alliance”. Add it to its own table first, or correct it here.",
        )
        assert NetworkMember.objects.count() == 0

    @pytest.fixture
    def alliance(self, loaded):
        return Network.objects.create(name="Faith Alliance", kind="faith_alliance")

    def rows(self, *rows: str) -> str:
        return "network,member,belongs_to,district,joined_on,left_on\n" + "\n".join(rows) + "\n"

    @pytest.mark.parametrize("written", ["Dudley", "dudley", " DUDLEY ", "E08000027", "e08000027"])
    def test_are_of_an_area_by_its_name_or_its_code(self, alliance, written):
        import_text(
            NetworkMembershipResource,
            self.rows(f"Faith Alliance,Amina,,{written},2021-05-01,"),
        )
        assert NetworkMember.objects.get().district.gss_code == "E08000027"

    def test_of_an_area_by_its_name_are_the_ones_of_its_code(self, alliance):
        for written in ("E08000027", "Dudley"):
            result = import_text(NetworkMembershipResource, self.rows(f"Faith Alliance,Amina,,{written},2021-05-01,"))
        assert result.totals["skip"] == 1

    def test_of_an_area_that_is_not_known_are_told_what_may_be_written(self, alliance):
        found = refused(NetworkMembershipResource, self.rows("Faith Alliance,Amina,,Dudly,2021-05-01,"))
        assert found[0] == (
            2,
            "There is no area “Dudly”. Write Birmingham or E08000025; Coventry or E08000026; Dudley or E08000027; "
            "Sandwell or E08000028; Solihull or E08000029; Walsall or E08000030; West Midlands or E23000014; "
            "Wolverhampton or E08000031.",
        )

    def test_of_two_areas_of_one_name_are_told_to_write_the_code(self, alliance):
        Area.objects.create(name="Dudley", gss_code="E07000027", kind="district")
        found = refused(NetworkMembershipResource, self.rows("Faith Alliance,Amina,,Dudley,2021-05-01,"))
        sentence = "There is more than one area “Dudley”. Write the code of the one that is meant: "
        assert found[0] == (2, sentence + "E07000027 or E08000027.")

    def test_with_another_day_of_joining_are_told_where_it_is_corrected(self, alliance):
        import_text(NetworkMembershipResource, self.rows("Faith Alliance,Amina,,Dudley,2021-05-01,"))
        found = refused(NetworkMembershipResource, self.rows("Faith Alliance,Amina,,Dudley,2021-04-01,"))
        assert found == [
            (
                2,
                "member: Amina is a member of Faith Alliance already, since 1 May 2021. A day that is wrong is "
                "corrected with “Change” on the page of Faith Alliance.",
            )
        ]

    def test_who_left_are_told_so_with_another_day_of_joining(self, alliance):
        import_text(NetworkMembershipResource, self.rows("Faith Alliance,Amina,,Dudley,2021-05-01,2021-09-01"))
        found = refused(NetworkMembershipResource, self.rows("Faith Alliance,Amina,,Dudley,2021-04-01,2021-09-01"))
        assert found[0][1].startswith("member: Amina was a member of Faith Alliance from 1 May 2021 on and left on 1 ")

    def test_who_left_join_again(self, alliance):
        import_text(NetworkMembershipResource, self.rows("Faith Alliance,Amina,,Dudley,2021-05-01,2021-09-01"))
        import_text(NetworkMembershipResource, self.rows("Faith Alliance,Amina,,Dudley,2021-09-01,"))
        assert NetworkMembership.objects.count() == 2

    def test_are_not_named_in_what_everybody_reads_of_an_import(self, alliance):
        editor = user_with(Role.ANALYST)
        import_text(NetworkMembershipResource, self.rows("Faith Alliance,Amina,,Dudley,2021-05-01,"), by=editor)
        assert Event.objects.get(by=editor).subject == "somebody in Faith Alliance"


class TestOrganisationsAndNetworks:
    def test_are_of_an_area_by_its_name(self, loaded):
        import_text(OrganisationResource, "name,kind,district\nOld Oak Club,charity,walsall\n")
        import_text(NetworkResource, "name,kind,district\nWalsall Together,community,Walsall\n")
        assert Organisation.objects.get(name="Old Oak Club").district.gss_code == "E08000030"
        assert Network.objects.get().district.gss_code == "E08000030"


@pytest.fixture
def editor(loaded, client):
    user = user_with(Role.PROGRAMME_MANAGER)
    client.force_login(user)
    return user


def upload(client, name: str, data: bytes, model="partners_organisation"):
    return client.post(reverse(f"admin:{model}_import"), {"file": SimpleUploadedFile(name, data)})


class TestImportPages:
    TEXT = b"name,kind\nNew Elm Club,charity\n"

    def test_changes_nothing_before_it_is_confirmed(self, editor, client):
        page = upload(client, "clubs.csv", self.TEXT)
        assert "clubs.csv: 1 to add, 0 to change" in page.content.decode()
        assert not Organisation.objects.filter(name="New Elm Club").exists()
        response = client.post(
            reverse("admin:partners_organisation_process_import"), {"key": page.context["key"]}, follow=True
        )
        assert "Imported clubs.csv: 1 added, 0 changed, 0 left." in response.content.decode()
        assert Event.objects.get(subject="New Elm Club").by == editor

    def test_shows_old_and_new_without_inline_styles(self, editor, client):
        OrganisationFactory(name="New Elm Club", kind="faith")
        page = upload(client, "clubs.csv", self.TEXT).content.decode()
        assert "<del>faith</del> <ins>charity</ins>" in page
        assert "style=" not in page

    def test_lists_what_to_correct_by_row(self, editor, client):
        page = upload(client, "clubs.xlsx", workbook([["name", "kind"], ["A", "castle"]])).content.decode()
        assert "clubs.xlsx: 1 thing to correct" in page
        assert "<td>2</td>" in page

    def test_escapes_what_a_file_says(self, editor, client):
        page = upload(client, "clubs.csv", b"name,kind\n<script>alert(1)</script>,charity\n").content.decode()
        assert "<script>alert" not in page

    @pytest.mark.parametrize(
        ("name", "data", "sentence"),
        [
            ("clubs.pdf", b"x", "ends in .csv, .xlsx or .ods"),
            ("clubs.xlsx", b"x", "not an Excel workbook"),
            ("clubs.csv", b"a,a\n", "is there twice"),
            ("clubs.csv", b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
            ("clubs.csv", b"x" * (20 * 1024 * 1024 + 1), "larger than 10 MB"),
        ],
    )
    def test_refuses_what_is_no_table(self, editor, client, name, data, sentence):
        assert sentence in upload(client, name, data).content.decode()

    def test_confirms_only_ones_own_file(self, editor, client):
        key = upload(client, "clubs.csv", self.TEXT).context["key"]
        client.force_login(user_with(Role.PROGRAMME_MANAGER))
        response = client.post(reverse("admin:partners_organisation_process_import"), {"key": key}, follow=True)
        assert "no longer kept here" in response.content.decode()
        assert not Organisation.objects.filter(name="New Elm Club").exists()

    def test_meets_what_changed_after_the_preview(self, editor, client):
        page = upload(client, "clubs.csv", b"name,kind,district\nNew Elm Club,charity,E08000031\n")
        Category.objects.filter(area__gss_code="E08000031").delete()
        SchoolTerm.objects.filter(area__gss_code="E08000031").delete()
        Area.objects.filter(gss_code="E08000031").delete()
        answer = client.post(reverse("admin:partners_organisation_process_import"), {"key": page.context["key"]})
        assert "There is no area “E08000031”" in answer.content.decode()
        assert not Organisation.objects.filter(name="New Elm Club").exists()


class TestExport:
    def test_comes_back_unchanged(self, editor, client):
        OrganisationFactory(name="=SUM(A1)", telephone="+44 121 496 0000")
        content = client.get(reverse("admin:partners_organisation_export"), {"format": "csv"}).content
        assert b"'=SUM(A1)" in content
        assert b"'+44 121 496 0000" in content
        assert import_text(OrganisationResource, content.decode()).totals["skip"] == Organisation.objects.count()

    def test_has_codes_and_names_instead_of_ids(self, editor, client):
        text = client.get(reverse("admin:outcomes_category_export"), {"format": "csv"}).content.decode()
        rows = list(csv.DictReader(io.StringIO(text)))
        assert rows[-1].keys() == {"dimension", "code", "name", "group", "order", "is_known", "area"}
        assert {row["area"] for row in rows if row["code"] == "E08000030"} == {"E08000030"}

    def test_of_every_table_is_imported_without_a_change(self, editor, client):
        DeliveryFactory(areas=["E08000030", "E08000025"])
        for table in tables(editor):
            for kind in ("csv", "xlsx"):
                data = client.get(table.export_url, {"format": kind}).content
                page = client.post(table.import_url, {"file": SimpleUploadedFile(f"table.{kind}", data)})
                title = f"table.{kind}: 0 to add, 0 to change"
                assert title in page.content.decode(), (table.label, page.context.get("problems"))

    def test_keeps_numbers_numbers_in_a_workbook(self, editor, client):
        data = client.get(reverse("admin:programmes_setting_export"), {"format": "xlsx"}).content
        sheet = openpyxl.load_workbook(io.BytesIO(data)).active
        assert [cell.value for cell in sheet[2]] == ["emergency-department", "Emergency department", 1]


class TestRowsByHand:
    def test_are_changed_and_recorded(self, editor, client):
        setting = {"code": "library", "name": "Library", "order": 20}
        client.post(reverse("admin:programmes_setting_add"), setting)
        event = Event.objects.get(name="partners.reference_table.edited")
        assert (event.subject, event.by) == ("Library", editor)

    def test_are_recorded_only_when_changed(self, editor, client):
        area = Area.objects.get(gss_code="E23000014")
        fields = {"gss_code": area.gss_code, "name": area.name, "kind": area.kind}
        client.post(reverse("admin:partners_area_change", args=[area.pk]), fields)
        assert not Event.objects.filter(name="partners.reference_table.edited").exists()

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_are_not_deleted_while_something_refers_to_them(self, editor, client, method):
        category = SubmissionFactory().counts.first().category
        address = reverse("admin:outcomes_category_delete", args=[category.pk])
        page = getattr(client, method)(address, {"post": "yes"}, follow=True)
        sentence = f"“{category}” is in use by submission counts, so it cannot be deleted."
        assert [str(message) for message in page.context["messages"]] == [sentence]
        assert sentence in page.content.decode()
        assert Category.objects.filter(pk=category.pk).exists()

    def test_are_deleted_when_nothing_does(self, editor, client):
        setting = Setting.objects.get(code="home")
        client.post(reverse("admin:programmes_setting_delete", args=[setting.pk]), {"post": "yes"})
        assert not Setting.objects.filter(pk=setting.pk).exists()
        event = Event.objects.get(name="partners.reference_table.deleted")
        assert (event.by, event.words) == (editor, "Reference table row deleted")

    def test_every_page_opens(self, editor, client):
        for table in tables(editor):
            assert client.get(table.list_url).status_code == 200, table
            assert client.get(f"{table.list_url}add/").status_code == 200, table


class TestTablesOfPartners:
    """An analyst edits code lists, and neither organisations nor who delivers what."""

    OF_PARTNERS = ("partners_organisation", "programmes_delivery")

    @pytest.fixture
    def analyst(self, loaded, client):
        user = user_with(Role.ANALYST)
        client.force_login(user)
        return user

    @pytest.mark.parametrize("table", OF_PARTNERS)
    @pytest.mark.parametrize("what", ["changelist", "add", "import", "export"])
    def test_have_no_page_for_those_who_do_not_manage_partners(self, table, what, analyst, client):
        assert client.get(reverse(f"admin:{table}_{what}")).status_code == 403

    def test_take_no_row_and_no_file_from_them(self, analyst, client):
        delivery, other = DeliveryFactory(), OrganisationFactory()
        for page in ("change", "delete"):
            address = reverse(f"admin:programmes_delivery_{page}", args=[delivery.pk])
            assert client.post(address, {"partner": other.pk, "post": "yes"}).status_code == 403
        assert upload(client, "clubs.csv", b"name,kind\n").status_code == 403
        assert client.post(reverse("admin:partners_organisation_process_import"), {"key": "x"}).status_code == 403
        for resource in (OrganisationResource, DeliveryResource):
            with pytest.raises(NotAllowed):
                import_text(resource, "name\n", by=analyst)
        with pytest.raises(NotAllowed):
            reference_tables.edited(table=OrganisationResource, by=analyst, now=NOW)

    def test_are_not_offered_to_them(self, analyst, client):
        labels = {table.label for table in tables(analyst)}
        assert "Categories" in labels
        assert not {"Organisations", "Deliveries"} & labels
        for page in (reverse("settings"), reverse("admin:index")):
            assert "Deliveries" not in client.get(page).content.decode()


class TestADeliveryWithReturns:
    """Returns belong to whom and to what they were made under."""

    @pytest.fixture
    def delivery(self, loaded):
        return ObligationFactory(delivery__code="ED-WALSALL").delivery

    def row(self, delivery, **changed) -> str:
        row = {
            "code": delivery.code,
            "partner": delivery.partner.name,
            "programme": delivery.programme.code,
            "name": "Another name",
        } | changed
        return ",".join(row) + "\n" + ",".join(row.values()) + "\n"

    @pytest.mark.parametrize("column", ["partner", "programme"])
    def test_is_not_moved_by_a_file(self, column, delivery):
        other = OrganisationFactory().name if column == "partner" else DeliveryFactory().programme.code
        [(number, sentence)] = refused(DeliveryResource, self.row(delivery, **{column: other}))
        assert number == 2
        assert f"Returns are owed for ED-WALSALL, so its {column} stays." in sentence

    def test_is_renamed_by_a_file(self, delivery):
        import_text(DeliveryResource, self.row(delivery))
        assert Delivery.objects.get(code="ED-WALSALL").name == "Another name"

    def test_is_moved_by_a_file_before_anything_is_owed(self, loaded):
        delivery, other = DeliveryFactory(), OrganisationFactory(name="New Elm Club")
        import_text(DeliveryResource, self.row(delivery, partner="New Elm Club"))
        assert Delivery.objects.get(pk=delivery.pk).partner == other

    def test_is_not_moved_by_hand(self, delivery, editor, client):
        page = client.get(reverse("admin:programmes_delivery_change", args=[delivery.pk]))
        fields = page.context["adminform"].form.fields
        assert "name" in fields
        assert not {"partner", "programme", "code"} & set(fields)
        assert "partner" in client.get(reverse("admin:programmes_delivery_add")).context["adminform"].form.fields

    @pytest.mark.parametrize("column", ["partner_id", "programme_id", "code"])
    def test_is_not_moved_in_the_database(self, column, delivery):
        other = DeliveryFactory()
        value = "OTHER" if column == "code" else getattr(other, column)
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            Delivery.objects.filter(pk=delivery.pk).update(**{column: value})
        assert refusal.value.__cause__.diag.constraint_name == "delivery_keeps_its_returns"
        Delivery.objects.filter(pk=other.pk).update(**{column: f"{value}-2" if column == "code" else value})


class TestAProgrammeWithReturns:
    """What a return asked, and whom it counted, follows from its programme."""

    @pytest.fixture
    def programme(self, loaded):
        programme = ProgrammeFactory(code="gate", rung=Rung.GROUP)
        ReturnVersionFactory(obligation__delivery__programme=programme)
        return programme

    CHANGES = [("rung", Rung.EXPOSURE), ("beneficiary", Beneficiary.PARENTS)]

    @pytest.mark.parametrize(("column", "value"), CHANGES)
    def test_is_not_counted_otherwise_by_a_file(self, column, value, programme):
        [(number, sentence)] = refused(ProgrammeResource, f"code,{column}\ngate,{value}\n")
        assert number == 2
        assert f"Returns of gate are begun, so its {column} stays. Add another programme instead." in sentence

    def test_is_renamed_by_a_file(self, programme):
        import_text(ProgrammeResource, "code,name,rung\ngate,School gates,group\n")
        assert Programme.objects.get(code="gate").name == "School gates"

    def test_is_not_counted_otherwise_by_hand(self, programme, editor, client):
        page = client.get(reverse("admin:programmes_programme_change", args=[programme.pk]))
        fields = page.context["adminform"].form.fields
        assert "name" in fields
        assert not {"rung", "beneficiary"} & set(fields)

    @pytest.mark.parametrize(("column", "value"), CHANGES)
    def test_is_not_counted_otherwise_in_the_database(self, column, value, programme):
        other = ObligationFactory(delivery__programme__rung=Rung.GROUP).delivery.programme
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            Programme.objects.filter(pk=programme.pk).update(**{column: value})
        assert refusal.value.__cause__.diag.constraint_name == "programme_keeps_what_returns_counted"
        Programme.objects.filter(pk=other.pk).update(**{column: value})  # nothing is begun


class TestACategoryThatWasCounted:
    def test_keeps_its_dimension_and_code(self, editor, client):
        SubmissionFactory()
        counted = Category.objects.get(dimension="age_band", code="14-15")
        unused = Category.objects.filter(dimension="age_band").exclude(pk=counted.pk).first()
        fields = {
            category: client.get(reverse("admin:outcomes_category_change", args=[category.pk]))
            .context["adminform"]
            .form.fields
            for category in (counted, unused)
        }
        assert not {"dimension", "code"} & set(fields[counted])
        assert {"dimension", "code"} <= set(fields[unused])
