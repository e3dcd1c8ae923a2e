using System.Collections.Frozen;
using System.Text.Json.Nodes;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Statistics;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>
/// Expectations about a column's distribution against a reference: weights stated in the suite (<c>partition_object</c>), another table, or the snapshot of the run before.
/// A distance fails above the larger of its threshold and what chance alone gives at these numbers of rows, so that small tables do not cry wolf.
/// </summary>
internal static class DistributionExpectations
{
    private const double DefaultPValue = 0.05;

    /// <summary>A distribution known exactly, as a number of rows that adds nothing to the sampling error.</summary>
    private const long KnownExactly = 1L << 40;

    private static readonly Kwarg[] Common =
    [
        new("column", KwargKind.Text, Required: true), new("partition_object", KwargKind.Structure), new("reference_table", KwargKind.Text),
        new("reference_column", KwargKind.Text), new("bins", KwargKind.Count), new("row_condition", KwargKind.Text),
    ];

    private static readonly Kwarg[] Distance = [.. Common, new("threshold", KwargKind.Number), new("false_alarm_rate", KwargKind.Share)];

    private static readonly Kwarg[] Test = [.. Common, new("p", KwargKind.Share), new("min_effect", KwargKind.Share)];

    public static IReadOnlyList<ExpectationDefinition> All { get; } =
    [
        OfDistance("expect_column_psi_to_be_less_than", "PSI", PopulationStabilityIndex.ModerateShift, PopulationStabilityIndex.Judge),
        OfDistance("expect_column_kl_divergence_to_be_less_than", "Kullback-Leibler divergence", 0.1, KullbackLeiblerDivergence.Judge),
        OfDistance("expect_column_js_divergence_to_be_less_than", "Jensen-Shannon divergence", 0.1, JensenShannonDivergence.Judge),
        OfDistance("expect_column_ks_distance_to_be_less_than", "Kolmogorov-Smirnov distance", KolmogorovSmirnov.NoticeableDistance, (counts, threshold, rate, comparisons) =>
            KolmogorovSmirnov.Judge(KolmogorovSmirnov.Of(counts), counts.ReferenceTotal, counts.CurrentTotal, threshold, rate, comparisons), ordered: true),
        OfDistance("expect_column_l_infinity_distance_to_be_less_than", "largest change of a share", 0.1, (counts, threshold, _, _) =>
            DriftVerdict.Of(LInfinityDistance.Of(counts), threshold, nullQuantile: 0)),
        new("expect_column_chisquare_test_p_value_to_be_greater_than", false, Test, check => OfTest(check, "chi-square test", ordered: false, ChiSquareTest), Demand),
        new("expect_column_bootstrapped_ks_test_p_value_to_be_greater_than", false,
            [.. Test, new("bootstrap_samples", KwargKind.Count), new("bootstrap_sample_size", KwargKind.Count)],
            check => OfTest(check, "Kolmogorov-Smirnov test", ordered: true, counts => KsTest(counts, check.Kwargs["bootstrap_sample_size"]?.GetValue<long>())), Demand),
    ];

    public static FrozenSet<string> Types { get; } = All.Select(definition => definition.Type).ToFrozenSet(StringComparer.Ordinal);

    private static ExpectationDefinition OfDistance(
        string type, string words, double band, Func<BinCounts, double, double, int, DriftVerdict> judge, bool ordered = false) =>
        new(type, false, Distance, check =>
        {
            var threshold = check.Number("threshold", band);
            var rate = check.Number("false_alarm_rate", DriftVerdict.DefaultFalseAlarmRate);
            return Compare(check, reference => $"{words} between {check.Column()}{check.ScopeWords} and {reference} is at most {threshold}", ordered, counts =>
            {
                var verdict = judge(counts, threshold, rate, 1);
                return new Judgement(!verdict.Drifted, Rounded(verdict.Value), new JsonObject { ["threshold"] = Rounded(verdict.Threshold), ["chance_alone"] = Rounded(verdict.NullQuantile) });
            });
        }, Demand);

