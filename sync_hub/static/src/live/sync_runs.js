/* Copyright 2026 Sync Hub contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */
import { onWillDestroy } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

// Where the websocket does not get through (a proxy without it), a screen with a run under way asks by itself.
const ASK_EVERY = 5000; // milliseconds

/** Whether a run, as the bus tells it, belongs to a record: the run itself, its connection or its schedule. */
export function concernsRecord(run, { resModel, resId }) {
    switch (resModel) {
        case "sync.run":
            return run.id === resId;
        case "sync.schedule":
            return run.schedule_id === resId && !run.parent_id;
        default:
            return run.connection_model === resModel && run.connection_id === resId;
    }
}

/**
 * Follow the runs of a connection from a component.
 *
 * @param {object} options
 * @param {(run: object) => boolean} options.concerns whether a run, as the bus tells it, belongs on this screen
 * @param {(run: object) => any} options.onRun called whenever such a run moves
 * @param {() => boolean} options.isGoingOn whether the screen shows a run under way
 * @param {() => any} options.ask called every few seconds while it does
 */
export function useSyncRuns({ concerns, onRun, isGoingOn, ask }) {
    const bus = useService("bus_service");
    const listener = (run) => concerns(run) && onRun(run);
    bus.subscribe("sync_hub.run", listener);
    bus.start();
    const timer = setInterval(() => isGoingOn() && ask(), ASK_EVERY);
    onWillDestroy(() => {
        bus.unsubscribe("sync_hub.run", listener);
        clearInterval(timer);
    });
}
