using Shouldly;
using Xunit;

namespace EcomWorkflows.EndToEnd.Tests;

public sealed class When_the_program_is_killed_while_training
{
    [Fact]
    public async Task The_next_start_finishes_the_run_without_repeating_finished_stages()
    {
        using var program = new EcomProgram();
        using (var killed = program.Start("demo", "--exit"))
        {
            var output = Task.WhenAll(killed.StandardOutput.ReadToEndAsync(), killed.StandardError.ReadToEndAsync());
            await program.WaitForRowAsync("select 1 from orchestration.task_instance where task_id = 'train_churn' and state = 'running'");
            killed.Kill();
            await killed.WaitForExitAsync();
            await output;
        }

        var next = await program.RunAsync("demo", "--exit");
        next.ExitCode.ShouldBe(0, next.Errors + next.Output);
        next.Errors.ShouldContain("Going on with run 1");

        (await program.QueryAsync("select 1 from orchestration.dag_run where dag_id = 'churn-daily'")).Count.ShouldBe(1);
        var tries = await program.QueryAsync(
            "select t.task_id, count(*) as tries from orchestration.task_attempt a join orchestration.task_instance t using (task_instance_id) where t.dag_id = 'churn-daily' group by t.task_id");
        foreach (var task in tries)
            task!["tries"]!.GetValue<long>().ShouldBe(task["task_id"]!.GetValue<string>() == "train_churn" ? 2 : 1, task.ToJsonString());

        var predictions = await program.QueryAsync("select count(*) as rows, count(distinct customer_id) as customers from gold.churn_predictions");
        predictions[0]!["rows"]!.GetValue<long>().ShouldBeGreaterThan(0);
        predictions[0]!["rows"]!.GetValue<long>().ShouldBe(predictions[0]!["customers"]!.GetValue<long>());
    }
}
