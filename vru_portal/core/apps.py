from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "vru_portal.core"
    label = "core"
