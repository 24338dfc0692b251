from django.db import migrations, models


def one_of_each(apps, schema_editor) -> None:
    """Of several of one name, group and district the first stands, and what the others belong to becomes theirs."""
    first = {}
    for member in apps.get_model("partners", "NetworkMember").objects.order_by("id"):
        known = first.setdefault((member.name, member.belongs_to, member.district_id), member)
        if known is not member:
            for membership in member.memberships.order_by("joined_on", "id"):
                _hand_over(membership, known)
            member.delete()


def _hand_over(membership, known) -> None:
    """Those of one network that share a day become one that holds on every day of both."""
    for other in _sharing_a_day(known.memberships.filter(network=membership.network_id), membership):
        ends = (membership.left_on, other.left_on)
        membership.joined_on = min(membership.joined_on, other.joined_on)
        membership.left_on = None if None in ends else max(ends)
        other.delete()
    membership.member = known
    membership.save()


def _sharing_a_day(memberships, membership):
    if membership.left_on == membership.joined_on:
        return []
    found = memberships.exclude(left_on=models.F("joined_on")).exclude(left_on__lte=membership.joined_on)
    return list(found if membership.left_on is None else found.filter(joined_on__lt=membership.left_on))


# What waits for the commit would keep the rule from being added.
ALL_ASKED_NOW = """
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0004_one_open_invitation"),
    ]

    operations = [
        migrations.RunPython(one_of_each, migrations.RunPython.noop),
        migrations.RunSQL(ALL_ASKED_NOW, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="networkmember",
            constraint=models.UniqueConstraint(
                fields=("name", "belongs_to", "district"),
                name="networkmember_once",
                nulls_distinct=False,
                violation_error_message="Somebody of this name, group and district is known already.",
            ),
        ),
    ]
