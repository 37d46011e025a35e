/* Copyright 2026 Sync Hub contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */
import { registry } from "@web/core/registry";

/**
 * Leave for a page that wants to be entered with a form. What the form holds is good for one visit, so it is neither
 * part of an address nor kept by the browser.
 */
function depart(env, { params }) {
    const form = document.createElement("form");
    form.method = "POST";
    form.action = params.url;
    for (const [name, value] of Object.entries(params.fields)) {
        const input = document.createElement("input");
        input.type = "hidden";
        input.name = name;
        input.value = value;
        form.append(input);
    }
    document.body.append(form);
    form.submit();
}

registry.category("actions").add("sync_hub_bank_depart", depart);
