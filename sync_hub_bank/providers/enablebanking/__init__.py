# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Enable Banking (https://enablebanking.com/docs/api/reference/): European banks over PSD2.

``const`` holds endpoints and code maps, ``token`` signs in, ``parse`` turns JSON into values,
``errors`` turns refusals into faults, ``attended`` tells the bank who is in front of the screen,
``period`` shortens a history that the bank does not give, ``adapter`` is what the registry knows.
"""

from .adapter import EnableBanking

__all__ = ["EnableBanking"]
