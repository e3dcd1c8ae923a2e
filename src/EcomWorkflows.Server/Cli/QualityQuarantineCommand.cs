using System.CommandLine;
using EcomWorkflows.Pipeline.Validation;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom quality quarantine SOURCE ENTITY</c>: the rows in quarantine, as they came.</summary>
internal static class QualityQuarantineCommand
{
    private const int Shown = 50;

    public static Command Create()
    {
        var (source, entity) = (QualityCommand.Source(), QualityCommand.Entity());
        var code = new Option<string?>("--code") { Description = "Only rows that break the rule of this reason code." };
        var limit = new Option<int>("--limit", "-n") { Description = "At most so many rows.", DefaultValueFactory = _ => Shown };
        var offset = new Option<int>("--offset") { Description = "Rows to pass over before." };
        var command = new Command("quarantine", "The rows in quarantine: file, line, rules, what is wrong, and the record as it came.") { source, entity, code, limit, offset };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var table = await QualityCommand.TableAsync(session, parsed.GetRequiredValue(source), parsed.GetRequiredValue(entity), cancellationToken);
            var rows = await session.Get<QuarantineReader>().ReadAsync(
                table.Source, table.Name, parsed.GetValue(code), parsed.GetValue(limit), parsed.GetValue(offset), cancellationToken);
            CommandOutput.Write(
                parsed, rows,
                ("file", row => row.File), ("line", row => row.Line), ("rules", row => string.Join(", ", row.Rules)), ("what is wrong", row => string.Join("; ", row.Messages)),
                ("as it came", row => row.Raw));
            return ExitCode.Done;
        });
        return command;
    }
}
