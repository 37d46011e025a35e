# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A connection to an IMAP server that ends in time and in memory, whatever the server does."""

import contextlib
import imaplib
import socket
import ssl

from imapclient import IMAPClient
from odoo.addons.sync_hub.transport.redact import known_forms

from ..reaching import Clock, Lost, readable
from .account import ImapAccount

# The numbers of a million messages; the library would give up at a tenth of it.
_LONGEST_LINE = 10_000_000
# Of a literal that is no message: headers are asked for in pieces of this size.
LARGEST_HEADERS = 65_536
_CHUNK = 65_536


class TooLarge(Lost):
    """The server begins to send more than was asked for; ``size``: bytes that it announces."""

    def __init__(self, size: int):
        super().__init__()
        self.size = size


class Wire(imaplib.IMAP4):
    """imaplib's protocol over a socket that is given, with limits for whole answers. Greeted when it is made.

    :param clock: when everything must have ended
    :raises Lost: when the connection ends or the time is up
    :raises imaplib.IMAP4.error: when the greeting is none, or not a friendly one
    """

    def __init__(self, account: ImapAccount, sock: socket.socket, clock: Clock):
        self.account = account
        self.sock = sock
        self.clock = clock
        self.largest = LARGEST_HEADERS
        self._forms = known_forms(account.secrets())
        self._came = bytearray()
        self.grant(account.timeouts.reply)
        super().__init__(account.host, account.port)

    def grant(self, seconds: float) -> None:
        """Let what is done from now on take so many seconds in all. Raises Lost when there are none."""
        self._granted = self.clock.left(seconds)
        self._until = Clock(self._granted)

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """How the server lets users log in, in its own order."""
        return tuple(word[5:] for word in self.capabilities if word.startswith("AUTH="))

    def start_tls(self) -> str:
        """STARTTLS (RFC 9051, 6.2.1); "" when the server is ready for the handshake, else what it said."""
        kind, data = self._simple_command("STARTTLS")
        return "" if kind == "OK" else self.readable(bytes(data[-1])) or kind

    def secure(self, context: ssl.SSLContext) -> ssl.SSLSocket:
        """The TLS handshake after STARTTLS. Raises OSError (ssl.SSLError among them) and Lost."""
        if self._came:
            # Whoever stands between can put answers before the handshake (RFC 9051, 11.1).
            raise ssl.SSLError(1, "[SSL] data before the handshake")
        self.sock = connection = handshake(self.sock, context, self.account, self.clock)
        return connection

    def learn_capabilities(self) -> None:
        """What was said in clear counts no more (RFC 9051, 11.1)."""
        self.capabilities = ()
        self.untagged_responses = {}
        _kind, data = self.capability()
        self.capabilities = tuple(bytes(data[-1] or b"").decode("ascii", "replace").upper().split())

    def farewell(self) -> bytes:
        """What the server has said before it hung up, if anything."""
        return b" ".join(part for part in self.untagged_responses.get("BYE", ()) if isinstance(part, bytes))

    def readable(self, words: bytes) -> str:
        return readable(words, self._forms)

    def part(self, *, politely: bool) -> None:
        """End the connection. ``politely``: with LOGOUT, to whose answer a few seconds are left."""
        if politely:
            with contextlib.suppress(Lost, OSError, imaplib.IMAP4.error):
                self.grant(3.0)
                self.logout()
        self.shutdown()

    def open(self, host: str = "", port: int = imaplib.IMAP4_PORT, timeout: float | None = None) -> None:
        """Override of imaplib: the connection is there already."""
        self.host, self.port = host, port

    def shutdown(self) -> None:
        """Override of imaplib."""
        self.sock.close()

    def send(self, data: bytes) -> None:
        """Override of imaplib: all within the time that is granted. Raises Lost."""
        try:
            self.sock.settimeout(self._until.left(self._granted))
            self.sock.sendall(data)
        except OSError as error:
            raise Lost(timed_out=isinstance(error, TimeoutError)) from error

    def readline(self) -> bytes:
        """Override of imaplib: within the time that is granted. Raises Lost."""
        searched = 0
        while (end := self._came.find(b"\n", searched)) < 0:
            searched = len(self._came)
            if searched > _LONGEST_LINE:
                raise TooLarge(searched)
            self._receive()
        return self._take(end + 1)

    # The linter takes it for a method of a model.
    def read(self, size: int) -> bytes:  # pylint: disable=method-required-super
        """Override of imaplib: within the time that is granted. Raises Lost."""
        if size > self.largest:
            raise TooLarge(size)
        while len(self._came) < size:
            self._receive()
        return self._take(size)

    def _take(self, size: int) -> bytes:
        taken = bytes(self._came[:size])
        del self._came[:size]
        return taken

    def _receive(self) -> None:
        try:
            self.sock.settimeout(self._until.left(self._granted))
            more = self.sock.recv(_CHUNK)
        except OSError as error:
            raise Lost(timed_out=isinstance(error, TimeoutError)) from error
        if not more:
            raise Lost
        self._came += more


class Client(IMAPClient):
    """The library over such a connection."""

    def __init__(self, wire: Wire):
        self._wire = wire
        super().__init__(wire.account.host, wire.account.port, ssl=False)
        # The library would have every line formatted for a log, which holds what is in the mailbox.
        wire.debug = 0

    def _create_IMAP4(self) -> Wire:
        """Override of IMAPClient."""
        return self._wire


def handshake(sock: socket.socket, context: ssl.SSLContext, account: ImapAccount, clock: Clock) -> ssl.SSLSocket:
    """Raises OSError (ssl.SSLError among them) and Lost."""
    try:
        sock.settimeout(clock.left(account.timeouts.connect))
        return context.wrap_socket(sock, server_hostname=account.host)
    except TimeoutError as error:
        raise Lost(timed_out=True) from error
