# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import re
import zipfile
from datetime import date
from unittest.mock import patch

from lxml import html
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.sync_portal_archive import ARCHIVE_PATH
from .common import ACCOUNTANT, COMPANY
from .pages_case import PagesCase


@tagged("post_install", "-at_install")
class TestPagesMail(PagesCase):
    """Archives that go by mail, and links that open them for a while."""

    # -- By e-mail -----------------------------------------------------------------------------------------------------

    def mail(self, **values):
        with self.mock_mail_gateway():
            answer = self.press(f"{self.path}/mail", self.path, **values)
        self.env.invalidate_all()
        return answer

    def download_by(self, link):
        """Open a link and press its button."""
        return self.press(link, link, opened=True)

    def link_in_mail(self):
        body = self._mails[0]["body"]
        return re.search(rf'href="[^"]*({ARCHIVE_PATH}/[^"]+)"', body)[1]

    def test_a_small_archive_goes_with_the_mail(self):
        answer = self.mail(last="2026-03-31")
        self.assertIn(f"Documents on their way to {ACCOUNTANT}: 1.", html.fromstring(answer.text).text_content())
        (mail,) = self._mails
        self.assertIn(ACCOUNTANT, mail["email_to"][0])
        ((name, content, _mimetype),) = mail["attachments"]
        self.assertTrue(name.startswith(COMPANY[:10]) and name.endswith(".zip"))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.assertEqual(len(archive.namelist()), 2)
        self.assertNotIn(ARCHIVE_PATH, mail["body"])
        self.assertEqual(self.site.document_ids.mapped("to_transfer").count(False), 1)

    def test_a_large_archive_goes_as_a_link_that_needs_no_password(self):
        self.source.attach_up_to = 0
        answer = self.mail()
        self.assertIn("a link to them was sent", answer.text)
        self.assertFalse(self._mails[0]["attachments"])
        # Sent is not taken over.
        self.assertTrue(all(self.site.document_ids.mapped("to_transfer")))
        link = self.link_in_mail()
        self.authenticate(None, None)
        # Programs that look into mails follow links: that is no download.
        self.assertIn(COMPANY, self.words(link))
        self.env.invalidate_all()
        self.assertTrue(all(self.site.document_ids.mapped("to_transfer")))
        self.assertEqual(len(self.unpacked(self.download_by(link))), 3)
        self.env.invalidate_all()
        self.assertEqual(self.site.document_ids.transferred_by, self.mine)
        archive = self.env["sync.portal.archive"].search([])
        self.assertEqual((archive.user_id, archive.use_count), (self.mine, 1))
        self.assertEqual(len(self.unpacked(self.download_by(link))), 3)

    def test_the_address_of_a_link_is_kept_nowhere(self):
        self.source.attach_up_to = 0
        self.mail()
        self.authenticate(None, None)
        headers = self.url_open(self.link_in_mail()).headers
        self.assertEqual((headers["Cache-Control"], headers["Referrer-Policy"]), ("no-store", "no-referrer"))
        self.assertEqual(headers["X-Robots-Tag"], "noindex")

    def test_nobody_has_mails_sent_without_end(self):
        with patch("odoo.addons.sync_hub_portal.models.sync_portal_archive._MOST_A_DAY", 1):
            self.mail()
            answer = self.mail()
        self.assertIn("You have had documents sent to you 1 times in 24 hours", answer.text)
        self.assertFalse(self._mails)

    def test_a_link_opens_nothing_once_it_has_expired_was_revoked_or_access_has_ended(self):
        self.source.attach_up_to = 0
        self.mail()
        link = self.link_in_mail()
        archive = self.env["sync.portal.archive"].search([])
        self.authenticate(None, None)

        def closed(words):
            answer = self.url_open(link)
            self.assertEqual(answer.status_code, 404)
            self.assertIn(words, answer.text)

        self.link.action_disable()
        closed("This link opens nothing.")
        self.link.action_enable()
        self.assertEqual(self.url_open(link).status_code, 200)
        self.mine.sudo().active = False
        closed("This link opens nothing.")
        self.mine.sudo().active = True
        archive.action_revoke()
        closed("This link opens nothing.")
        archive.sudo().revoked = False
        # The moment at which it expires is part of what is signed.
        archive.sudo().expires_at = date(2020, 1, 1)
        link = archive._url().removeprefix(archive.get_base_url())
        closed("This link has expired.")

    def test_a_link_that_was_changed_opens_nothing(self):
        self.source.attach_up_to = 0
        self.mail()
        link = self.link_in_mail()
        self.authenticate(None, None)
        for changed in (link[:-1] + ("A" if link[-1] != "A" else "B"), link.replace("-", "-1", 1), f"{ARCHIVE_PATH}/x"):
            with self.subTest(changed):
                self.assertEqual(self.url_open(changed).status_code, 404)

    def test_a_mail_that_does_not_leave_marks_nothing(self):
        def fails(*_arguments, **_keywords):
            raise ConnectionRefusedError("No server.")

        token = self.page(self.path).xpath(f"//form[@action='{self.path}/mail']//input[@name='csrf_token']/@value")[0]
        servers = type(self.env["ir.mail_server"])
        with (
            patch.object(servers, "_disable_send", classmethod(lambda cls: False)),
            patch.object(servers, "_connect__", fails),
            mute_logger("odoo.addons.mail.models.mail_mail", "odoo.addons.sync_hub_portal.controllers.archives"),
        ):
            answer = self.url_open(f"{self.path}/mail", data={"csrf_token": token})
        self.assertIn("The mail could not be sent", answer.text)
        self.env.invalidate_all()
        self.assertTrue(all(self.site.document_ids.mapped("to_transfer")))
        self.assertFalse(self.env["sync.portal.archive"].search([]))

    def test_a_link_of_a_mail_is_no_second_factor(self):
        self.source.attach_up_to = 0
        self.mail()
        link = self.link_in_mail()
        self.site.two_factor = True
        self.patch(type(self.mine), "_mfa_type", lambda user: "totp" if user.login == ACCOUNTANT else None)
        self.assertEqual(len(self.unpacked(self.download_by(link))), 3)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(link).url)
