using System.CommandLine;
using EcomWorkflows.Server.Cli.Doctor;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom doctor</c>: everything the program needs, as it is, with the cure of what is wrong.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Show everything the program needs, how it is here, and the cure of what is wrong.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            List<Finding> findings = [.. LauncherFindings.Take(), .. await ProgramFindings.LookAsync(EnvironmentSettings.Read(), cancellationToken)];
            CommandOutput.WriteOne(parsed, findings, () => Write(findings));
            return findings.All(finding => finding.IsOk) ? ExitCode.Done : ExitCode.Environment;
        });
        return command;
    }

    private static void Write(List<Finding> findings)
    {
        foreach (var finding in findings)
        {
            Console.WriteLine($"{finding.Status,-8} {finding.Name,-22} {finding.Version ?? "-",-18} {finding.Place}".TrimEnd());
            if (finding.Cure is not null)
                Console.WriteLine($"         cure: {finding.Cure}");
        }
    }
}
