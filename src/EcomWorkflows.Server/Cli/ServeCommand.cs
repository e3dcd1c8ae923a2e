using System.CommandLine;
using EcomWorkflows.Server.Hosting;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom serve</c>: the server with its node and its schedules, until Ctrl+C.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var demo = new Option<bool>("--demo") { Description = "No sign-in, this machine only, with the simulated shop's REST API." };
        var command = new Command("serve", "Serve dashboards and APIs and run DAGs by their schedules, until Ctrl+C.") { demo };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = EnvironmentSettings.Read();
            await using var database = await CommandSession.OpenDatabaseAsync(settings, cancellationToken);
            if (parsed.GetValue(demo))
                await DemoShop.RenewAsync(settings.Home, TimeProvider.System, cancellationToken);
            await using var host = await EcomHost.StartAsync(
                settings, database, new ServerMode(parsed.GetValue(demo)), settings.Urls, LogLevel.Information, cancellationToken);
            ImportErrorNotice.Write(host.ImportErrors);
            Console.WriteLine($"Serving on {host.Address} (Ctrl+C stops)");
            await host.WaitAsync(cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }
}
