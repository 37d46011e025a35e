# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A mailbox in a Maildir, read by IMAP over TLS, and what a test does to it behind the server's back."""

from __future__ import annotations

import itertools
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ..smtp.certificates import Authority, Shown
from .dovecot import Dovecot, free_port

HOST = "127.0.0.1"
# Maildir's letters: https://cr.yp.to/proto/maildir.html
_FLAGS = {"S": "seen", "F": "flagged", "T": "deleted", "R": "answered", "D": "draft"}


@dataclass(frozen=True, slots=True)
class Stored:
    """A message as it lies in the Maildir."""

    content: bytes
    flags: frozenset[str]


class ImapServer:
    """A server between ``start`` and ``stop``, or inside ``with``.

    :param encryption: "ssl" or "starttls"
    :param shown: which certificate it shows
    :param users: passwords by user, who all read the one mailbox
    :raises DovecotMissing: where Dovecot cannot be had
    """

    def __init__(
        self,
        *,
        encryption: str = "ssl",
        shown: Shown = Shown.VALID,
        users: dict[str, str] | None = None,
    ):
        self._folder = tempfile.TemporaryDirectory(prefix="imap-", ignore_cleanup_errors=True)
        folder = Path(self._folder.name)
        # Others than its owner walk through it to the Maildir, where Dovecot runs as somebody else.
        folder.chmod(0o755)
        authority = Authority()
        signer = Authority("Unknown authority") if shown is Shown.FOREIGN_AUTHORITY else authority
        try:
            self._dovecot = Dovecot(
                folder,
                users or {"M123456": "secret"},
                signer.issue(shown),
                port=free_port(),
                starttls=encryption == "starttls",
            )
        except BaseException:
            self._folder.cleanup()
            raise
        self.authority_file = str(folder / "authority.pem")
        Path(self.authority_file).write_text(authority.pem)
        self._maildir = folder / "Maildir"
        self._numbers = itertools.count(1)

    @property
    def port(self) -> int:
        return self._dovecot.port

    def start(self) -> Self:
        self._dovecot.start()
        return self

    def stop(self) -> None:
        self._dovecot.stop()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def interrupt(self) -> None:
        """Stop serving; the mailbox stays, and ``start`` serves it again."""
        self._dovecot.stop()

    def deliver(self, raw: bytes) -> None:
        """Put a message into the mailbox as it is. Messages get their numbers in the order of their delivery."""
        # Whole before it is seen: a Maildir is delivered to by renaming. Dovecot sorts new files by their names.
        name = f"{1_700_000_000 + next(self._numbers)}.M{os.getpid()}.sandbox"
        path = self._maildir / "tmp" / name
        path.write_bytes(raw)
        path.chmod(0o600)
        self._dovecot.owner.own(path)
        path.rename(self._maildir / "new" / name)

    def stored(self) -> list[Stored]:
        """All messages in the order of their delivery."""
        files = [path for name in ("new", "cur") for path in (self._maildir / name).iterdir()]
        return [
            Stored(path.read_bytes(), frozenset(_FLAGS[letter] for letter in path.name.partition(":2,")[2]))
            for path in sorted(files, key=lambda path: path.name)
        ]

    def remove(self, place: int) -> None:
        """Remove a message, counted from 0 in the order of delivery, as another client would."""
        files = [path for name in ("new", "cur") for path in (self._maildir / name).iterdir()]
        sorted(files, key=lambda path: path.name)[place].unlink()

    def make_folder(self, name: str) -> None:
        """A folder beside INBOX; ``name`` as IMAP shows it."""
        folder = self._maildir / f".{name}"
        made = (folder, *(folder / part for part in ("new", "cur", "tmp")))
        for path in made:
            path.mkdir()
        self._dovecot.owner.own(*made)

    def renumber(self) -> None:
        """Number all messages anew, as a server does that was set up again: another UIDVALIDITY, and UIDs from 1."""
        numbers = self._maildir / "dovecot-uidlist"
        validity = int(re.search(rb" V(\d+)", numbers.read_bytes().splitlines()[0])[1])
        for path in self._maildir.glob("dovecot*"):
            path.unlink()
        numbers.write_text(f"3 V{validity + 1} N1\n")
        self._dovecot.owner.own(numbers)

    def log(self) -> str:
        """What Dovecot has written down."""
        return self._dovecot.log()
