"""Requests of the public, the places they go to, and stopping messages."""

from django.urls import path

from leeward.web.two_languages import both
from leeward.web.views import contact, request, requests

_ONE = "requests/<uuid:request_id>/"

urlpatterns = [
    *both("places/", request.places, "places"),
    *both("places/<slug:organization>/<slug:site>/", request.place, "place"),
    *both("talk/<slug:organization>/", request.ask, "request"),
    *both("talk/<slug:organization>/thank-you/", request.done, "request-done"),
    *both("stop/<str:link>/", contact.stop, "contact-stop"),
    path("hooks/sms/", contact.sms, name="contact-sms"),
    path("requests/", requests.show, name="requests"),
    path(_ONE, requests.one, name="requests-one"),
    path(f"{_ONE}do/<slug:action>/", requests.act, name="requests-act"),
]
