# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .protocol import BankProvider

_PROVIDERS: dict[str, type[BankProvider]] = {}


def register(provider: type[BankProvider]) -> type[BankProvider]:
    """Class decorator: make an adapter known under its ``code``."""
    _PROVIDERS[provider.code] = provider
    return provider


def get_provider(code: str) -> type[BankProvider]:
    """The adapter class of that code. Raises KeyError for an unknown one."""
    return _PROVIDERS[code]


def all_providers() -> dict[str, type[BankProvider]]:
    """Adapter classes by code."""
    return dict(_PROVIDERS)
