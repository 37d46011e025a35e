# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the replies of mail servers mean (RFC 5321, 4.2; RFC 3463; RFC 4954, 6; RFC 7372)."""

import re
from dataclasses import dataclass
from enum import StrEnum

from odoo.addons.sync_hub.faults import FaultKind

_ENHANCED = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})(?:\s+|\Z)")


class Stage(StrEnum):
    """What a reply answers: the same code means different things."""

    GREETING = "greeting"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"  # the command and the final dot


class Meaning(StrEnum):
    """Why a server says no. The values are stored: never rename one."""

    CREDENTIALS_REFUSED = "credentials_refused"
    LOGIN_REQUIRED = "login_required"
    ENCRYPTION_REQUIRED = "encryption_required"
    MECHANISM_REFUSED = "mechanism_refused"
    SENDER_REFUSED = "sender_refused"
    RECIPIENT_UNKNOWN = "recipient_unknown"
    # The recipient exists, or may exist, but this server does not carry messages to it.
    RECIPIENT_REFUSED = "recipient_refused"
    MAILBOX_DISABLED = "mailbox_disabled"
    MAILBOX_FULL = "mailbox_full"
    MESSAGE_TOO_LARGE = "message_too_large"
    TOO_MANY_MESSAGES = "too_many_messages"
    TOO_MANY_RECIPIENTS = "too_many_recipients"
    GREYLISTED = "greylisted"
    # SPF, DKIM or DMARC of the sender's domain.
    AUTHENTICATION_FAILED = "authentication_failed"
    CONTENT_REFUSED = "content_refused"
    # The address from which we call is not welcome.
    CLIENT_REFUSED = "client_refused"
    SERVER_UNAVAILABLE = "server_unavailable"
    COMMAND_REFUSED = "command_refused"
    REFUSED = "refused"
    # Said by nobody: the connection ended, or nothing came in time.
    CONNECTION_LOST = "connection_lost"
    SERVER_SILENT = "server_silent"
    # Known before anything is sent: eight-bit bytes, and a server that takes none.
    NOT_TRANSPORTABLE = "not_transportable"
    # No message could be made of it: an address that is none, most often.
    NOT_WRITABLE = "not_writable"


