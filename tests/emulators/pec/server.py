# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A box at a provider of certified mail: SMTP with TLS and login in front, a Maildir behind."""

import mailbox
import ssl
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.utils import getaddresses
from enum import Enum
from pathlib import Path
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from .exchange import Exchange
from .provider import Provider, Submission

LIMIT = 30 * 1024 * 1024
_FIRST_SDI = "sdi01@pec.fatturapa.it"


class _Controller(Controller):
    """One that may be given port 0."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Behaviour(Enum):
    """What becomes of a message to a recipient."""

    DELIVER = "deliver"
    UNKNOWN = "unknown"  # its provider has no such box
    SILENT = "silent"  # its provider does not answer: a warning after 12 hours, a failure after 24
    VIRUS = "virus"
    OUTSIDE = "outside"  # no certified mail: accepted, and never a word again


class PecServer:
    """One account at one provider. Receipts lie in ``maildir`` before the SMTP client gets its answer.

    :param folder: where the Maildir and the certificate of the server are written
    :param clock: what time it is; ``let_pass`` moves it on
    :param on_arrival: gets everything that comes into the box too
    """

    def __init__(
        self,
        folder: Path,
        account: str = "invoices@pec.example.it",
        password: str = "secret",
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        on_arrival: Callable[[bytes], None] = lambda raw: None,
    ):
        self.account, self.password = account, password
        self.provider = Provider(account.rpartition("@")[2])
        self.exchange = Exchange()
        self.behaviours: dict[str, Behaviour] = {}
        # What the SdI answers next: kinds of notification, oldest first.
        self.answers: list[str] = ["RC"]
        self.submissions: list[Submission] = []
        self.transcript: list[str] = []
        self.certificate, self._key = self.provider.authority.write_tls(folder)
        self.maildir = mailbox.Maildir(folder / "Maildir", create=True)
        self._clock, self._passed = clock, timedelta()
        self._on_arrival = on_arrival
        self._waiting: list[tuple[Submission, str, set[str]]] = []
        self._lock = threading.Lock()
        self._controller: _Controller | None = None

    @property
    def port(self) -> int:
        """Of the running server, with TLS from the first byte."""
        return self._controller.port

    def now(self) -> datetime:
        return self._clock() + self._passed

    def let_pass(self, time: timedelta) -> None:
        """Move the clock on; what providers say by then arrives."""
        with self._lock:
            self._passed += time
            for sent, recipient, said in self._waiting:
                for hours, receipt in (
                    (12, self.provider.warning_after_12_hours),
                    (24, self.provider.failure_after_24_hours),
                ):
                    if receipt.__name__ not in said and self.now() - sent.at >= timedelta(hours=hours):
                        said.add(receipt.__name__)
                        self._arrive(receipt(sent, recipient))

    def messages(self) -> list[bytes]:
        """Everything in the box, in no particular order."""
        return [self.maildir.get_bytes(key) for key in self.maildir.keys()]  # noqa: SIM118 (a Maildir is no dict)

    def start(self) -> Self:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate, self._key)
        self._controller = _Controller(
            self,
            hostname="127.0.0.1",
            port=0,
            ssl_context=context,
            authenticator=self._authenticate,
            auth_required=True,
            auth_require_tls=False,  # the whole connection is TLS, which the library only sees after STARTTLS
            data_size_limit=LIMIT,
            ready_timeout=60,
        )
        self._controller.start()
        return self

    def stop(self) -> None:
        if self._controller:
            self._controller.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        known = isinstance(data, LoginPassword) and (data.login, data.password) == (
            self.account.encode(),
            self.password.encode(),
        )
        return AuthResult(success=known, handled=False)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.transcript.append(f"MAIL FROM:<{address}>")
        if address.casefold() != self.account.casefold():
            return "553 5.1.0 Sender address rejected: not owned by user"
        envelope.mail_from = address
        return "250 2.1.0 Ok"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.transcript.append(f"RCPT TO:<{address}>")
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        with self._lock:
            self._take(bytes(envelope.content), envelope.mail_from, tuple(envelope.rcpt_tos))
        return "250 2.0.0 Ok: queued"

    def _arrive(self, raw: bytes) -> None:
        self.maildir.add(raw)
        self._on_arrival(raw)

    def _take(self, content: bytes, sender: str, recipients: tuple[str, ...]) -> None:
        outside = frozenset(one for one in recipients if self._behaviour(one) == Behaviour.OUTSIDE)
        sent = Submission(content, sender, recipients, self.now(), outside)
        self.submissions.append(sent)
        if flaw := formal_flaw(sent):
            self._arrive(self.provider.non_acceptance(sent, flaw))
            return
        self._arrive(self.provider.acceptance(sent))
        for recipient in recipients:
            self._deliver(sent, recipient)

    def _behaviour(self, recipient: str) -> Behaviour:
        return self.behaviours.get(recipient.casefold(), Behaviour.DELIVER)

    def _deliver(self, sent: Submission, recipient: str) -> None:
        match self._behaviour(recipient):
            case Behaviour.DELIVER:
                self._arrive(self.provider.delivery(sent, recipient))
                if recipient.casefold() == self.account.casefold():
                    self._arrive(self.provider.envelope(sent, recipient))
                if recipient.casefold() in (_FIRST_SDI, self.exchange.address):
                    self._exchange(sent)
            case Behaviour.UNKNOWN:
                self._arrive(self.provider.non_delivery(sent, recipient))
            case Behaviour.VIRUS:
                self._arrive(self.provider.non_delivery_for_virus(sent, recipient))
            case Behaviour.SILENT:
                self._waiting.append((sent, recipient, set()))

    def _exchange(self, sent: Submission) -> None:
        for part in sent.message.iter_attachments():
            name = part.get_filename() or ""
            for kind in self.answers if name.lower().endswith((".xml", ".xml.p7m")) else ():
                notification = self.exchange.notification(
                    kind,
                    name,
                    part.get_payload(decode=True),
                    sent.at,
                    errors=(("00404", "Fattura duplicata"),) if kind == "NS" else (),
                    pec_message_id=sent.message_id,
                )
                self._arrive(self.exchange.message(notification, sent.sender, sent.at, sent.message_id))


def formal_flaw(sent: Submission) -> str:
    """What an access point objects to (RFC 6109, 3.1.1), "" when nothing."""
    message = message_from_bytes(sent.content, policy=policy.default)
    named = {
        address.casefold() for _, address in getaddresses([*message.get_all("To", []), *message.get_all("Cc", [])])
    }
    senders = [address.casefold() for _, address in getaddresses(message.get_all("From", []))]
    if senders != [sent.sender.casefold()]:
        return "il mittente non coincide con quello della busta"
    if named != {recipient.casefold() for recipient in sent.recipients}:
        return "i destinatari non coincidono con quelli della busta"
    if message.get_all("Bcc"):
        return "il messaggio ha destinatari in copia nascosta"
    if len(sent.content) * len(sent.recipients) > LIMIT:
        return "la dimensione del messaggio supera il limite"
    return ""
