using EcomWorkflows.Orchestration.Planning;

namespace EcomWorkflows.Server.Cli;

/// <summary>How task instances are written on the command line: <c>score</c>, or <c>score[3]</c> for one instance of a mapped task.</summary>
internal static class InstanceName
{
    public static string Of(string taskId, int mapIndex) => mapIndex < 0 ? taskId : $"{taskId}[{mapIndex}]";

    /// <summary>The instance a word names; null where it names a whole task.</summary>
    public static InstanceKey? Parse(string word) =>
        word.EndsWith(']') && word.Split('[', 2) is [var taskId, var index] && int.TryParse(index[..^1], out var mapIndex) ? new InstanceKey(taskId, mapIndex) : null;

    /// <summary>Tasks in the order they come in, the instances of each by their index.</summary>
    public static IEnumerable<T> Ordered<T>(IEnumerable<T> instances, Func<T, InstanceKey> key) =>
        instances.GroupBy(i => key(i).TaskId).SelectMany(same => same.OrderBy(i => key(i).MapIndex));
}
