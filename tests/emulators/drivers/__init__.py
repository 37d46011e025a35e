# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One driver per service: how its users connect, how its banks get rows, what can go wrong there."""

from .base import Abilities, Driver
from .enablebanking import EnableBankingDriver
from .plaid import PlaidDriver
from .ponto import PontoConnectDriver, PontoDriver
from .saltedge import SaltEdgeDriver
from .yodlee import YodleeDriver

DRIVERS: dict[str, type[Driver]] = {
    driver.code: driver
    for driver in (
        EnableBankingDriver,
        PontoDriver,
        PontoConnectDriver,
        SaltEdgeDriver,
        PlaidDriver,
        YodleeDriver,
    )
}

__all__ = ["DRIVERS", "Abilities", "Driver"]
