using System.Globalization;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Names one version of a DAG, or its draft: <c>churn-daily:3</c>, <c>churn-daily:4.2</c> for revision 2 of the draft of version 4.</summary>
/// <param name="Revision">0 for a version; from 1 for a draft.</param>
public sealed record VersionId(string DagId, int Version, int Revision)
{
    public bool IsDraft => Revision > 0;

    public static string Of(string dagId, int version) => $"{dagId}:{version}";

    /// <summary>Null where the text is no such id.</summary>
    public static VersionId? Parse(string? text)
    {
        if (text?.LastIndexOf(':') is not (> 0 and var colon))
            return null;
        var parts = text[(colon + 1)..].Split('.');
        var revision = 0;
        return parts.Length is 1 or 2 && Read(parts[0], out var version) && (parts.Length == 1 || Read(parts[1], out revision))
            ? new VersionId(text[..colon], version, revision)
            : null;

        static bool Read(string digits, out int number) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
    }

    public override string ToString() => IsDraft ? $"{Of(DagId, Version)}.{Revision}" : Of(DagId, Version);
}
