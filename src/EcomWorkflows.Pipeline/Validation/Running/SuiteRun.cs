using System.Text.Json.Nodes;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Checks;
using EcomWorkflows.Pipeline.Validation.Profiling;
using EcomWorkflows.Pipeline.Validation.Results;
using EcomWorkflows.Pipeline.Validation.RowRules;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Running;

/// <summary>Checks a suite on the rows of the view <c>batch</c> and leaves the failing rows in <see cref="FailingRowTable"/>.</summary>
/// <param name="rejects">Table expression of what ingestion refused; null where there is no such table.</param>
/// <param name="threads">How many threads call row validators.</param>
/// <param name="sampling">The columns with few values, which are waited for when the first checks are counted; null where all rows are to be looked at.</param>
internal sealed class SuiteRun(DuckDbConnection duck, ValidatedTable table, string? rejects, int threads = 1, Task<SampledTable>? sampling = null)
{
    private readonly FailingRowTable failing = new(duck);

    public ValidationResult Run(ExpectationSuite suite, CancellationToken cancellationToken)
    {
        failing.Create(cancellationToken);
        var expectations = WithIngest(suite, cancellationToken);
        var refusedLines = rejects is null ? 0 : duck.Scalar<long>($"select count(*) from (select distinct file, line from {rejects})", ct: cancellationToken);
        var rows = duck.Scalar<long>($"select count(*) from {ValidatedTable.Batch}", ct: cancellationToken);

        var (checks, results) = Compile(expectations, suite.Parameters);
        using var repeated = RepeatedKeys.Find(duck, checks, rows, cancellationToken);
        var values = sampling?.GetAwaiter().GetResult().Values() ?? new Dictionary<string, string>();
        foreach (var counted in CountingPass.Run(duck, values, checks, cancellationToken))
        {
            results[counted.Ordinal] = counted.Problem is null
                ? Judge(counted, repeated, rows + refusedLines, cancellationToken)
                : Failed(counted.Check, counted.Problem);
        }
        CollectRows(checks, results, cancellationToken);
        CallValidators(checks, results, cancellationToken);

        var (failingValues, examples) = (failing.Values(cancellationToken), failing.Examples(cancellationToken));
        var judged = results.Select((result, ordinal) => result! with { Values = [.. failingValues[ordinal]], Examples = [.. examples[ordinal]] }).ToList();
        var reasons = Reasons(judged, cancellationToken);
        return new ValidationResult(suite, judged, rows + refusedLines, refusedLines, Quarantined(judged, cancellationToken), reasons);
    }

    /// <summary>SQL list of the ordinals whose failing rows go to quarantine.</summary>
    public static string QuarantinedOrdinals(IReadOnlyList<ExpectationResult> results) => string.Join(
        ", ",
        results.Index().Where(result => result.Item.Expectation.FailingRows == FailingRows.Quarantine).Select(result => result.Index).DefaultIfEmpty(-1));

