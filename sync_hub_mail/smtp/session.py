# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sends messages one after the other over one connection, and says exactly what became of each."""

import math
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self

from ..reaching import Clock, Lost, Stopped
from .account import SmtpAccount
from .addressing import path_of
from .opening import SmtpOpening
from .replies import Meaning, Reply, Stage, meaning_of
from .wire import Wire

# RFC 5321, 4.5.3.1.6: octets of a line without its end.
_LONGEST_LINE = 998


class Verdict(StrEnum):
    """What became of a message."""

    # The server said 250 to the final dot: the message is its responsibility now (RFC 5321, 6.1).
    ACCEPTED = "accepted"
    # The final dot was never sent, or the server said no to it: the message may be sent again.
    NOT_ACCEPTED = "not_accepted"
    # The final dot was sent and no answer came: the server may have the message or not.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message to one recipient.

    ``meaning`` is None when it was accepted. ``temporary``: a later try is worthwhile; of UNKNOWN that is never said.
    ``reply`` is None when the server did not speak.
    """

    recipient: str
    verdict: Verdict
    meaning: Meaning | None = None
    temporary: bool = False
    reply: Reply | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a message: for each recipient in the order given, and as a whole.

    ``verdict``: ACCEPTED and UNKNOWN are said of the recipients that the server had agreed to.
    ``said``: the server's words with its 250, which often name its own number of the message.
    """

    verdict: Verdict
    outcomes: tuple[Outcome, ...]
    said: str = ""


