# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
class SdiError(ValueError):
    """What was handed in is not what the SdI prescribes or sends; the text is a sentence for the user.

    The only exception that this package raises for bad input.
    """
