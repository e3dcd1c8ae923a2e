using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary>Names, on stderr, the workflow files that could not be imported, place by place.</summary>
internal static class ImportErrorNotice
{
    public static void Write(IEnumerable<ImportError> errors)
    {
        foreach (var error in errors)
            foreach (var problem in error.Problems)
                Console.Error.WriteLine($"{error.File}: {problem.Place}: {problem.Message}");
    }
}
