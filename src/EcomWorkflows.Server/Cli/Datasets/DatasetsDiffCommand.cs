using System.CommandLine;
using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Pipeline.Versioning.Comparison;

namespace EcomWorkflows.Server.Cli.Datasets;

/// <summary><c>ecom datasets diff BEFORE [AFTER]</c>.</summary>
internal static class DatasetsDiffCommand
{
    public static Command Create()
    {
        var before = DatasetsCommand.Version("before");
        var after = new Argument<string?>("after") { Description = "The version to compare with; the newest of the dataset where none is named.", Arity = ArgumentArity.ZeroOrOne };
        var key = new Option<string[]>("--key") { Description = "Columns that tell the rows apart, for example --key customer_id,split; found by itself where possible.", DefaultValueFactory = _ => [] };
        var table = new Option<string?>("--table") { Description = "Only this table." };
        var examples = new Option<int>("--examples") { Description = "Rows shown of each kind of change.", DefaultValueFactory = _ => new ComparisonOptions().Examples };
        var quick = new Option<bool>("--no-distributions") { Description = "Leave out how the values of each column are distributed." };
        var command = new Command("diff", "What changed between two versions: files, schema, rows by key, and distributions.") { before, after, key, table, examples, quick };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await DatasetsCommand.OpenAsync(cancellationToken);
            var versions = session.Get<DatasetVersions>();
            var older = await versions.ResolveAsync(parsed.GetRequiredValue(before), cancellationToken);
            var newer = await versions.ResolveAsync(parsed.GetValue(after) ?? older.Dataset, cancellationToken);
            var options = new ComparisonOptions
            {
                Key = [.. parsed.GetValue(key)!.SelectMany(k => k.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
                Table = parsed.GetValue(table),
                Examples = Math.Max(0, parsed.GetValue(examples)),
                Distributions = !parsed.GetValue(quick),
            };
            var difference = await session.Get<DatasetComparison>().RunAsync(older, newer, options, cancellationToken);
            CommandOutput.WriteOne(parsed, difference, () => Write(difference));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(DatasetDifference difference)
    {
        Console.WriteLine($"{difference.Before} → {difference.After}{(difference.IsSame ? ": no difference" : "")}");
        if (difference.Files.Count > 0)
            CommandOutput.WriteTable(["file", "", "bytes"], difference.Files.Select(f => new object?[] { f.OldPath is null ? f.Path : $"{f.OldPath} → {f.Path}", f.Kind, $"{f.BytesDelta:+#,0;-#,0;0}" }));
        foreach (var table in difference.Tables)
            Write(table);
    }

    private static void Write(TableDifference table)
    {
        Console.WriteLine(table.Note is { } note
            ? $"{table.Table}: {note}"
            : $"{table.Table}: {table.RowsBefore:#,0} → {table.RowsAfter:#,0} rows; {table.Added:#,0} added, {table.Removed:#,0} removed, {table.Changed:#,0} changed "
                + $"({(table.Key.Count > 0 ? $"by {string.Join(", ", table.Key)}, {table.KeyNote}" : table.KeyNote)})");
        if (table.Schema.Count > 0)
            CommandOutput.WriteTable(["column", "", "before", "after"], table.Schema.Select(s => new object?[] { s.Column, s.Kind, s.Before, s.After }));
        if (table.ChangedColumns.Count > 0)
            CommandOutput.WriteTable(["column", "rows changed"], table.ChangedColumns.Select(c => new object?[] { c.Key, c.Value }));
        if (table.Shifts.Where(s => s.Shifted).ToList() is { Count: > 0 } shifted)
            CommandOutput.WriteTable(
                ["column that shifted", "PSI", "threshold", "nulls before", "after", "mean before", "after"],
                shifted.Select(s => new object?[]
                {
                    s.Column, $"{s.PopulationStabilityIndex:0.000}", $"{s.Threshold:0.000}", $"{s.Before.NullRate:P1}", $"{s.After.NullRate:P1}",
                    s.Before.Mean is { } before ? $"{before:G6}" : null, s.After.Mean is { } after ? $"{after:G6}" : null,
                }));
        else if (table.Shifts.Count > 0)
            Console.WriteLine($"No column's distribution shifted (population stability index of {table.Shifts.Count(s => s.PopulationStabilityIndex is not null)} columns).");
        if (table.Examples.Count > 0)
            CommandOutput.WriteTable(
                ["", "row", "what changed"],
                table.Examples.Select(e => new object?[] { e.Kind, string.Join(", ", e.Key.Select(k => $"{k.Key}={k.Value ?? "null"}")), Changes(e) }));
    }

    private static string Changes(RowExample example) => string.Join("; ", example.Kind switch
    {
        "changed" => example.Values.Select(v => $"{v.Column}: {v.Before ?? "null"} → {v.After ?? "null"}"),
        "added" => example.Values.Where(v => v.After is not null).Select(v => $"{v.Column}={v.After}"),
        _ => example.Values.Where(v => v.Before is not null).Select(v => $"{v.Column}={v.Before}"),
    });
}
