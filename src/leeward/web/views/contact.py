"""Stopping messages: the link in an e-mail (one press, RFC 8058), and words sent back by SMS."""

import hmac

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from leeward.exchange.notify.stop_links import read_stop_link
from leeward.usecases.change_contact import stop_messages, take_text_message
from leeward.web import door
from leeward.web.two_languages import localized


# A mail program presses the link for its reader, without a page and so without a token.
@csrf_exempt
@door.public("GET", "POST")
@localized
def stop(request: HttpRequest, language: str, link: str) -> HttpResponse:
    """GET asks, POST stops; a link that is not ours says so and changes nothing."""
    wanted = read_stop_link(link)
    if wanted is None:
        return render(request, "contact_stop.html", {"wrong": True}, status=404)
    if request.method == "POST":
        stop_messages(
            now=door.now(), command_id=door.command_id(request),
            organization_id=wanted.organization_id, channel=wanted.channel,
            address=wanted.address,
        )  # fmt: skip
    context = {"wanted": wanted, "stopped": request.method == "POST"}
    return render(request, "contact_stop.html", context)


@csrf_exempt
@door.public("POST")
def sms(request: HttpRequest) -> HttpResponse:
    """A text message that came in, handed on by the carrier under a shared secret."""
    secret = settings.LEEWARD_SMS_HOOK_SECRET
    given = request.headers.get("X-Leeward-Hook", "")
    if not secret or not hmac.compare_digest(given.encode(), secret.encode()):
        return HttpResponse("the secret is missing\n", status=401, content_type="text/plain")
    word, _concerned = take_text_message(
        now=door.now(), command_id=door.command_id(request),
        sender=request.POST.get("From", "")[:40], body=request.POST.get("Body", "")[:200],
    )  # fmt: skip
    return HttpResponse(f"{word or 'nothing'}\n", content_type="text/plain; charset=utf-8")
