"""Every page of Leeward."""

from .routes import after, charts, library, planning, portal, public, sessions

urlpatterns = [
    *public.urlpatterns,
    *library.urlpatterns,
    *charts.urlpatterns,
    *planning.urlpatterns,
    *sessions.urlpatterns,
    *after.urlpatterns,
    *portal.urlpatterns,
]