    private List<ExpectationConfiguration> WithIngest(ExpectationSuite suite, CancellationToken cancellationToken)
    {
        var found = rejects is null ? [] : duck.QueryRows($"select distinct rule from {rejects} order by rule", row => row.Get<string>(0), ct: cancellationToken);
        var stated = suite.Expectations.Select(expectation => expectation.Type).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. IngestExpectations.Rules.Union(found)
                .Where(rule => !stated.Contains(IngestExpectations.Prefix + rule)).Select(IngestExpectations.Default),
            .. suite.Expectations,
        ];
    }

    private (List<OrderedCheck> Checks, ExpectationResult?[] Results) Compile(
        List<ExpectationConfiguration> expectations, IReadOnlyDictionary<string, string> parameters)
    {
        var checks = new List<OrderedCheck>();
        var results = new ExpectationResult?[expectations.Count];
        foreach (var (ordinal, expectation) in expectations.Index())
        {
            try
            {
                var check = ExpectationCatalog.Find(expectation.Type) is { } definition
                    ? definition.Compile(new CheckBuilder(expectation, table, ordinal, duck, parameters))
                    : IngestExpectations.Compile(expectation);
                checks.Add(new OrderedCheck(ordinal, check));
            }
            catch (Exception problem) when (problem is CheckException or DuckDbException and not DuckDbInterruptedException)
            {
                results[ordinal] = new ExpectationResult(expectation, $"{expectation.Type} ({string.Join(", ", expectation.Columns)})", Success: false)
                {
                    Exception = problem is DuckDbException refusal ? CheckFailure.Words(refusal) : problem.Message,
                };
            }
        }
        return (checks, results);
    }

    private ExpectationResult Judge(CountedCheck counted, RepeatedKeys repeated, long rowsRead, CancellationToken cancellationToken)
    {
        try
        {
            return counted.Check switch
            {
                TableCheck check => new ExpectationResult(check.Expectation, check.Statement, check.Success) { Observed = check.Observed?.DeepClone(), Details = check.Details },
                AggregateCheck check => new ExpectationResult(check.Expectation, check.Statement, (bool)counted.Values[1]!)
                {
                    Observed = counted.Values[0] is string observed ? JsonNode.Parse(observed) : null,
                },
                JudgedCheck check => Judged(check, check.Judge(counted.Values)),
                RowCheck check => Rows(check, counted.Elements, check.Missing is null ? null : counted.Missing, counted.Unexpected),
                SetCheck check => Rows(
                    check, counted.Elements, check.Missing is null ? null : counted.Missing, Collect(counted.Ordinal, check, repeated, cancellationToken)),
                // Its rows are judged in a pass of their own, by code.
                ValidatorCheck check => Rows(check, counted.Elements, null, 0),
                IngestCheck check => Rows(
                    check, rowsRead, null, rejects is null ? 0 : failing.Collect(counted.Ordinal, check, rejects, cancellationToken)),
                _ => throw new InvalidOperationException($"No rule judges {counted.Check.GetType()}."),
            };
        }
        // What ingestion refused has to go to quarantine: where that cannot be read there is no result.
        catch (DuckDbException problem) when (problem is not DuckDbInterruptedException && counted.Check is not IngestCheck)
        {
            return Failed(counted.Check, CheckFailure.Words(problem));
        }
    }

    private long Collect(int ordinal, SetCheck check, RepeatedKeys repeated, CancellationToken cancellationToken)
    {
        repeated.Wait(ordinal);
        return failing.Collect(ordinal, check, cancellationToken);
    }

    private void CollectRows(List<OrderedCheck> checks, ExpectationResult?[] results, CancellationToken cancellationToken)
    {
        var withFindings = checks
            .Where(check => check.Check is RowCheck && results[check.Ordinal]!.UnexpectedCount > 0)
            .Select(check => (check.Ordinal, Check: (RowCheck)check.Check)).ToList();
        foreach (var (ordinal, problem) in failing.Collect(withFindings, cancellationToken))
            results[ordinal] = Failed(withFindings.First(check => check.Ordinal == ordinal).Check, problem);
    }

    private void CallValidators(List<OrderedCheck> checks, ExpectationResult?[] results, CancellationToken cancellationToken)
    {
        var calls = checks.Where(check => check.Check is ValidatorCheck && results[check.Ordinal]!.Exception is null)
            .Select(check => (check.Ordinal, Check: (ValidatorCheck)check.Check)).GroupBy(check => check.Check.Validator);
        foreach (var validator in calls)
        {
            try
            {
                foreach (var (ordinal, findings) in new ValidatorPass(duck, threads).Run(validator.Key, [.. validator], cancellationToken))
                {
                    var check = validator.First(call => call.Ordinal == ordinal).Check;
                    results[ordinal] = Rows(check, results[ordinal]!.ElementCount!.Value, null, findings.Failing) with { Details = findings.Details };
                }
            }
            catch (Exception problem) when (problem is RowValidatorException or DuckDbException and not DuckDbInterruptedException)
            {
                foreach (var (ordinal, check) in validator)
                    results[ordinal] = Failed(check, problem is DuckDbException refusal ? CheckFailure.Words(refusal) : problem.Message);
            }
        }
    }

    private List<QuarantineCount> Reasons(List<ExpectationResult> results, CancellationToken cancellationToken)
    {
        var codes = results.Index()
            .Where(result => result.Item.Expectation.FailingRows == FailingRows.Quarantine)
            .ToDictionary(result => result.Index, result => result.Item.Expectation.Code);
        if (codes.Count == 0)
            return [];
        var rows = string.Join(", ", codes.Select(code => $"({code.Key}, {DuckDbSql.Literal(code.Value)})"));
        return [.. duck.QueryRows(
            $"""
            with reason (ordinal, code) as (values {rows})
            select code, count(distinct (file, line)) as quarantined
            from {FailingRowTable.Name}
            join reason using (ordinal)
            group by code
            order by quarantined desc, code
            """,
            row => new QuarantineCount(row.Get<string>(0), row.Get<long>(1)), ct: cancellationToken)];
    }

    private long Quarantined(List<ExpectationResult> results, CancellationToken cancellationToken) => duck.Scalar<long>(
        $"""
        select count(*)
        from (
          select distinct file, line
          from {FailingRowTable.Name}
          where ordinal in ({QuarantinedOrdinals(results)})
        )
        """, ct: cancellationToken);

    private static ExpectationResult Judged(JudgedCheck check, Judgement judgement) =>
        new(check.Expectation, check.Statement, judgement.Success) { Observed = judgement.Observed, Details = judgement.Details };

    private static ExpectationResult Rows(Check check, long elements, long? missing, long unexpected)
    {
        var failed = FailureOf(check.Expectation, elements - (missing ?? 0), unexpected);
        return new ExpectationResult(check.Expectation, check.Statement, failed is null)
        {
            ElementCount = elements, MissingCount = missing, UnexpectedCount = unexpected, FailedSeverity = failed,
        };
    }

    /// <summary>
    /// How grave so many failing rows are; null where they are allowed. The share <c>mostly</c> decides at the expectation's own severity, the counts <c>error_if</c> and
    /// <c>warn_if</c> at theirs; where counts are stated, <c>mostly</c> decides only if it is stated too.
    /// </summary>
    private static ExpectationSeverity? FailureOf(ExpectationConfiguration expectation, long considered, long unexpected)
    {
        var byShare = (expectation.StatesMostly || !expectation.StatesCounts)
            && (considered == 0 ? unexpected > 0 : (double)(considered - unexpected) / considered < expectation.Mostly);
        ExpectationSeverity?[] found =
        [
            byShare ? expectation.Severity : null,
            RowCountLimit.IsReached(expectation.Kwargs["error_if"], unexpected) ? ExpectationSeverity.Critical : null,
            RowCountLimit.IsReached(expectation.Kwargs["warn_if"], unexpected) ? ExpectationSeverity.Warning : null,
        ];
        return found.Max();
    }

    private static ExpectationResult Failed(Check check, string problem) => new(check.Expectation, check.Statement, Success: false) { Exception = problem };
}
