"""The board and the chair side."""

from django.urls import path

from leeward.web.views import (
    alarm_log,
    board,
    call,
    call_link,
    devices,
    emergency,
    emergency_protocol,
    flowsheet,
    last_known,
    levels,
    session,
    training,
)

urlpatterns = [
    path("board/", board.first, name="board-all"),
    path("board/<uuid:location_id>/", board.show, name="board"),
    path("devices/<uuid:location_id>/", devices.show, name="devices"),
    path("devices/<uuid:location_id>/<uuid:device_id>/bind/", devices.bind, name="devices-bind"),
    path("training/", training.show, name="training"),
    path("training/begin/", training.begin, name="training-begin"),
    path("sessions/<uuid:session_id>/debrief/", training.after, name="training-debrief"),
    path("alarms/", alarm_log.first, name="alarm-log-all"),
    path("alarms/<uuid:location_id>/", alarm_log.show, name="alarm-log"),
    path("alarms/<uuid:location_id>/report/", alarm_log.report, name="alarm-report"),
    path("alarms/<uuid:location_id>/charge/", alarm_log.charge, name="alarm-log-charge"),
    path("visits/<uuid:appointment_id>/open/", session.begin, name="session-open"),
    path("sessions/<uuid:session_id>/", session.show, name="session"),
    path("sessions/<uuid:session_id>/do/<slug:action>/", session.act, name="session-act"),
    path(
        "sessions/<uuid:session_id>/commands/<uuid:command_id>/",
        session.command,
        name="session-command",
    ),
    path("sessions/<uuid:session_id>/call/", call_link.show, name="session-call-link"),
    path("sessions/<uuid:session_id>/emergency/", emergency.show, name="session-emergency"),
    path("sessions/<uuid:session_id>/sheet/", last_known.show, name="session-sheet"),
    path("call/<str:call_token>/", call.show, name="call"),
    path("flowsheet/<uuid:location_id>/", flowsheet.show, name="blank-flowsheet"),
    path(
        "emergency-protocol/<uuid:location_id>/",
        emergency_protocol.show,
        name="emergency-protocol",
    ),
    path(
        "emergency-protocol/<uuid:location_id>/write/",
        emergency_protocol.write,
        name="emergency-protocol-write",
    ),
    path("sessions/<uuid:session_id>/series/", session.series, name="session-series"),
    path("sessions/<uuid:session_id>/levels/", levels.session, name="session-levels"),
]
