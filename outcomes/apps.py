from django.apps import AppConfig
from django.core import checks


class OutcomesConfig(AppConfig):
    name = "outcomes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from outcomes.checks import keys_are_there  # once the models are loaded

        checks.register(keys_are_there, checks.Tags.security, deploy=True)
