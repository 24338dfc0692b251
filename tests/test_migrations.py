"""Migrations: many operations at once, what was made one of many, and what the database has in the end."""

import pgtrigger
import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection, models
from django.db.migrations import AddConstraint, AddField, AlterField, CreateModel, Migration, RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from pgtrigger.compiler import Trigger, UpsertTriggerSql
from pgtrigger.core import INSTALLED
from pgtrigger.migrations import AddTrigger, RemoveTrigger

from tests.database import refused
from vru_portal.core.at_once import AtOnce, in_runs

pytestmark = pytest.mark.django_db


def no_more(rule: str) -> Trigger:
    """No hen is added. Its function is compiled only where there is a table of eggs."""
    sql = UpsertTriggerSql(
        declare="DECLARE other farm_egg;",
        func=f"RAISE EXCEPTION 'no' USING ERRCODE = 'check_violation', CONSTRAINT = '{rule}';",
        operation="INSERT",
        pgid="pgtrigger_no_more",
        table="farm_hen",
        when="BEFORE",
    )
    return Trigger(name="no_more", sql=sql)


ID = ("id", models.BigAutoField(primary_key=True))
HEN = CreateModel(
    name="Hen",
    fields=[
        ID,
        ("name", models.CharField(max_length=10)),
        ("first_egg", models.ForeignKey("farm.egg", models.PROTECT, null=True, related_name="+")),
    ],
    options={"constraints": [models.CheckConstraint(condition=~models.Q(name=""), name="hen_name")]},
)
EGG = CreateModel(name="Egg", fields=[ID, ("hen", models.ForeignKey("farm.hen", models.PROTECT, related_name="+"))])
BOTH = [AtOnce([HEN, EGG]), AtOnce([AddTrigger("hen", no_more("hen_no_more"))])]


class Steps:
    """Migrations one after the other, from the state that ours lead to; each can be taken back."""

    def __init__(self):
        self.state = MigrationLoader(None).project_state()

    def forwards(self, *operations):
        before, migration = self.state, Migration("step", "farm")
        migration.operations = operations
        with connection.schema_editor() as editor:
            self.state = migration.apply(before.clone(), editor)
        return lambda: self._backwards(before, migration)

    def _backwards(self, before, migration):
        with connection.schema_editor() as editor:
            migration.unapply(before.clone(), editor)
        self.state = before

    def add_hen(self, name="Berta", **fields):
        return self.state.apps.get_model("farm", "hen").objects.create(name=name, **fields)


@pytest.fixture
def steps():
    return Steps()


class TestAtOnce:
    def test_makes_tables_that_point_at_each_other(self, steps):
        steps.forwards(AtOnce([HEN, EGG]))
        with connection.cursor() as cursor:
            assert connection.introspection.get_relations(cursor, "farm_egg") == {"hen_id": ("id", "farm_hen")}
            assert connection.introspection.get_relations(cursor, "farm_hen") == {"first_egg_id": ("id", "farm_egg")}
        with refused("hen_name"):
            steps.add_hen(name="")

    def test_puts_the_triggers_into_the_database(self, steps):
        steps.forwards(*BOTH)
        with refused("hen_no_more"):
            steps.add_hen()

    def test_is_taken_back(self, steps):
        take_back = steps.forwards(*BOTH)
        take_back()
        assert not {"farm_hen", "farm_egg"} & set(connection.introspection.table_names())
        steps.forwards(AtOnce([HEN, EGG]))
        steps.add_hen()

    def test_lets_a_later_migration_change_the_rules(self, steps):
        steps.forwards(*BOTH)
        take_back = steps.forwards(RemoveTrigger("hen", "no_more"), AddTrigger("hen", no_more("hen_none_at_all")))
        with refused("hen_none_at_all"):
            steps.add_hen()
        take_back()
        with refused("hen_no_more"):
            steps.add_hen()

    def test_lets_a_later_migration_change_the_table(self, steps):
        steps.forwards(*BOTH)
        steps.forwards(
            RemoveTrigger("hen", "no_more"),
            AddField("hen", "age", models.IntegerField(default=1)),
            AddConstraint("hen", models.CheckConstraint(condition=models.Q(age__gt=0), name="hen_age")),
        )
        assert steps.add_hen().age == 1
        with refused("hen_age"):
            steps.add_hen(age=0)


AGE = AddField("hen", "age", models.IntegerField(default=1))
RULE = AddConstraint("hen", models.CheckConstraint(condition=models.Q(age__gt=0), name="hen_age"))
ANOTHER_TRIGGER = [RemoveTrigger("hen", "no_more"), AddTrigger("hen", no_more("hen_none_at_all"))]


class TestInRuns:
    def test_leaves_alone_what_needs_the_models_as_they_were(self):
        alone = [AlterField("hen", "name", models.CharField(max_length=20)), RunSQL("SELECT 1")]
        runs = in_runs([AGE, RULE, *alone, *ANOTHER_TRIGGER])
        assert [getattr(run, "operations", run) for run in runs] == [[AGE, RULE], *alone, ANOTHER_TRIGGER]

    def test_adds_to_a_table_in_another_run_than_makes_it(self):
        assert [run.operations for run in in_runs([HEN, EGG, AGE, RULE])] == [[HEN, EGG], [AGE, RULE]]

    def test_change_a_table_and_its_rules(self, steps):
        steps.forwards(*BOTH)
        steps.forwards(*in_runs([RemoveTrigger("hen", "no_more"), AGE, RULE]))
        assert steps.add_hen().age == 1
        with refused("hen_age"):
            steps.add_hen(age=0)

    def test_are_taken_back(self, steps):
        steps.forwards(*BOTH)
        take_back = steps.forwards(*in_runs([*ANOTHER_TRIGGER, AGE, RULE]))
        take_back()
        with connection.cursor() as cursor:
            table = connection.introspection.get_table_description(cursor, "farm_hen")
        assert "age" not in {column.name for column in table}
        with refused("hen_no_more"):
            steps.add_hen()


def made_one() -> dict[tuple[str, str], list[tuple[str, str]]]:
    """The migrations that were made of several, with those."""
    return {key: migration.replaces for key, migration in MigrationLoader(None).replacements.items()}


class TestADatabaseOfAnEarlierVersion:
    def test_has_nothing_to_do_when_it_had_every_migration(self):
        for app, name in made_one():
            MigrationRecorder(connection).record_unapplied(app, name)
        executor = MigrationExecutor(connection)
        assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
        call_command("migrate", verbosity=0)
        assert made_one().keys() <= MigrationRecorder(connection).applied_migrations().keys()

    def test_is_refused_when_it_lacks_some(self):
        MigrationRecorder(connection).record_unapplied("outcomes", "0022_contacts_checked_together")
        MigrationRecorder(connection).record_unapplied("outcomes", "0023_cubes_in_two_steps")
        with pytest.raises(SystemCheckError, match=r"stands before outcomes\.0023_cubes_in_two_steps"):
            call_command("migrate", verbosity=0, skip_checks=False)

    def test_does_not_take_a_new_migration_for_one_it_had(self):
        on_disk = MigrationLoader(None).disk_migrations.keys()
        assert all(on_disk.isdisjoint(replaced) for replaced in made_one().values())


class TestEveryTrigger:
    def test_of_the_models_stands_in_the_database(self):
        states = {(str(model._meta), t.name): t.get_installation_status(model) for model, t in pgtrigger.registered()}
        assert {rule: state for rule, state in states.items() if state != (INSTALLED, True)} == {}
