namespace EcomWorkflows.Server.Cli;

/// <summary>Reads a secret from an environment variable or from standard input: on a command line everybody on the machine could read it.</summary>
internal static class SecretInput
{
    /// <param name="variable">Environment variable that may hold it.</param>
    /// <exception cref="CliException">Nothing was given.</exception>
    public static async Task<string> ReadAsync(string variable, string what, CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given)
            return given;
        if (!Console.IsInputRedirected)
            await Console.Error.WriteAsync($"{what} (input is shown; pipe it in to hide it): ");
        var line = await Console.In.ReadLineAsync(cancellationToken);
        return string.IsNullOrEmpty(line)
            ? throw new CliException(ExitCode.Usage, $"No {what} was given. Pipe it in, or set {variable}.")
            : line;
    }
}
