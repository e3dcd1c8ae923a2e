using System.Net;
using System.Net.Sockets;
using EcomWorkflows.Server.Database;
using EcomWorkflows.Server.Hosting;
using EcomWorkflows.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Database;

public class EmbeddedPostgresTests
{
    [Fact]
    public async Task A_fresh_home_gets_a_durable_cluster()
    {
        using var home = new TemporaryHome();
        await using var cluster = await StartAsync(home.Path);

        cluster.Arrival.ShouldBe(ClusterArrival.Created);
        (await ScalarAsync(cluster.ConnectionString, "select current_setting('fsync') || current_setting('synchronous_commit')")).ShouldBe("onon");
        (await ScalarAsync(cluster.ConnectionString, "select current_setting('server_encoding') || current_setting('data_checksums')")).ShouldBe("UTF8on");
    }

    [Fact]
    public async Task The_password_is_asked_on_the_socket_and_on_loopback_and_only_its_owner_can_read_it()
    {
        using var home = new TemporaryHome();
        await using var cluster = await StartAsync(home.Path);
        var loopback = new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Host = "127.0.0.1", Pooling = false };
        var guessed = new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Password = "guessed", Pooling = false };

        (await ScalarAsync(loopback.ConnectionString, "select 1")).ShouldBe(1);
        await Should.ThrowAsync<PostgresException>(() => ScalarAsync(guessed.ConnectionString, "select 1"));
        guessed.Host = "127.0.0.1";
        await Should.ThrowAsync<PostgresException>(() => ScalarAsync(guessed.ConnectionString, "select 1"));
        File.GetUnixFileMode(Path.Combine(home.Postgres, "password")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task The_server_stops_with_its_program_and_starts_again_with_the_data()
    {
        using var home = new TemporaryHome();
        await using (var first = await StartAsync(home.Path))
            await ScalarAsync(first.ConnectionString, "create table kept as select 42 as answer");
        home.ServerProcessId.ShouldBeNull();

        await using var second = await StartAsync(home.Path);
        second.Arrival.ShouldBe(ClusterArrival.Started);
        (await ScalarAsync(second.ConnectionString, "select answer from kept")).ShouldBe(42);
    }

    [Fact]
    public async Task A_server_that_stopped_by_itself_is_brought_back_beside_its_running_program()
    {
        using var home = new TemporaryHome();
        await using var database = await ProgramDatabase.OpenAsync(null, EmbeddedPostgresOptions.Temporary(home.Path), TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        var log = new KeptLog<DatabaseKeeper>();
        using var keeper = new DatabaseKeeper(database, new FastTime(), log);
        var first = home.ServerProcessId!.Value;
        Libc.Signal(first, Libc.Quit);

        await keeper.StartAsync(CancellationToken.None);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (log.Lines.Count == 0)
            await Task.Delay(10, limit.Token);
        await keeper.StopAsync(CancellationToken.None);

        log.Lines.ShouldBe(["The database server had stopped and was started again"]);
        home.ServerProcessId.ShouldNotBe(first);
        (await ScalarAsync(database.ConnectionString, "select 1")).ShouldBe(1);
        (await database.ReviveAsync(CancellationToken.None)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_taken_port_is_replaced_by_a_free_one()
    {
        using var home = new TemporaryHome();
        int port;
        await using (var first = await StartAsync(home.Path))
            port = first.Port;
        using var squatter = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        squatter.Bind(new IPEndPoint(IPAddress.Loopback, port));
        squatter.Listen();

        await using var second = await StartAsync(home.Path);
        second.Port.ShouldNotBe(port);
        (await ScalarAsync(second.ConnectionString, "select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_process_number_that_now_belongs_to_a_stranger_does_not_keep_the_server_from_starting()
    {
        using var home = new TemporaryHome();
        await (await StartAsync(home.Path)).DisposeAsync();
        await File.WriteAllTextAsync(
            PostmasterFile.PathIn(home.Layout.DataFolder),
            $"{Environment.ProcessId}\n{home.Layout.DataFolder}\n1700000000\n{home.Layout.Port}\n{home.Layout.SocketFolder}\n127.0.0.1\n       0         0\nready\n");

        await using var cluster = await StartAsync(home.Path);
        cluster.Arrival.ShouldBe(ClusterArrival.Started);
    }

    [Fact]
    public async Task A_half_made_cluster_of_a_killed_program_is_made_anew()
    {
        using var home = new TemporaryHome();
        Directory.CreateDirectory(Path.Combine(home.Postgres, "cluster", "data.new", "base"));
        await File.WriteAllTextAsync(Path.Combine(home.Postgres, "cluster", "data.new", "PG_VERSION"), "15\n");

        await using var cluster = await StartAsync(home.Path);
        cluster.Arrival.ShouldBe(ClusterArrival.Created);
    }

    [Fact]
    public async Task A_home_too_deep_for_a_socket_gets_its_socket_elsewhere_and_says_so()
    {
        using var home = new TemporaryHome(Path.Combine(new string('d', 60), new string('e', 60)));
        await using var cluster = await StartAsync(home.Path);

        cluster.SocketDirectory.ShouldNotStartWith(home.Path);
        cluster.DataDirectory.ShouldStartWith(home.Path);
        cluster.Notices.ShouldHaveSingleItem().ShouldContain(cluster.SocketDirectory);
        (await ScalarAsync(cluster.ConnectionString, "select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_cluster_of_a_version_that_is_not_installed_is_refused_with_the_cure()
    {
        using var home = new TemporaryHome();
        await (await StartAsync(home.Path)).DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(home.Layout.DataFolder, "PG_VERSION"), "9\n");

        var refusal = await Should.ThrowAsync<EmbeddedPostgresException>(() => StartAsync(home.Path));
        refusal.Problem.ShouldContain("PostgreSQL 9");
        refusal.Cure.ShouldContain("apt-get install postgresql-9");
    }

    [Fact]
    public async Task A_damaged_layout_file_is_named()
    {
        using var home = new TemporaryHome();
        Directory.CreateDirectory(home.Postgres);
        var path = Path.Combine(home.Postgres, "cluster.json");
        await File.WriteAllTextAsync(path, "{ \"folder\": ");

        (await Should.ThrowAsync<EmbeddedPostgresException>(() => StartAsync(home.Path))).Problem.ShouldContain(path);
        File.Delete(path);
    }

    private static Task<EmbeddedPostgres> StartAsync(string home) =>
        EmbeddedPostgres.StartOrJoinAsync(new EmbeddedPostgresOptions { Home = home }, TimeProvider.System, NullLogger.Instance, CancellationToken.None);

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
