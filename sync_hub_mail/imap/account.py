# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The mailbox from which messages are received."""

from dataclasses import dataclass, field
from enum import StrEnum

from ..reaching import login_forms


class Encryption(StrEnum):
    """How the connection is encrypted. There is none without: passwords of certified mail never travel in clear."""

    SSL = "ssl"
    STARTTLS = "starttls"


# RFC 8314, 3.2 (993), RFC 9051, 2.1 (143).
DEFAULT_PORTS = {Encryption.SSL: 993, Encryption.STARTTLS: 143}


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long is waited, in seconds, each for the whole of what it names: a server that says one character a minute
    gains nothing by it.

    ``connect``: name, connection and TLS handshake, each.
    ``reply``: everything that a command brings, but for messages.
    ``content``: a message, or the headers of some.
    ``check``: all steps of a check together.
    """

    connect: float = 20.0
    reply: float = 60.0
    content: float = 600.0
    check: float = 60.0


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """A mailbox at a mail server.

    :param host: name or address of the server, as typed
    :param user: for the login, often but not always the address
    :param password: never shown by ``repr``
    :param port: 0 for the usual one of the encryption
    :param folder: as people write it; "INBOX" is that of every mailbox (RFC 9051, 5.1)
    :param ca_file: path of a PEM file with the only authorities to trust; empty for those of the system
    """

    host: str
    user: str
    password: str = field(repr=False)
    encryption: Encryption = Encryption.SSL
    port: int = 0
    folder: str = "INBOX"
    timeouts: Timeouts = Timeouts()
    ca_file: str = ""

    def __post_init__(self) -> None:
        # Also as the plain text that records keep.
        object.__setattr__(self, "encryption", Encryption(self.encryption))
        if not self.port:
            object.__setattr__(self, "port", DEFAULT_PORTS[self.encryption])

    def secrets(self) -> tuple[str, ...]:
        """The password in every form in which it travels."""
        return login_forms(self.user, self.password)
