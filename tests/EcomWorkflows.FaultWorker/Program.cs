using EcomWorkflows.FaultWorker;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

// A node in a process of its own, for tests that kill it. What it is to do comes by environment, see WorkerSettings.
var settings = WorkerSettings.Read();
using var death = settings.DiesAt is { } command ? new DeathAtCommand(command, settings.DiesAfter) : null;
var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole();
// The name tells tests which connections are the node's.
builder.Services.AddSingleton(OrchestrationDatabase.Open(new NpgsqlConnectionStringBuilder(settings.Database) { ApplicationName = "fault-worker" }.ConnectionString));
builder.Services.AddEcomOrchestration(new OrchestrationOptions
{
    WorkRoot = settings.WorkRoot,
    Slots = 6,
    Lease = TimeSpan.FromSeconds(5),
    SweepInterval = TimeSpan.FromMilliseconds(200),
    PollInterval = TimeSpan.FromMilliseconds(500),
});
builder.Services.AddEcomSchedules();
builder.Services.AddEcomNode();
builder.Services.AddTask<StepTask>();
if (settings.Home is { } home)
{
    builder.Services.AddEcomPipeline(
        new PipelineOptions { Home = home, WorkflowsFolder = Path.Combine(home, "workflows"), DataVersionsFolder = Path.Combine(home, "data-versions") });
}
using var host = builder.Build();
death?.Arm();
await host.StartAsync();
Console.WriteLine("ready");
// The test ends the process by closing this, or by a signal.
await Console.In.ReadToEndAsync();
await host.StopAsync();
