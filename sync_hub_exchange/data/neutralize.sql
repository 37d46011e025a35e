-- A copy of the database exchanges nothing: keys are entered anew, and what waited goes on from the original alone.
UPDATE sync_exchange_peer
   SET automatic = false,
       checked_at = NULL,
       state = CASE WHEN state = 'closed' THEN state ELSE 'draft' END;

UPDATE sync_exchange_sending
   SET automatic = false,
       state = CASE WHEN state = 'closed' THEN state ELSE 'draft' END;

-- Peers of the original ask the original.
DELETE FROM sync_exchange_watch;

-- What was being worked on goes on there; its passphrase is gone from here.
UPDATE sync_exchange_snapshot
   SET state = 'cancelled', checkpoint = NULL, step = NULL
 WHERE state = 'working';

UPDATE sync_exchange_restore
   SET state = 'cancelled', checkpoint = NULL, step = NULL
 WHERE state = 'working';

UPDATE sync_exchange_verification
   SET state = 'cancelled', checkpoint = NULL, step = NULL
 WHERE state = 'working';

-- It is a database of its own now: with the identity of the original, records of both would be taken for the same.
UPDATE ir_config_parameter
   SET value = gen_random_uuid()::text
 WHERE key = 'database.uuid';
