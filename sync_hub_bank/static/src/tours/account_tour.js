/* Copyright 2026 Sync Hub contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */
import { accountTourSteps } from "@account/js/tours/account";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

/** Invoicing opens with the dashboard now: the tour of Odoo begins there, at the card of the sales journal. */
patch(accountTourSteps, {
    newInvoice() {
        return [
            {
                trigger: ".o_account_kanban button.btn-primary[name=action_create_new]",
                content: _t("Now, we'll create your first invoice"),
                run: "click",
            },
        ];
    },
});
