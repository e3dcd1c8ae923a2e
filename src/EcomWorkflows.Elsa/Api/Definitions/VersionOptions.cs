using System.Globalization;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Elsa.Api.Definitions;

/// <summary>Elsa's <c>versionOptions</c>: a kind, or a version number.</summary>
internal static class VersionOptions
{
    /// <exception cref="DefinitionRefusedException">It is neither.</exception>
    public static VersionFilter Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return VersionFilter.All;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return new VersionFilter(VersionKind.Number, number);
        return Enum.TryParse<VersionKind>(text, ignoreCase: true, out var kind) && kind != VersionKind.Number
            ? new VersionFilter(kind)
            : throw new DefinitionRefusedException(
                "versionOptions", $"'{text}' is not known; allowed are a number and {string.Join(", ", Enum.GetNames<VersionKind>().Where(name => name != nameof(VersionKind.Number)))}.");
    }
}
