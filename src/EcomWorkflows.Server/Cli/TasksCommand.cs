using System.CommandLine;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Server.Hosting;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom tasks</c>: the task types a DAG can be made of, and answers to tasks that ask.</summary>
internal static class TasksCommand
{
    public static Command Create()
    {
        var command = new Command("tasks", "The task types that DAGs are made of, and answers to tasks that ask.") { CreateList() };
        foreach (var answer in TasksAnswerCommand.CreateAll())
            command.Add(answer);
        return command;
    }

    private static Command CreateList()
    {
        var command = new Command("list", "All task types with their inputs (* is required) and outputs.");
        command.SetAction(parsed =>
        {
            // What can run is known without a database; nothing here opens the connection.
            using var services = new ServiceCollection().AddLogging().AddEcom(EnvironmentSettings.Read(), "Host=unused").BuildServiceProvider();
            var types = services.GetRequiredService<TaskRegistry>().All.OrderBy(type => type.Name, StringComparer.Ordinal).ToList();
            CommandOutput.Write(
                parsed,
                [.. types.Select(type => new TaskTypeRow(type))],
                ("type", type => type.Name),
                ("category", type => type.Category),
                ("inputs", type => type.Inputs.Select(input => input.Required ? $"{input.Name}*" : input.Name)),
                ("outputs", type => type.Outputs.Select(output => output.Name)),
                ("description", type => type.Description));
            return ExitCode.Done;
        });
        return command;
    }

    private sealed class TaskTypeRow(TaskDescriptor type)
    {
        public string Name => type.Name;

        public string Category => type.Category;

        public string Description => type.Description;

        public IEnumerable<PropertyRow> Inputs => type.Inputs.Select(property => new PropertyRow(property.Name, property.Type.Name, property.Required, property.Description));

        public IEnumerable<PropertyRow> Outputs => type.Outputs.Select(property => new PropertyRow(property.Name, property.Type.Name, property.Required, property.Description));
    }

    private sealed record PropertyRow(string Name, string Type, bool Required, string Description);
}
