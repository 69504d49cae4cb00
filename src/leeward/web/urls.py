"""Every page of Leeward."""

from .routes import after, charts, library, planning, portal, public, requests, sessions

urlpatterns = [
    *public.urlpatterns,
    *library.urlpatterns,
    *requests.urlpatterns,
    *charts.urlpatterns,
    *planning.urlpatterns,
    *sessions.urlpatterns,
    *after.urlpatterns,
    *portal.urlpatterns,
]
