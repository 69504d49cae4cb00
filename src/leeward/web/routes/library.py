"""The public library in both languages, questions, the self-check; the director's approvals."""

from django.urls import path

from leeward.web.two_languages import both
from leeward.web.views import article, article_reviews, ask, library, self_check

urlpatterns = [
    *both("library/", library.show, "library"),
    *both("library/<slug:slug>/", article.show, "article"),
    *both("library/<slug:slug>/print/", article.printout, "article-print"),
    *both("ask/", ask.show, "ask"),
    *both("self-check/", self_check.show, "self-check"),
    *both("self-check/result/<str:token>/", self_check.result, "self-check-result"),
    *both("self-check/<slug:question_id>/<str:token>/", self_check.step, "self-check-step"),
    path("articles/", article_reviews.show, name="article-reviews"),
    path("articles/decide/", article_reviews.decide, name="article-reviews-decide"),
]
