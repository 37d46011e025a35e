# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import JsonRpcException, new_test_user
from odoo.tools import mute_logger


class WebClient:
    """People who sign in at a browser, and what they may do over the web client's own interface.

    For an ``HttpCase`` with a ``company``.
    """

    def new_user(self, login, groups, company=None):
        """Somebody who works for one company: that of the test where none is named."""
        company = company or self.company
        access = {"company_id": company.id, "company_ids": company.ids, "password": f"{login}-password"}
        return new_test_user(self.env(su=True), login, groups, **access)

    def log_in(self, login):
        """Sign in as one of ``new_user``."""
        self.authenticate(login, f"{login}-password")

    def call(self, model, method, *args, **kwargs):
        """Call a method as the web client does."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.make_jsonrpc_request(f"/web/dataset/call_kw/{model}/{method}", params)

    def assertForbidden(self, model, method, *args, error="AccessError", **kwargs):
        """The call is refused, with an error of that name."""
        quiet = mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
        with self.assertRaises(JsonRpcException, msg=method) as caught, quiet:
            self.call(model, method, *args, **kwargs)
        self.assertIn(error, str(caught.exception))
