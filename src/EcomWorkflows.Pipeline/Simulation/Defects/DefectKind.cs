namespace EcomWorkflows.Pipeline.Simulation.Defects;

/// <summary>One way a row can be wrong.</summary>
/// <param name="Name">What is wrong, for people.</param>
/// <param name="Rule">Reason code that validation must give the row: <c>meta.code</c> of an expectation, or <c>parse_*</c> from ingestion.</param>
/// <param name="OneIn">Rows of the entity per planted defect.</param>
/// <param name="Corrupt">Turns a good row into the faulty one.</param>
internal sealed record DefectKind(string Name, string Rule, int OneIn, Func<GoodRow, SplitMix64, FaultyRow> Corrupt)
{
    /// <summary>The faulty row repeats the good row's key; any other is a record of its own.</summary>
    public bool RepeatsKey { get; init; }

    /// <summary>Another rule that a row of this kind breaks of necessity; null for most.</summary>
    public string? AlsoBreaks { get; init; }

    /// <summary>A defect in one field of a delimited row.</summary>
    public static DefectKind InColumn(string name, string rule, int oneIn, string column, Func<string, SplitMix64, string> corrupt) =>
        new(name, rule, oneIn, (row, random) =>
        {
            var fields = row.Fields.ToArray();
            var index = row.IndexOf(column);
            fields[index] = corrupt(fields[index], random);
            return new FaultyRow(fields, column, fields[index]);
        });

    /// <summary>A field of the row is emptied.</summary>
    public static DefectKind Missing(string name, string rule, int oneIn, string column) => InColumn(name, rule, oneIn, column, (_, _) => "");

    /// <summary>The row once more, byte by byte.</summary>
    /// <param name="keyRule">The rule that finds a repeated key, where the entity has a key.</param>
    public static DefectKind ExactDuplicate(int oneIn, string? keyRule = null) =>
        new("exact duplicate", "exact_duplicate", oneIn, (row, _) => new FaultyRow([.. row.Fields], null, string.Join(',', row.Fields)))
        {
            RepeatsKey = true,
            AlsoBreaks = keyRule,
        };

    /// <summary>The row's key once more, with something else in another column.</summary>
    public static DefectKind DuplicateKey(string name, string rule, int oneIn, string column, Func<string, SplitMix64, string> corrupt) =>
        InColumn(name, rule, oneIn, column, corrupt) with { RepeatsKey = true };

    /// <summary>The ways a line can be no proper record of a CSV file at all.</summary>
    /// <param name="column">Column that gets the bad bytes and the lonely quote.</param>
    public static IEnumerable<DefectKind> BrokenLines(int oneIn, string column) =>
    [
        new("too few fields", "parse_columns", oneIn, (row, _) =>
            new FaultyRow([.. row.Fields.SkipLast(2)], null, string.Join(',', row.Fields.SkipLast(2)))),
        new("too many fields", "parse_columns", oneIn, (row, _) =>
            new FaultyRow([.. row.Fields, "overflow", "1"], null, string.Join(',', [.. row.Fields, "overflow", "1"]))),
        // Latin-1 writes these two characters as the bytes C3 28: the start of a UTF-8 sequence without its end.
        InColumn("invalid UTF-8", "parse_encoding", oneIn, column, (value, _) => value + "\u00C3("),
        // Text after the closing quote: broken within its own line, so that it cannot swallow the next ones.
        InColumn("unbalanced quote", "parse_quote", oneIn, column, (value, _) => $"\"{value}\"\"\"x"),
    ];
}
