"""Limits, plan, schedule."""

from django.urls import path

from leeward.web.views import book, levels, limits, plan, schedule

urlpatterns = [
    path("limits/", limits.first, name="limits-all"),
    path("limits/<uuid:location_id>/", limits.show, name="limits"),
    path("limits/<uuid:location_id>/draft/", limits.draft, name="limits-draft"),
    path("limits/<uuid:location_id>/approve/", limits.approve, name="limits-approve"),
    path("patients/<uuid:patient_id>/plan/", plan.show, name="plan"),
    path("patients/<uuid:patient_id>/plan/preview/", plan.preview, name="plan-preview"),
    path("patients/<uuid:patient_id>/visits/", book.show, name="book"),
    path("visits/<uuid:appointment_id>/cancel/", book.cancel, name="book-cancel"),
    path("schedule/", schedule.today, name="schedule-today"),
    path("schedule/<uuid:location_id>/", schedule.show, name="schedule"),
    path("patients/<uuid:patient_id>/plan/levels/", levels.compare, name="plan-levels"),
]
