# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import zipfile
from datetime import date

from lxml import html

from .common import PASSWORD, PortalCase


class PagesCase(PortalCase):
    """A browser in which an accountant is signed in, and a company with two documents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls.anna()
        cls.march = cls.invoice(date(2026, 3, 31), 1000.5)
        cls.april = cls.bill(date(2026, 4, 15))

    def setUp(self):
        super().setUp()
        self.sync()
        self.site = self.on_site()
        self.authenticate(self.mine.login, PASSWORD)

    @property
    def path(self):
        return f"/my/companies/{self.site.id}"

    def page(self, path="/my/companies"):
        answer = self.url_open(path)
        self.assertEqual(answer.status_code, 200, path)
        return html.fromstring(answer.text)

    def words(self, path="/my/companies"):
        return " ".join(self.page(path).find(".//div[@id='wrap']").text_content().split())

    def press(self, path, form_of, opened=False, **values):
        """Press a button of a page: send its form."""
        form = "//form[@method='post']" if opened else f"//form[@action='{path}']"
        token = self.page(form_of).xpath(f"{form}//input[@name='csrf_token']/@value")[0]
        return self.url_open(path, data={"csrf_token": token, **values})

    def numbers(self, **filters):
        query = "&".join(f"{name}={value}" for name, value in filters.items())
        rows = self.page(f"{self.path}?{query}").xpath("//tr[@name='sync_document']")
        return {row.xpath("./td[2]/span[1]")[0].text_content() for row in rows}

    def unpacked(self, answer):
        self.assertEqual(answer.headers["Content-Type"], "application/zip")
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            self.assertIsNone(archive.testzip())
            return {name: archive.read(name) for name in archive.namelist()}
