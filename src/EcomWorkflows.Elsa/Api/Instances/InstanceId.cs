using System.Globalization;
using EcomWorkflows.Orchestration;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>Ids in Elsa's form: a workflow instance is a run, its id is the run id in text.</summary>
internal static class InstanceId
{
    public static string Of(long runId) => runId.ToString(CultureInfo.InvariantCulture);

    /// <exception cref="NotFoundException">The text is no run id, so there is no such run.</exception>
    public static long Parse(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var runId) ? runId : throw new NotFoundException($"There is no run '{text}'.");
}
