"""E-mail by SMTP, each with the one-press way to stop it (RFC 2369, RFC 8058)."""

from smtplib import SMTPException

from django.core.mail import EmailMessage

from leeward.usecases.ports import NotDelivered, Notice, Notifier

from .stop_links import StopLink, stop_link

STOP_WORDS = {
    "en": "To get no more of these: {link}",
    "es": "Para no recibir más de estos: {link}",
}


class MailNotifier:
    """Sends e-mail through the server in the settings; other channels go to `others`.

    A retry after an answer that was lost is the same message to its reader: the id stands in
    `Message-ID`.
    """

    def __init__(self, *, sender: str, address: str, others: Notifier) -> None:
        self._sender, self._address, self._others = sender, address.rstrip("/"), others

    def send(self, notice: Notice) -> None:
        if notice.channel != "email":
            self._others.send(notice)
            return
        link = self._link(notice)
        headers = {"Message-ID": f"<{notice.id}@{self._sender.rpartition('@')[2]}>"}
        body = notice.body
        if link:
            headers["List-Unsubscribe"] = f"<{link}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
            words = STOP_WORDS.get(notice.language, STOP_WORDS["en"])
            body = f"{body}\n\n{words.format(link=link)}\n"
        mail = EmailMessage(notice.subject, body, self._sender, [notice.to], headers=headers)
        try:
            sent = mail.send()
        except (SMTPException, OSError, ValueError) as fault:
            raise NotDelivered(f"{type(fault).__name__}: {fault}"[:300]) from fault
        if not sent:
            raise NotDelivered("the mail server took nothing")

    def _link(self, notice: Notice) -> str:
        if not self._address or notice.organization_id is None:
            return ""
        wanted = StopLink(notice.organization_id, notice.channel, notice.to)
        path = "/es/stop/" if notice.language == "es" else "/stop/"
        return f"{self._address}{path}{stop_link(wanted)}/"
