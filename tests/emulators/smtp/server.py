# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A mail server on loopback that keeps what it gets and writes down every command."""

from __future__ import annotations

import hmac
import itertools
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from .certificates import Shown, server_context
from .conversation import Conversation
from .script import Act, Cue, Script, Stage

HOST = "127.0.0.1"
_CHALLENGE = b"<1.1@sandbox>"


@dataclass(frozen=True, slots=True)
class Received:
    """A message that was accepted: envelope, its bytes without dot-stuffing, and by which connection it came."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    connection: int


class _Controller(Controller):
    def __init__(self, owner: SmtpServer, **more: Any):
        super().__init__(owner, hostname=HOST, port=0, **more)
        self._owner = owner

    def factory(self) -> Conversation:
        return Conversation(self._owner, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        # The system has chosen the port. Nothing connects to try it: that would stand in the transcript.
        self.port = self.server.sockets[0].getsockname()[1]
        self.smtpd = True
        self._factory_invoked.set()


class SmtpServer:
    """A server between ``start`` and ``stop``, or inside ``with``.

    :param encryption: "none", "starttls" or "ssl"
    :param shown: which certificate it shows
    :param users: passwords by user; without any, nobody can log in and AUTH is not offered
    :param login_required: no MAIL without AUTH
    :param mechanisms: of PLAIN, LOGIN and CRAM-MD5
    :param auth_in_clear: AUTH is offered before STARTTLS too
    :param eight_bit: 8BITMIME is offered (RFC 6152)
    :param size_limit: bytes of a message (RFC 1870), or None to announce none
    """

    def __init__(
        self,
        *,
        encryption: str = "none",
        shown: Shown = Shown.VALID,
        users: dict[str, str] | None = None,
        login_required: bool = False,
        mechanisms: tuple[str, ...] = ("PLAIN", "LOGIN"),
        auth_in_clear: bool = False,
        size_limit: int | None = 30_000_000,
        eight_bit: bool = True,
    ):
        self.script = Script()
        self.messages: list[Received] = []
        self.transcript: list[tuple[int, str, str]] = []
        self.login_required = login_required
        self._users = users or {}
        self._hidden = tuple(
            f"250-{word}" for word, offered in (("AUTH", self._users), ("8BITMIME", eight_bit)) if not offered
        )
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        self.authority_file = str(folder / "authority.pem")
        context = server_context(folder, shown) if encryption != "none" else None
        excluded = {"PLAIN", "LOGIN", "CRAM-MD5"} - set(mechanisms if self._users else ())
        self._controller = _Controller(
            self,
            ssl_context=context if encryption == "ssl" else None,
            tls_context=context if encryption == "starttls" else None,
            authenticator=self._authenticate,
            # aiosmtpd knows of STARTTLS only; a connection that is encrypted from its start needs none.
            auth_require_tls=encryption == "starttls" and not auth_in_clear,
            auth_exclude_mechanism=excluded,
            data_size_limit=size_limit,
            server_hostname="sandbox.example",
            timeout=600,
        )

    @property
    def port(self) -> int:
        return self._controller.port

    def start(self) -> Self:
        self._controller.start()
        return self

    def stop(self) -> None:
        self._controller.stop()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def play(
        self, stage: Stage, act: Act = Act.SAY, reply: str = "", *, address: str = "", times: int | None = None
    ) -> None:
        """From now on do ``act`` at ``stage``; see ``Cue``."""
        self.script.add(Cue(stage, act, reply, address, times))

    def call(self, stage: Stage, what: Callable[[], object], *, address: str = "", times: int | None = 1) -> None:
        """From now on call ``what`` at ``stage`` while the client waits for the reply; see ``Cue``."""
        self.script.add(Cue(stage, Act.CALL, "", address, times, what))

    def commands(self, connection: int | None = None) -> list[str]:
        """What clients said, line by line; the final dot of a message is ".". Passwords are left out."""
        with self._lock:
            return [text for number, side, text in self.transcript if side == "C" and connection in (None, number)]

    @property
    def connections(self) -> int:
        """How many connections there have been in which anything was said."""
        with self._lock:
            return len({number for number, _side, _text in self.transcript})

    def next_number(self) -> int:
        return next(self._numbers)

    def note(self, number: int, side: str, text: str) -> None:
        if side == "C" and text.upper().startswith("AUTH "):
            text = " ".join([*text.split(" ")[:2], *("***" for _ in text.split(" ")[2:3])])
        with self._lock:
            self.transcript.append((number, side, text))

    async def handle_EHLO(
        self, _server: Conversation, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [line for line in responses if not line.startswith(self._hidden)]

    async def handle_DATA(self, server: Conversation, _session: Any, envelope: Any) -> str:
        def keep() -> str:
            with self._lock:
                self.messages.append(
                    Received(envelope.mail_from, tuple(envelope.rcpt_tos), bytes(envelope.content), server.number)
                )
                return f"250 2.0.0 Ok: queued as Q{len(self.messages):05d}"

        return await server.verdict(keep)

    def _authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        password = self._users.get(data.login.decode())
        return AuthResult(success=password is not None and password.encode() == data.password, handled=False)

    async def cram_md5(self, conversation: Conversation) -> AuthResult:
        answer = await conversation.challenge_auth(_CHALLENGE)
        if not isinstance(answer, bytes):
            return AuthResult(success=False)
        user, _, digest = answer.decode().rpartition(" ")
        password = self._users.get(user)
        good = password is not None and hmac.new(password.encode(), _CHALLENGE, "md5").hexdigest() == digest
        return AuthResult(success=good, handled=False)
