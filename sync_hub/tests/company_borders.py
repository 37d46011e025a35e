# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import JsonRpcException
from odoo.tools import mute_logger

REFUSALS = {"odoo.exceptions.AccessError", "odoo.exceptions.MissingError"}
# What belongs to something of one company is kept there by core's own check of companies.
MOVE_REFUSALS = REFUSALS | {"odoo.exceptions.UserError"}
_NO_GROUP = [{"__extra_domain": [[1, "=", 1]], "__count": 0}]


class CompanyBorders:
    """Walks over every model of an addon, over JSON-RPC, as somebody who works for another company only.

    For an ``HttpCase``. A model that the walk meets without a record is a failure: give it one, so that a new model is
    never left out in silence.
    """

    def assertCompanyBordersHold(self, module, *, company, elsewhere, insider, stranger, closed=(), common=()):
        """
        :param elsewhere: another company
        :param insider: login and password of somebody of the company, to whom its records are shown
        :param stranger: the same of somebody with as many rights in another company
        :param closed: models that neither of them reads
        :param common: models that belong to no company
        """
        names = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("sync.") and model._original_module == module and not model._abstract
        }
        self.assertLessEqual({*closed, *common}, names)
        # What a dialog holds is for the one who opened it, whatever company that is.
        dialogs = {name for name in names if self.env[name]._transient}
        opened = [("create_uid", "=", self.env["res.users"].sudo().search([("login", "=", insider[0])]).id)]
        walked = {}
        for name in sorted(names - {*common}):
            # The vault belongs to all companies: what is closed to everybody needs no border.
            ours = [] if name in closed else opened if name in dialogs else [("company_id", "=", company.id)]
            records = self.env[name].sudo().with_context(active_test=False).search(ours)
            with self.subTest(name):
                self.assertTrue(records, f"there is no {name} to look for")
            walked[name] = records.ids
        self.authenticate(*insider)
        for name, ids in walked.items():
            with self.subTest(f"{name} seen from inside"):
                if name in closed:
                    self._assert_refused(name, "search_read", [])
                else:
                    self.assertEqual(set(self._call(name, "search", self._among(ids))), set(ids))
                    if name not in dialogs:
                        moved = self._call_or_refusal(name, "write", ids[-1:], {"company_id": elsewhere.id})
                        self.assertIn(str(moved), MOVE_REFUSALS, "given to a company in which one does not work")
        self.authenticate(*stranger)
        for name, ids in walked.items():
            with self.subTest(f"{name} seen from another company"):
                self._assert_closed(name, ids, company)

    def _assert_closed(self, name, ids, company):
        # By asking for them ...
        for method, *arguments, nothing in (
            ("search", self._among(ids), []),
            ("search_read", self._among(ids), []),
            ("search_count", self._among(ids), 0),
            ("web_search_read", self._among(ids), {"create_date": {}}, {"length": 0, "records": []}),
            ("formatted_read_group", self._among(ids), [], ["__count"], _NO_GROUP),
        ):
            self.assertIn(self._call_or_refusal(name, method, *arguments), (nothing, *REFUSALS), method)
        # ... by knowing their number ...
        for method, *arguments in (
            ("read", ["create_date"]),
            ("web_read", {"create_date": {}}),
            ("export_data", ["create_date"]),
            ("write", {}),
            ("copy",),
            ("unlink",),
            ("get_metadata",),
        ):
            self.assertIn(str(self._call_or_refusal(name, method, ids, *arguments)), REFUSALS, method)
        # ... and by claiming to work there.
        claim = {"context": {"allowed_company_ids": company.ids}}
        self.assertIn(self._call_or_refusal(name, "search_read", self._among(ids), **claim), REFUSALS)

    @staticmethod
    def _among(ids):
        return [("id", "in", ids)]

    def _assert_refused(self, name, method, *arguments):
        self.assertIn(self._call_or_refusal(name, method, *arguments), REFUSALS)

    def _call_or_refusal(self, name, method, *arguments, **keywords):
        """What a call gives, or the name of the error with which it is refused."""
        try:
            with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model"):
                return self._call(name, method, *arguments, **keywords)
        except JsonRpcException as error:
            return str(error)

    def _call(self, name, method, *arguments, **keywords):
        params = {"model": name, "method": method, "args": arguments, "kwargs": keywords}
        return self.make_jsonrpc_request(f"/web/dataset/call_kw/{name}/{method}", params)