class Session:
    """A connection that is opened when it is needed, kept for the next message, and opened anew after it was lost.

    Not for use by several threads. TLS is verified, always.
    """

    def __init__(self, account: SmtpAccount):
        self._account = account
        self._wire: Wire | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Say goodbye."""
        self._part(politely=True)

    def open(self) -> int | None:
        """Connect and log in, unless that is done already. Returns the server's limit of a message in bytes.

        :raises Fault: when it cannot be done; it is about the account, and nothing was said of any message
        """
        if self._wire is None:
            timeouts = self._account.timeouts
            # Name, connection, handshake, and at most seven replies.
            opening = SmtpOpening(self._account, Clock(3 * timeouts.connect + 7 * timeouts.reply))
            try:
                self._wire = opening.run()
            except Stopped as stopped:
                raise opening.steps[-1].as_fault() from stopped
            self._wire.clock = Clock(math.inf)
        return self._wire.announced_size()

    def send(self, sender: str, recipients: tuple[str, ...], content: bytes) -> Delivery:
        """Send one message.

        :param sender: envelope sender
        :param recipients: each once; domains in ASCII
        :param content: the message, lines ended by CRLF, the last one too; it travels as it is but for the dots that
            SMTP doubles and halves again (RFC 5321, 4.5.2)

        :raises Fault: when there is no connection; nothing was said of this message
        :raises ValueError: for addresses and bytes that cannot travel unchanged
        """
        paths = [path_of(recipient) for recipient in recipients]
        if not paths:
            raise ValueError("A message needs a recipient.")
        if not _is_made_of_lines(content):
            raise ValueError("The message is not made of lines of at most 998 bytes, each ended by CRLF.")
        reused = self._wire is not None
        limit = self.open()
        if limit and len(content) > limit:
            return _all(recipients, Verdict.NOT_ACCEPTED, Meaning.MESSAGE_TOO_LARGE)
        if not content.isascii() and not self._wire.has_extn("8bitmime"):
            return _all(recipients, Verdict.NOT_ACCEPTED, Meaning.NOT_TRANSPORTABLE)
        command = f"FROM:{path_of(sender)}{self._parameters(content)}"
        try:
            reply = self._first_words(command, reused)
            return self._transaction(reply, recipients, paths, content)
        except Lost as lost:
            self._part(politely=False)
            return _all(recipients, Verdict.NOT_ACCEPTED, _silence(lost), temporary=True)

    def _parameters(self, content: bytes) -> str:
        size = f" SIZE={len(content)}" if self._wire.has_extn("size") else ""
        return size if content.isascii() else f"{size} BODY=8BITMIME"

    def _first_words(self, command: str, reused: bool) -> Reply:
        """The reply to MAIL, over a new connection when the one that was kept has ended meanwhile: servers end those
        that were idle, or that have carried enough. Raises Lost, and Fault when there is no new one."""
        try:
            reply = self._wire.ask("MAIL", command)
            if reply.code != 421 or not reused:
                return reply
        except Lost as lost:
            if lost.timed_out or not reused:
                raise
        self._part(politely=False)
        self.open()
        return self._wire.ask("MAIL", command)

    def _transaction(self, reply: Reply, recipients: tuple[str, ...], paths: list[str], content: bytes) -> Delivery:
        if not reply.positive:
            self._recover(reply)
            return _refused(recipients, {}, reply, Stage.MAIL)
        refusals: dict[str, Outcome] = {}
        for recipient, path in zip(recipients, paths, strict=True):
            reply = self._wire.ask("RCPT", f"TO:{path}")
            if not reply.positive:
                refusals[recipient] = _no(recipient, reply, Stage.RCPT)
            if reply.code == 421:
                self._part(politely=False)
                return _refused(recipients, refusals, reply, Stage.RCPT)
        if len(refusals) == len(recipients):
            self._recover(reply)
            return Delivery(Verdict.NOT_ACCEPTED, tuple(refusals.values()))
        try:
            reply = self._wire.ask("DATA")
        except Lost as lost:
            self._part(politely=False)
            return _lost(recipients, refusals, Verdict.NOT_ACCEPTED, _silence(lost))
        if reply.code != 354:
            self._recover(reply)
            return _refused(recipients, refusals, reply, Stage.DATA)
        return self._hand_over(recipients, refusals, content)

    def _hand_over(self, recipients: tuple[str, ...], refusals: dict[str, Outcome], content: bytes) -> Delivery:
        wire = self._wire
        try:
            wire.grant(self._account.timeouts.content)
            wire.send(_with_dots_doubled(content))
        except Lost as lost:
            reply = self._parting_words()
            self._part(politely=False)
            if reply:
                return _refused(recipients, refusals, reply, Stage.DATA)
            return _lost(recipients, refusals, Verdict.NOT_ACCEPTED, _silence(lost))
        try:
            # Sent apart: until here it is certain that the server has no whole message, from here on it is not.
            wire.grant(self._account.timeouts.verdict)
            wire.send(b".\r\n")
            reply = wire.hear()
        except Lost as lost:
            self._part(politely=False)
            return _lost(recipients, refusals, Verdict.UNKNOWN, _silence(lost))
        if reply.positive:
            accepted = (refusals.get(name) or Outcome(name, Verdict.ACCEPTED, reply=reply) for name in recipients)
            return Delivery(Verdict.ACCEPTED, tuple(accepted), str(reply))
        if not 400 <= reply.code < 600:
            self._part(politely=False)
            return _lost(recipients, refusals, Verdict.UNKNOWN, Meaning.COMMAND_REFUSED)
        self._recover(reply)
        return _refused(recipients, refusals, reply, Stage.DATA)

    def _parting_words(self) -> Reply | None:
        """Why a server ended the connection in the middle of a message, if it said so before."""
        try:
            self._wire.grant(1.0)
            reply = self._wire.hear()
        except Lost:
            return None
        return reply if 400 <= reply.code < 600 else None

    def _recover(self, reply: Reply) -> None:
        """After a no: make the connection fit for the next message, or give it up."""
        with suppress(Lost):
            if reply.code != 421 and self._wire.ask("RSET").positive:
                return
        self._part(politely=False)

    def _part(self, *, politely: bool) -> None:
        wire, self._wire = self._wire, None
        if wire:
            wire.part(politely=politely)


def _is_made_of_lines(content: bytes) -> bool:
    """Whether the message can travel unchanged: bare CR and LF are forbidden (RFC 5321, 2.3.8), as some servers take
    them for the end of a line, and with a dot for the end of the message."""
    ends = content.count(b"\r\n")
    return (
        content.endswith(b"\r\n")
        and ends == content.count(b"\n") == content.count(b"\r")
        and b"\0" not in content
        and all(len(line) <= _LONGEST_LINE for line in content.split(b"\r\n"))
    )


def _with_dots_doubled(content: bytes) -> bytes:
    doubled = content.replace(b"\r\n.", b"\r\n..")
    return b"." + doubled if doubled.startswith(b".") else doubled


def _silence(lost: Lost) -> Meaning:
    return Meaning.SERVER_SILENT if lost.timed_out else Meaning.CONNECTION_LOST


def _no(recipient: str, reply: Reply, stage: Stage) -> Outcome:
    return Outcome(recipient, Verdict.NOT_ACCEPTED, meaning_of(reply, stage), reply.temporary, reply)


def _all(recipients: tuple[str, ...], verdict: Verdict, meaning: Meaning, *, temporary: bool = False) -> Delivery:
    return Delivery(verdict, tuple(Outcome(name, verdict, meaning, temporary) for name in recipients))


def _refused(recipients: tuple[str, ...], refusals: dict[str, Outcome], reply: Reply, stage: Stage) -> Delivery:
    """The whole message was refused; a recipient that had been refused before keeps its own reason."""
    return Delivery(Verdict.NOT_ACCEPTED, tuple(refusals.get(name) or _no(name, reply, stage) for name in recipients))


def _lost(recipients: tuple[str, ...], refusals: dict[str, Outcome], verdict: Verdict, meaning: Meaning) -> Delivery:
    temporary = verdict is Verdict.NOT_ACCEPTED
    return Delivery(
        verdict, tuple(refusals.get(name) or Outcome(name, verdict, meaning, temporary) for name in recipients)
    )
