using System.Text.Json.Nodes;
using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EcomWorkflows.Elsa.Api.Descriptors;

/// <summary><c>/descriptors/…</c>: what there is to build DAGs from.</summary>
internal static class DescriptorRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/descriptors/activities", async (HttpContext context, DescriptorCatalog catalog, CancellationToken ct) =>
            await (await catalog.AllAsync(ct)).WriteAsync(context));
        routes.MapPost("/descriptors/activities/{typeName}/options/{propertyName}", OptionsAsync);
        routes.MapGet("/descriptors/activities/{typeName}/options/{propertyName}", OptionsAsync);

        // Studio's editor stops when there is none but the first two.
        List(routes, "/descriptors/expression-descriptors",
            new { Type = "Literal", DisplayName = "Text", IsSerializable = true, IsBrowsable = false, Properties = new Dictionary<string, string>() },
            new { Type = "Object", DisplayName = "Object", IsSerializable = true, IsBrowsable = false, Properties = new Dictionary<string, string>() },
            new { Type = "Json", DisplayName = "JSON", IsSerializable = true, IsBrowsable = true, Properties = new Dictionary<string, string> { ["MonacoLanguage"] = "json" } });
        List(routes, "/descriptors/storage-drivers", new { TypeName = "Ecom.Run", DisplayName = "Run", Priority = 1, Deprecated = false });
        List(routes, "/descriptors/variables", [.. ParamTypes.Known.Select(type => new { TypeName = type, DisplayName = type, Category = "Primitives", Description = (string?)null })]);

        // What these decide in Elsa is decided by settings of the DAG and its tasks here.
        foreach (var none in new[]
        {
            "workflow-activation-strategies", "incident-strategies", "log-persistence-strategies", "commit-strategies/workflows", "commit-strategies/activities", "output-converters",
        })
        {
            List<object>(routes, $"/descriptors/{none}");
        }
        List(routes, "/features/installed", Feature("RealTimeWorkflowUpdates", "Live changes of runs"), Feature("Resilience", "Tries of tasks"));
    }

    private static object Feature(string name, string displayName) => new { Name = name, Namespace = "Elsa", FullName = $"Elsa.{name}", DisplayName = displayName, Description = "" };

    private static void List<T>(IEndpointRouteBuilder routes, string path, params T[] items) =>
        routes.MapGet(path, () => Results.Json(new { Items = items, Count = items.Length }, ElsaJson.Options));

    /// <summary>The choices of one field as they are now; the value it has stays among them.</summary>
    private static async Task<IResult> OptionsAsync(string typeName, string propertyName, HttpRequest request, DescriptorCatalog catalog, LiveOptions live, CancellationToken ct)
    {
        if (catalog.Property(typeName, propertyName) is not { OptionsFrom: { } source } property)
            throw new NotFoundException($"'{propertyName}' of '{typeName}' takes no live options.");
        var options = (await live.ListAsync(source, ct)).ToList();
        if (await ValueAsync(request, property.Name, ct) is { Length: > 0 } value && !options.Exists(option => option.Value == value))
            options.Add(new Option(value));
        return Results.Json(new { Items = InputEditor.Describe(property, 0, options).UiSpecifications }, ElsaJson.Options);
    }

    private static async Task<string?> ValueAsync(HttpRequest request, string name, CancellationToken ct)
    {
        if (!HttpMethods.IsPost(request.Method) || request.ContentLength is 0)
            return null;
        var inputs = (await JsonNode.ParseAsync(request.Body, cancellationToken: ct) as JsonObject)?.Object("context");
        var given = inputs?.FirstOrDefault(input => string.Equals(input.Key, name, StringComparison.OrdinalIgnoreCase)).Value;
        return InputValue.TryUnwrap(given, out var value, out _) && value is JsonValue scalar && scalar.TryGetValue<string>(out var text) ? text : null;
    }
}
