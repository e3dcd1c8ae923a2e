using EcomWorkflows.Orchestration.Execution;
using EcomWorkflows.Orchestration.Outages;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Execution;

public class AttemptReporterTests
{
    [Fact]
    public async Task Logs_that_cannot_be_written_are_told_of_once_however_often_they_are_tried()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=/nowhere;Username=ecom;Database=ecom");
        var (time, log) = (new FastTime(), new KeptLog<OutageLog>());
        await using var reporter = new AttemptReporter(new LogStore(nowhere), new AttemptStore(nowhere), new SecretMasker(), new OutageLog(time, log), time, new KeptLog<AttemptReporter>());
        reporter.Log(new LogRow(1, time.GetUtcNow(), "information", "test", "a line", null, null));

        reporter.Start();
        while (time.Waits < 5)
            await Task.Yield();

        log.Lines.ShouldHaveSingleItem().ShouldStartWith("The connection to the database is lost: ");
    }
}
