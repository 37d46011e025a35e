# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where files go when they reach the SdI by certified mail.

https://www.fatturapa.gov.it, "Trasmettere la fattura", channel PEC: the first file goes to a fixed address; the answer
to it comes from the address that every later file must go to.
"""

import re

FIRST_ADDRESS = "sdi01@pec.fatturapa.it"
_ADDRESS = re.compile(r"sdi\d{2,3}@pec\.fatturapa\.it", re.IGNORECASE)


def is_sdi_address(address: str) -> bool:
    """Whether an address is one of the SdI's.

    >>> is_sdi_address("SDI26@pec.fatturapa.it"), is_sdi_address("sdi26@pec.fatturapa.it.example")
    (True, False)
    """
    return bool(_ADDRESS.fullmatch(address.strip()))
