namespace EcomWorkflows.Server.Database;

/// <summary>How one start of the server ended, and what the server said.</summary>
internal sealed record StartOutcome(StartResult Result, string Output)
{
    public static StartOutcome Ready { get; } = new(StartResult.Ready, "");

    /// <summary>Tells the failures that have a remedy from the others by the server's own words.</summary>
    public static StartOutcome Failed(string output)
    {
        var result = output.Contains("could not bind IPv4 address", StringComparison.Ordinal) ? StartResult.PortTaken
            : output.Contains("pre-existing shared memory block", StringComparison.Ordinal) ? StartResult.LeftoversAlive
            : StartResult.Failed;
        return new StartOutcome(result, output);
    }
}
