"""`manage.py demo_accounts`: a line `role email password` for each account of the demo region."""

from django.core.management.base import BaseCommand

from outcomes.demo.people import demo_accounts


class Command(BaseCommand):
    help = "List the demo accounts: role, email address, password."

    def handle(self, *args, **options) -> None:
        for account in demo_accounts():
            self.stdout.write(f"{account.code} {account.email} {account.password}")
