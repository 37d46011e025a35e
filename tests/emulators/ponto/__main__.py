# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The sandbox as a process: ``python -m emulators.ponto --help``."""

from __future__ import annotations

from ..remote import serve
from .emulator import Emulator

if __name__ == "__main__":
    serve(Emulator, "ponto")
