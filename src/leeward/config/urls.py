"""All URLs: the pages of `web`."""

from django.urls import include, path

urlpatterns = [path("", include("leeward.web.urls"))]
handler404 = "leeward.web.views.errors.not_found"
handler500 = "leeward.web.views.errors.broken"
