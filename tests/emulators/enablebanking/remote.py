# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The switches of a sandbox that runs in another process."""

from __future__ import annotations

from ..remote import Remote
from .wire import SWITCHES


class RemoteControl(Remote, switches=SWITCHES):
    """``RemoteControl("http://127.0.0.1:8070")`` has every method of ``Switches``, with the same
    arguments and results. Raises ValueError where the switch would, OSError without sandbox."""
