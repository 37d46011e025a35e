# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from ..values import AttendedUser
from .const import ATTENDED_HEADERS


def attended_headers(attended: AttendedUser | None) -> dict[str, str]:
    """PSU headers: all that are known, or none where one that the bank insists on is missing."""
    if attended is None:
        return {}
    headers = {}
    for field, header in ATTENDED_HEADERS.items():
        # A browser may send anything; a header is one line of ASCII.
        value = getattr(attended, field).encode("ascii", "ignore").decode()
        value = " ".join("".join(filter(str.isprintable, value)).split())
        if value:
            headers[header] = value
    known = {_header_name(header) for header in headers}
    wanted = {_header_name(header) for header in attended.required_headers}
    return headers if wanted <= known else {}


def _header_name(header: str) -> str:
    """``Psu-Ip-Address`` and ``psuIpAddress`` (both occur) as one name."""
    return header.replace("-", "").lower()
