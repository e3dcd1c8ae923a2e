namespace EcomWorkflows.Server.Cli.Doctor;

/// <summary>What the launcher has looked at before it started the program: tab-separated lines in the file that ECOM_DOCTOR_FINDINGS names.</summary>
internal static class LauncherFindings
{
    private const string Nothing = "-";

    public static IReadOnlyList<Finding> Take()
    {
        if (Environment.GetEnvironmentVariable("ECOM_DOCTOR_FINDINGS") is not { Length: > 0 } path || !File.Exists(path))
            return [];

        var findings = File.ReadLines(path).Select(line => line.Split('\t')).Where(fields => fields.Length == 5).Select(Read).ToList();
        File.Delete(path);
        return findings;
    }

    private static Finding Read(string[] fields)
    {
        var known = fields.Select(field => field == Nothing ? null : field).ToArray();
        return new Finding(fields[0], fields[1], known[2], known[3], known[4]);
    }
}
