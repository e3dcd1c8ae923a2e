using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Server.Cli;

/// <summary>A line of <c>ecom sources list</c>.</summary>
/// <param name="Type">Format of the files; null for sources that are none.</param>
/// <param name="Problem">Why the mapping cannot be read; null where it can.</param>
internal sealed record SourceRow(string Source, string? Entity, string? Kind, string? Type, string? Location, int Columns, string? Suite, string? Problem)
{
    public static SourceRow From(string source, string entity, SourceEntity declared) => new(
        source, entity, declared.Kind, declared.Format?["type"]?.ToString(), declared.Location, declared.Columns.Count, declared.Suite, null);
}
