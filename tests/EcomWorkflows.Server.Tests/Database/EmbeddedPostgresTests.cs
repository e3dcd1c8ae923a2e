using System.Diagnostics;
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
        await SaysAsync(log, 1);
        await keeper.StopAsync(CancellationToken.None);

        log.Lines.ShouldBe(["The database server had stopped and was started again"]);
        home.ServerProcessId.ShouldNotBe(first);
        (await ScalarAsync(database.ConnectionString, "select 1")).ShouldBe(1);
        (await database.ReviveAsync(CancellationToken.None)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("data")]
    [InlineData("cluster")]
    [InlineData("postgres")]
    public async Task A_folder_that_vanishes_beside_its_running_program_is_told_and_not_replaced_and_the_program_goes_on_when_it_is_back(string folder)
    {
        using var home = new TemporaryHome();
        await using var database = await ProgramDatabase.OpenAsync(null, EmbeddedPostgresOptions.Temporary(home.Path), TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        await ScalarAsync(database.ConnectionString, "create table kept as select 42 as answer");
        var data = home.Layout.DataFolder;
        var server = home.ServerProcessId!.Value;
        var lost = folder switch { "data" => data, "cluster" => home.Layout.Folder, _ => home.Postgres };
        var log = new KeptLog<DatabaseKeeper>();
        using var keeper = new DatabaseKeeper(database, new FastTime(), log);

        Directory.Move(lost, lost + ".away");
        await keeper.StartAsync(CancellationToken.None);
        await SaysAsync(log, 1);
        Directory.Exists(lost).ShouldBeFalse();
        Libc.Signal(server, Libc.Kill);
        (await Should.ThrowAsync<EmbeddedPostgresException>(() => database.ReviveAsync(CancellationToken.None))).Problem.ShouldContain($"{data} is gone");
        Directory.Exists(lost).ShouldBeFalse();
        Directory.Move(lost + ".away", lost);
        await SaysAsync(log, 2);
        await keeper.StopAsync(CancellationToken.None);

        log.Lines.Count.ShouldBe(2, string.Join(Environment.NewLine, log.Lines));
        log.Lines[0].ShouldContain($"{data} is gone");
        log.Lines[0].ShouldContain("restore its backup");
        log.Lines[1].ShouldBe("The database server had stopped and was started again");
        (await ScalarAsync(database.ConnectionString, "select answer from kept")).ShouldBe(42);
    }

    [Fact]
    public async Task A_folder_that_is_away_for_so_short_that_its_server_lives_on_is_told_as_back()
    {
        using var home = new TemporaryHome();
        await using var database = await ProgramDatabase.OpenAsync(null, EmbeddedPostgresOptions.Temporary(home.Path), TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        var data = home.Layout.DataFolder;
        var server = home.ServerProcessId;
        var log = new KeptLog<DatabaseKeeper>();
        using var keeper = new DatabaseKeeper(database, new FastTime(), log);

        Directory.Move(data, data + ".away");
        await keeper.StartAsync(CancellationToken.None);
        await SaysAsync(log, 1);
        Directory.Move(data + ".away", data);
        await SaysAsync(log, 2);
        await keeper.StopAsync(CancellationToken.None);

        log.Lines[1].ShouldBe("The database server runs as it should again");
        home.ServerProcessId.ShouldBe(server);
    }

    [Fact]
    public async Task A_restored_backup_is_started_and_the_server_whose_folder_was_deleted_is_ended()
    {
        using var home = new TemporaryHome();
        await using (var earlier = await StartAsync(home.Path))
            await ScalarAsync(earlier.ConnectionString, "create table kept as select 42 as answer");
        var data = home.Layout.DataFolder;
        using (var copy = Process.Start("cp", ["-a", data, data + ".backup"]))
            await copy.WaitForExitAsync();
        await using var cluster = await StartAsync(home.Path);
        var orphan = cluster.ServerProcessId!.Value;

        Directory.Delete(data, recursive: true);
        (await Should.ThrowAsync<EmbeddedPostgresException>(() => cluster.ReviveAsync(CancellationToken.None))).Problem.ShouldContain($"{data} is gone");
        Directory.Move(data + ".backup", data);
        (await cluster.ReviveAsync(CancellationToken.None)).ShouldBeTrue();

        (await ScalarAsync(cluster.ConnectionString, "select answer from kept")).ShouldBe(42);
        File.Exists($"/proc/{orphan}/exe").ShouldBeFalse();
    }

    [Fact]
    public async Task An_emptied_folder_and_the_folder_of_another_cluster_are_not_taken_for_the_own_one()
    {
        using var home = new TemporaryHome();
        using var other = new TemporaryHome();
        await (await StartAsync(other.Path)).DisposeAsync();
        await using var cluster = await StartAsync(home.Path);
        var data = home.Layout.DataFolder;
        Libc.Signal(home.ServerProcessId!.Value, Libc.Kill);
        Directory.Move(data, data + ".away");

        Directory.CreateDirectory(data);
        (await Should.ThrowAsync<EmbeddedPostgresException>(() => cluster.ReviveAsync(CancellationToken.None))).Problem.ShouldContain($"{data} is empty");
        await File.WriteAllTextAsync(Path.Combine(data, "lost+found"), "");
        (await Should.ThrowAsync<EmbeddedPostgresException>(() => cluster.ReviveAsync(CancellationToken.None))).Problem.ShouldContain("PG_VERSION is missing");
        Directory.Delete(data, recursive: true);
        Directory.Move(other.Layout.DataFolder, data);
        var refusal = await Should.ThrowAsync<EmbeddedPostgresException>(() => cluster.ReviveAsync(CancellationToken.None));
        refusal.Problem.ShouldContain($"{data} holds another cluster");
        refusal.Cure.ShouldContain("start the program again");
        home.ServerProcessId.ShouldBeNull();

        Directory.Delete(data, recursive: true);
        Directory.Move(data + ".away", data);
        (await cluster.ReviveAsync(CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_program_that_joins_others_makes_no_new_cluster_for_theirs_and_the_first_one_does()
    {
        using var home = new TemporaryHome();
        await using (var running = await StartAsync(home.Path))
        {
            var data = running.DataDirectory;
            Directory.Delete(data, recursive: true);

            (await Should.ThrowAsync<EmbeddedPostgresException>(() => StartAsync(home.Path))).Problem.ShouldContain($"{data} is gone");
            Directory.Exists(data).ShouldBeFalse();
        }

        await using var first = await StartAsync(home.Path);
        first.Arrival.ShouldBe(ClusterArrival.Created);
    }

    [Fact]
    public async Task A_start_on_a_folder_that_was_emptied_says_so_instead_of_making_a_cluster_in_it()
    {
        using var home = new TemporaryHome();
        await (await StartAsync(home.Path)).DisposeAsync();
        var data = home.Layout.DataFolder;
        Directory.Delete(data, recursive: true);
        Directory.CreateDirectory(data);

        var refusal = await Should.ThrowAsync<EmbeddedPostgresException>(() => StartAsync(home.Path));
        refusal.Problem.ShouldContain($"{data} is empty");
        refusal.Cure.ShouldContain("remove the folder");
    }

    [Fact]
    public async Task A_stopped_server_whose_port_was_taken_meanwhile_is_started_where_its_programs_know_it_when_the_port_is_free()
    {
        using var home = new TemporaryHome();
        await using var cluster = await StartAsync(home.Path);
        var running = PostmasterFile.Read(cluster.DataDirectory)!;
        Libc.Signal(running.ProcessId, Libc.Quit);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (running.IsServerOf(cluster.DataDirectory))
            await Task.Delay(10, limit.Token);
        using (var squatter = Take(cluster.Port))
        {
            (await Should.ThrowAsync<EmbeddedPostgresException>(() => cluster.ReviveAsync(CancellationToken.None))).Problem.ShouldContain($"port {cluster.Port}");
            (await Should.ThrowAsync<EmbeddedPostgresException>(() => StartAsync(home.Path))).Problem.ShouldContain($"port {cluster.Port}");
        }

        (await cluster.ReviveAsync(CancellationToken.None)).ShouldBeTrue();
        (await ScalarAsync(cluster.ConnectionString, "select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_taken_port_is_replaced_by_a_free_one()
    {
        using var home = new TemporaryHome();
        int port;
        await using (var first = await StartAsync(home.Path))
            port = first.Port;
        using var squatter = Take(port);

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

    private static async Task SaysAsync(KeptLog<DatabaseKeeper> log, int lines)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (log.Lines.Count < lines)
            await Task.Delay(10, limit.Token);
    }

    private static Socket Take(int port)
    {
        var squatter = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        squatter.Bind(new IPEndPoint(IPAddress.Loopback, port));
        squatter.Listen();
        return squatter;
    }

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
