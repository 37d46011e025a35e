-- A copy of the database asks no books, invites nobody and opens no link: the original alone does.
UPDATE sync_portal_source
   SET automatic = false,
       invite = false,
       state = CASE WHEN state = 'closed' THEN state ELSE 'draft' END;

UPDATE sync_portal_archive
   SET revoked = true;
