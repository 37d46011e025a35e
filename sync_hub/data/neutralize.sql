-- A copy of the database works for nobody: no schedule runs, nothing that waited goes on, no secret is left to use.
UPDATE sync_schedule
   SET active = false;

UPDATE ir_cron
   SET active = false
 WHERE id IN (SELECT cron_id FROM sync_schedule);

UPDATE ir_cron
   SET active = false
 WHERE id IN (SELECT res_id FROM ir_model_data WHERE module = 'sync_hub' AND model = 'ir.cron');

UPDATE sync_run
   SET state = 'finished',
       outcome = 'cancelled',
       date_end = now() AT TIME ZONE 'UTC'
 WHERE state <> 'finished';

UPDATE sync_run
   SET checkpoint = NULL,
       inherited_checkpoint = NULL,
       attended = NULL;

-- Sealed with a key that may well be present where the copy is used, e.g. beside the original on the same server.
DELETE FROM sync_secret;

DELETE FROM ir_config_parameter
 WHERE key = 'sync_hub.seal_anew_with';
