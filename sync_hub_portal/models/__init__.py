# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    sync_portal_link,
    sync_portal_link_steps,
    sync_portal_subject,
    res_company,
    res_partner,
    sync_portal_door,
    sync_portal_door_documents,
    sync_portal_door_files,
    sync_portal_source,
    sync_portal_source_companies,
    sync_portal_company,
    sync_portal_company_access,
    sync_portal_company_documents,
    sync_portal_company_presses,
    sync_portal_document,
    sync_portal_file,
    sync_portal_archive,
    sync_run_line,
)
