using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Where a definition's activities stand on Studio's canvas.</summary>
public static class CanvasPlaces
{
    private const int ColumnWidth = 260;
    private const int RowHeight = 100;
    private const int Margin = 40;

    /// <summary>Coordinates by task id; tasks without any are left out, and a text that is no definition has none.</summary>
    public static IReadOnlyDictionary<string, (double X, double Y)> Read(string document)
    {
        var places = new Dictionary<string, (double X, double Y)>(StringComparer.Ordinal);
        foreach (var activity in (Parse(document)?.Object("root"))?.Objects("activities") ?? [])
        {
            if (ActivityReader.TaskId(activity) is { } taskId && Place(activity) is { } place)
                places[taskId] = place;
        }
        return places;
    }

    /// <summary>Puts an activity at its place in a picture.</summary>
    /// <param name="top">Where the picture begins on the canvas.</param>
    internal static void Put(JsonObject activity, GraphPlace place, double top = 0)
    {
        var designer = activity.EnsureObject("metadata").EnsureObject("designer");
        designer["position"] = new JsonObject { ["x"] = place.Column * ColumnWidth + Margin, ["y"] = top + place.Row * RowHeight + Margin };
        if (designer["size"] is not JsonObject)
            designer["size"] = new JsonObject { ["width"] = 0, ["height"] = 0 };
    }

    /// <summary>Gives the activities of a flowchart that stand nowhere a place, below those that have one; in groups too. All have ids, and every connection ends at two of them.</summary>
    internal static void Fill(JsonObject flowchart)
    {
        var activities = flowchart.Objects("activities").ToList();
        var unplaced = activities.Where(activity => Place(activity) is null).ToList();
        if (unplaced.Count > 0)
        {
            var top = activities.Select(Place).Max(place => place?.Y) + RowHeight ?? 0;
            var places = GraphLayout.Arrange([.. activities.Select(Id).Distinct()], [.. flowchart.Objects("connections").Select(c => (End(c, "source"), End(c, "target")))]);
            foreach (var activity in unplaced)
                Put(activity, places[Id(activity)], top);
        }
        foreach (var group in activities.Where(activity => activity.Text("type") == ElsaMembers.FlowchartType))
            Fill(group);

        static string Id(JsonObject activity) => activity.Text("id")!;
        static string End(JsonObject connection, string end) => connection.Object(end)!.Text("activity")!;
    }

    private static (double X, double Y)? Place(JsonObject activity) =>
        activity.Object("metadata")?.Object("designer")?.Object("position") is { } position && Coordinate(position, "x") is { } x && Coordinate(position, "y") is { } y ? (x, y) : null;

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

    private static double? Coordinate(JsonObject position, string axis) =>
        position[axis] is JsonValue value && value.TryGetValue<double>(out var coordinate) ? coordinate : null;
}
