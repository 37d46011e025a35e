-- No job of a copy goes on.
UPDATE queue_job
   SET state = 'cancelled',
       date_cancelled = now() AT TIME ZONE 'UTC'
 WHERE channel LIKE 'root.sync\_hub%'
   AND state IN ('wait_dependencies', 'pending', 'enqueued', 'started');
