namespace EcomWorkflows.Server.Cli.Demo;

/// <summary>Why a task of the run failed.</summary>
internal sealed record TaskFailure(string Task, string? Cause, string? Message);
