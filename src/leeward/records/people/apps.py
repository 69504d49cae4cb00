from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "leeward.records.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
