# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A mail server on this machine that keeps what it gets, and a database that sends through it."""

import email
import email.policy
import logging
import socket
from email.message import EmailMessage
from unittest import SkipTest
from unittest.mock import patch

from odoo.addons.base.models.ir_mail_server import IrMail_Server

try:
    from aiosmtpd.controller import Controller
except ImportError:
    Controller = None


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Inbox:
    """What the server got: recipients and message of each delivery. While ``shut``, it takes nothing."""

    def __init__(self):
        self.deliveries: list[tuple[list[str], EmailMessage]] = []
        self.shut = False

    async def handle_DATA(self, server, session, envelope):
        if self.shut:
            return "554 5.7.1 The box of token=sk_live_51H8xYzAbCdE is full"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.deliveries.append((envelope.rcpt_tos, message))
        return "250 OK"


class PostOfficeMixin:
    """Lets the tests of a class send real mail to ``cls.inbox``, through ``cls.mail_server``, and nowhere else."""

    @classmethod
    def open_post_office(cls):
        if Controller is None:
            raise SkipTest("The mail server of the tests, aiosmtpd, is not installed.")
        logging.getLogger("mail.log").setLevel(logging.WARNING)
        cls.inbox = Inbox()
        post_office = Controller(cls.inbox, hostname="127.0.0.1", port=free_port())
        post_office.start()
        cls.addClassCleanup(post_office.stop)
        # Odoo sends nothing while it tests, unless told to.
        cls.startClassPatcher(patch.object(IrMail_Server, "_disable_send", return_value=False))
        cls.env["ir.mail_server"].search([]).active = False
        cls.mail_server = cls.env["ir.mail_server"].create(
            {"name": "Post office", "smtp_host": post_office.hostname, "smtp_port": post_office.port}
        )
        cls.company.partner_id.write({"email": "office@rossi.example", "lang": "en_US"})
        # Messages of other kinds stay inside Odoo.
        cls.manager.notification_type = "inbox"

    def letters(self) -> list[EmailMessage]:
        return [message for _recipients, message in self.inbox.deliveries]

    def subjects(self) -> list[str]:
        return [message["Subject"] for message in self.letters()]

    def text(self, message: EmailMessage) -> str:
        return message.get_body(("plain",)).get_content()

    def html(self, message: EmailMessage) -> str:
        return message.get_body(("html",)).get_content()
