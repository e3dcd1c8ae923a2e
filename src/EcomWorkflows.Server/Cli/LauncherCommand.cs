using System.CommandLine;

namespace EcomWorkflows.Server.Cli;

/// <summary>The verbs that the launcher <c>./ecom</c> carries out itself: listed in the help, refused when they come through to the program.</summary>
internal static class LauncherCommand
{
    public static IEnumerable<Command> CreateAll() =>
    [
        Create("test", "Build everything and run all tests; ends with 'N passed, N failed'. Words before the first option choose test projects."),
        Create("bench", "Run a benchmark by its name."),
    ];

    private static Command Create(string name, string description)
    {
        var command = new Command(name, description) { TreatUnmatchedTokensAsErrors = false };
        command.SetAction(int (_) => throw new CliException(ExitCode.Usage, $"'{name}' is the launcher's: run it as ./ecom {name}."));
        return command;
    }
}
