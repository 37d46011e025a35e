# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A provider's receipts and envelopes (RFC 6109, sections 3 and 4), values in and bytes out."""

from base64 import encodebytes
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha1
from itertools import count
from xml.sax.saxutils import escape

from .authority import Authority

SUBJECTS = {
    "accettazione": "ACCETTAZIONE",
    "non-accettazione": "AVVISO DI NON ACCETTAZIONE",
    "presa-in-carico": "PRESA IN CARICO",
    "avvenuta-consegna": "CONSEGNA",
    "errore-consegna": "AVVISO DI MANCATA CONSEGNA",
    "preavviso-errore-consegna": "AVVISO DI MANCATA CONSEGNA PER SUP. TEMPO MASSIMO",
    "rilevazione-virus": "PROBLEMA DI SICUREZZA",
}
TIME_OUT = "AVVISO DI MANCATA CONSEGNA PER SUP. TEMPO MASSIMO"


@dataclass(frozen=True)
class Submission:
    """A message as it was handed in, with its SMTP envelope. ``outside`` are recipients without certified mail."""

    content: bytes
    sender: str
    recipients: tuple[str, ...]
    at: datetime
    outside: frozenset[str] = frozenset()

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.SMTP)

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"] or "").strip()

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def form(self) -> str:
        """What kind of delivery receipt the sender asked for."""
        return str(self.message["X-TipoRicevuta"] or "completa").strip().lower()


class Provider:
    """A provider of certified mail under one domain."""

    def __init__(self, domain: str = "pec.example.it", name: str = "Gestore di prova S.p.A."):
        self.domain, self.name = domain, name
        self.authority = Authority(domain, name)
        self._numbers = count(1)

    def acceptance(self, sent: Submission) -> bytes:
        return self.receipt(sent, "accettazione", sent.at)

    def non_acceptance(self, sent: Submission, reason: str, *, virus: bool = False) -> bytes:
        error = "virus" if virus else "altro"
        return self.receipt(sent, "non-accettazione", sent.at, error=error, extended=reason)

    def take_over(self, sent: Submission, after: timedelta = timedelta(seconds=2)) -> bytes:
        return self.receipt(sent, "presa-in-carico", sent.at + after)

    def delivery(self, sent: Submission, recipient: str, after: timedelta = timedelta(seconds=5)) -> bytes:
        """Complete, brief or short, as the sender asked for."""
        return self.receipt(sent, "avvenuta-consegna", sent.at + after, recipient=recipient, form=sent.form)

    def non_delivery(
        self, sent: Submission, recipient: str, *, error: str = "no-dest", reason: str = "5.1.1 - user unknown"
    ) -> bytes:
        return self.receipt(
            sent, "errore-consegna", sent.at + timedelta(seconds=9), recipient=recipient, error=error, extended=reason
        )

    def warning_after_12_hours(self, sent: Submission, recipient: str) -> bytes:
        return self.receipt(
            sent, "preavviso-errore-consegna", sent.at + timedelta(hours=12), recipient=recipient, error="altro"
        )

    def failure_after_24_hours(self, sent: Submission, recipient: str) -> bytes:
        return self.receipt(
            sent,
            "errore-consegna",
            sent.at + timedelta(hours=24),
            recipient=recipient,
            error="altro",
            extended="nessuna risposta entro 24 ore",
            title=TIME_OUT,
        )

    def virus(self, sent: Submission, recipient: str) -> bytes:
        """The detection, which travels between providers."""
        return self.receipt(
            sent, "rilevazione-virus", sent.at + timedelta(seconds=7), recipient=recipient, error="virus"
        )

    def non_delivery_for_virus(self, sent: Submission, recipient: str) -> bytes:
        """What the sender hears of it."""
        return self.receipt(
            sent,
            "errore-consegna",
            sent.at + timedelta(seconds=8),
            recipient=recipient,
            error="virus",
            extended="virus rilevato",
            title="AVVISO DI MANCATA CONSEGNA PER VIRUS",
        )

    def receipt(
        self,
        sent: Submission,
        kind: str,
        at: datetime,
        *,
        recipient: str = "",
        error: str = "nessuno",
        extended: str = "",
        form: str = "",
        title: str = "",
        daticert: bytes | None = None,
        with_daticert: bool = True,
    ) -> bytes:
        """Any receipt. ``daticert`` replaces the certification data, ``with_daticert`` leaves them away."""
        identifier = f"opec{next(self._numbers)}.{at:%Y%m%d%H%M%S}@{self.domain}"
        parts = [_text(f"Ricevuta del messaggio «{sent.subject}».")]
        if with_daticert:
            facts = self.daticert(sent, kind, at, identifier, recipient, error, extended, form)
            parts.append(_daticert_part(daticert if daticert is not None else facts))
        if form in ("completa", "breve"):
            parts.append(_message_part(sent.content if form == "completa" else _with_hashes(sent.content)))
        headers = {
            "X-Ricevuta": kind,
            **({"X-TipoRicevuta": form} if form else {}),
            **({"X-VerificaSicurezza": "errore"} if error == "virus" else {}),
        }
        subject = f"{title or SUBJECTS[kind]}: {sent.subject}"
        return self._signed(parts, headers, at, subject, f"<{self.authority.address}>", sent, identifier, sent.sender)

    def envelope(self, sent: Submission, recipient: str, after: timedelta = timedelta(seconds=4)) -> bytes:
        """What the recipient of a certified message gets."""
        at = sent.at + after
        identifier = f"opec{next(self._numbers)}.{at:%Y%m%d%H%M%S}@{self.domain}"
        facts = self.daticert(sent, "posta-certificata", at, identifier, "", "nessuno", "", sent.form)
        parts = [_text("Messaggio di posta certificata."), _daticert_part(facts), _message_part(sent.content)]
        headers = {"X-Trasporto": "posta-certificata", "Reply-To": sent.sender}
        sender = f'"Per conto di: {sent.sender}" <{self.authority.address}>'
        subject = f"POSTA CERTIFICATA: {sent.subject}"
        return self._signed(parts, headers, at, subject, sender, sent, identifier, recipient)

    def anomaly(self, sent: Submission, recipient: str) -> bytes:
        """What the recipient of an ordinary message gets in a certified box."""
        identifier = f"opec{next(self._numbers)}.{sent.at:%Y%m%d%H%M%S}@{self.domain}"
        parts = [_text("Anomalia nel messaggio."), _message_part(sent.content)]
        headers = {"X-Trasporto": "errore", "Reply-To": sent.sender}
        sender = f'"Per conto di: {sent.sender}" <{self.authority.address}>'
        subject = f"ANOMALIA MESSAGGIO: {sent.subject}"
        return self._signed(parts, headers, sent.at, subject, sender, sent, identifier, recipient)

    def daticert(
        self,
        sent: Submission,
        kind: str,
        at: datetime,
        identifier: str,
        recipient: str,
        error: str,
        extended: str,
        form: str,
    ) -> bytes:
        """Certification data (RFC 6109, 4.4)."""
        recipients = "".join(
            f'<destinatari tipo="{"esterno" if one in sent.outside else "certificato"}">{escape(one)}</destinatari>'
            for one in sent.recipients
        )
        optional = "".join(
            (
                f'<ricevuta tipo="{form}"/>' if form else "",
                f"<consegna>{escape(recipient)}</consegna>" if recipient else "",
                "".join(f"<ricezione>{escape(one)}</ricezione>" for one in sent.recipients)
                if kind == "presa-in-carico"
                else "",
                f"<errore-esteso>{escape(extended)}</errore-esteso>" if extended else "",
            )
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<postacert tipo="{kind}" errore="{error}">\n<intestazione><mittente>{escape(sent.sender)}</mittente>'
            f"{recipients}<risposte>{escape(sent.sender)}</risposte><oggetto>{escape(sent.subject)}</oggetto>"
            f"</intestazione>\n<dati><gestore-emittente>{escape(self.name)}</gestore-emittente>"
            f'<data zona="{at:%z}"><giorno>{at:%d/%m/%Y}</giorno><ora>{at:%H:%M:%S}</ora></data>'
            f"<identificativo>{identifier}</identificativo><msgid>{escape(sent.message_id)}</msgid>{optional}"
            "</dati>\n</postacert>\n"
        ).encode()

    def _signed(
        self,
        parts: list[bytes],
        headers: dict[str, str],
        at: datetime,
        subject: str,
        sender: str,
        sent: Submission,
        identifier: str,
        to: str,
    ) -> bytes:
        head = EmailMessage(policy=policy.SMTP)
        for name, value in headers.items():
            head[name] = value
        head["Date"] = format_datetime(at)
        head["Subject"] = subject
        head["From"] = sender
        head["To"] = to
        head["Message-ID"] = f"<{identifier}>"
        if sent.message_id:
            head["X-Riferimento-Message-ID"] = sent.message_id
        lines = head.as_bytes().partition(b"\r\n\r\n")[0].decode() + "\r\n"
        return self.authority.sign(_mixed(parts, identifier), lines)


