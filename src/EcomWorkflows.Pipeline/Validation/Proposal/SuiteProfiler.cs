using System.Text.Json.Nodes;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Pipeline.Validation.Checks;
using EcomWorkflows.Pipeline.Validation.Running;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Proposal;

/// <summary>Proposes a suite for a table and tries the way it was made: fit on one batch, check another that should be alike.</summary>
public static class SuiteProfiler
{
    /// <summary>An expectation that failed in a larger share of the trials is left out.</summary>
    private const double MostFalseAlarms = 0.05;

    /// <summary>Batches of history from which rolling beats re-sampling.</summary>
    private const int FewestBatches = 6;

    /// <summary>Trials look at no more rows than this, drawn by hash.</summary>
    private const long MostTrialRows = 100_000;

    /// <param name="batches">Table expressions of the batches there are, the oldest first; the suite is for the last.</param>
    /// <param name="trials">How many re-samples, where there is too little history.</param>
    /// <param name="seed">The same seed draws the same rows.</param>
    /// <param name="memoryLimit">What DuckDB may take, as "1GB".</param>
    public static SuiteProposal Propose(string name, IReadOnlyList<string> batches, int trials, int seed, string memoryLimit, CancellationToken cancellationToken)
    {
        using var duck = DuckDbConnection.Open(new DuckDbOptions { MemoryLimit = memoryLimit });
        duck.Execute($"create view profiled as select * from {batches[^1]}", ct: cancellationToken);
        var columns = Columns(duck, "profiled", cancellationToken);
        var facts = FactsReader.Read(duck, "profiled", columns, cancellationToken);
        var rows = facts.Count == 0 ? 0 : facts[0].Rows;
        var (found, method) = batches.Count >= FewestBatches
            ? (Roll(duck, batches, columns, cancellationToken), $"fitted on each of the last {batches.Count} batches and checked on the next")
            : rows < SuiteProposer.FewestRows ? ([], "too few to try the rules on a part of them")
            : (Resample(duck, columns, trials, seed, cancellationToken), $"fitted on a random half and checked on the other, {trials} times (seed {seed})");
        return Assemble(name, SuiteProposer.Propose(facts), found, method, rows);
    }

    private static IReadOnlyList<TableColumn> Columns(DuckDbConnection duck, string relation, CancellationToken cancellationToken) =>
        [.. duck.QueryRows($"describe {relation}", row => new TableColumn(row.Get<string>(0), row.Get<string>(1)), ct: cancellationToken).Where(column => column.Name is not ("_file" or "_line" or "_run"))];

    private static List<Trial> Roll(DuckDbConnection duck, IReadOnlyList<string> batches, IReadOnlyList<TableColumn> columns, CancellationToken cancellationToken) =>
        [.. batches.Zip(batches.Skip(1), (before, next) => Try(duck, $"(select * from {before})", $"(select * from {next})", columns, SuiteProposer.FewestRows, cancellationToken))];

    private static List<Trial> Resample(DuckDbConnection duck, IReadOnlyList<TableColumn> columns, int trials, int seed, CancellationToken cancellationToken)
    {
        duck.Execute(
            $"""
            create table drawn as
            select *
            from (select *, row_number() over () as drawn_row from profiled)
            qualify row_number() over (order by hash(drawn_row, {seed})) <= {MostTrialRows}
            """, ct: cancellationToken);
        return [.. Enumerable.Range(0, trials).Select(trial =>
        {
            string Half(int parity) => $"(select * exclude (drawn_row) from drawn where hash(drawn_row, {seed}, {trial}) % 2 = {parity})";
            // A half tries the rules of the whole, however few rows it has.
            return Try(duck, Half(0), Half(1), columns, fewestRows: 1, cancellationToken);
        })];
    }

    private static Trial Try(
        DuckDbConnection duck, string fitted, string checkedOn, IReadOnlyList<TableColumn> columns, long fewestRows, CancellationToken cancellationToken)
    {
        var suite = Parse("trial", SuiteProposer.Propose(FactsReader.Read(duck, fitted, columns, cancellationToken), fewestRows));
        duck.Execute(
            $"""
            drop table if exists {FailingRowTable.Name};
            create or replace view {ValidatedTable.Batch} as
            select {string.Join(", ", columns.Select(column => DuckDbSql.Identifier(column.Name)))}, '' as _file, 0::bigint as _line
            from {checkedOn}
            """, ct: cancellationToken);
        var table = new ValidatedTable("the table", columns, new Dictionary<string, string>());
        var result = new SuiteRun(duck, table, rejects: null).Run(suite, cancellationToken);
        return new Trial(result.Expectations.Where(found => !found.Expectation.Type.StartsWith(IngestExpectations.Prefix, StringComparison.Ordinal))
            .DistinctBy(found => found.Expectation.Key).ToDictionary(found => found.Expectation.Key, found => found.Success, StringComparer.Ordinal));
    }

    private static SuiteProposal Assemble(string name, JsonArray proposed, List<Trial> trials, string method, long rows)
    {
        var suite = Parse(name, proposed);
        var judged = suite.Expectations.Select(expectation =>
        {
            var tried = trials.Where(trial => trial.Passed.ContainsKey(expectation.Key)).ToList();
            var alarms = tried.Count(trial => !trial.Passed[expectation.Key]);
            return (expectation.Key, Proposed: new ProposedExpectation(
                expectation.Code, expectation.Type, expectation.Severity.ToString().ToLowerInvariant(), Words(expectation), alarms, tried.Count, alarms <= MostFalseAlarms * tried.Count));
        }).ToList();
        var kept = judged.Where(one => one.Proposed.Kept).Select(one => one.Key).ToHashSet(StringComparer.Ordinal);
        var content = new JsonArray();
        foreach (var (stated, (_, found)) in proposed.Zip(judged).Where(pair => pair.Second.Proposed.Kept))
        {
            var expectation = stated!.DeepClone();
            expectation["meta"]!["notes"] = found.Trials == 0 ? "Proposed from the data; not tried." : $"Proposed from the data; {found.FalseAlarms} false alarms in {found.Trials} trials.";
            content.Add(expectation);
        }
        var suiteAlarms = trials.Count(trial => trial.Passed.Any(one => !one.Value && kept.Contains(one.Key)));
        var file = new JsonObject { ["name"] = name, ["expectations"] = content };
        var proposal = new SuiteProposal(file, [.. judged.Select(one => one.Proposed)], method, suiteAlarms, trials.Count, rows, SuiteProposer.FindLimit(rows));
        file["meta"] = new JsonObject { ["notes"] = $"Proposed from {proposal.Basis}.{(proposal.Limit is { } limit ? $" {limit}" : "")}" };
        return proposal;
    }

    private static string Words(ExpectationConfiguration expectation) =>
        string.Join(", ", expectation.Kwargs.Select(kwarg => $"{kwarg.Key} {Brief(kwarg.Value?.ToReadableText() ?? "null")}"));

    private static string Brief(string text) => text.Length <= 80 ? text : $"{text[..79]}…";

    private static ExpectationSuite Parse(string name, JsonArray expectations)
    {
        var (suite, problems) = SuiteParser.Parse(new JsonObject { ["name"] = name, ["expectations"] = expectations.DeepClone() }.ToJsonString(), name);
        return suite ?? throw new InvalidOperationException(string.Join(Environment.NewLine, problems));
    }

    /// <summary>Which expectations held, by key.</summary>
    private sealed record Trial(IReadOnlyDictionary<string, bool> Passed);
}
