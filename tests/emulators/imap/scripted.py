# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A server that says what it is told to: for answers that no honest server gives."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import tempfile
import threading
import time
from pathlib import Path
from typing import Self

from ..smtp.certificates import server_context

GREETING = b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n"
_USUAL = (
    ("CAPABILITY", b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n{tag} OK done\r\n"),
    ("AUTHENTICATE", b"+ \r\n"),
    ("LOGIN", b"{tag} OK logged in\r\n"),
    (
        "EXAMINE|SELECT",
        b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] .\r\n* OK [UIDNEXT 2] .\r\n{tag} OK [READ-WRITE] done\r\n",
    ),
    ("NOOP", b"{tag} OK done\r\n"),
    ("LOGOUT", b"* BYE bye\r\n{tag} OK done\r\n"),
)
HANG_UP = b""
# As long as a test may wait for a client that has no patience of its own.
_DRIPS, _PAUSE = 120, 0.1


class Drip(bytes):
    """An answer that takes its time: a space every tenth of a second, and its end after twelve seconds."""


class ScriptedServer:
    """Answers each line by the first of ``script`` whose pattern is found in it, as a usual server does otherwise.

    :param script: pattern and answer; ``{tag}`` in an answer is that of the command, and an empty one hangs up. A line
        to which nothing fits gets no answer; one that is a ``Drip`` comes slowly, and
        of a list each is said once, the last one ever after
    :param greeting: nothing: it keeps silent
    :param encryption: "ssl", or "starttls" for one that encrypts after its answer to STARTTLS
    """

    def __init__(self, *script: tuple[str, bytes | list[bytes]], greeting: bytes = GREETING, encryption: str = "ssl"):
        self.commands: list[str] = []
        self._script = (*script, *_USUAL)
        self._greeting = greeting
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        self._context = server_context(folder)
        self._encrypted = encryption == "ssl"
        self.authority_file = str(folder / "authority.pem")
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, name="scripted", daemon=True)
        self._open: list[socket.socket] = []
        self._tag = b""

    @property
    def port(self) -> int:
        return self._socket.getsockname()[1]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        # Closing alone does not wake one that waits.
        for sock in (self._socket, *self._open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        self._thread.join(5)
        self._folder.cleanup()

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self._socket.accept()
            except OSError:
                return
            self._open.append(connection)
            with contextlib.suppress(OSError):
                self._converse(connection)

    def _converse(self, connection: socket.socket) -> None:
        if self._encrypted:
            connection = self._context.wrap_socket(connection, server_side=True)
            self._open.append(connection)
        with contextlib.suppress(ssl.SSLError):
            connection.sendall(self._greeting)
            while line := self._line(connection):
                self.commands.append(line.decode(errors="replace").rstrip())
                known = re.match(rb"([A-Z]+\d+) (\S+)", line)
                if not known:
                    # What follows "+": the password.
                    connection.sendall(self._tag + b" OK logged in\r\n")
                    continue
                self._tag = known[1]
                answer = next((said for pattern, said in self._script if re.search(pattern.encode(), line)), b" ")
                if isinstance(answer, list):
                    answer = answer.pop(0) if len(answer) > 1 else answer[0]
                if answer == HANG_UP:
                    break
                if isinstance(answer, Drip):
                    for _drip in range(_DRIPS):
                        connection.sendall(b" ")
                        time.sleep(_PAUSE)
                connection.sendall(answer.replace(b"{tag}", self._tag).strip(b" "))
                if known[2].upper() == b"STARTTLS":
                    connection = self._context.wrap_socket(connection, server_side=True)
                    self._open.append(connection)
        connection.close()

    @staticmethod
    def _line(connection: socket.socket) -> bytes:
        """Byte by byte: what comes after STARTTLS is the handshake's."""
        line = b""
        while not line.endswith(b"\n"):
            byte = connection.recv(1)
            if not byte:
                return b""
            line += byte
        return line
