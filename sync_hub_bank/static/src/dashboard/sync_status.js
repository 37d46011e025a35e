/* Copyright 2026 Sync Hub contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */
import { Component, onWillDestroy, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * How the synchronization of a journal stands: last success, next run, error with its remedy, and the progress of a
 * run that goes on. The bus tells when a run moves; when one ends the card is read again, so nobody reloads a page.
 */
export class SyncStatus extends Component {
    static template = "sync_hub_bank.SyncStatus";
    static props = { ...standardWidgetProps };

    setup() {
        this.bus = useService("bus_service");
        this.state = useState({ run: null });
        const onRun = (run) => this.onRun(run);
        this.bus.subscribe("sync_hub.run", onRun);
        this.bus.start();
        onWillDestroy(() => this.bus.unsubscribe("sync_hub.run", onRun));
    }

    get sync() {
        return JSON.parse(this.props.record.data.kanban_dashboard).sync;
    }

    get run() {
        const run = this.state.run || this.sync.run;
        return run && run.state !== "finished" ? run : null;
    }

    get percent() {
        const { done, total } = this.run;
        return total ? Math.round((100 * done) / total) : 0;
    }

    get progressLabel() {
        const { done, total } = this.run;
        return total ? _t("%(done)s of %(total)s booked", { done, total }) : _t("Asking the bank…");
    }

    get badgeClass() {
        const classes = { connected: "text-bg-success", reconnect: "text-bg-warning", credentials: "text-bg-danger" };
        return classes[this.sync.state] || "text-bg-secondary";
    }

    async onRun(run) {
        if (run.connection_model !== this.sync.connection_model || run.connection_id !== this.sync.connection_id) {
            return;
        }
        this.state.run = run;
        if (run.state === "finished") {
            await this.props.record.load();
            this.state.run = null;
        }
    }
}

registry.category("view_widgets").add("sync_hub_bank_status", {
    component: SyncStatus,
    fieldDependencies: [{ name: "kanban_dashboard", type: "text" }],
});
