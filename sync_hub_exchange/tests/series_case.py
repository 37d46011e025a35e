# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A company in São Paulo and one in Pernambuco, a peer database, and people with and without rights."""

from contextlib import closing, contextmanager

from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT
from odoo.addons.sync_hub_exchange.series import DocumentModel, Holding, Kind, as_row
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, new_test_user

CNPJ = "11222333000181"
OTHER_CNPJ = "59594315000157"
PEER_UUID = "7b0e7a52-1d5c-4f5e-9d57-3f2b8f1d0c11"


class SeriesCase(TransactionCase):
    """Tests of a manager whose company issues NF-e and NFC-e in São Paulo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        brazil = cls.env.ref("base.br")
        cls.company = cls.env["res.company"].create(
            {
                "name": "Padaria Silva",
                "country_id": brazil.id,
                "state_id": cls.env.ref("base.state_br_sp").id,
                "vat": "11.222.333/0001-81",
            }
        )
        cls.other_company = cls.env["res.company"].create(
            {
                "name": "Mercado Recife",
                "country_id": brazil.id,
                "state_id": cls.env.ref("base.state_br_pe").id,
                "vat": "59.594.315/0001-57",
            }
        )
        cls.manager = new_test_user(
            cls.env, "series_manager", "sync_hub.group_manager", company_id=cls.company.id, lang="en_US"
        )
        cls.clerk = new_test_user(
            cls.env, "series_clerk", "sync_hub.group_user", company_id=cls.company.id, lang="en_US"
        )
        cls.env = cls.env(user=cls.manager, context={**DISABLED_MAIL_CONTEXT, "allowed_company_ids": cls.company.ids})
        cls.peer = cls.new_peer()

    @classmethod
    def new_peer(cls, name="Filial Recife", uuid=PEER_UUID):
        peer = cls.env["sync.exchange.peer"].create({"name": name, "url": "https://erp.example.com"})
        peer.sudo().remote_uuid = uuid
        return peer

    @classmethod
    def new_series(cls, number, model="55", **values):
        return cls.env["sync.exchange.series"].create({"document_model": model, "series_number": number, **values})

    @classmethod
    def new_offline_series(cls, number=890, **values):
        return cls.new_series(number, "65", kind="contingency", **values)

    @classmethod
    def new_document(cls, series, **values):
        return series.env["sync.exchange.series.document"].create({"series_id": series.id, **values})

    @staticmethod
    def row(number, model="55", tax_number=CNPJ, database=PEER_UUID, name="Padaria Silva (Recife)"):
        """What a peer tells of a series."""
        return as_row(Holding(tax_number, DocumentModel(model), number, database, Kind.NORMAL, name))

    @contextmanager
    def refused(self, words):
        """What is done inside is refused with these words, and undone."""
        with self.assertRaisesRegex(UserError, words), closing(self.env.cr.savepoint()):
            yield
