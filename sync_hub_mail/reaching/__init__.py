# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How a mail server is reached, for sending and for receiving: its name, a connection, TLS. Pure Python.

An :class:`Opening` takes the steps and keeps what each has shown; the protocols go on from there.
"""

from .clock import Clock, Lost, NotAMailServer, readable
from .credentials import login_forms
from .network import Address
from .opening import Opening, Stopped
from .steps import Finding, Step, StepName, StepState
from .tls import looking

__all__ = [
    "Address",
    "Clock",
    "Finding",
    "Lost",
    "NotAMailServer",
    "Opening",
    "Step",
    "StepName",
    "StepState",
    "Stopped",
    "login_forms",
    "looking",
    "readable",
]
