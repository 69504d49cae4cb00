"""What the clinic says in public: read and approved by its director, article by article."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from leeward.core.quantities import Refusal
from leeward.records.library.selectors import list_article_reviews
from leeward.usecases.approve_article import approve_article, withdraw_approval
from leeward.web import door


@door.allow(door.DIRECTOR)
def show(request: HttpRequest) -> HttpResponse:
    return _page(request)


@door.allow(door.DIRECTOR, methods=("POST",))
def decide(request: HttpRequest) -> HttpResponse:
    """Approve an article as it was shown, or take an approval back."""
    slug, _, language = request.POST.get("article", "").rpartition(".")
    who, now, command = door.viewer(request), door.now(), door.command_id(request)
    if request.POST.get("withdraw"):
        result = withdraw_approval(
            actor=who, now=now, command_id=command, slug=slug, language=language
        )
        said = "The approval is taken back. The page says that it is not reviewed."
    else:
        result = approve_article(
            actor=who, now=now, command_id=command, slug=slug, language=language,
            seen_digest=request.POST.get("seen_digest", ""),
        )  # fmt: skip
        said = "Approved. The page now carries your name and today's date."
    if isinstance(result, Refusal):
        return _page(request, refusal=result)
    messages.success(request, said)
    return redirect("article-reviews")


def _page(request: HttpRequest, *, refusal: Refusal | None = None) -> HttpResponse:
    rows = list_article_reviews(door.viewer(request))
    context = {
        "rows": rows,
        "waiting": sum(1 for row in rows if row.review is None),
        "refusal": refusal,
    }
    return render(request, "article_reviews.html", context, status=422 if refusal else 200)
