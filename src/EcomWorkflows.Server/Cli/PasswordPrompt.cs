using Spectre.Console;

namespace EcomWorkflows.Server.Cli;

/// <summary>Reads a new password: twice and unseen from a terminal, or one line of stdin.</summary>
internal static class PasswordPrompt
{
    /// <exception cref="CliException">Nothing was given, or the two differ.</exception>
    public static string Read()
    {
        if (Console.IsInputRedirected)
            return Console.In.ReadLine() is { Length: > 0 } line ? line : throw new CliException(ExitCode.Usage, "No password came from stdin. Type it at a terminal, or: ./ecom users add NAME < file");
        var screen = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        var first = screen.Prompt(new TextPrompt<string>("Password:").Secret(null));
        return first == screen.Prompt(new TextPrompt<string>("The same again:").Secret(null)) ? first : throw new CliException(ExitCode.Usage, "The two passwords differ.");
    }
}
