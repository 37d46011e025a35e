-- A copy of the database speaks to no bank: consents are given anew, keys entered anew.
UPDATE sync_bank_connection
   SET automatic = false,
       state = CASE WHEN state IN ('draft', 'closed') THEN state ELSE 'reconnect' END;

UPDATE sync_bank_provider
   SET application_id = NULL,
       environment = NULL,
       checked_at = NULL;

DELETE FROM sync_bank_authorization;
