-- Checks of references that cost more than the rows they are made for. A node's row is never deleted, and an attempt is made by a statement that reads it.
alter table orchestration.task_attempt drop constraint task_attempt_node_id_fkey;

-- Log rows go with their attempt, as before, but writing one locks no attempt: one whose task is publishing held up the logs of all others.
alter table orchestration.attempt_log drop constraint attempt_log_attempt_id_fkey;

create function orchestration.delete_logs_of_attempts() returns trigger
language plpgsql as $$
begin
  delete from orchestration.attempt_log l using gone where l.attempt_id = gone.attempt_id;
  return null;
end
$$;

create trigger delete_logs
after delete on orchestration.task_attempt
referencing old table as gone
for each statement execute function orchestration.delete_logs_of_attempts();
