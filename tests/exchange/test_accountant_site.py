# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A company's books and its accountant's site in a database each: documents come whole and once, whatever happens."""

from __future__ import annotations

import ast
import base64
import random
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from offices import Office, Server, Worker
from proxy import Proxy

from bootstrap import databases
from bootstrap.odoo_commands import Odoo

SEED = 7
ACCOUNTANT = "anna@verdi.example"
PASSWORD = "Quattro-cavalli-9"


@pytest.fixture(scope="module")
def open_office(odoo: Odoo, template: str, server: Server, worker: Worker) -> Iterator[Callable[[str], Office]]:
    """Opens offices with accounting and the accountant's site."""
    with databases.temporary_copy(odoo, template) as name:
        odoo.install(name, ["sync_hub_portal"], title="Installing the accountant's site")
        copies = []

        def opened(letter: str) -> Office:
            copy = databases.temporary_copy(odoo, name)
            copies.append(copy)
            return Office(odoo, copy.__enter__(), worker, server, letter)

        yield opened
        for copy in copies:
            copy.__exit__(None, None, None)


class Books(Office):
    """A company's database."""

    link: int

    def prepare(self) -> Books:
        self.call("account.chart.template", "try_loading", (), "generic_coa", 1, False)
        group = self.call("ir.model.data", "search_read", (), [["name", "=", "group_site"]], ["res_id"])[0]["res_id"]
        self.write("res.users", 2, group_ids=[[4, group]])
        self.customer = self.create("res.partner", name="Bianchi S.p.A.")
        accountant = self.create("res.partner", name="Anna Verdi", email=ACCOUNTANT)
        self.link = self.create("sync.portal.link", accountant_id=accountant, since="2026-01-01")
        self.call("sync.portal.link", "action_request", [self.link])
        return self

    def invoice(self, number: int) -> int:
        line = {"name": f"Work {number}", "quantity": 1, "price_unit": 100 + number, "tax_ids": [[5, 0, 0]]}
        move = self.create(
            "account.move",
            move_type="out_invoice",
            partner_id=self.customer,
            invoice_date="2026-03-31",
            invoice_line_ids=[[0, 0, line]],
        )
        self.call("account.move", "action_post", [move])
        self.create(
            "ir.attachment",
            name=f"{move}.pdf",
            datas=base64.b64encode(f"%PDF {number}".encode()).decode(),
            res_model="account.move",
            res_id=move,
            res_field="invoice_pdf_report_file",
        )
        return move


class Site(Office):
    """The accountant's database."""

    def prepare(self, books: Books, url: str) -> Site:
        self.peer = self.connect(books, url=url).peer
        self.source = self.create("sync.portal.source", name="ERP", kind="peer", peer_id=self.peer, invite=False)
        portal = self.call("ir.model.data", "search_read", (), [["name", "=", "group_portal"]], ["res_id"])[0]["res_id"]
        anna = {"name": "Anna Verdi", "login": ACCOUNTANT, "password": PASSWORD, "lang": "en_US"}
        self.create("res.users", **anna, group_ids=[[6, 0, [portal]]])
        self.connect_source()
        return self

    def connect_source(self) -> None:
        self.call("sync.portal.source", "action_connect", [self.source])

    def synchronize(self) -> dict:
        return self.worker.do(self.database, "run", model="sync.portal.source", connection=self.source)

    def company(self) -> dict:
        names = ["state", "granted", "accountant_email", "last_outcome"]
        (company,) = self.call("sync.portal.company", "search_read", (), [], names)
        return company

    def files(self) -> dict[str, list[str]]:
        """The contents of all files, by the key of their document."""
        documents = self.call("sync.portal.document", "search_read", (), [["withdrawn", "=", False]], ["key"])
        found: dict[str, list[str]] = {row["key"]: [] for row in documents}
        assert len(found) == len(documents)
        keys = {row["id"]: row["key"] for row in documents}
        for row in self.call("sync.portal.file", "search_read", (), [], ["document_id", "content"]):
            # The worker writes bytes as Python does.
            content = base64.b64decode(ast.literal_eval(row["content"]))
            found[keys[row["document_id"][0]]].append(content.decode())
        return found


class Visitor:
    """The accountant, signed in to the site in a browser of her own."""

    def __init__(self, site: Site):
        self.site = site
        self.browser = requests.Session()
        credentials = {"db": site.database, "login": ACCOUNTANT, "password": PASSWORD}
        assert self._ask("/web/session/authenticate", **credentials)["uid"]

    def companies(self) -> int:
        return self._count("sync.portal.company")

    def documents(self) -> int:
        return self._count("sync.portal.document")

    def page(self) -> str:
        answer = self.browser.get(f"{self.site.server.url}/my/companies", timeout=60)
        assert answer.status_code == 200
        return answer.text

    def wait_for(self, companies: int) -> None:
        """Load the page again until so many companies are there."""
        end = time.monotonic() + 60
        while self.companies() != companies:
            assert time.monotonic() < end
            time.sleep(0.5)
            self.page()

    def _count(self, model: str) -> int:
        path = f"/web/dataset/call_kw/{model}/search_count"
        return self._ask(path, model=model, method="search_count", args=[[]], kwargs={})

    def _ask(self, path: str, **params: object) -> Any:
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = self.browser.post(f"{self.site.server.url}{path}", json=body, timeout=60).json()
        assert "error" not in answer, answer["error"]
        return answer["result"]


