"""The patient's own pages."""

from django.urls import path

from leeward.web.views import outcomes, portal, questionnaire

_FORM = "portal/q/<uuid:response_id>/"

urlpatterns = [
    path("portal/", portal.show, name="portal"),
    path("portal/progress/", outcomes.progress, name="progress"),
    path(_FORM, questionnaire.show, name="questionnaire"),
    path(f"{_FORM}check/", questionnaire.check, name="questionnaire-check"),
    path(f"{_FORM}help/", questionnaire.help_now, name="questionnaire-help"),
    path(f"{_FORM}done/", questionnaire.done, name="questionnaire-done"),
]
