using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Waits for files.</summary>
[TaskType("Core.FileSensor", DisplayName = "Wait for a file", Category = "Sensors", Description = "Waits until a file is there, without holding a slot.")]
public sealed class FileSensorTask : Sensor<FileSensorInputs, FileSensorOutputs>
{
    protected override Task<(FileSensorOutputs? Found, string WaitsFor)> CheckAsync(FileSensorInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        if (!Path.IsPathFullyQualified(inputs.Path) || Path.GetFileName(inputs.Path).Length == 0)
            throw new TaskFailedException($"path '{inputs.Path}' is not the absolute path of a file.", retryable: false);
        var folder = Path.GetDirectoryName(inputs.Path)!;
        var before = context.Time.GetUtcNow().UtcDateTime - TimeSpan.FromSeconds(inputs.UnchangedSeconds);
        List<string> found = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, Path.GetFileName(inputs.Path)).Where(file => File.GetLastWriteTimeUtc(file) <= before || inputs.UnchangedSeconds <= 0).Order(StringComparer.Ordinal)]
            : [];
        return Task.FromResult((found.Count > 0 ? new FileSensorOutputs(found) : null, $"file {inputs.Path}"));
    }
}
