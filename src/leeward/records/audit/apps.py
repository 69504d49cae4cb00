from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "leeward.records.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import append_only

        append_only.connect()
