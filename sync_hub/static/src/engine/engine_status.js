/* Copyright 2026 Sync Hub contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */
import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

const ASK_EVERY = 60000; // milliseconds
const LOOKS = {
    running: { color: "success", icon: "fa-check-circle" },
    late: { color: "warning", icon: "fa-clock-o" },
    off: { color: "danger", icon: "fa-power-off" },
    failing: { color: "danger", icon: "fa-exclamation-triangle" },
};

/**
 * Whether the engine works, and the button to what must be fixed. The view beneath does not wait for it; who is no
 * user of Sync Hub sees nothing.
 */
export class EngineStatus extends Component {
    static template = "sync_hub.EngineStatus";
    static props = {
        // Says nothing in a database where nothing is scheduled.
        onlyWithSchedules: { type: Boolean, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ status: null });
        onMounted(() => {
            this.ask();
            this.timer = setInterval(() => this.ask(), ASK_EVERY);
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    get status() {
        const { status } = this.state;
        return status && (status.schedule_count || !this.props.onlyWithSchedules) ? status : null;
    }

    get look() {
        return LOOKS[this.status.state];
    }

    async ask() {
        this.state.status = await this.orm.silent.call("sync.engine", "status", []);
    }

    async fix() {
        await this.action.doAction(await this.orm.call("sync.engine", "action_fix", []));
    }
}
