/* Copyright 2026 Sync Hub contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */
import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";

const MINUTE = 60; // seconds
const HOUR = 60 * MINUTE;

/** Time left, as precisely as it can be known. */
function timeLeft(seconds) {
    if (seconds < 2 * MINUTE) {
        return _t("%s s left", seconds);
    }
    return seconds < 2 * HOUR
        ? _t("%s min left", Math.round(seconds / MINUTE))
        : _t("%s h left", Math.round(seconds / HOUR));
}

/** The bar of a run under way: how far it has come, how fast it goes and how long it will still take. */
export class RunProgress extends Component {
    static template = "sync_hub.RunProgress";
    static props = { run: Object };

    /** Without a total the bar only shows that something goes on. */
    get isMeasured() {
        return Boolean(this.props.run.total);
    }

    get label() {
        const { rate, seconds_left: seconds } = this.props.run;
        const parts = [this.step];
        if (rate && !this.props.run.cancelling) {
            parts.push(_t("%s per second", formatFloat(rate, { digits: [16, rate < 10 ? 1 : 0] })), timeLeft(seconds));
        }
        return parts.join(" · ");
    }

    get step() {
        const { cancelling, connection_id: connection, state, fetched, done, total } = this.props.run;
        if (cancelling) {
            return _t("Cancelling…");
        }
        if (total) {
            return connection
                ? _t("Processed: %(done)s of %(total)s", { done, total })
                : _t("Connections: %(done)s of %(total)s", { done, total });
        }
        if (fetched) {
            return _t("Received so far: %s", fetched);
        }
        return state === "queued" ? _t("Starting…") : _t("Waiting for an answer…");
    }
}
