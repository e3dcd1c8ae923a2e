namespace EcomWorkflows.Server.Cli;

/// <summary>What a script can rely on.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>It ran, and failed.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage: an unknown command, option or value, or a name that does not exist.</summary>
    public const int Usage = 2;

    /// <summary>The environment is not usable: something is missing, closed or full.</summary>
    public const int Environment = 3;

    /// <summary>Ended by Ctrl+C or SIGTERM before it was done; the shells' own convention.</summary>
    public const int Interrupted = 130;
}
