using System.Diagnostics;
using EcomWorkflows.Server.Database;
using Xunit;

namespace EcomWorkflows.Server.Tests.Database;

/// <summary>A fact about switching accounts; skipped, with the reason, where the tests are not root's or <c>nobody</c> cannot read the program.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public const string User = "nobody";

    public RootFactAttribute()
    {
        if (!Libc.IsRoot)
            Skip = "needs root, to start programs as another user";
        else if (!CanRead(DatabaseProgram.ProgramPath))
            Skip = $"the user '{User}' cannot read {DatabaseProgram.ProgramPath}: a parent folder is closed to it";
    }

    private static bool CanRead(string path)
    {
        using var test = Process.Start(new ProcessStartInfo("/usr/bin/test", ["-r", path]) { UserName = User, WorkingDirectory = "/" })!;
        test.WaitForExit();
        return test.ExitCode == 0;
    }
}
