# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What can go wrong when an outside system is spoken to, said once for all services.

Pure Python: nothing here knows Odoo. A provider raises a :class:`Fault`; the engine looks its kind up in
:data:`RULES` to decide whether to try again, to pause the connection, and which button to offer. The sentences
that a user reads live beside the models (``fault_texts.py``), because only there can they be translated.
"""

from .fault import Fault
from .kinds import RULES, FaultKind, FaultRule
from .next_try import next_try
from .reference import new_reference

__all__ = ["RULES", "Fault", "FaultKind", "FaultRule", "new_reference", "next_try"]
