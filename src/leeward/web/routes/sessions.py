"""The board and the chair side."""

from django.urls import path

from leeward.web.views import alarm_log, board, levels, session

urlpatterns = [
    path("board/", board.first, name="board-all"),
    path("board/<uuid:location_id>/", board.show, name="board"),
    path("alarms/", alarm_log.first, name="alarm-log-all"),
    path("alarms/<uuid:location_id>/", alarm_log.show, name="alarm-log"),
    path("alarms/<uuid:location_id>/report/", alarm_log.report, name="alarm-report"),
    path("alarms/<uuid:location_id>/charge/", alarm_log.charge, name="alarm-log-charge"),
    path("visits/<uuid:appointment_id>/open/", session.begin, name="session-open"),
    path("sessions/<uuid:session_id>/", session.show, name="session"),
    path("sessions/<uuid:session_id>/do/<slug:action>/", session.act, name="session-act"),
    path("sessions/<uuid:session_id>/series/", session.series, name="session-series"),
    path("sessions/<uuid:session_id>/levels/", levels.session, name="session-levels"),
]
