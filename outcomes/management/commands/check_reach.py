"""`manage.py check_reach`: counts the people of every cell a second time, by PostgreSQL, and says where they differ."""

from django.core.management.base import BaseCommand, CommandError

from outcomes.models import ReachCube
from outcomes.queries import cube_check
from vru_portal.core.periods import FinancialYear


class Command(BaseCommand):
    help = "Hold the cube of each financial year against a GROUP BY over the same people."

    def handle(self, *args, **options) -> None:
        wrong = 0
        for cube in ReachCube.objects.order_by("year"):
            found = list(cube_check.differences(cube))
            wrong += len(found)
            self.stdout.write(f"{FinancialYear(cube.year)}: {cube_check.cells_compared(cube):,} cells compared.")
            for each in found[:20]:
                self.stdout.write(f"  {each.cell}: {each.counted:,}, and counted again {each.counted_again:,}.")
        if wrong:
            raise CommandError(f"{wrong:,} cells differ.")