    private static Check OfTest(CheckBuilder check, string words, bool ordered, Func<BinCounts, (SignificanceTest Test, double Effect)> run)
    {
        var least = check.Number("p", DefaultPValue);
        var minEffect = check.Number("min_effect", 0);
        return Compare(check, reference => $"p-value of the {words} of {check.Column()}{check.ScopeWords} against {reference} is at least {least}", ordered, counts =>
        {
            var (test, effect) = run(counts);
            return new Judgement(
                test.PValue >= least || effect < minEffect, Rounded(test.PValue), new JsonObject { ["statistic"] = Rounded(test.Statistic), ["effect"] = Rounded(effect) });
        });
    }

    private static Check Compare(CheckBuilder check, Func<string, string> statement, bool ordered, Func<BinCounts, Judgement> judge)
    {
        var column = check.Column();
        var type = check.Table.Find(column)!.Type;
        if (ReferenceDistributions.Find(check, column) is not { } reference)
        {
            return new JudgedCheck(
                check.Expectation, statement("the run before"), ["count(*)"],
                _ => new Judgement(true, null, new JsonObject { ["note"] = "not judged: no earlier run published this table" }));
        }
        if (ordered && reference.Categories is not null)
            throw new CheckException($"{column} is {type}, whose values have no order to cumulate in: use expect_column_psi_to_be_less_than or the chi-square test.");
        return new JudgedCheck(
            check.Expectation, statement(reference.Words), [reference.Counts(DuckDbSql.Identifier(column), type, check.Scope)],
            figures => Judge(reference, reference.Read(figures[0]), judge));
    }

    private static Judgement Judge(ReferenceDistribution reference, long[] current, Func<BinCounts, Judgement> judge)
    {
        var rows = reference.Rows ?? KnownExactly;
        if (current.Sum() == 0)
            return new Judgement(false, null, new JsonObject { ["note"] = "there is no value to compare" });
        var judged = judge(new BinCounts([.. reference.Shares.Select(share => (long)Math.Round(share * rows))], current));
        var details = judged.Details!;
        details["rows"] = current.Sum();
        details["reference_rows"] = reference.Rows;
        details["observed_partition"] = Partition(reference, current.Select(count => (double)count / current.Sum()));
        details["expected_partition"] = Partition(reference, reference.Shares);
        return judged;
    }

    private static JsonObject Partition(ReferenceDistribution reference, IEnumerable<double> shares) => new()
    {
        [reference.Categories is null ? "bins" : "values"] = reference.Categories is { } values
            ? new JsonArray([.. values.Select(value => value.DeepClone())])
            : new JsonArray([.. reference.Edges!.Select(edge => JsonValue.Create(edge))]),
        ["weights"] = new JsonArray([.. shares.Select(Rounded)]),
    };

    private static (SignificanceTest Test, double Effect) ChiSquareTest(BinCounts counts)
    {
        // Cramér's V: the statistic as a share of the most it could be.
        var test = counts.ReferenceTotal >= KnownExactly
            ? ChiSquare.OfShares(counts.Current, [.. counts.Reference.Select(count => (double)count)])
            : ChiSquare.OfTwoSamples(counts);
        var rows = counts.ReferenceTotal >= KnownExactly ? counts.CurrentTotal : counts.CurrentTotal + counts.ReferenceTotal;
        return (test, Math.Min(1, Math.Sqrt(test.Statistic / rows)));
    }

    /// <summary>Great Expectations draws bootstrap samples to blunt the test on large data; the p-value at their size says the same without chance.</summary>
    private static (SignificanceTest Test, double Effect) KsTest(BinCounts counts, long? sampleSize)
    {
        var distance = KolmogorovSmirnov.Of(counts);
        var rows = Math.Min(counts.CurrentTotal, sampleSize ?? counts.CurrentTotal);
        return (new SignificanceTest(distance, KolmogorovSmirnov.PValue(distance, counts.ReferenceTotal, rows)), distance);
    }

    private static string? Demand(JsonObject kwargs) =>
        kwargs["partition_object"] is not null && kwargs["reference_table"] is not null
            ? "give \"partition_object\" or \"reference_table\", not both; without either the run before is compared with"
            : kwargs["bins"] is JsonValue bins && bins.GetValue<long>() < 2 ? "\"bins\" must be 2 or more" : ReferenceDistributions.Problem(kwargs["partition_object"]);

    private static JsonNode Rounded(double value) => double.IsFinite(value) ? JsonValue.Create(Math.Round(value, 6)) : JsonValue.Create(value > 0 ? "infinite" : "none");
}
