using System.Reflection;
using System.Text.RegularExpressions;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Architecture;

/// <summary>The arrows of docs/architecture.md.</summary>
public sealed class DependencyDirectionTests
{
    private const string Prefix = "EcomWorkflows.";

    [Theory]
    [InlineData("EcomWorkflows.DuckDB", "")]
    [InlineData("EcomWorkflows.XGBoost", "")]
    [InlineData("EcomWorkflows.Orchestration", "")]
    [InlineData("EcomWorkflows.Elsa", "Orchestration")]
    [InlineData("EcomWorkflows.Pipeline", "DuckDB Orchestration XGBoost")]
    [InlineData("ecom", "Elsa Orchestration Pipeline DuckDB XGBoost")]
    public void A_project_uses_only_those_below_it(string assembly, string allowed)
    {
        var used = Assembly.Load(assembly).GetReferencedAssemblies()
            .Select(a => a.Name!).Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Select(n => n[Prefix.Length..]);

        used.Except(allowed.Split(' ')).ShouldBeEmpty();
    }

    [Fact]
    public void Only_scheduling_names_quartz() =>
        Files("src/EcomWorkflows.Orchestration").Where(f => !f.Contains("/Scheduling/", StringComparison.Ordinal) && Says(f, @"^using Quartz")).ShouldBeEmpty();

    [Fact]
    public void Planning_and_the_dag_model_know_no_database_and_no_clock() =>
        Files("src/EcomWorkflows.Orchestration/Planning").Concat(Files("src/EcomWorkflows.Orchestration/Dags"))
            .Where(f => Says(f, @"^using (Npgsql|Dapper)|TimeProvider|GetUtcNow|^using EcomWorkflows\.Orchestration\.(Storage|Execution)")).ShouldBeEmpty();

    [Fact]
    public void Of_the_orchestrator_stages_see_the_task_contract_and_their_registration_only() =>
        Files("src/EcomWorkflows.Pipeline")
            .Where(f => Says(f, @"^using EcomWorkflows\.Orchestration\.(Planning|Execution|Scheduling)")
                || (Says(f, @"^using EcomWorkflows\.Orchestration\.Storage") && !f.EndsWith("Registration.cs", StringComparison.Ordinal)))
            .ShouldBeEmpty();

    [Fact]
    public void No_type_hides_behind_a_name_that_says_nothing() =>
        Files("src").Where(f => Regex.IsMatch(Path.GetFileName(f), "(Manager|Helper|Utils?|Common)s?\\.cs$")).ShouldBeEmpty();

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    private static bool Says(string file, string pattern) => Regex.IsMatch(File.ReadAllText(file), pattern, RegexOptions.Multiline);
}
