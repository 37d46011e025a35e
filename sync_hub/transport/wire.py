# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Connections that keep to a deadline, whoever is at the other end.

The read time-out of ``requests`` counts from one received byte to the next: a server that drips one
byte a minute holds a caller for ever. Here each single ``recv`` must fit in what is left of the
call's budget, headers included, without a watching thread.
"""

import http.client
import io
import logging
import math
import socket
import ssl
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import requests.adapters
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

# What is overridden here returns nothing.
# pylint: disable=missing-return


class Deadline:
    """A budget of ``seconds`` (None: no limit) that runs from its making, and ends when that of ``within`` does."""

    __slots__ = ("_end", "seconds")

    def __init__(self, seconds: float | None, within: "Deadline | None" = None):
        self.seconds = seconds
        self._end = math.inf if seconds is None else time.monotonic() + seconds
        if within is not None and within._end < self._end:
            self._end = within._end
            self.seconds = max(round(within.remaining(), 1), 0)

    def remaining(self) -> float:
        """Seconds left; zero or less when it is over."""
        return self._end - time.monotonic()


@dataclass(frozen=True, slots=True)
class Call:
    """What the layers below ``requests`` must know of the request under way."""

    deadline: Deadline
    mask: Callable[[str], str]


# urllib3 makes its connections itself and offers no way to hand them anything: they look here.
current_call: ContextVar[Call | None] = ContextVar("sync_hub_transport_call", default=None)


class _PunctualReader(io.RawIOBase):
    """The receiving side of a socket, each read of which ends with the deadline of the call."""

    def __init__(self, sock: socket.socket):
        self._socket = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._timeout = sock.gettimeout()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        call = current_call.get()
        remaining = math.inf if call is None else call.deadline.remaining()
        if remaining <= 0:
            raise TimeoutError("deadline passed")
        if remaining == math.inf or (self._timeout or math.inf) <= remaining:
            return self._raw.readinto(buffer)
        # urllib3 sets the time-out of the next request anew.
        self._socket.settimeout(remaining)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _PunctualSocket:
    """What ``http.client.HTTPResponse`` wants of a socket: to be made a file."""

    def __init__(self, sock: socket.socket):
        self._socket = sock

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_PunctualReader(self._socket))


class _PunctualResponse(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any):
        super().__init__(_PunctualSocket(sock), *args, **kwargs)


class _Connection(HTTPConnection):
    response_class = _PunctualResponse


class _SecureConnection(HTTPSConnection):
    response_class = _PunctualResponse


class _ConnectionPool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecureConnectionPool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


_POOLS = {"http": _ConnectionPool, "https": _SecureConnectionPool}


class PunctualAdapter(requests.adapters.HTTPAdapter):
    """Transport adapter of ``requests`` whose connections keep to the deadline of the call.

    :param identity: TLS settings that hold a client certificate
    """

    def __init__(self, identity: ssl.SSLContext | None = None, **kwargs: Any):
        self._identity = {"ssl_context": identity} if identity else {}
        super().__init__(**kwargs)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Override of ``requests`` to make our kind of connections."""
        kwargs.update(self._identity)
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Override of ``requests`` to make our kind of connections; SOCKS needs its own."""
        manager = super().proxy_manager_for(proxy, **{**kwargs, **self._identity})
        if not proxy.lower().startswith("socks"):
            manager.pool_classes_by_scheme = _POOLS
        return manager


class _MaskAddresses(logging.Filter):
    """Hides secrets in what urllib3 logs at DEBUG during one of our calls: whole addresses."""

    def filter(self, record: logging.LogRecord) -> bool:
        call = current_call.get()
        if call is not None:
            record.msg, record.args = call.mask(record.getMessage()), ()
        return True


logging.getLogger("urllib3.connectionpool").addFilter(_MaskAddresses())
