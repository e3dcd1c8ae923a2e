using System.Text.Encodings.Web;
using System.Text.Json;

namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>What preparation did and what the silver data looks like, as JSON and as a page.</summary>
internal sealed record PreparationReport(
    string Source,
    string Dag,
    string Run,
    DateTimeOffset CreatedAt,
    IReadOnlyList<EntityAccount> Entities,
    IReadOnlyList<TableAccount> Tables,
    IReadOnlyList<TableProfile> Profile)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes <c>index.html</c> and <c>report.json</c> and returns the page's path relative to <c>ECOM_HOME</c>.</summary>
    public async Task<string> WriteAsync(PipelineOptions options, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(options.ReportsFolder, "preparation", Source, FolderName(Run));
        Directory.CreateDirectory(folder);
        await ReplaceAsync(Path.Combine(folder, "report.json"), JsonSerializer.Serialize(this, Json) + "\n", cancellationToken);
        var page = Path.Combine(folder, "index.html");
        await ReplaceAsync(page, PreparationPage.Render(this), cancellationToken);
        return Path.GetRelativePath(options.Home, page);
    }

    private static async Task ReplaceAsync(string path, string text, CancellationToken cancellationToken)
    {
        var temporary = $"{path}.{Guid.NewGuid():n}.tmp";
        await File.WriteAllTextAsync(temporary, text, cancellationToken);
        File.Move(temporary, path, overwrite: true);
    }

    private static string FolderName(string run) => string.Concat(run.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_'));
}
