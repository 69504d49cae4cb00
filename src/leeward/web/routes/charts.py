"""Patients: list, import, chart, candidacy, consent, tasks."""

from django.urls import path

from leeward.web.views import candidacy, chart, consent, import_records, patients, tasks

urlpatterns = [
    path("patients/", patients.show, name="patients"),
    path("patients/import/", import_records.show, name="import-records"),
    path("patients/<uuid:patient_id>/", chart.show, name="chart"),
    path("patients/<uuid:patient_id>/contact/", chart.set_contact, name="chart-contact"),
    path("patients/<uuid:patient_id>/portal/", chart.open_portal, name="chart-portal"),
    path("patients/<uuid:patient_id>/candidacy/", candidacy.show, name="candidacy"),
    path(
        "patients/<uuid:patient_id>/candidacy/answers/", candidacy.answer, name="candidacy-answers"
    ),
    path(
        "patients/<uuid:patient_id>/candidacy/decide/", candidacy.decide, name="candidacy-decide"
    ),
    path("patients/<uuid:patient_id>/consent/", consent.show, name="consent"),
    path(
        "patients/<uuid:patient_id>/consent/<uuid:consent_id>/withdraw/",
        consent.withdraw,
        name="consent-withdraw",
    ),
    path("tasks/", tasks.show, name="tasks"),
    path("tasks/<uuid:task_id>/done/", tasks.finish, name="tasks-done"),
]
