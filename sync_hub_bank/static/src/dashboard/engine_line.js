/* Copyright 2026 Sync Hub contributors
 * License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl). */
import { DashboardKanbanRenderer } from "@account/views/account_dashboard_kanban/account_dashboard_kanban_renderer";
import { EngineStatus } from "@sync_hub/engine/engine_status";

/* The accounting dashboard says above its cards whether synchronizations run. */
DashboardKanbanRenderer.components = { ...DashboardKanbanRenderer.components, EngineStatus };
