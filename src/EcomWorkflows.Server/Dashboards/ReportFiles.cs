using EcomWorkflows.Pipeline;
using Microsoft.AspNetCore.ResponseCompression;

namespace EcomWorkflows.Server.Dashboards;

/// <summary><c>GET /reports/…</c> and <c>GET /models/…</c>: the files tasks wrote under these folders, and nothing else of the disk.</summary>
internal static class ReportFiles
{
    // Reports are self-contained pages with inline styles; they need no scripts and get none.
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

    private static readonly Dictionary<string, string> ContentTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        [".html"] = "text/html; charset=utf-8",
        [".csv"] = "text/csv; charset=utf-8",
        [".json"] = "application/json",
        [".txt"] = "text/plain; charset=utf-8",
        [".md"] = "text/plain; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/reports/{**path}", (string? path, HttpContext context, PipelineOptions options) => Serve("/reports", options.ReportsFolder, path, context));
        routes.MapGet("/models/{**path}", (string? path, HttpContext context, PipelineOptions options) => Serve("/models", options.ModelsFolder, path, context));
    }

    /// <summary>Whether an answer may be a report: pages of some megabytes that shrink to a twentieth. Answers of models are short and in a hurry.</summary>
    public static bool IsLong(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && (request.Path.StartsWithSegments("/reports", StringComparison.Ordinal) || request.Path.StartsWithSegments("/models", StringComparison.Ordinal));

    /// <remarks>Also over TLS: reports hold no secret beside what a request could put into them.</remarks>
    public static void Compression(ResponseCompressionOptions options)
    {
        options.EnableForHttps = true;
        options.MimeTypes = ["text/html", "text/csv", "text/plain", "application/json", "image/svg+xml"];
    }

    private static IResult Serve(string prefix, string folder, string? path, HttpContext context)
    {
        if (Find(folder, path ?? "") is not { } file)
            return PageErrors.Page(StatusCodes.Status404NotFound, "Not found", $"There is no file {prefix}/{path}.");
        if (file.IsFolder)
            return TypedResults.LocalRedirect($"{prefix}/{string.Join('/', path!.Trim('/').Split('/').Select(Uri.EscapeDataString))}/index.html");
        context.Response.Headers.ContentSecurityPolicy = Policy;
        context.Response.Headers.CacheControl = "no-cache";
        return TypedResults.PhysicalFile(file.Path, ContentTypes.GetValueOrDefault(Path.GetExtension(file.Path), "application/octet-stream"), lastModified: File.GetLastWriteTimeUtc(file.Path));
    }

    /// <summary>The file, or a folder with an <c>index.html</c>; null for anything that is not there, hidden, or outside the folder, also by a link.</summary>
    internal static (string Path, bool IsFolder)? Find(string folder, string path)
    {
        var root = Path.GetFullPath(folder);
        if (path.Contains('\0') || path.Contains('\\') || path.Split('/').Any(part => part.StartsWith('.')))
            return null;
        var full = Path.GetFullPath(Path.Combine(root, path));
        if (!full.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) || LeavesByLink(root, full))
            return null;
        if (File.Exists(full))
            return (full, false);
        return File.Exists(Path.Combine(full, "index.html")) ? (full, true) : null;
    }

    private static bool LeavesByLink(string root, string full)
    {
        for (var current = full; current.Length > root.Length; current = Path.GetDirectoryName(current)!)
        {
            if (new FileInfo(current).LinkTarget is not null)
                return true;
        }
        return false;
    }
}
