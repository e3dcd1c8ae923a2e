using Dapper;
using EcomWorkflows.Pipeline.Scoring;
using EcomWorkflows.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Scoring;

public sealed class RowCopyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Rows_are_there_when_the_copy_is_completed_and_not_before()
    {
        await using NpgsqlConnection connection = await OpenAsync("copied");
        await using (RowCopy abandoned = await RowCopy.BeginAsync(connection, "copy copied from stdin (format binary)", CancellationToken.None))
            await WriteAsync(abandoned, rows: 10);
        (await connection.ExecuteScalarAsync<long>("select count(*) from copied")).ShouldBe(0);

        await using RowCopy copy = await RowCopy.BeginAsync(connection, "copy copied from stdin (format binary)", CancellationToken.None);
        await WriteAsync(copy, rows: 500_000);
        await copy.CompleteAsync(CancellationToken.None);

        (await connection.ExecuteScalarAsync<long>("select count(*) from copied")).ShouldBe(500_000);
    }

    [Fact]
    public async Task What_ends_the_session_is_what_the_writer_hears()
    {
        await using NpgsqlConnection connection = await OpenAsync("ended");
        await using NpgsqlConnection other = await postgres.DataSource.OpenConnectionAsync();

        await Should.ThrowAsync<NpgsqlException>(async () =>
        {
            await using RowCopy copy = await RowCopy.BeginAsync(connection, "copy ended from stdin (format binary)", CancellationToken.None);
            await WriteAsync(copy, rows: 100_000);
            await other.ExecuteAsync("select pg_terminate_backend(@ProcessID)", new { connection.ProcessID });
            await WriteAsync(copy, rows: 1_000_000);
            await copy.CompleteAsync(CancellationToken.None);
        });
    }

    [Fact]
    public async Task A_row_the_table_refuses_is_what_the_writer_hears()
    {
        await using NpgsqlConnection connection = await OpenAsync("refused");
        await connection.ExecuteAsync("alter table refused add constraint is_small check (number < 1000)");

        (await Should.ThrowAsync<PostgresException>(async () =>
        {
            await using RowCopy copy = await RowCopy.BeginAsync(connection, "copy refused from stdin (format binary)", CancellationToken.None);
            await WriteAsync(copy, rows: 2_000_000);
            await copy.CompleteAsync(CancellationToken.None);
        })).ConstraintName.ShouldBe("is_small");
    }

    private static async Task WriteAsync(RowCopy copy, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            copy.Buffer.Row(fields: 1);
            copy.Buffer.Int32(row);
            await copy.FlushAsync(CancellationToken.None);
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(string table)
    {
        NpgsqlConnection connection = await postgres.DataSource.OpenConnectionAsync();
        await connection.ExecuteAsync($"create table {table} (number int)");
        return connection;
    }
}
