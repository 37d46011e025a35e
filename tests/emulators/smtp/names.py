# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A name server on loopback, over UDP. Apart from the mail servers: it needs dnspython."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Self

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from .server import HOST


class NameServer:
    """Answers from ``zone``: records in the form of a master file, by name and type.

    ``silent``: names that get no answer; ``failing``: names that get SERVFAIL. ``asked``: every question, in order.
    """

    def __init__(self, zone: dict[str, dict[str, list[str]]] | None = None):
        self.zone = zone or {}
        self.silent: set[str] = set()
        self.failing: set[str] = set()
        self.asked: list[tuple[str, str]] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._thread = threading.Thread(target=self._serve, name="names", daemon=True)

    @property
    def port(self) -> int:
        return self._socket.getsockname()[1]

    def __enter__(self) -> Self:
        self._socket.bind((HOST, 0))
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        # An empty datagram is the sign to stop.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sign:
            sign.sendto(b"", (HOST, self.port))
        self._thread.join(5)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            datagram, client = self._socket.recvfrom(4096)
            if not datagram:
                return
            with contextlib.suppress(dns.exception.DNSException):
                answer = self._answer(dns.message.from_wire(datagram))
                if answer:
                    self._socket.sendto(answer.to_wire(max_size=4096), client)

    def _answer(self, query: dns.message.Message) -> dns.message.Message | None:
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        if name in self.silent:
            return None
        answer = dns.message.make_response(query, recursion_available=True)
        answer.flags |= dns.flags.AA
        if name in self.failing:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif name not in self.zone:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif records := self.zone[name].get(kind):
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *records))
        return answer
