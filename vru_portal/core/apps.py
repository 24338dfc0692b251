from django.apps import AppConfig
from django.core import checks


class CoreConfig(AppConfig):
    name = "vru_portal.core"
    label = "core"

    def ready(self) -> None:
        from vru_portal.core.checks import refuse_half_migrated  # once the models are loaded

        checks.register(refuse_half_migrated, checks.Tags.database)
