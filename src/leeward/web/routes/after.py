"""After the infusion: recovery and discharge, the note, outcomes."""

from django.urls import path

from leeward.web.views import ask_questionnaire, discharge, note, outcomes

_SESSION = "sessions/<uuid:session_id>/"

urlpatterns = [
    path(f"{_SESSION}discharge/", discharge.show, name="discharge"),
    path(f"{_SESSION}discharge/do/<slug:action>/", discharge.act, name="discharge-act"),
    path(f"{_SESSION}instructions/", discharge.instructions, name="discharge-instructions"),
    path(f"{_SESSION}note/", note.show, name="note"),
    path(f"{_SESSION}note/sign/", note.sign, name="note-sign"),
    path(f"{_SESSION}note/addendum/", note.add, name="note-addendum"),
    path(f"{_SESSION}note/note.pdf", note.pdf, name="note-pdf"),
    path(f"{_SESSION}note/bundle.json", note.bundle, name="note-bundle"),
    path(f"{_SESSION}note/print/", note.printout, name="note-print"),
    path("patients/<uuid:patient_id>/outcomes/", outcomes.show, name="outcomes"),
    path("patients/<uuid:patient_id>/outcomes/ask/", ask_questionnaire.ask, name="outcomes-ask"),
]
