using EcomWorkflows.Orchestration.Outages;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Cli;
using EcomWorkflows.Server.Hosting;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Files;

public sealed class When_the_folder_of_files_is_watched : IAsyncLifetime
{
    private readonly WorkflowRepository repository = new();
    private readonly FastTime time = new();
    private readonly KeptLog<WorkflowWatcher> log = new();
    private readonly KeptLog<OutageLog> outages = new();
    private WorkflowWatcher watcher = null!;

    public async Task InitializeAsync()
    {
        await repository.InitializeAsync();
        watcher = new WorkflowWatcher(repository.Get<EnvironmentSettings>(), repository.Get<WorkflowImport>(), new OutageLog(TimeProvider.System, outages), time, log);
        await watcher.StartAsync(CancellationToken.None);
        await UntilAsync(async () => (await repository.Get<DagStore>().ListAsync(CancellationToken.None)).Count == 1);
    }

    public async Task DisposeAsync()
    {
        await watcher.StopAsync(CancellationToken.None);
        watcher.Dispose();
        await repository.DisposeAsync();
    }

    [Fact]
    public async Task A_bad_file_is_told_of_once_until_it_is_bad_in_another_way_or_again()
    {
        var file = Path.Combine(repository.Workflows, "broken.json");

        await File.WriteAllTextAsync(file, "{ ");
        await UntilAsync(() => log.Lines.Count == 1);
        await SeveralLooksAsync();
        log.Lines.ShouldHaveSingleItem().ShouldContain("broken.json: line 1");

        File.Delete(file);
        await UntilAsync(async () => (await repository.Get<DagStore>().ImportErrorsAsync(CancellationToken.None)).Count == 0);
        await File.WriteAllTextAsync(file, "{ ");
        await UntilAsync(() => log.Lines.Count == 2);
    }

    [Fact]
    public async Task A_folder_that_is_away_for_a_while_changes_nothing_and_is_looked_at_again_when_it_is_back()
    {
        var away = repository.Workflows + ".away";
        Directory.Move(repository.Workflows, away);
        await UntilAsync(() => outages.Lines.Any(line => line.StartsWith("The look at the workflow files failed and is tried again: Could not find", StringComparison.Ordinal)));
        (await repository.Get<DagStore>().GetAsync("churn-daily", CancellationToken.None)).IsActive.ShouldBeTrue();

        var text = await File.ReadAllTextAsync(Path.Combine(away, "churn-daily.json"));
        Directory.CreateDirectory(repository.Workflows);
        await File.WriteAllTextAsync(repository.ChurnDaily, text.Replace("Daily churn prediction", "Churn, daily", StringComparison.Ordinal));

        await UntilAsync(async () => (await repository.Get<DagStore>().GetAsync("churn-daily", CancellationToken.None)).CurrentVersion == 2);
    }

    private Task SeveralLooksAsync()
    {
        var waits = time.Waits;
        return UntilAsync(() => time.Waits >= waits + 3);
    }

    private static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await holds())
            await Task.Delay(10, limit.Token);
    }
}
