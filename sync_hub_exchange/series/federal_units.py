# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The clocks of Brazil's federal units (UF): a day ends there when it ends on the clock of the tax office."""

from zoneinfo import ZoneInfo

# By the tz database (file zone1970.tab). Where a unit has two clocks, that of its capital, where the tax office is.
ZONES = {
    "AC": "America/Rio_Branco",
    "AL": "America/Maceio",
    "AM": "America/Manaus",
    "AP": "America/Belem",
    "BA": "America/Bahia",
    "CE": "America/Fortaleza",
    "DF": "America/Sao_Paulo",
    "ES": "America/Sao_Paulo",
    "GO": "America/Sao_Paulo",
    "MA": "America/Fortaleza",
    "MG": "America/Sao_Paulo",
    "MS": "America/Campo_Grande",
    "MT": "America/Cuiaba",
    "PA": "America/Belem",
    "PB": "America/Fortaleza",
    "PE": "America/Recife",
    "PI": "America/Fortaleza",
    "PR": "America/Sao_Paulo",
    "RJ": "America/Sao_Paulo",
    "RN": "America/Fortaleza",
    "RO": "America/Porto_Velho",
    "RR": "America/Boa_Vista",
    "RS": "America/Sao_Paulo",
    "SC": "America/Sao_Paulo",
    "SE": "America/Maceio",
    "SP": "America/Sao_Paulo",
    "TO": "America/Araguaina",
}
_CAPITAL = "America/Sao_Paulo"


def zone_of(uf: str | None) -> ZoneInfo:
    """The clock of a federal unit; of one that is not known, that of Brasília.

    >>> zone_of("AC").key, zone_of(None).key
    ('America/Rio_Branco', 'America/Sao_Paulo')
    """
    return ZoneInfo(ZONES.get(uf or "", _CAPITAL))
