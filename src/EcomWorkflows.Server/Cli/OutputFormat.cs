namespace EcomWorkflows.Server.Cli;

/// <summary>What <c>--output</c> chooses.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>For scripts.</summary>
    Json,
}
