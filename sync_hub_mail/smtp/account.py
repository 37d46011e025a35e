# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The mail account through which messages are sent."""

from dataclasses import dataclass, field
from enum import StrEnum

from ..reaching import login_forms


class Encryption(StrEnum):
    """How the connection is encrypted. The values are those of ``ir.mail_server.smtp_encryption`` that verify the
    server's certificate; the ones that do not verify it have no counterpart."""

    NONE = "none"
    STARTTLS = "starttls_strict"
    SSL = "ssl_strict"


# RFC 5321, 4.5.4.2 (25), RFC 6409, 3.1 (587), RFC 8314, 3.3 (465).
DEFAULT_PORTS = {Encryption.NONE: 25, Encryption.STARTTLS: 587, Encryption.SSL: 465}


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long is waited, in seconds, each for the whole of what it names: a server that says one character a minute
    gains nothing by it.

    ``connect``: name, connection and TLS handshake, each.
    ``reply``: the answer to a command.
    ``content``: until all bytes of a message have been handed over.
    ``verdict``: the answer to the final dot. RFC 5321, 4.5.3.2.6, grants ten minutes: who gives up earlier sends
    messages twice.
    ``check``: all steps of a check together.
    """

    connect: float = 20.0
    reply: float = 60.0
    content: float = 600.0
    verdict: float = 600.0
    check: float = 60.0


@dataclass(frozen=True, slots=True)
class SmtpAccount:
    """An account at a mail server.

    :param host: name or address of the server, as typed
    :param sender: address of the sender: of the envelope, and whom a check asks to write to themselves
    :param user: for the login, often but not always the address; empty when the server wants none
    :param password: never shown by ``repr``
    :param port: 0 for the usual one of the encryption
    :param ca_file: path of a PEM file with the only authorities to trust; empty for those of the system
    """

    host: str
    sender: str
    encryption: Encryption = Encryption.SSL
    port: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    timeouts: Timeouts = Timeouts()
    ca_file: str = ""

    def __post_init__(self) -> None:
        if not self.port:
            object.__setattr__(self, "port", DEFAULT_PORTS[self.encryption])

    def secrets(self) -> tuple[str, ...]:
        """The password in every form in which it travels."""
        return login_forms(self.user, self.password)
