namespace EcomWorkflows.Server.Cli;

/// <summary>A command cannot go on; the message is for the user, as it stands.</summary>
internal sealed class CliException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
