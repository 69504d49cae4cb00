"""What anybody may open, and the way in."""

from django.urls import path

from leeward.web.views import front, help, home, language, sign_in

urlpatterns = [
    path("", front.show, name="front"),
    path("help/", help.show, name="help"),
    path("sign-in/", sign_in.show, name="sign-in"),
    path("sign-out/", sign_in.leave, name="sign-in-leave"),
    path("language/", language.choose, name="language"),
    path("home/", home.show, name="home"),
]
