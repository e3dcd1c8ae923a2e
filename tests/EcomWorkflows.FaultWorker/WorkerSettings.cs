namespace EcomWorkflows.FaultWorker;

/// <summary>What the environment says.</summary>
/// <param name="Database">FAULT_DATABASE: an Npgsql connection string.</param>
/// <param name="WorkRoot">FAULT_WORK: folder of scratch folders.</param>
/// <param name="DiesAt">FAULT_DIES_AT: the database command, counted from the start of the node, at which the process kills itself.</param>
/// <param name="DiesAfter">FAULT_DIES_AFTER: whether it does so when the command's answer is there, not before it is sent.</param>
/// <param name="Home">FAULT_HOME: a home of the pipeline with its workflows; without it, its tasks are not known.</param>
internal sealed record WorkerSettings(string Database, string WorkRoot, int? DiesAt, bool DiesAfter, string? Home)
{
    public static WorkerSettings Read() => new(
        Required("FAULT_DATABASE"), Required("FAULT_WORK"),
        int.TryParse(Environment.GetEnvironmentVariable("FAULT_DIES_AT"), out var command) ? command : null,
        Environment.GetEnvironmentVariable("FAULT_DIES_AFTER") == "true",
        Environment.GetEnvironmentVariable("FAULT_HOME"));

    private static string Required(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : throw new InvalidOperationException($"{name} is not set.");
}
