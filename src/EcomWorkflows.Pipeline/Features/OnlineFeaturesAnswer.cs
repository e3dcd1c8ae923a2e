using EcomWorkflows.Pipeline.Features.Online;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Online features of some entities, by column.</summary>
/// <param name="Views">Views used, with their versions.</param>
public sealed record OnlineFeaturesAnswer(IReadOnlyList<OnlineFeatureColumn> Columns, IReadOnlyList<(string Name, int Version)> Views)
{
    internal static OnlineFeaturesAnswer Of(OnlineRequest request, OnlinePlan plan, DateTimeOffset now) => new(
        [.. plan.Columns.Select(column => ColumnOf(request, plan, column, now))],
        [.. plan.Views.Select(v => (v.View.Name, v.View.Version))]);

    private static OnlineFeatureColumn ColumnOf(OnlineRequest request, OnlinePlan plan, PlannedColumn column, DateTimeOffset now)
    {
        var filled = new OnlineFeatureColumn(column.Name, new object?[request.Rows], new FeatureStatus[request.Rows], new DateTimeOffset[request.Rows]);
        for (var row = 0; row < request.Rows; row++)
        {
            filled.EventTimestamps[row] = DateTimeOffset.UnixEpoch;
            if (column.Expression is { } expression)
            {
                (var value, filled.Statuses[row]) = OnlineAnswerWriter.Compute(request, plan, column, row, now);
                filled.Values[row] = double.IsNaN(value) ? null : expression.IsBool ? value != 0 : value;
                continue;
            }
            var found = request.Found[column.View][row]!;
            filled.Statuses[row] = OnlineAnswerWriter.StatusOf(found, plan.Views[column.View].View, column.Position, now);
            if (filled.Statuses[row] == FeatureStatus.Present)
                filled.Values[row] = found.Value(column.Position);
            if (filled.Statuses[row] != FeatureStatus.NotFound)
                filled.EventTimestamps[row] = found.EventTimestamp;
        }
        return filled;
    }
}
