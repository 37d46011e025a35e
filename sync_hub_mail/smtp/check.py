# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whether messages could be sent through an account, without sending one."""

from contextlib import suppress

from ..reaching import Clock, Finding, Lost, Step, StepName, StepState, Stopped
from .account import Encryption, SmtpAccount
from .addressing import path_of
from .opening import SmtpOpening
from .replies import Meaning, Reply, Stage, meaning_of
from .wire import Wire

# In the order of an account that is encrypted from the start; with STARTTLS the greeting comes before TLS.
STEPS = (
    *(StepName.RESOLVE, StepName.CONNECT, StepName.TLS, StepName.GREETING, StepName.LOGIN),
    *(StepName.SENDER, StepName.RECIPIENT, StepName.SIZE),
)


def check(account: SmtpAccount) -> tuple[Step, ...]:
    """All steps in the order in which they are taken; those after one that failed are NOT_REACHED.

    The sender is asked to be allowed to write to themselves; then the transaction is reset (RFC 5321, 4.1.1.5). DATA is
    never said. Ends within ``account.timeouts.check`` seconds.

    :raises ValueError: when the sender is no address that can be sent
    """
    path_of(account.sender)
    opening = SmtpOpening(account, Clock(account.timeouts.check), explain=True)
    with suppress(Stopped):
        wire = opening.run()
        try:
            _try_addresses(opening, wire)
            _tell_size(opening, wire)
        finally:
            wire.part(politely=True)
    taken = {step.name for step in opening.steps}
    missing = (Step(name, StepState.NOT_REACHED) for name in _order(account.encryption) if name not in taken)
    return (*opening.steps, *missing)


def _order(encryption: Encryption) -> tuple[StepName, ...]:
    if encryption is Encryption.SSL:
        return STEPS
    before = (StepName.RESOLVE, StepName.CONNECT, StepName.GREETING, StepName.TLS)
    return (*before, *(name for name in STEPS if name not in before))


def _try_addresses(opening: SmtpOpening, wire: Wire) -> None:
    sender = opening.account.sender
    step = StepName.SENDER
    try:
        reply = wire.ask("MAIL", f"FROM:{path_of(sender)}")
        if not reply.positive:
            raise opening.stop_refused(step, reply, Stage.MAIL, address=sender)
        step = StepName.RECIPIENT
        to_oneself = wire.ask("RCPT", f"TO:{path_of(sender)}")
        if _is_about_the_sender(to_oneself):
            # Many servers say only here what they think of the sender.
            raise opening.stop_refused(StepName.SENDER, to_oneself, Stage.RCPT, address=sender)
        opening.done(StepName.SENDER, address=sender, said=str(reply))
        if not to_oneself.positive:
            raise opening.stop_refused(step, to_oneself, Stage.RCPT, address=sender)
        opening.done(step, address=sender, said=str(to_oneself))
        wire.ask("RSET")
    except Lost as error:
        if step is StepName.RECIPIENT and opening.steps[-1].name is StepName.RECIPIENT:
            # Both have been accepted; only the farewell is missing.
            return
        if step is StepName.RECIPIENT:
            opening.done(StepName.SENDER, address=sender, said=str(reply))
        raise opening.stop_lost(step, error) from error
    except Stopped:
        _reset(wire)
        raise


def _is_about_the_sender(reply: Reply) -> bool:
    return not reply.positive and meaning_of(reply, Stage.RCPT) in (Meaning.SENDER_REFUSED, Meaning.LOGIN_REQUIRED)


def _reset(wire: Wire) -> None:
    try:
        wire.ask("RSET")
    except Lost:
        wire.part(politely=False)


def _tell_size(opening: SmtpOpening, wire: Wire) -> None:
    size = wire.announced_size()
    if size is None:
        opening.done(StepName.SIZE, Finding.NO_LIMIT_ANNOUNCED)
    else:
        opening.done(StepName.SIZE, bytes=str(size))