@pytest.fixture(scope="module")
def books(open_office: Callable[[str], Office]) -> Books:
    office = open_office("a")
    office.__class__ = Books
    return office.prepare()


@pytest.fixture(scope="module")
def network(server: Server) -> Iterator[Proxy]:
    """The network between the site and the books, which can be cut."""
    network = Proxy(server.port)
    yield network
    network.close()


@pytest.fixture(scope="module")
def site(open_office: Callable[[str], Office], books: Books, network: Proxy) -> Site:
    office = open_office("b")
    office.__class__ = Site
    return office.prepare(books, network.url)


def test_a_company_asks_the_accountant_confirms_and_documents_come(books: Books, site: Site) -> None:
    move = books.invoice(1)
    site.synchronize()
    assert (site.company()["state"], site.company()["granted"], site.files()) == ("requested", False, {})
    site.call("sync.portal.company", "action_confirm", [site.company()["id"]])
    assert books.call("sync.portal.link", "read", [books.link], ["grants"])[0]["grants"]
    assert site.synchronize()["outcome"] == "done"
    assert site.files() == {f"account.move,{move}": ["%PDF 1"]}
    assert site.company()["accountant_email"] == ACCOUNTANT


def test_access_ends_when_the_company_switches_it_off_and_not_with_the_next_synchronization(
    books: Books, site: Site
) -> None:
    anna = Visitor(site)
    assert anna.companies() == 1 and "/my/companies/" in anna.page()
    books.call("sync.portal.link", "action_disable", [books.link])
    before = time.monotonic()
    anna.wait_for(companies=0)
    # Seconds, and nobody has synchronized.
    assert time.monotonic() - before < 10
    assert "has switched your access off" in anna.page()
    assert anna.documents() == 0
    assert not site.company()["granted"]
    # The page asks for those that are switched off too.
    books.call("sync.portal.link", "action_enable", [books.link])
    anna.wait_for(companies=1)


def test_books_that_are_silent_are_believed_as_long_as_the_site_says(books: Books, site: Site, network: Proxy) -> None:
    anna = Visitor(site)
    network.down = True
    time.sleep(4)
    assert anna.companies() == 1
    told = site.execute("UPDATE sync_portal_source SET told_at = told_at - interval '25 hours' RETURNING told_at")
    anna.wait_for(companies=0)
    assert "do not say whether you still have access" in anna.page()
    assert told and site.company()["granted"]
    network.down = False
    # Books that did not answer are left alone for half a minute.
    anna.wait_for(companies=1)


def test_access_ends_with_the_synchronization_after_the_company_has_switched_it_off(books: Books, site: Site) -> None:
    books.call("sync.portal.link", "action_disable", [books.link])
    assert site.company()["granted"]
    site.synchronize()
    assert not site.company()["granted"]
    books.call("sync.portal.link", "action_enable", [books.link])
    site.synchronize()
    assert site.company()["granted"]


def test_books_that_go_down_midway_go_on_where_they_stopped(books: Books, site: Site, network: Proxy) -> None:
    for number in range(2, 12):
        books.invoice(number)
    before = len(site.files())
    # Companies, the list of documents, and some files.
    network.calls_left = 6
    assert site.synchronize()["outcome"] in ("failed", "partly_failed")
    assert site.company()["granted"]
    network.calls_left, network.down = None, False
    site.connect_source()
    site.synchronize()
    assert len(site.files()) == before + 10
    assert all(len(contents) == 1 for contents in site.files().values())


def test_a_worker_that_is_killed_again_and_again_loses_nothing_and_does_nothing_twice(
    books: Books, site: Site, worker: Worker
) -> None:
    chance = random.Random(SEED)
    for number in range(20, 40):
        books.invoice(number)
    for _kill in range(6):
        worker.begin(site.database, "run", model="sync.portal.source", connection=site.source)
        time.sleep(chance.uniform(0.2, 1.5))
        worker.kill()
    site.synchronize()
    moves = books.call("account.move", "search_read", (), [["state", "=", "posted"]], ["amount_total"])
    expected = {f"account.move,{move['id']}": [f"%PDF {move['amount_total'] - 100:.0f}"] for move in moves}
    assert site.files() == expected


def test_slices_that_are_far_too_short_come_to_an_end(books: Books, site: Site) -> None:
    for number in range(50, 58):
        books.invoice(number)
    ended = site.worker.do(site.database, "slices", model="sync.portal.source", connection=site.source, seconds=0.05)
    assert ended["outcome"] in ("done", "nothing_new") and ended["slices"] > 1
    assert len(site.files()) == len(books.call("account.move", "search", (), [["state", "=", "posted"]]))
