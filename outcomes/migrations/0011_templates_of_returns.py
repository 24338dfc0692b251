"""Returns that were made before there were templates get one that asks what they were asked, for each programme."""

from datetime import date

from django.db import migrations
from django.utils import timezone

WHO = "Leave a box empty for 0. Put people about whom you did not record it under Not known."


def give_templates(apps, schema_editor):
    measures = apps.get_model("outcomes", "Measure").objects
    measures.filter(kind="before_after").update(over_months="average", over_places="average")
    measures.filter(kind="median").update(over_months="median", over_places="median")
    versions = apps.get_model("outcomes", "ReturnVersion").objects
    made = versions.values_list("obligation__delivery__programme", flat=True)
    programmes = apps.get_model("programmes", "Programme").objects.filter(pk__in=made)
    given = {programme.pk: _template(apps, programme) for programme in programmes}
    # Locked rows among them: what was asked is written once, behind the triggers that keep them so.
    schema_editor.execute("ALTER TABLE outcomes_returnversion DISABLE TRIGGER USER")
    for programme, version in given.items():
        ids = versions.filter(obligation__delivery__programme=programme).values_list("pk", flat=True)
        versions.filter(pk__in=list(ids)).update(template=version)
    schema_editor.execute("ALTER TABLE outcomes_returnversionevent DISABLE TRIGGER USER")
    schema_editor.execute(
        "UPDATE outcomes_returnversionevent e SET template_id = v.template_id "
        "FROM outcomes_returnversion v WHERE v.id = e.pgh_obj_id"
    )
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute("ALTER TABLE outcomes_returnversion ENABLE TRIGGER USER")
    schema_editor.execute("ALTER TABLE outcomes_returnversionevent ENABLE TRIGGER USER")


def _template(apps, programme):
    counts_exposure = programme.rung == "exposure"
    template = apps.get_model("outcomes", "ReturnTemplate").objects.create(code=programme.code, name=programme.name)
    apps.get_model("outcomes", "ProgrammeTemplate").objects.create(programme=programme, template=template)
    now = timezone.now()
    version = apps.get_model("outcomes", "TemplateVersion").objects.create(
        template=template,
        number=1,
        state="live",
        effective_from=date(2000, 1, 1),
        created_at=now,
        published_at=now,
    )
    section = apps.get_model("outcomes", "TemplateSection").objects
    blocks = [("numbers", "Numbers", "exposure" if counts_exposure else "people", "")]
    if not counts_exposure:
        blocks.append(("who", "Who they were", "who", WHO))
    for order, (key, title, block, intro) in enumerate(blocks, 1):
        section.create(version=version, key=key, order=order, title=title, block=block, intro=intro)
    asked = programme.measures.order_by("name")
    if asked:
        change = section.create(version=version, key="change", order=len(blocks) + 1, title="What changed for them")
        for order, measure in enumerate(asked, 1):
            apps.get_model("outcomes", "TemplateQuestion").objects.create(section=change, measure=measure, order=order)
    return version


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0010_return_templates")]

    operations = [migrations.RunPython(give_templates, migrations.RunPython.noop)]
