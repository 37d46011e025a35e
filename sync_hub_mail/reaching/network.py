# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From a server's name to a connection, in time."""

import socket
import threading
from typing import Any

from .clock import Clock, Lost

Address = tuple[Any, ...]


def resolve(host: str, port: int, seconds: float) -> tuple[Address, ...]:
    """The addresses of a name, as ``socket.getaddrinfo`` gives them, each once.

    :raises OSError: when there are none
    :raises Lost: when no name server answers in time. The system's own search knows no time limit, so it is left to
        itself in a thread that touches nothing of ours.
    """
    found: list[Any] = []

    def search() -> None:
        try:
            found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.append(error)

    thread = threading.Thread(target=search, name="resolve", daemon=True)
    thread.start()
    thread.join(seconds)
    if not found:
        raise Lost(timed_out=True)
    if isinstance(found[0], UnicodeError):
        raise OSError(f"{host} is no name")
    if isinstance(found[0], OSError):
        raise found[0]
    return tuple(dict.fromkeys(found[0]))


def connect(addresses: tuple[Address, ...], clock: Clock, seconds: float) -> socket.socket:
    """A connection to the first address that answers; the time is shared out among them.

    :raises OSError: the error of the last one
    :raises Lost: when the time is up
    """
    for place, (family, kind, protocol, _name, address) in enumerate(addresses, start=1):
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(clock.left(seconds / len(addresses)))
            sock.connect(address)
            # The final dot of a message, and each command, is a packet of its own, and must not wait.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
        except TimeoutError as error:
            sock.close()
            if place == len(addresses):
                raise Lost(timed_out=True) from error
        except OSError:
            sock.close()
            if place == len(addresses):
                raise
        except Lost:
            sock.close()
            raise
    raise OSError("no address")
