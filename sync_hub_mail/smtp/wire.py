# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A connection to a mail server that ends in time, whatever the server does."""

import base64
import contextlib
import hmac
import smtplib
import socket
import ssl
from ipaddress import ip_address

from odoo.addons.sync_hub.transport.redact import known_forms

from ..reaching import Clock, Lost, NotAMailServer, readable
from .account import SmtpAccount
from .replies import Reply

# RFC 5321, 4.5.3.1.5: 512 octets; servers say more.
_LONGEST_LINE = 8192
_MOST_LINES = 200
_CHUNK = 16_384
# In the order in which they are chosen: one try, as servers lock accounts after a few that fail.
_ENCRYPTED_MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5")
_CLEAR_MECHANISMS = ("CRAM-MD5", "PLAIN", "LOGIN")


class Wire(smtplib.SMTP):
    """smtplib's protocol over a socket that is given, with time limits for whole answers.

    :param clock: when everything must have ended
    """

    def __init__(self, account: SmtpAccount, sock: socket.socket, clock: Clock):
        # RFC 5321, 4.1.3: who has no name of its own says its address. Looking for a name could take minutes.
        own = ip_address(sock.getsockname()[0].partition("%")[0])
        super().__init__(local_hostname=f"[{'IPv6:' if own.version == 6 else ''}{own}]")
        self.account = account
        self.sock: socket.socket | None = sock
        self.clock = clock
        self._granted = account.timeouts.reply
        self._until = clock
        self._forms = known_forms(account.secrets())
        self._came = b""

    @property
    def encrypted(self) -> bool:
        return isinstance(self.sock, ssl.SSLSocket)

    def grant(self, seconds: float) -> None:
        """Let what is done from now on take so many seconds in all."""
        self._granted = self.clock.left(seconds)
        self._until = Clock(self._granted)

    def send(self, data: str | bytes) -> None:
        """Override of smtplib: all within the time that is granted. Raises Lost."""
        content = memoryview(data.encode("ascii") if isinstance(data, str) else data)
        try:
            for start in range(0, len(content), _CHUNK):
                self._socket().settimeout(self._until.left(self._granted))
                self._socket().sendall(content[start : start + _CHUNK])
        except OSError as error:
            raise Lost(timed_out=isinstance(error, TimeoutError)) from error

    def getreply(self) -> tuple[int, bytes]:
        """Override of smtplib: within the time that is granted, and of a size that a reply can have.

        :raises Lost: when the connection ends or the time is up
        :raises NotAMailServer: when what comes is no reply
        """
        words: list[bytes] = []
        while len(words) < _MOST_LINES:
            line = self._line()
            code = line[:3]
            if not (code.isdigit() and b"2" <= code[:1] <= b"5" and line[3:4] in (b"", b" ", b"-")):
                raise NotAMailServer(self._readable(line))
            words.append(line[4:].strip())
            if line[3:4] != b"-":
                return int(code), b"\n".join(words)
        raise NotAMailServer

    def ask(self, command: str, argument: str = "", seconds: float = 0.0) -> Reply:
        """The reply to a command, for which ``seconds`` are granted (0: the account's usual time). Raises Lost."""
        self.grant(seconds or self.account.timeouts.reply)
        self.putcmd(command, argument)
        return self.hear()

    def hear(self) -> Reply:
        """The next reply, within the time that is granted already. Raises Lost."""
        code, words = self.getreply()
        return Reply.parse(code, self._readable(words))

    def greet(self) -> Reply:
        """EHLO. ``esmtp_features`` holds what the server can afterwards. Raises Lost."""
        self.grant(self.account.timeouts.reply)
        code, words = self.ehlo()
        return Reply.parse(code, self._readable(words))

    def secure(self, context: ssl.SSLContext) -> ssl.SSLSocket:
        """The TLS handshake. Raises OSError (ssl.SSLError among them) and Lost."""
        if self._came:
            # RFC 3207, 6: whoever stands between can put replies before the handshake.
            raise ssl.SSLError(1, "[SSL] data before the handshake")
        self.grant(self.account.timeouts.connect)
        self._socket().settimeout(self._granted)
        try:
            self.sock = connection = context.wrap_socket(self._socket(), server_hostname=self.account.host)
        except TimeoutError as error:
            raise Lost(timed_out=True) from error
        # What was said in clear counts no more (RFC 3207, 4.2).
        self.esmtp_features = {}
        self.does_esmtp = False
        return connection

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """How the server lets users log in, in its own order."""
        return tuple(dict.fromkeys(self.esmtp_features.get("auth", "").upper().split()))

    @property
    def mechanism(self) -> str:
        """The one that is taken, or nothing when none is known."""
        known = _ENCRYPTED_MECHANISMS if self.encrypted else _CLEAR_MECHANISMS
        return next((mechanism for mechanism in known if mechanism in self.mechanisms), "")

    def log_in(self) -> Reply:
        """AUTH (RFC 4954) by :attr:`mechanism`, once, with texts in UTF-8 (RFC 4616, 2). Raises Lost."""
        user, password = self.account.user.encode(), self.account.password.encode()
        if self.mechanism == "PLAIN":
            token = b"\0" + user + b"\0" + password
            return self.ask("AUTH", f"PLAIN {_base64(token)}")
        reply = self.ask("AUTH", self.mechanism)
        if self.mechanism == "CRAM-MD5":
            if reply.code == 334:
                try:
                    challenge = base64.b64decode(reply.text)
                except ValueError as error:
                    raise NotAMailServer(reply.text) from error
                digest = hmac.new(password, challenge, "md5").hexdigest().encode()
                reply = self.ask(_base64(user + b" " + digest))
            return reply
        for text in (user, password):
            if reply.code == 334:
                reply = self.ask(_base64(text))
        return reply

    def announced_size(self) -> int | None:
        """The limit of RFC 1870 in bytes; None when there is none or it is not told."""
        size = self.esmtp_features.get("size", "")
        return int(size) or None if size.isascii() and size.isdigit() else None

    def part(self, *, politely: bool) -> None:
        """End the connection. ``politely``: with QUIT, to whose answer a few seconds are left."""
        if politely and self.sock:
            with contextlib.suppress(Lost):
                self.ask("QUIT", seconds=3.0)
        self.close()

    def _socket(self) -> socket.socket:
        if self.sock is None:
            raise Lost
        return self.sock

    def _line(self) -> bytes:
        try:
            while b"\n" not in self._came:
                if len(self._came) > _LONGEST_LINE:
                    raise NotAMailServer(self._readable(self._came))
                self._socket().settimeout(self._until.left(self._granted))
                more = self._socket().recv(4096)
                if not more:
                    raise Lost
                self._came += more
        except OSError as error:
            raise Lost(timed_out=isinstance(error, TimeoutError)) from error
        line, _, self._came = self._came.partition(b"\n")
        return line.rstrip(b"\r")

    def _readable(self, words: bytes) -> str:
        return readable(words, self._forms)


def _base64(text: bytes) -> str:
    return base64.b64encode(text).decode("ascii")
