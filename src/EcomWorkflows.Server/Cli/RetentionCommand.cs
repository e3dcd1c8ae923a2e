using System.CommandLine;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom retention</c>: whom to contact so that they stay.</summary>
internal static class RetentionCommand
{
    public static Command Create() => new("retention", "Customers whom a retention offer is expected to pay for: lists with what they brought, and the customers of one.")
    {
        RetentionListCommand.Create(),
        RetentionShowCommand.Create(),
    };
}
