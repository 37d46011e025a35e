# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..faults import Fault, FaultKind


class ResUsers(models.Model):
    _inherit = "res.users"

    def _check_sync_operator(self, company) -> None:
        """Make sure that this user can work for a schedule of that company.

        :raises Fault: of kind ``operator_refused``
        """
        self.ensure_one()
        # Who asks may not be allowed to see other users; nothing but yes or no leaves this method.
        operator = self.sudo()
        reason = ""
        if not operator.active:
            reason = self.env._("%s is archived", operator.name)
        elif company not in operator.company_ids:
            reason = self.env._(
                "%(user)s has no access to %(company)s", user=operator.name, company=company.sudo().name
            )
        elif not operator.has_group("sync_hub.group_operator"):
            reason = self.env._("%s does not belong to the group “Sync Hub operator”", operator.name)
        if reason:
            raise Fault(FaultKind.OPERATOR_REFUSED, values={"operator": reason})