def _mixed(parts: list[bytes], identifier: str) -> bytes:
    """Put together by hand: what is attached must stay what it was, byte for byte."""
    boundary = b"----=_" + sha1(identifier.encode()).hexdigest()[:20].encode()
    head = b'Content-Type: multipart/mixed; boundary="' + boundary + b'"\r\n'
    body = b"".join(b"\r\n--" + boundary + b"\r\n" + part for part in parts)
    return head + body + b"\r\n--" + boundary + b"--\r\n"


def _text(words: str) -> bytes:
    head = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head + _base64(words.encode())


def _daticert_part(content: bytes) -> bytes:
    return (
        b'Content-Type: application/xml; name="daticert.xml"\r\nContent-Transfer-Encoding: base64\r\n'
        b'Content-Disposition: attachment; filename="daticert.xml"\r\n\r\n' + _base64(content)
    )


def _message_part(content: bytes) -> bytes:
    return (
        b'Content-Type: message/rfc822; name="postacert.eml"\r\nContent-Transfer-Encoding: 7bit\r\n'
        b'Content-Disposition: attachment; filename="postacert.eml"\r\n\r\n' + content
    )


def _base64(content: bytes) -> bytes:
    return encodebytes(content).replace(b"\n", b"\r\n")


def _with_hashes(content: bytes) -> bytes:
    """The message with the SHA-1 of each attachment in its place (RFC 6109, brief delivery receipt)."""
    message = message_from_bytes(content, policy=policy.SMTP)
    for part in list(message.iter_attachments()):
        digest = sha1(part.get_payload(decode=True) or b"").hexdigest()
        name = part.get_filename() or "allegato"
        part.set_content(digest.encode(), maintype="text", subtype="plain", filename=f"{name}.hash")
    return message.as_bytes()
