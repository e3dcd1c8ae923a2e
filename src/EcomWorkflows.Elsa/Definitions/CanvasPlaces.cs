using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Where a definition's activities stand on Studio's canvas.</summary>
public static class CanvasPlaces
{
    /// <summary>Coordinates by task id; tasks without any are left out, and a text that is no definition has none.</summary>
    public static IReadOnlyDictionary<string, (double X, double Y)> Read(string document)
    {
        var places = new Dictionary<string, (double X, double Y)>(StringComparer.Ordinal);
        foreach (var activity in (Parse(document)?.Object("root"))?.Objects("activities") ?? [])
        {
            var position = activity.Object("metadata")?.Object("designer")?.Object("position");
            if (ActivityReader.TaskId(activity) is { } taskId && Coordinate(position, "x") is { } x && Coordinate(position, "y") is { } y)
                places[taskId] = (x, y);
        }
        return places;
    }

    private static JsonObject? Parse(string document)
    {
        try
        {
            return JsonNode.Parse(document) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static double? Coordinate(JsonObject? position, string axis) =>
        position?[axis] is JsonValue value && value.TryGetValue<double>(out var coordinate) ? coordinate : null;
}
