using System.CommandLine;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake.Objects;
using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Server.Cli.Datasets;
using EcomWorkflows.Server.Cli.Lineage;
using EcomWorkflows.Server.Database;
using Npgsql;

namespace EcomWorkflows.Server.Cli;

/// <summary>The <c>ecom</c> command line: all verbs, and what every one of them answers to wrong usage and failures.</summary>
internal static class CommandLine
{
    public static RootCommand Create()
    {
        var root = new RootCommand("Airflow-style workflows for e-commerce data, with Elsa 3 definitions.")
        {
            CommandOutput.Option,
            DemoCommand.Create(),
            DoctorCommand.Create(),
            ServeCommand.Create(),
            DagsCommand.Create(),
            RunsCommand.Create(),
            TasksCommand.Create(),
            BackfillCommand.Create(),
            AssetsCommand.Create(),
            SourcesCommand.Create(),
            LakeCommand.Create(),
            DatasetsCommand.Create(),
            LineageCommand.Create(),
            ModelsCommand.Create(),
            RetentionCommand.Create(),
            QualityCommand.Create(),
            PoolsCommand.Create(),
            FeaturesCommand.Create(),
            VariablesCommand.Create(),
            ConnectionsCommand.Create(),
            UsersCommand.Create(),
            SqlCommand.Create(),
            WithDatabaseCommand.Create(),
            RunAttemptCommand.Create(),
        };
        foreach (var command in LauncherCommand.CreateAll())
            root.Add(command);

        return root;
    }

    /// <summary>Parses and runs; returns one of the exit codes of <see cref="ExitCode"/>.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var parsed = Create().Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors.Select(UsageErrors.Words))
                await Console.Error.WriteLineAsync($"ecom: {error}");
            await Console.Error.WriteLineAsync("See ./ecom --help, or --help after a command.");
            return ExitCode.Usage;
        }

        using var signals = new TerminationSignals();
        try
        {
            var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(invocation, signals.Token);
        }
        catch (CliException failure)
        {
            return await ReportAsync(failure.Message, failure.ExitCode);
        }
        catch (EmbeddedPostgresException failure)
        {
            return await ReportAsync(failure.Message, ExitCode.Environment);
        }
        catch (NotFoundException unknown)
        {
            return await ReportAsync(unknown.Message, ExitCode.Usage);
        }
        catch (DatasetStoreException damage)
        {
            return await ReportAsync(damage.Message, ExitCode.Failed);
        }
        catch (TaskFailedException failure) when (failure is GitException or DiskFullException or ObjectStoreException)
        {
            return await ReportAsync(failure.Message, ExitCode.Environment);
        }
        catch (OrchestrationException refusal)
        {
            return await ReportAsync(refusal.Message, ExitCode.Usage);
        }
        catch (TaskFailedException failure)
        {
            return await ReportAsync(failure.Message, failure.Cause == FailureCause.Dependency ? ExitCode.Environment : ExitCode.Failed);
        }
        catch (MigrationException failure)
        {
            return await ReportAsync(failure.Message, ExitCode.Environment);
        }
        catch (NpgsqlException failure) when (failure is not PostgresException)
        {
            return await ReportAsync($"The database connection failed: {failure.Message}", ExitCode.Environment);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception wrong) when (StorableText.IsReason(wrong))
        {
            return await ReportAsync($"{StorableText.Rule}. Remove it from what was given.", ExitCode.Usage);
        }
        catch (Exception full) when (FullDisk.IsReason(full))
        {
            return await ReportAsync($"The disk is full. Free some space, then try again. {full.Message}", ExitCode.Environment);
        }
        catch (PostgresException refusal)
        {
            return await ReportAsync($"The database refused it: {refusal.Message}", ExitCode.Environment);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return await ReportAsync(failure.Message, ExitCode.Environment);
        }
        catch (Exception failure)
        {
            // Nobody expected it: whoever looks for the reason needs more than the message.
            return await ReportAsync($"{failure.GetType().Name}: {failure.Message}{Environment.NewLine}{failure.StackTrace}", ExitCode.Failed);
        }
    }

    private static async Task<int> ReportAsync(string message, int exitCode)
    {
        await Console.Error.WriteLineAsync($"ecom: {message}");
        return exitCode;
    }
}
