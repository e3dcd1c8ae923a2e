using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace EcomWorkflows.Elsa.Studio;

/// <summary>Elsa Studio under <c>/studio</c>: our host page, and the unchanged files of the npm package.</summary>
public static class StudioRoutes
{
    public const string Base = "/studio";

    // Studio is WebAssembly and sets styles from script; everything else is as strict as on our own pages.
    // The hashes are those of the two inline scripts of 3.8.2, which its editor and its viewer add for their keys; the browser's console prints one that changes.
    private const string Policy =
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-snlP1jz0gjwc5cTz9ErZcliXuCK63+Mmf68RRCeptgc=' 'sha256-vu6sQrKXQHR4Yn3FMMihA/9TxxfIXnCxKwvLrTPJ5ts='; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
        "connect-src 'self'; worker-src 'self' blob:; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    /// <summary>Maps the pages and files of Studio, and the two addresses it links to outside its own.</summary>
    public static RouteGroupBuilder MapElsaStudio(this IEndpointRouteBuilder routes)
    {
        var assets = new StudioAssets();
        var studio = routes.MapGroup("");
        studio.MapMethods(Base + "/{**path}", [HttpMethods.Get, HttpMethods.Head], (HttpContext context, string? path) => ServeAsync(context, assets, path ?? ""));

        // Studio writes these two as absolute links, whatever its base address is.
        studio.MapGet("/workflows/definitions/{id}/edit", (string id) => Results.LocalRedirect($"{Base}/workflows/definitions/{Uri.EscapeDataString(id)}/edit"));
        studio.MapGet("/diagnostics/structured-logs", (string? workflowInstanceId) => Results.LocalRedirect(
            workflowInstanceId is { Length: > 0 } id ? $"/runs/{Uri.EscapeDataString(id)}" : "/activity"));
        return studio;
    }

    private static async Task ServeAsync(HttpContext context, StudioAssets assets, string path)
    {
        context.Response.Headers.ContentSecurityPolicy = Policy;
        // The page's relative addresses need the slash.
        if (context.Request.Path == Base)
            await Results.LocalRedirect(Base + "/" + context.Request.QueryString).ExecuteAsync(context);
        else if (assets.Get(path) is { } asset)
            await ServeAsync(context, asset);
        else if (HostFile(path) is { } own)
            await ServeAsync(context, own, assets.AreThere ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        else
            await Results.Problem($"Elsa Studio has no file '{path}'.", statusCode: StatusCodes.Status404NotFound, title: "Not found").ExecuteAsync(context);

        StudioHostFile? HostFile(string name) => name switch
        {
            "host.js" => StudioHostFile.Script,
            "host.css" => StudioHostFile.Style,
            "appsettings.json" => StudioHostFile.Settings,
            _ when Path.HasExtension(name) && !name.StartsWith("workflows/", StringComparison.Ordinal) => null,
            _ => assets.AreThere ? StudioHostFile.Page : Missing,
        };
    }

    private static StudioHostFile Missing { get; } = new(
        "text/plain; charset=utf-8", "Elsa Studio is not part of this build. Type: npm ci --prefix web && dotnet build src/EcomWorkflows.Server -c Release (./ecom does both)\n"u8.ToArray());

    private static async Task ServeAsync(HttpContext context, StudioHostFile file, int status)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-cache";
        response.Headers.ETag = file.ETag;
        if (IsKnown(context.Request, file.ETag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        response.StatusCode = status;
        response.ContentType = file.ContentType;
        response.ContentLength = file.Content.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(file.Content, context.RequestAborted);
    }

    private static async Task ServeAsync(HttpContext context, StudioAsset asset)
    {
        var (request, response) = (context.Request, context.Response);
        var asItIs = !asset.IsBrotli || AcceptsBrotli(request);
        // What is unpacked on the way is another representation, so it has another validator.
        var tag = asItIs ? asset.ETag : $"W/{asset.ETag}";
        if (asset.IsBrotli)
            response.Headers.Vary = HeaderNames.AcceptEncoding;
        response.Headers.CacheControl = asset.IsFingerprinted ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.ETag = tag;
        if (IsKnown(request, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        response.ContentType = asset.ContentType;
        if (asItIs)
        {
            if (asset.IsBrotli)
                response.Headers.ContentEncoding = "br";
            response.ContentLength = new FileInfo(asset.File).Length;
            if (!HttpMethods.IsHead(request.Method))
                await response.SendFileAsync(asset.File, context.RequestAborted);
        }
        else if (!HttpMethods.IsHead(request.Method))
        {
            await using var file = File.OpenRead(asset.File);
            await using var plain = new BrotliStream(file, CompressionMode.Decompress);
            await plain.CopyToAsync(response.Body, context.RequestAborted);
        }
    }

    private static bool AcceptsBrotli(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.Any(coding => coding.Value.Equals("br", StringComparison.OrdinalIgnoreCase) && coding.Quality is not 0);

    private static bool IsKnown(HttpRequest request, string tag) =>
        request.GetTypedHeaders().IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(EntityTagHeaderValue.Parse(tag), useStrongComparison: false));
}
