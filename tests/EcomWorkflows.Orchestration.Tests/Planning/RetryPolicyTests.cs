using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tasks;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Planning;

public sealed class RetryPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(3, 40)]
    [InlineData(4, 60)]
    public void The_delay_grows_by_its_factor_up_to_its_cap(int tries, double seconds) =>
        RetryPolicy.Delay(
            new TaskSettings { RetryDelay = TimeSpan.FromSeconds(10), RetryFactor = 2, MaxRetryDelay = TimeSpan.FromSeconds(60) }, tries, jitterSeed: 7)
            .ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void Jitter_is_within_the_delay_and_the_same_for_the_same_attempt()
    {
        var settings = new TaskSettings { RetryDelay = TimeSpan.FromSeconds(10), RetryJitter = true };
        var delays = Enumerable.Range(1, 50).Select(attempt => RetryPolicy.Delay(settings, 1, attempt)).ToList();

        delays.ShouldAllBe(d => d >= TimeSpan.Zero && d < TimeSpan.FromSeconds(10));
        delays.Distinct().Count().ShouldBeGreaterThan(40);
        RetryPolicy.Delay(settings, 1, 17).ShouldBe(delays[16]);
    }

    [Theory]
    [InlineData(FailureCause.UserError, true, 1, 0, true)]
    [InlineData(FailureCause.UserError, true, 2, 0, false)]
    [InlineData(FailureCause.UserError, false, 1, 0, false)]
    [InlineData(FailureCause.WorkerLost, true, 2, 3, true)]
    [InlineData(FailureCause.WorkerLost, true, 0, 4, false)]
    [InlineData(FailureCause.Cancelled, true, 0, 0, false)]
    [InlineData(FailureCause.OutOfMemory, true, 1, 0, true)]
    public void A_failure_uses_the_budget_of_its_cause(FailureCause cause, bool retryable, int userTries, int infraTries, bool retries) =>
        (RetryPolicy.Decide(new TaskSettings { Retries = 1 }, cause, [], retryable, userTries, infraTries, 1, Now) is RetryDecision.Retry).ShouldBe(retries);

    [Theory]
    [InlineData(FailureCause.WorkerLost, 2, 0)]
    [InlineData(FailureCause.Dependency, 1, 10)]
    [InlineData(FailureCause.Dependency, 3, 40)]
    public void What_a_task_leans_on_is_given_time_to_come_back_and_a_lost_worker_is_replaced_at_once(FailureCause cause, int infraTries, double seconds)
    {
        var settings = new TaskSettings { RetryDelay = TimeSpan.FromSeconds(10), RetryFactor = 2 };

        RetryPolicy.Decide(settings, cause, [], retryable: true, userTries: 0, infraTries, 1, Now).ShouldBe(new RetryDecision.Retry(Now.AddSeconds(seconds), UsesInfraBudget: true));
    }

    [Theory]
    [InlineData("timeout", "", "timeout", true)]
    [InlineData("timeout", "", "user_error", false)]
    [InlineData("HttpRequestException", "", "user_error", true)]
    [InlineData("System.Net.Http.HttpRequestException", "", "user_error", true)]
    [InlineData("IOException", "", "user_error", true)]
    [InlineData("", "IOException", "user_error", false)]
    [InlineData("IOException", "HttpRequestException", "user_error", false)]
    [InlineData("", "bad_data", "user_error", true)]
    [InlineData("", "bad_data", "bad_data", false)]
    [InlineData("timeout", "", "worker_lost", true)]
    [InlineData("", "worker_lost", "worker_lost", false)]
    public void Retry_rules_by_kind_name_causes_and_exception_types(string retryOn, string neverRetryOn, string cause, bool retries)
    {
        var settings = new TaskSettings { Retries = 1, RetryOn = Names(retryOn), NeverRetryOn = Names(neverRetryOn) };
        string[] types = ["HttpRequestException", "System.Net.Http.HttpRequestException", "IOException", "System.IO.IOException", "Exception", "System.Exception"];
        (RetryPolicy.Decide(settings, StateNames.Parse<FailureCause>(cause), types, retryable: true, 1, 1, 1, Now) is RetryDecision.Retry).ShouldBe(retries);

        static string[] Names(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);
    }
}
