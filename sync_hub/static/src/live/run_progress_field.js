/* Copyright 2026 Sync Hub contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */
import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { RunProgress } from "./run_progress";
import { concernsRecord, useSyncRuns } from "./sync_runs";

/**
 * The progress bar of a run, or of what goes on for a connection or a schedule, in a form or a list. It moves as the
 * bus tells; a page that is loaded anew begins with what the record says.
 */
export class RunProgressField extends Component {
    static template = "sync_hub.RunProgressField";
    static components = { RunProgress };
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ run: null });
        useSyncRuns({
            concerns: (run) => this.concerns(run),
            onRun: (run) => this.onRun(run),
            // A form asks for itself.
            isGoingOn: () => this.isInList && Boolean(this.run),
            ask: () => this.reload(),
        });
    }

    get value() {
        return this.props.record.data[this.props.name] || {};
    }

    /** The run under way: as the bus told it last, or as it was when the record was read. */
    get run() {
        const run = this.state.run || this.value;
        return run.id && run.state !== "finished" ? run : null;
    }

    get isInList() {
        return this.props.record.model.root !== this.props.record;
    }

    /** A page that opens hears again what the bus told in the last minute: of runs that have ended too. */
    concerns(run) {
        const hasEnded = this.value.state === "finished" || run.id <= (this.value.last_run || 0);
        return !hasEnded && concernsRecord(run, this.props.record);
    }

    async onRun(run) {
        this.state.run = run;
        if (run.state === "finished") {
            await this.reload();
        }
    }

    async reload() {
        const { record } = this.props;
        if (this.isInList && record.resId && !(await record.isDirty())) {
            await record.load();
            this.state.run = null;
        }
    }
}

registry.category("fields").add("sync_hub_progress", {
    component: RunProgressField,
    displayName: _t("Progress of a synchronization"),
    supportedTypes: ["json"],
});
