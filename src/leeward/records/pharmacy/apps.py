from django.apps import AppConfig


class PharmacyConfig(AppConfig):
    name = "leeward.records.pharmacy"
    label = "pharmacy"
    default_auto_field = "django.db.models.BigAutoField"
