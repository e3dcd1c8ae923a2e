using System.Text.RegularExpressions;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>A feature as requests name it: <c>view:feature</c>, or <c>view@v2:feature</c> to insist on a version.</summary>
/// <param name="Version">Null for the version that is served.</param>
public sealed partial record FeatureReference(string View, int? Version, string Feature)
{
    /// <summary>Reads a reference; null where the text is none.</summary>
    public static FeatureReference? TryParse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
            return null;
        var version = match.Groups["version"];
        return new FeatureReference(match.Groups["view"].Value, version.Success ? int.Parse(version.ValueSpan) : null, match.Groups["feature"].Value);
    }

    public override string ToString() => Version is { } version ? $"{View}@v{version}:{Feature}" : $"{View}:{Feature}";

    [GeneratedRegex(@"^(?<view>[^\s:@]+)(@v(?<version>[1-9][0-9]{0,8}))?:(?<feature>[^\s:@]+)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
