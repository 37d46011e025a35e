-- A copy of the database writes to nobody: passwords are entered anew, and what waited leaves from the original alone.
UPDATE sync_mail_account
   SET automatic = false,
       send_due = false,
       state = CASE WHEN state = 'closed' THEN state ELSE 'draft' END;

UPDATE sync_mail_message
   SET state = 'cancelled'
 WHERE state IN ('queued', 'sending');
