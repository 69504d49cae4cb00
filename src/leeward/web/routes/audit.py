"""The audit trail, for the medical director."""

from django.urls import path

from leeward.web.views import audit

urlpatterns = [
    path("audit/", audit.show, name="audit"),
    path("audit/export/", audit.export, name="audit-export"),
    path("audit/anchors/", audit.anchors, name="audit-anchors"),
    path("audit/patients/<uuid:patient_id>/", audit.report, name="audit-report"),
]
