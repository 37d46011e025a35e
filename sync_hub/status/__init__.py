# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whether the engine works: told from what its workers leave behind, never from a guess. Pure Python.

:func:`engine_status` makes one answer of a heartbeat, of scheduled actions and of what is overdue; :func:`token_fits`
says whether a monitor may hear the details.
"""

from .engine import EngineFacts, EngineState, EngineStatus, Part, engine_status
from .token import fingerprint, new_token, token_fits

__all__ = [
    "EngineFacts",
    "EngineState",
    "EngineStatus",
    "Part",
    "engine_status",
    "fingerprint",
    "new_token",
    "token_fits",
]
