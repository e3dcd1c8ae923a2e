using Shouldly;
using Xunit;

namespace EcomWorkflows.DuckDB.Tests;

public sealed class PredicateTests : IDisposable
{
    private const int Rows = 300_000;

    private readonly DuckDbConnection _db = DuckDbConnection.Open(new DuckDbOptions { Threads = 2, PreserveInsertionOrder = true });

    [Fact]
    public void A_statement_asks_for_each_row_once_and_sees_nulls()
    {
        var (rows, nulls, sum, gate) = (0, 0, 0L, new Lock());
        _db.CreatePredicate("is_kept", [DuckDbType.BigInt, DuckDbType.Varchar], (chunk, answers) =>
        {
            lock (gate)
            {
                rows += chunk.Rows;
                for (var row = 0; row < chunk.Rows; row++)
                {
                    nulls += chunk.Texts(1).IsNull(row) ? 1 : 0;
                    sum += IsNull(chunk, row) ? 0 : chunk.Column<long>(0)[row];
                    answers[row] = !IsNull(chunk, row) && chunk.Texts(1)[row].EndsWith("5"u8);
                }
            }
        });
        _db.Execute($"create table source as select case when id % 1000 = 5 then null else id end as id, case when id % 7 > 0 then 'a word that lies outside ' || id end as word from range({Rows}) r(id)");

        _db.Execute("create table kept as select id from (select *, is_kept(id, word) as yes from source) where yes");

        (rows, nulls).ShouldBe((Rows, (Rows + 6) / 7));
        sum.ShouldBe(_db.Scalar<long>("select sum(id)::bigint from source"));
        _db.Scalar<long>("select count(*) from kept").ShouldBe(_db.Scalar<long>("select count(*) from source where id is not null and word like '%5'"));
        _db.Scalar<bool>("select bool_and(id % 10 = 5 and id % 7 > 0) from kept").ShouldBeTrue();
    }

    [Fact]
    public void It_sees_the_rows_that_a_join_before_it_lets_through_and_no_others()
    {
        var rows = 0;
        _db.CreatePredicate("see", [DuckDbType.Varchar], (chunk, answers) =>
        {
            Interlocked.Add(ref rows, chunk.Rows);
            answers.Fill(true);
        });
        _db.Execute("create table left_out as select range * 10 as id from range(100)");

        _db.Scalar<long>($"select count(*) from (select *, see('the same in all rows') as seen from range({Rows}) r(id) anti join left_out using (id)) where seen").ShouldBe(Rows - 100);

        rows.ShouldBe(Rows - 100);
    }

    [Fact]
    public void It_is_there_although_the_statement_before_was_left_before_its_end()
    {
        _db.Scalar<long>("select id from range(10) r(id)").ShouldBe(0);

        _db.CreatePredicate("never", [DuckDbType.BigInt], (_, answers) => answers.Clear());

        _db.Scalar<long>("select count_if(never(id)) from range(10) r(id)").ShouldBe(0);
    }

    [Fact]
    public void What_it_throws_ends_the_statement_with_its_message()
    {
        _db.CreatePredicate("refuse", [DuckDbType.BigInt], (_, _) => throw new FormatException("no such thing"));
        Should.Throw<DuckDbException>(() => _db.Execute("create table kept as select * from range(10) r(id) where refuse(id)")).Message.ShouldContain("no such thing");
        _db.Scalar<int>("select 1").ShouldBe(1);
    }

    [Fact]
    public void Functions_that_connections_create_at_the_same_time_are_all_there()
    {
        Parallel.For(0, 8, thread =>
        {
            using var connection = _db.Duplicate();
            for (var function = 0; function < 25; function++)
                connection.CreatePredicate($"is_{thread}_{function}", [DuckDbType.BigInt], (_, answers) => answers.Fill(true));
        });

        foreach (var thread in Enumerable.Range(0, 8))
            _db.Scalar<bool>($"select {string.Join(" and ", Enumerable.Range(0, 25).Select(function => $"is_{thread}_{function}(1::bigint)"))}").ShouldBeTrue();
    }

    public void Dispose() => _db.Dispose();

    private static bool IsNull(DuckDbArguments chunk, int row) => !chunk.Validity(0).IsKnown(row);
}
