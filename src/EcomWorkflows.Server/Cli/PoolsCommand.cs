using System.CommandLine;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom pools</c>: how much may run at once.</summary>
internal static class PoolsCommand
{
    public static Command Create() => new("pools", "List, set and delete pools: named numbers of slots that bound what runs at once.")
    {
        PoolsListCommand.Create(),
        PoolsSetCommand.Create(),
        PoolsDeleteCommand.Create(),
    };

    public static Argument<string> Name() => new("name") { Description = "Name of the pool." };
}
