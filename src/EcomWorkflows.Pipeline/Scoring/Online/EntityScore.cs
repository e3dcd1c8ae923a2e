using EcomWorkflows.Pipeline.Features;

namespace EcomWorkflows.Pipeline.Scoring.Online;

/// <summary>How the features of one entity were found.</summary>
/// <param name="Status">The worst of its features. Null values are scored as the model learned them; what is not found or expired is not scored.</param>
/// <param name="Features">The features with that status; none where all are present.</param>
/// <param name="EventTimestamp">The oldest time a feature's value belongs to; null where none was found.</param>
internal sealed record EntityScore(FeatureStatus Status, IReadOnlyList<string> Features, DateTimeOffset? EventTimestamp)
{
    public bool CanBeScored => Status is FeatureStatus.Present or FeatureStatus.NullValue;

    /// <summary>Of one row of the online store's answer.</summary>
    internal static EntityScore Of(IReadOnlyList<OnlineFeatureColumn> columns, int row)
    {
        FeatureStatus worst = FeatureStatus.Present;
        DateTimeOffset? oldest = null;
        foreach (OnlineFeatureColumn column in columns)
        {
            if (column.Statuses[row] > worst)
                worst = column.Statuses[row];
            if (column.EventTimestamps[row] > DateTimeOffset.UnixEpoch && !(oldest <= column.EventTimestamps[row]))
                oldest = column.EventTimestamps[row];
        }

        return new EntityScore(
            worst, worst == FeatureStatus.Present ? [] : [.. columns.Where(column => column.Statuses[row] == worst).Select(column => column.Name)], oldest);
    }
}
