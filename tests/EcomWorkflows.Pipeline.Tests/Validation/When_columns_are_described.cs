using EcomWorkflows.Pipeline.Validation.Profiling;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Validation;

public sealed class When_columns_are_described : IDisposable
{
    private readonly TableUnderTest table = TableUnderTest.Of(
        """
        select
          i % 7 as few,
          i as many,
          case when i % 10 = 0 then null else 'k' || i % 3 end as kind,
          i / 8.0::double as fraction,
          timestamp '2026-01-01' + interval 1 minute * i as made,
          'f.csv' as _file,
          i + 2 as _line
        from range(40000) as r(i)
        """);

    [Theory]
    [InlineData(1_000)]
    [InlineData(1_000_000)]
    public void A_sample_gives_the_same_figures_as_all_rows_where_they_are_exact(int sampleRows)
    {
        var figures = Read(sampleRows);

        figures.Select(f => f.Rows).ShouldAllBe(rows => rows == 40_000);
        figures.Select(f => f.Given).ShouldBe([40_000, 40_000, 36_000, 40_000, 40_000]);
        figures.Select(f => f.Min).ShouldBe(["0", "0", "k0", "0.0", "2026-01-01 00:00:00"]);
        figures.Select(f => f.Max).ShouldBe(["6", "39999", "k2", "4999.875", "2026-01-28 18:39:00"]);
        figures.Where(f => f.Values is not null).Select(f => f.Column.Name).ShouldBe(["few", "kind"]);
        figures.Where(f => f.Values is not null).Select(f => f.Distinct).ShouldBe([7, 3]);
        figures[1].Mean.ShouldBe(19_999.5);
        figures[1].Low!.Value.ShouldBeInRange(100, 900);
        figures[1].High!.Value.ShouldBeInRange(39_100, 39_900);
    }

    [Fact]
    public void The_number_of_many_different_values_is_exact_for_a_small_table_and_an_estimate_for_a_large_one()
    {
        Read(1_000_000)[1].ShouldSatisfyAllConditions(f => f.DistinctIsExact.ShouldBeTrue(), f => f.Distinct.ShouldBe(40_000));
        Read(1_000)[1].ShouldSatisfyAllConditions(f => f.DistinctIsExact.ShouldBeFalse(), f => f.Distinct.ShouldBeInRange(32_000, 48_000));
    }

    [Fact]
    public void The_bars_of_a_column_add_up_to_its_rows()
    {
        var profiles = new TableProfiler(table.Duck).Profile(Read(1_000), CancellationToken.None);

        profiles.Select(profile => profile.Ordered).ShouldBe([false, true, false, true, true]);
        profiles[0].Bars.Select(bar => bar.Label).ShouldBe(["0", "1", "2", "3", "4", "5", "6"], ignoreOrder: true);
        profiles[2].Bars.Single(bar => bar.Label == "(missing)").Rows.ShouldBe(4_000);
        profiles.ShouldAllBe(profile => profile.Bars.Sum(bar => bar.Rows) == 40_000);
    }

    [Fact]
    public void A_table_of_many_columns_is_described_within_the_memory_of_a_task()
    {
        const int columns = 400;
        using var wide = TableUnderTest.Of($"select {string.Join(", ", Enumerable.Range(0, columns).Select(column => $"i + {column} as c{column}"))}, 'f.csv' as _file, i + 2 as _line from range(50) as r(i)");

        var figures = new FigureReader(wide.Duck).Read(wide.Schema.Columns, CancellationToken.None);

        figures.Select(f => f.Min).ShouldBe(Enumerable.Range(0, columns).Select(column => $"{column}"));
        figures.ShouldAllBe(f => f.Distinct == 50);
    }

    public void Dispose() => table.Dispose();

    private IReadOnlyList<ColumnFigures> Read(int sampleRows) => new FigureReader(table.Duck, sampleRows).Read(table.Schema.Columns, CancellationToken.None);
}
