using System.Text.Json.Nodes;

namespace EcomWorkflows.Server.Cli.Demo;

/// <summary>A report that a task has written for people.</summary>
/// <param name="Path">Absolute: the page itself.</param>
internal sealed record TaskReport(string Task, string Path)
{
    private const string Page = "index.html";

    /// <summary>Finds the report among a task's outputs, which name the page or its folder relative to the home; null where there is none.</summary>
    public static TaskReport? Find(string taskId, JsonObject outputs, string home)
    {
        if (outputs["reportPath"]?.GetValue<string>() is not { Length: > 0 } relative)
            return null;

        var path = System.IO.Path.Combine(home, relative);
        return new TaskReport(taskId, Directory.Exists(path) ? System.IO.Path.Combine(path, Page) : path);
    }
}
