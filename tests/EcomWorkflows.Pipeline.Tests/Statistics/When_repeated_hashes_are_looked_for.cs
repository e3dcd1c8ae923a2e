using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Statistics;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Statistics;

public sealed class When_repeated_hashes_are_looked_for
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(5_000, 7)]
    [InlineData(300_000, 1_000)]
    public void Every_repeated_one_is_found_and_few_others(int rows, int repeatEvery)
    {
        using var duck = DuckDbConnection.Open(new DuckDbOptions { Threads = 2 });
        duck.Execute($"create table t as select hash(case when i % {repeatEvery} = 0 then i // 2 else i + 1000000 end) as h from range({rows}) r(i)");
        duck.Execute("create table truth as select h from t group by h having count(*) > 1");

        RepeatedHashes.Find(duck, "select h from t", "found", rows, CancellationToken.None).ShouldBe(duck.Scalar<long>("select count(*) from found"));

        duck.Scalar<long>("select count(*) from truth anti join found on h = key_hash").ShouldBe(0);
        duck.Scalar<long>("select count(*) from found anti join truth on h = key_hash").ShouldBeLessThan((rows / 20) + 1);
        duck.Scalar<bool>("select count(*) = count(distinct key_hash) from found").ShouldBeTrue();
    }

    [Fact]
    public void Of_many_different_ones_none_is_taken_for_a_repeated_one()
    {
        using var duck = DuckDbConnection.Open(new DuckDbOptions { Threads = 2 });

        RepeatedHashes.Find(duck, "select hash(i) from range(1000000) r(i)", "found", 1_000_000, CancellationToken.None).ShouldBe(0);
    }

    [Fact]
    public void A_wrong_estimate_of_the_rows_misses_none()
    {
        using var duck = DuckDbConnection.Open(new DuckDbOptions { Threads = 1 });

        RepeatedHashes.Find(duck, "select (i // 2)::ubigint * 65536 from range(20000) r(i)", "found", rows: 1, CancellationToken.None);

        duck.Scalar<long>("select count(*) from found").ShouldBe(10_000);
    }

    [Fact]
    public void Rows_that_a_condition_leaves_out_repeat_nothing()
    {
        using var duck = DuckDbConnection.Open(new DuckDbOptions { Threads = 2 });
        duck.CreatePredicate("is_refused", [DuckDbType.BigInt], (chunk, answers) =>
        {
            for (var row = 0; row < chunk.Rows; row++)
                answers[row] = chunk.Column<long>(0)[row] >= 500_000;
        });
        duck.Execute("create table t as select i, hash(i % 500000) as h from range(1000000) r(i)");

        RepeatedHashes.Find(duck, "select h from t where not is_refused(i)", "found", 500_000, CancellationToken.None).ShouldBe(0);
    }
}
