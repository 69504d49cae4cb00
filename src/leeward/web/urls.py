"""Every page of Leeward."""

from .routes import (
    after,
    audit,
    charts,
    ledger,
    library,
    planning,
    portal,
    public,
    requests,
    sessions,
)

urlpatterns = [
    *public.urlpatterns,
    *library.urlpatterns,
    *requests.urlpatterns,
    *charts.urlpatterns,
    *planning.urlpatterns,
    *sessions.urlpatterns,
    *ledger.urlpatterns,
    *audit.urlpatterns,
    *after.urlpatterns,
    *portal.urlpatterns,
]
