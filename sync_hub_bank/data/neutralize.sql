-- A copy of the database speaks to no bank: consents are given anew, keys entered anew.
UPDATE sync_bank_connection
   SET automatic = false,
       state = CASE WHEN state IN ('draft', 'closed') THEN state ELSE 'reconnect' END;

UPDATE sync_bank_provider
   SET application_id = NULL,
       environment = NULL,
       checked_at = NULL;

DELETE FROM sync_bank_authorization;

-- Nobody gets a code from a copy.
DELETE FROM sync_bank_contact;
UPDATE sync_bank_connection
   SET blocked_reason = NULL,
       blocked_network = NULL,
       known_networks = NULL;
