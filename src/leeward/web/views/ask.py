"""Ask a question: the library's passages that answer it; words of crisis bring the numbers first.

The question is kept nowhere: not in the database, not in a log.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from leeward.records.library.search import Answer, Found
from leeward.records.library.selectors import Review, approved_articles, library_search
from leeward.records.library.wording import LONGEST_QUESTION
from leeward.web import door
from leeward.web.crisis import crisis_lines
from leeward.web.passage_page import show_passage
from leeward.web.two_languages import localized


@door.public()
@localized
def show(request: HttpRequest, language: str) -> HttpResponse:
    question = request.GET.get("q", "").strip()
    context: dict[str, object] = {
        "question": question[:LONGEST_QUESTION],
        "often": (_("Can I drive home after?"), _("Can I stop if I feel afraid?"),
                  _("What if I feel nothing?")),
    }  # fmt: skip
    if question:
        answer = library_search().ask(question, language)
        context |= _said(answer, approved_articles())
    return render(request, "ask.html", context)


def _said(answer: Answer, approved: dict[str, Review]) -> dict[str, object]:
    lines = crisis_lines()
    numbers = {"emergency": lines.emergency, "crisis": lines.crisis}

    def shown(found: Found) -> object:
        reviewed = found.passage.article.digest in approved
        return show_passage(found, numbers, answer.language, reviewed=reviewed)

    return {
        "asked": True,
        "alarms": answer.alarms,
        "lines": lines,
        "hits": [shown(found) for found in answer.found],
    }
