using EcomWorkflows.Pipeline.Validation.Checks;
using EcomWorkflows.Pipeline.Validation.Running;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Validation;

public sealed class SqlEqualsNaiveEvaluationTests : IDisposable
{
    private const string Columns = "a integer, b integer, s varchar, t varchar, _file varchar, _line bigint";
    private readonly TableUnderTest table = TableUnderTest.Of("select null::integer as a, null::integer as b, null::varchar as s, null::varchar as t, '' as _file, 0::bigint as _line where false")
        .With("other", "select null::integer as key where false");

    [Fact]
    public void For_random_tables_and_rules_the_counts_and_the_failing_rows_are_those_of_a_naive_evaluation() =>
        Prop.ForAll(Gen.ListOf(RandomRules.Row).ToArbitrary(), RandomRules.Rule.ToArbitrary(), RandomRules.OtherTable.ToArbitrary(), (rows, rule, other) =>
        {
            Fill([.. rows], other);
            var scope = InFileOrder([.. rows]).Where(entry => rule.Scope.Holds(entry.Row)).ToList();
            var missing = scope.Where(entry => rule.Missing(entry.Row)).ToList();
            var considered = scope.Except(missing).ToList();
            var sameScope = considered.Select(entry => entry.Row).ToList();
            var failing = considered.Where(entry => !rule.Good(entry.Row, sameScope, other)).Select(entry => entry.Place).ToList();

            foreach (var countedValues in new[] { false, true })
            {
                var result = table.Expect(rule.Type, rule.Kwargs, countedValues: countedValues);

                result.Exception.ShouldBeNull();
                result.ElementCount.ShouldBe(scope.Count, rule.ToString());
                (result.MissingCount ?? 0).ShouldBe(missing.Count, rule.ToString());
                result.UnexpectedCount.ShouldBe(failing.Count, rule.ToString());
                result.Success.ShouldBe(failing.Count == 0);
                table.Duck.QueryRows($"select file || ':' || line from {FailingRowTable.Name} order by file, line", row => row.Get<string>(0)).ShouldBe(failing, rule.ToString());
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(250));

    /// <summary>Rows with their place, sorted as the table's files and lines are. Each row is an object of its own, so "the first" is one of them.</summary>
    private static IEnumerable<(RandomRow Row, string Place)> InFileOrder(IReadOnlyList<RandomRow> rows) => rows
        .Select((row, index) => (Row: row with { }, File: index % 2, Line: (index / 2) + 2))
        .OrderBy(entry => entry.File).ThenBy(entry => entry.Line)
        .Select(entry => (entry.Row, $"f{entry.File}.csv:{entry.Line}")).ToList();

    private void Fill(IReadOnlyList<RandomRow> rows, IReadOnlyList<int?> other)
    {
        table.Duck.Execute($"create or replace table {ValidatedTable.Batch} ({Columns})");
        if (rows.Count > 0)
            table.Duck.Execute($"insert into {ValidatedTable.Batch} values {string.Join(", ", rows.Select((row, index) => row.Sql(index)))}");
        table.Duck.Execute("create or replace table reference_0 (key integer)");
        if (other.Count > 0)
            table.Duck.Execute($"insert into reference_0 values {string.Join(", ", other.Select(key => $"({key?.ToString() ?? "null"})"))}");
    }

    public void Dispose() => table.Dispose();
}
