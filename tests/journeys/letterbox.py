# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A mail server on this machine that keeps what it gets."""

import contextlib
import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage

from aiosmtpd.controller import Controller

from bootstrap.machine import free_port

HOST = "127.0.0.1"


class Mailbox:
    """What the server got, in order: recipients and message of each delivery."""

    def __init__(self, port: int):
        self.port = port
        self.deliveries: list[tuple[list[str], EmailMessage]] = []

    async def handle_DATA(self, _server, _session, envelope) -> str:
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.deliveries.append((envelope.rcpt_tos, message))
        return "250 OK"


@contextlib.contextmanager
def mail_server() -> Iterator[Mailbox]:
    mailbox = Mailbox(free_port())
    server = Controller(mailbox, hostname=HOST, port=mailbox.port)
    server.start()
    try:
        yield mailbox
    finally:
        server.stop()
