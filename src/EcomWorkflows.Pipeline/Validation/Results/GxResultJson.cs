using System.Text.Json.Nodes;

namespace EcomWorkflows.Pipeline.Validation.Results;

/// <summary>Writes a result as Great Expectations 1.x does (result format SUMMARY plus the index of failing rows), so its readers can read it.</summary>
internal static class GxResultJson
{
    public static JsonObject Write(ValidationResult result, ValidationIdentity identity) => new()
    {
        ["success"] = result.Success,
        ["suite_name"] = result.Suite.Name,
        ["suite_parameters"] = new JsonObject(result.Suite.Parameters.Select(value => KeyValuePair.Create(value.Key, (JsonNode?)JsonValue.Create(value.Value)))),
        ["id"] = null,
        ["statistics"] = new JsonObject
        {
            ["evaluated_expectations"] = result.Expectations.Count,
            ["successful_expectations"] = result.Successful,
            ["unsuccessful_expectations"] = result.Expectations.Count - result.Successful,
            ["success_percent"] = result.Expectations.Count == 0 ? null : 100.0 * result.Successful / result.Expectations.Count,
        },
        ["results"] = new JsonArray([.. result.Expectations.Select(Expectation)]),
        ["meta"] = new JsonObject
        {
            ["run_id"] = new JsonObject { ["run_name"] = $"{identity.DagId}/{identity.RunKey}", ["run_time"] = identity.ValidatedAt.ToString("o") },
            ["batch_id"] = identity.SnapshotId is { } snapshot ? $"{identity.Table}@{snapshot}" : identity.Table,
            ["validation_time"] = identity.ValidatedAt.ToString("o"),
            ["outcome"] = result.Outcome.ToString().ToLowerInvariant(),
            ["rows_read"] = result.RowsRead,
            ["rows_refused_by_ingestion"] = result.RowsRefused,
            ["rows_quarantined"] = result.RowsQuarantined,
            ["rows_kept"] = result.RowsKept,
            ["anomalies"] = Array(result.Anomalies.Where(figure => figure.IsAnomaly).Select(figure => new JsonObject
            {
                ["metric"] = figure.Metric, ["value"] = figure.Value, ["low"] = Finite(figure.Low), ["high"] = Finite(figure.High), ["median"] = figure.Median, ["runs"] = figure.Runs,
            })),
            ["quarantined_by_reason"] = new JsonObject(result.Reasons.Select(reason => KeyValuePair.Create(reason.Code, (JsonNode?)JsonValue.Create(reason.Rows)))),
        },
    };

    private static JsonObject Expectation(ExpectationResult result) => new()
    {
        ["success"] = result.Success,
        ["expectation_config"] = new JsonObject
        {
            ["type"] = result.Expectation.Type,
            ["kwargs"] = result.Expectation.Kwargs.DeepClone(),
            ["severity"] = result.Expectation.Severity.ToString().ToLowerInvariant(),
            ["meta"] = result.Expectation.Meta.DeepClone(),
        },
        ["result"] = Figures(result),
        ["exception_info"] = new JsonObject
        {
            ["raised_exception"] = result.Exception is not null,
            ["exception_message"] = result.Exception,
            ["exception_traceback"] = null,
        },
        ["meta"] = new JsonObject
        {
            ["code"] = result.Expectation.Code,
            ["statement"] = result.Statement,
            ["on_fail"] = result.Expectation.FailingRows.ToString().ToLowerInvariant(),
            ["resolution"] = result.Resolution,
        },
    };

    private static JsonObject Figures(ExpectationResult result)
    {
        var figures = new JsonObject();
        if (result.ElementCount is { } elements)
        {
            figures["element_count"] = elements;
            figures["unexpected_count"] = result.UnexpectedCount;
            figures["unexpected_percent"] = Percent(result.UnexpectedShare);
            figures["partial_unexpected_list"] = Array(result.Examples.Select(row => JsonNode.Parse(row.Value)));
            if (result.MissingCount is { } missing)
            {
                figures["missing_count"] = missing;
                figures["missing_percent"] = elements == 0 ? null : 100.0 * missing / elements;
                figures["unexpected_percent_total"] = elements == 0 ? null : 100.0 * result.UnexpectedCount / elements;
                figures["unexpected_percent_nonmissing"] = Percent(result.UnexpectedShare);
            }
            figures["partial_unexpected_counts"] = Array(result.Values.Select(value =>
                new JsonObject { ["value"] = JsonNode.Parse(value.Value), ["count"] = value.Count }));
            figures["unexpected_index_column_names"] = new JsonArray("_file", "_line");
            figures["partial_unexpected_index_list"] = Array(result.Examples.Select(row =>
                new JsonObject { ["_file"] = row.File, ["_line"] = row.Line, ["message"] = row.Message }));
        }
        else if (result.Exception is null)
        {
            figures["observed_value"] = result.Observed?.DeepClone();
        }
        if (result.Details is not null)
            figures["details"] = result.Details.DeepClone();
        return figures;
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static double? Percent(double? share) => share is { } value ? 100 * value : null;

    private static JsonArray Array(IEnumerable<JsonNode?> nodes) => [.. nodes];
}
