# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How messages leave: the account, a check of it that sends nothing, and a session that sends. Pure Python.

:func:`check` takes every step up to the server's consent and tells what each has shown. :class:`Session` sends bytes
as they are and says of every recipient what became of the message; a :class:`~odoo.addons.sync_hub.faults.Fault` is
about the account, a :class:`Delivery` about a message.
"""

from ..reaching import Finding, Step, StepName, StepState
from .account import DEFAULT_PORTS, Encryption, SmtpAccount, Timeouts
from .check import STEPS, check
from .replies import Meaning, Reply, Stage, fault_kind_of, meaning_of
from .session import Delivery, Outcome, Session, Verdict

__all__ = [
    "DEFAULT_PORTS",
    "STEPS",
    "Delivery",
    "Encryption",
    "Finding",
    "Meaning",
    "Outcome",
    "Reply",
    "Session",
    "SmtpAccount",
    "Stage",
    "Step",
    "StepName",
    "StepState",
    "Timeouts",
    "Verdict",
    "check",
    "fault_kind_of",
    "meaning_of",
]
