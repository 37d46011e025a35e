# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A box of certified mail with both its doors: what is sent by SMTP brings receipts that are read by IMAP."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from ..pec import PecServer
from .server import ImapServer


class CertifiedBox:
    """A box between ``start`` and ``stop``, or inside ``with``.

    ``pec`` is the provider (``behaviours`` of recipients, ``let_pass`` of time, ``submissions``), ``imap`` the mailbox
    (``deliver``, ``stored``). A receipt is in the mailbox before the SMTP client gets its answer.

    :raises DovecotMissing: where Dovecot cannot be had
    """

    def __init__(
        self,
        account: str = "invoices@pec.example.it",
        password: str = "secret",
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ):
        self.account, self.password = account, password
        self.imap = ImapServer(users={account: password})
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        self.pec = PecServer(folder, account, password, clock=clock, on_arrival=self.imap.deliver)
        # One file for both doors, as an account has one.
        authorities = folder / "authorities.pem"
        authorities.write_text(self.pec.certificate.read_text() + Path(self.imap.authority_file).read_text())
        self.authority_file = str(authorities)

    @property
    def smtp_port(self) -> int:
        """With TLS from the first byte."""
        return self.pec.port

    @property
    def imap_port(self) -> int:
        """With TLS from the first byte."""
        return self.imap.port

    def start(self) -> Self:
        self.imap.start()
        try:
            self.pec.start()
        except BaseException:
            self.imap.stop()
            raise
        return self

    def stop(self) -> None:
        self.pec.stop()
        self.imap.stop()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc_info: object) -> None:
        self.stop()
