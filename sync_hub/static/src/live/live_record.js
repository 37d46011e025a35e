/* Copyright 2026 Sync Hub contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */
import { Component, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { concernsRecord, useSyncRuns } from "./sync_runs";

/**
 * Keeps the form of a connection, a schedule or a run up to date while a synchronization goes on: fields and chatter. What
 * somebody is typing is left alone. ``also`` names a field with another connection whose runs belong on the form too.
 */
export class LiveRecord extends Component {
    static template = xml`<t/>`;
    static props = { ...standardWidgetProps, also: { type: String, optional: true } };

    setup() {
        useSyncRuns({
            concerns: (run) => concernsRecord(run, this.props.record) || this.concernsOther(run),
            onRun: () => this.reload(),
            isGoingOn: () => this.isGoingOn(),
            ask: () => this.reload(),
        });
    }

    concernsOther(run) {
        const { also, record } = this.props;
        const other = also && record.data[also];
        return Boolean(other) && concernsRecord(run, { resModel: record.fields[also].relation, resId: other.id });
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

registry.category("view_widgets").add("sync_hub_live", {
    component: LiveRecord,
    extractProps: ({ attrs }) => ({ also: attrs.also }),
});
