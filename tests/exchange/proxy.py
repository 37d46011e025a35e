# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A network between two databases that has bad days."""

from __future__ import annotations

import contextlib
import random
import socket
import threading


class Proxy:
    """A TCP proxy on the loopback address. It closes each connection after one answer, so that each call has its own.

    ``down``: refuse every call. ``calls_left``: so many calls are let through, then it is down. ``cut_share``: this
    share of the calls is cut off, half of them before the other side hears of it and half of them in its answer.
    ``swapped``: of each answer, these bytes become the others, which are as many.
    """

    def __init__(self, port: int, chance: random.Random | None = None):
        self._target = port
        self._chance = chance or random.Random(1)
        self.down = False
        self.calls_left: int | None = None
        self.cut_share = 0.0
        self.swapped: tuple[bytes, bytes] | None = None
        self.calls = 0
        self.cuts = 0
        # Paths of all calls, for tests that want to know that nothing was asked twice.
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            request = _message(client)
            if not request or self._is_down():
                return
            self.calls += 1
            cut = self._chance.random()
            if cut < self.cut_share / 2:
                self.cuts += 1
                return
            with socket.create_connection(("127.0.0.1", self._target)) as server:
                server.sendall(request.replace(b"Connection: keep-alive", b"Connection: close", 1))
                answer = b"".join(iter(lambda: server.recv(65536), b""))
            if self.swapped:
                answer = answer.replace(*self.swapped)
            if cut < self.cut_share:
                # The other side has committed, and nobody hears of it.
                self.cuts += 1
                client.sendall(answer[: len(answer) // 2])
                return
            client.sendall(answer)

    def _is_down(self) -> bool:
        if self.calls_left is not None:
            self.calls_left -= 1
            if self.calls_left < 0:
                self.down = True
        return self.down


def _message(client: socket.socket) -> bytes:
    """A whole HTTP request."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = client.recv(65536)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length:
        piece = client.recv(65536)
        if not piece:
            return b""
        body += piece
    return head + b"\r\n\r\n" + body
