# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whether messages could be received through an account. Nothing is read, and nothing changes in the mailbox."""

from contextlib import suppress

from ..reaching import Clock, Step, StepName, StepState, Stopped
from .account import Encryption, ImapAccount
from .opening import ImapOpening

# In the order of an account that is encrypted from the start; with STARTTLS the greeting comes before TLS.
STEPS = (
    *(StepName.RESOLVE, StepName.CONNECT, StepName.TLS),
    *(StepName.GREETING, StepName.LOGIN, StepName.FOLDER),
)
_STEPS_WITH_STARTTLS = (
    *(StepName.RESOLVE, StepName.CONNECT, StepName.GREETING),
    *(StepName.TLS, StepName.LOGIN, StepName.FOLDER),
)


def check(account: ImapAccount) -> tuple[Step, ...]:
    """All steps in the order in which they are taken; those after one that failed are NOT_REACHED.

    Ends within ``account.timeouts.check`` seconds.

    :raises OSError: when the account's ``ca_file`` cannot be read
    """
    opening = ImapOpening(account, Clock(account.timeouts.check), explain=True)
    with suppress(Stopped):
        opening.run()
        opening.wire.part(politely=True)
    taken = {step.name for step in opening.steps}
    order = STEPS if account.encryption is Encryption.SSL else _STEPS_WITH_STARTTLS
    return (*opening.steps, *(Step(name, StepState.NOT_REACHED) for name in order if name not in taken))
