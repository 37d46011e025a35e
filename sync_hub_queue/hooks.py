# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
def post_init_hook(env):
    """Give the services that are there already their channels, and their waiting runs a job."""
    env["sync.service"].with_context(active_test=False).search([("job_channel_id", "=", False)])._make_job_channels()
    env["sync.run"]._wake_queue()


def uninstall_hook(env):
    """Take the channels of services away: no data of ours names them, and they would hold their parent back.

    Runs that wait are worked on by the scheduled action again; jobs that wait for them find nothing to do.
    """
    env["queue.job"].search(
        [("channel", "=like", "root.sync_hub%"), ("state", "in", ("wait_dependencies", "pending", "enqueued"))]
    ).button_cancelled()
    services = env["sync.service"].with_context(active_test=False).search([])
    channels = services.job_channel_id
    # A channel that a service names is not deleted: the field goes only after this hook.
    services.job_channel_id = False
    channels.unlink()
    env["sync.run"]._wake_queue()
