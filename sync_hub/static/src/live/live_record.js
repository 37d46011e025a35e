/* Copyright 2026 Sync Hub contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */
import { Component, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { concernsRecord, useSyncRuns } from "./sync_runs";

/**
 * Keeps the form of a connection, a schedule or a run up to date while a synchronization goes on: fields and chatter. What
 * somebody is typing is left alone.
 */
export class LiveRecord extends Component {
    static template = xml`<t/>`;
    static props = { ...standardWidgetProps };

    setup() {
        useSyncRuns({
            concerns: (run) => concernsRecord(run, this.props.record),
            onRun: () => this.reload(),
            isGoingOn: () => this.isGoingOn(),
            ask: () => this.reload(),
        });
    }

    isGoingOn() {
        const { current_run_id: current, state } = this.props.record.data;
        return Boolean(current) || ["queued", "running"].includes(state);
    }

    async reload() {
        const { record } = this.props;
        if (!record.resId || (await record.isDirty())) {
            return;
        }
        await record.load();
        this.env.bus.trigger("MAIL:RELOAD-THREAD", { model: record.resModel, id: record.resId });
    }
}

registry.category("view_widgets").add("sync_hub_live", { component: LiveRecord });
