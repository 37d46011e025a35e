/* Copyright 2026 Sync Hub contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */
import { Component, useState } from "@odoo/owl";
import { RunProgress } from "@sync_hub/live/run_progress";
import { useSyncRuns } from "@sync_hub/live/sync_runs";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const BADGES = { connected: "text-bg-success", reconnect: "text-bg-warning", credentials: "text-bg-danger" };
// Several cards may belong to the connection whose run has ended: the dashboard is read once for all of them.
const reloads = new WeakMap();

function reloadDashboard(model) {
    if (!reloads.has(model)) {
        reloads.set(
            model,
            model.root.load().finally(() => reloads.delete(model))
        );
    }
    return reloads.get(model);
}

/**
 * How the synchronization of a journal stands: state, last success, next run, error with its remedy, and the progress
 * of a run that goes on. The bus tells when a run moves; when one ends the dashboard is read again, graphs included.
 */
export class SyncStatus extends Component {
    static template = "sync_hub_bank.SyncStatus";
    static components = { RunProgress };
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ run: null });
        useSyncRuns({
            concerns: (run) => this.concerns(run),
            onRun: (run) => this.onRun(run),
            isGoingOn: () => Boolean(this.run),
            ask: () => this.ask(),
        });
    }

    get sync() {
        return JSON.parse(this.props.record.data.kanban_dashboard).sync;
    }

    /** A page that opens hears again what the bus told in the last minute: of runs that the card knows as ended too. */
    concerns(run) {
        const { connection_model: model, connection_id: id, last_run: last } = this.sync;
        return run.connection_model === model && run.connection_id === id && run.id > last;
    }

    /** The run under way: as the bus told it last, or as it was when the card was read. */
    get run() {
        return this.state.run || this.sync.run || null;
    }

    get badgeClass() {
        return this.sync.blocked ? "text-bg-danger" : BADGES[this.sync.state] || "text-bg-secondary";
    }

    onRun(run) {
        if (run.state === "finished") {
            // The progress stays until the result is there.
            reloadDashboard(this.props.record.model);
        } else {
            this.state.run = run;
        }
    }

    /** Look how it stands without drawing the card anew. */
    async ask() {
        const { model, resId, resModel } = this.props.record;
        const [journal] = await this.orm.read(resModel, [resId], ["kanban_dashboard"]);
        const run = JSON.parse(journal.kanban_dashboard).sync?.run;
        if (run) {
            this.state.run = run;
        } else {
            await reloadDashboard(model);
        }
    }

    openConnection() {
        const { resModel, resId } = this.props.record;
        return this.action.doActionButton({ type: "object", name: "action_open_sync_connection", resModel, resId });
    }
}

registry.category("view_widgets").add("sync_hub_bank_status", {
    component: SyncStatus,
    fieldDependencies: [{ name: "kanban_dashboard", type: "text" }],
});
