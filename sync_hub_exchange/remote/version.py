# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from dataclasses import dataclass, field
from typing import Any, Self

# "19.0", "19.0-20260601", "19.0+e-20260601", "saas~18.3", "20.0a1".
_VERSION = re.compile(r"(?:saas[~-])?(\d{1,4})\.(\d{1,4})(?!\d)", re.ASCII)
# The first Odoo whose /json/2 we speak: https://www.odoo.com/documentation/19.0/developer/reference/external_api.html
_FIRST_WITH_JSON2 = (19, 0)


@dataclass(frozen=True, slots=True, order=True)
class ServerVersion:
    """Which Odoo a server is. Compared by ``major`` and ``minor`` alone; ``text`` is how it calls itself.

    >>> ServerVersion.parse("saas~18.3+e") < ServerVersion.parse("19.0-20260601")
    True
    """

    major: int
    minor: int
    text: str = field(default="", compare=False)

    @classmethod
    def parse(cls, text: Any) -> Self | None:
        """The version that a server names, or None when that is none of Odoo's.

        >>> ServerVersion.parse("19.0+e-20260601")
        ServerVersion(major=19, minor=0, text='19.0+e-20260601')
        >>> ServerVersion.parse("nginx") is None
        True
        """
        found = _VERSION.match(text) if isinstance(text, str) else None
        return cls(int(found[1]), int(found[2]), text[:60]) if found else None

    @property
    def series(self) -> str:
        """Major and minor number, as the versions of addons begin.

        >>> ServerVersion(19, 0, "19.0-20260601").series
        '19.0'
        """
        return f"{self.major}.{self.minor}"

    @property
    def speaks_json2(self) -> bool:
        """Whether such a server answers under ``/json/2``.

        >>> [ServerVersion(*numbers).speaks_json2 for numbers in ((18, 0), (18, 4), (19, 0), (20, 0))]
        [False, False, True, True]
        """
        return (self.major, self.minor) >= _FIRST_WITH_JSON2