_FAULTS = {
    Meaning.CREDENTIALS_REFUSED: FaultKind.CREDENTIALS_REJECTED,
    Meaning.LOGIN_REQUIRED: FaultKind.CREDENTIALS_MISSING,
    Meaning.SENDER_REFUSED: FaultKind.SENDER_REFUSED,
    Meaning.AUTHENTICATION_FAILED: FaultKind.SENDER_REFUSED,
    Meaning.RECIPIENT_UNKNOWN: FaultKind.RECIPIENT_REFUSED,
    Meaning.RECIPIENT_REFUSED: FaultKind.RECIPIENT_REFUSED,
    Meaning.MAILBOX_FULL: FaultKind.MAILBOX_FULL,
    Meaning.MESSAGE_TOO_LARGE: FaultKind.MESSAGE_TOO_LARGE,
    Meaning.CONTENT_REFUSED: FaultKind.CONTENT_REFUSED,
    Meaning.TOO_MANY_MESSAGES: FaultKind.RATE_LIMITED,
    Meaning.GREYLISTED: FaultKind.PROVIDER_DOWN,
    Meaning.SERVER_UNAVAILABLE: FaultKind.PROVIDER_DOWN,
    Meaning.CONNECTION_LOST: FaultKind.NETWORK_UNREACHABLE,
    Meaning.SERVER_SILENT: FaultKind.NETWORK_UNREACHABLE,
}


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's reply.

    ``code``: three digits; -1 when what came is no reply.
    ``enhanced``: status code of RFC 3463, such as "5.1.1", or empty.
    ``text``: the server's words on one line, without passwords.

    >>> Reply.parse(550, "5.1.1 No such user\\n5.1.1 here")
    Reply(code=550, enhanced='5.1.1', text='No such user here')
    """

    code: int
    enhanced: str
    text: str

    @classmethod
    def parse(cls, code: int, text: str) -> "Reply":
        """:param text: without the three digits; lines are separated by a newline"""
        found = _ENHANCED.match(text)
        # The class of the status repeats the first digit (RFC 2034, 4); another number is part of a sentence.
        enhanced = ".".join(found.groups()) if found and found[1] == str(code)[:1] else ""
        lines = (line.strip().removeprefix(enhanced).strip() for line in text.splitlines())
        return cls(code, enhanced, " ".join(line for line in lines if line))

    @property
    def positive(self) -> bool:
        return 200 <= self.code < 300

    @property
    def temporary(self) -> bool:
        """Whether the same command may succeed later (RFC 5321, 4.2.1). The code decides, whatever the words say."""
        return 400 <= self.code < 500

    def __str__(self) -> str:
        return " ".join(part for part in (str(self.code), self.enhanced, self.text) if part)


@dataclass(frozen=True, slots=True)
class _Rule:
    """A reply fits that fits everything that is given. ``enhanced`` is compared without its class."""

    meaning: Meaning
    stages: tuple[Stage, ...] = ()
    codes: tuple[int, ...] = ()
    enhanced: tuple[str, ...] = ()
    words: str = ""

    def fits(self, reply: Reply, stage: Stage) -> bool:
        return (
            (not self.stages or stage in self.stages)
            and (not self.codes or reply.code in self.codes)
            and (not self.enhanced or reply.enhanced[2:] in self.enhanced)
            and (not self.words or re.search(self.words, reply.text, re.IGNORECASE) is not None)
        )


_RATE = r"\brate\b|too many (?!recipients)|too (?:fast|often)|\bquota\b|sending limit|limit(?:s)? (?:exceeded|reached)"
_FULL = r"mailbox (?:is )?full|over ?quota|quota exceeded|insufficient (?:mailbox )?storage.*mailbox|mailbox.*storage"
# The first that fits is the answer: what is said in particular stands before what is said in general.
_RULES = (
    # RFC 4954, 6. A temporary failure (454) says nothing about the password.
    _Rule(Meaning.SERVER_UNAVAILABLE, (Stage.AUTH,), (421, 450, 451, 454)),
    _Rule(Meaning.ENCRYPTION_REQUIRED, (), (538,)),
    _Rule(Meaning.ENCRYPTION_REQUIRED, (), (530, 554), words="starttls|encrypt"),
    _Rule(Meaning.MECHANISM_REFUSED, (Stage.AUTH,), (504,)),
    _Rule(Meaning.COMMAND_REFUSED, (Stage.AUTH,), (500, 502, 503)),
    # 5.7.9 is also how Gmail and Outlook ask for a password of its own for each application.
    _Rule(Meaning.CREDENTIALS_REFUSED, (Stage.AUTH,)),
    _Rule(Meaning.LOGIN_REQUIRED, (), (530,)),
    _Rule(Meaning.LOGIN_REQUIRED, (), (503, 550, 553, 554), words="authenticat(?:ion|e) (?:is )?(?:required|first)"),
    _Rule(Meaning.CLIENT_REFUSED, (Stage.GREETING,), (554, 521, 550)),
    _Rule(Meaning.GREYLISTED, words="gr[ea]y ?-?list"),
    # Servers that wait with their verdict until the recipient is named still say that it is the sender's fault.
    _Rule(Meaning.SENDER_REFUSED, (), words="sender address rejected|sender (?:verify|rejected)|not owned by"),
    _Rule(Meaning.SENDER_REFUSED, (), (), ("1.7", "1.8", "7.27")),
    _Rule(Meaning.AUTHENTICATION_FAILED, (), (), ("7.20", "7.21", "7.22", "7.23", "7.24", "7.25", "7.26")),
    _Rule(Meaning.TOO_MANY_RECIPIENTS, (), (), ("5.3",)),
    _Rule(Meaning.TOO_MANY_RECIPIENTS, (Stage.RCPT,), (), words="too many recipients"),
    _Rule(Meaning.MAILBOX_FULL, (), (), ("2.2",)),
    _Rule(Meaning.MAILBOX_FULL, (Stage.RCPT,), words=_FULL),
    _Rule(Meaning.MESSAGE_TOO_LARGE, (), (), ("3.4", "2.3")),
    _Rule(Meaning.MAILBOX_FULL, (Stage.RCPT,), (552,)),
    _Rule(Meaning.MESSAGE_TOO_LARGE, (), (552,)),
    _Rule(Meaning.TOO_MANY_MESSAGES, (), (), ("4.5", "7.28")),
    _Rule(Meaning.TOO_MANY_MESSAGES, words=_RATE),
    _Rule(Meaning.SERVER_UNAVAILABLE, (), (), ("3.0", "3.1", "3.2")),
    _Rule(Meaning.SERVER_UNAVAILABLE, (), (421,)),
    _Rule(Meaning.MAILBOX_DISABLED, (), (), ("2.1",)),
    _Rule(Meaning.RECIPIENT_UNKNOWN, (), (), ("1.1", "1.6", "1.10")),
    _Rule(Meaning.RECIPIENT_REFUSED, (), (), ("1.2", "1.3", "4.1", "4.4")),
    _Rule(Meaning.RECIPIENT_REFUSED, (Stage.RCPT,), words="relay"),
    _Rule(Meaning.RECIPIENT_REFUSED, (Stage.RCPT,), (551,)),
    _Rule(Meaning.SENDER_REFUSED, (Stage.MAIL,), (550, 553, 504)),
    _Rule(Meaning.SENDER_REFUSED, (Stage.MAIL,), (), ("7.1",)),
    _Rule(Meaning.CLIENT_REFUSED, (), (550, 554), words="block ?list|blacklist|spamhaus|\\brbl\\b|dnsbl"),
    _Rule(Meaning.COMMAND_REFUSED, (), (500, 501, 502, 503, 555)),
    _Rule(Meaning.RECIPIENT_REFUSED, (Stage.RCPT,), (550, 554), ("7.0", "7.1")),
    _Rule(Meaning.RECIPIENT_UNKNOWN, (Stage.RCPT,), (550, 553)),
    _Rule(Meaning.CONTENT_REFUSED, (Stage.DATA,), (550, 554)),
    _Rule(Meaning.SERVER_UNAVAILABLE, (), (450, 451, 452, 454, 455)),
)


def meaning_of(reply: Reply, stage: Stage) -> Meaning:
    """Why the server says no.

    >>> meaning_of(Reply.parse(552, "Mailbox full"), Stage.RCPT), meaning_of(Reply.parse(552, "Too big"), Stage.DATA)
    (<Meaning.MAILBOX_FULL: 'mailbox_full'>, <Meaning.MESSAGE_TOO_LARGE: 'message_too_large'>)

    :raises ValueError: for a reply that says yes
    """
    if reply.positive:
        raise ValueError("The server has said yes.")
    return next((rule.meaning for rule in _RULES if rule.fits(reply, stage)), Meaning.REFUSED)


def fault_kind_of(meaning: Meaning) -> FaultKind:
    """The kind of fault that says best what the engine and the user can do."""
    return _FAULTS.get(meaning, FaultKind.REQUEST_REFUSED)
