"""Every page of Leeward."""

from .routes import after, charts, planning, portal, public, sessions

urlpatterns = [
    *public.urlpatterns,
    *charts.urlpatterns,
    *planning.urlpatterns,
    *sessions.urlpatterns,
    *after.urlpatterns,
    *portal.urlpatterns,
]
