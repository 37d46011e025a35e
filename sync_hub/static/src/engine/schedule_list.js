/* Copyright 2026 Sync Hub contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */
import { registry } from "@web/core/registry";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";
import { EngineStatus } from "./engine_status";

/** The list of schedules, under a header that says whether anything runs them. */
export class ScheduleListRenderer extends ListRenderer {
    static template = "sync_hub.ScheduleListRenderer";
    static components = { ...ListRenderer.components, EngineStatus };
}

registry.category("views").add("sync_schedule_list", { ...listView, Renderer: ScheduleListRenderer });
