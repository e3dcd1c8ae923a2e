using EcomWorkflows.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Database;

public class PostgresFixtureTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Every_created_database_is_empty_and_its_own()
    {
        await using var first = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await using var second = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());

        await using (var create = first.CreateCommand("create table only_here (id int)"))
            await create.ExecuteNonQueryAsync();

        await using var look = second.CreateCommand("select to_regclass('only_here')::text");
        (await look.ExecuteScalarAsync()).ShouldBe(DBNull.Value);
    }

    [SharedDataFact("online-retail-part1.csv.gz")]
    public void Shared_data_is_found_beside_the_repository() =>
        File.Exists(SharedData.Path("online-retail-part1.csv.gz")).ShouldBeTrue();
}
