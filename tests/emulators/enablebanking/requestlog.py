# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The last requests to the API, without anything secret in them."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from datetime import datetime
from typing import Any

KEPT = 500
_SECRET_PARAMETERS = {"continuation_key", "code", "state"}
_UUID = re.compile(r"([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def mask_path(path: str) -> str:
    """``path`` with ids cut to their first eight digits."""
    return _UUID.sub(r"\1…", path)


def mask_query(query: Mapping[str, str]) -> dict[str, str]:
    """``query`` with keys, codes and states cut to their first four characters."""
    return {
        name: value[:4] + "…" if name in _SECRET_PARAMETERS else value
        for name, value in query.items()
    }


class RequestLog:
    """The last ``KEPT`` requests, oldest first. The Authorization header is never kept."""

    def __init__(self) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=KEPT)

    def add(
        self,
        at: datetime,
        method: str,
        path: str,
        query: Mapping[str, str],
        status: int,
        *,
        call: str,
        bank: str | None,
        account: str | None,
        user_present: bool,
    ) -> None:
        """Note one request and the status of its answer."""
        self._entries.append(
            {
                "at": at.isoformat(timespec="milliseconds"),
                "method": method,
                "path": mask_path(path),
                "query": mask_query(query),
                "status": status,
                "call": call,
                "bank": bank,
                "account": account,
                "user_present": user_present,
            }
        )

    def entries(self) -> list[dict[str, Any]]:
        """All that is kept."""
        return list(self._entries)

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
