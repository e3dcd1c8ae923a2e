using System.Text.RegularExpressions;
using EcomWorkflows.Orchestration.Execution;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Runs a shell command in a process group of its own.</summary>
[TaskType("Core.Shell", DisplayName = "Shell command", Category = "Core",
    Description = "Runs a shell command in a process group of its own, which a timeout, a cancel or the end of the node kills as a whole.")]
public sealed partial class ShellTask(OrchestrationOptions options) : ITask<ShellInputs, ShellOutputs>
{
    public async Task<TaskResult<ShellOutputs>> RunAsync(ShellInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        var folder = string.IsNullOrWhiteSpace(inputs.WorkingFolder) ? context.WorkFolder : inputs.WorkingFolder;
        if (!Path.IsPathFullyQualified(folder) || !Directory.Exists(folder))
            throw new TaskFailedException($"workingFolder '{folder}' does not exist or is not absolute.", retryable: false);
        if (inputs.Environment.Keys.FirstOrDefault(name => !VariableName().IsMatch(name)) is { } wrong)
            throw new TaskFailedException($"'{wrong}' cannot be an environment variable. Use letters, digits and '_', not starting with a digit.", retryable: false);
        var log = new ShellOutput(context.Logger, inputs.MaxLogLines);
        var processes = new AttemptProcesses(context.Attempt.AttemptId, context.Logger, context.Time);
        // Half the grace, so that all is gone before the attempt itself is given up.
        var (exitCode, stopped) = await ShellProcess.RunAsync(
            inputs.Command, folder, Environment(inputs, context), processes, log, code => inputs.SuccessCodes.Contains(code) || code == inputs.SkipCode,
            options.CancelGrace / 2, context.Time, cancellationToken);
        log.End();
        if (stopped)
            cancellationToken.ThrowIfCancellationRequested();
        if (inputs.SuccessCodes.Contains(exitCode))
            return new ShellOutputs(exitCode, log.LastLine);
        if (exitCode == inputs.SkipCode)
            return new TaskResult<ShellOutputs>.Skipped($"The command ended with exit code {exitCode}: nothing to do.");
        throw new TaskFailedException($"The command ended with {ProcessTable.HowEnded(exitCode)}. Its last words: {log.LastWords}");
    }

    /// <summary>The node's own environment may hold secrets, so the command gets the harmless part of it, the run's facts, and what the DAG gives.</summary>
    private static Dictionary<string, string> Environment(ShellInputs inputs, TaskContext context)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in new[] { "PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR" })
        {
            if (System.Environment.GetEnvironmentVariable(name) is { } value)
                environment[name] = value;
        }
        environment["ECOM_DAG_ID"] = context.Attempt.DagId;
        environment["ECOM_RUN_ID"] = context.Attempt.RunKey;
        environment["ECOM_TASK_ID"] = context.Attempt.TaskId;
        environment["ECOM_TRY_NUMBER"] = $"{context.Attempt.TryNumber}";
        environment["ECOM_LOGICAL_DATE"] = Planning.TemplateFilters.Instant(context.LogicalDate);
        environment["ECOM_DATA_INTERVAL_START"] = Planning.TemplateFilters.Instant(context.DataIntervalStart);
        environment["ECOM_DATA_INTERVAL_END"] = Planning.TemplateFilters.Instant(context.DataIntervalEnd);
        foreach (var (name, value) in inputs.Environment)
            environment[name] = value;
        return environment;
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex VariableName();
}
