namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Pauses a DAG that fails again and again, in the transaction that closes the run.</summary>
internal static class FailureStreak
{
    /// <param name="failures">So many failed runs in a row, newest first and backfills not counted, pause the DAG.</param>
    public static void Pause(Change change, RunRow run, int failures) => change.Send(
        """
        with paused as (
          update orchestration.dag d
          set is_paused = true, updated_at = now()
          where d.dag_id = @DagId
            and not d.is_paused
            and @failures = (
              select count(*)
              from (
                select r.state
                from orchestration.dag_run r
                where r.dag_id = @DagId
                  and r.state in ('success', 'failed')
                  and r.backfill_id is null
                order by r.run_id desc
                limit @failures
              ) newest
              where newest.state = 'failed')
          returning d.dag_id
        )
        insert into orchestration.event (kind, actor, dag_id, run_id, details)
        select 'dag_paused', 'scheduler', dag_id, @RunId, jsonb_build_object('reason', format('%s failed runs in a row', @failures))
        from paused
        """,
        new { run.DagId, run.RunId, failures });
}
