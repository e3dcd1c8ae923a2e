using System.Globalization;
using System.Text.RegularExpressions;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Lake;

/// <summary>
/// Which files of the lake somebody may still name in the catalog, or write once more, though nothing names them now. They are no garbage, whatever their age. Told from a file's place: where
/// nobody writes any more nobody will, so what is garbage when it is looked at is garbage when it is deleted.
/// </summary>
/// <param name="open">The attempts that had not ended after the files were listed, and before the catalog was asked for what it names.</param>
internal sealed partial class FilesInUse(IReadOnlyCollection<OpenAttempt> open, DateTimeOffset now)
{
    /// <summary>What the clocks of nodes may differ by.</summary>
    private static readonly TimeSpan ClockMargin = TimeSpan.FromHours(1);

    /// <summary>No copy takes longer: neither out of a bucket, nor of a version that is restored. Who makes one is written nowhere.</summary>
    private static readonly TimeSpan LongestCopy = TimeSpan.FromDays(1);

    private readonly HashSet<long> attempts = [.. open.Select(attempt => attempt.AttemptId)];

    // A raw file lands in the folder of the day on which it is copied.
    private readonly DateOnly firstDay = DayOf(open.Where(attempt => attempt.IsRunning).Select(attempt => attempt.StartedAt).Append(now).Min() - ClockMargin);

    /// <param name="path">Relative to the lake.</param>
    public bool Has(string path, DateTimeOffset written) => IsOfOpenAttempt(path) || IsWhereRawFilesLand(path) || (Copy().IsMatch(path) && written > now - LongestCopy);

    private bool IsOfOpenAttempt(string path) => long.TryParse(Attempt().Match(path).Groups["id"].Value, CultureInfo.InvariantCulture, out var id) && attempts.Contains(id);

    /// <summary>The same bytes land in the same place again: what a failed attempt left there, another may be about to publish.</summary>
    private bool IsWhereRawFilesLand(string path) =>
        DateOnly.TryParseExact(RawFile().Match(path).Groups["day"].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day >= firstDay;

    private static DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    [GeneratedRegex(@"/attempt=(?<id>[0-9]+)/|^raw/source=[^/]+/type=[^/]+/date=[^/]+/[^/]+\.(?<id>[0-9]+)\.part$")]
    private static partial Regex Attempt();

    [GeneratedRegex("^raw/source=[^/]+/type=[^/]+/date=(?<day>[^/]+)/[^/]+/[^/]+$")]
    private static partial Regex RawFile();

    [GeneratedRegex(@"/restored=[0-9a-f]{32}/|\.[0-9a-f]{32}\.part$")]
    private static partial Regex Copy();
}
