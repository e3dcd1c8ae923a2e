using System.Text.Json;
using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Database;

/// <summary>Where the parts of the cluster of one home are; written to <c>postgres/cluster.json</c> so that every program finds the same.</summary>
internal sealed record ClusterLayout(string Folder, string SocketFolder, int Port, string Account)
{
    private const string VersionFile = "PG_VERSION";

    private static readonly string ControlFile = Path.Combine("global", "pg_control");

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>What a data folder without is no cluster's, relative to it.</summary>
    public static IReadOnlyList<string> RequiredFiles { get; } = [VersionFile, ControlFile];

    [JsonIgnore]
    public string DataFolder => Path.Combine(Folder, "data");

    [JsonIgnore]
    public string LogFolder => Path.Combine(Folder, "log");

    /// <summary>The server's lock beside its socket.</summary>
    [JsonIgnore]
    public string SocketLockPath => Path.Combine(SocketFolder, $".s.PGSQL.{Port}.lock");

    [JsonIgnore]
    public bool Exists => File.Exists(Path.Combine(DataFolder, VersionFile));

    /// <summary>The PostgreSQL version that created the cluster; null before it exists.</summary>
    [JsonIgnore]
    public int? Major => Exists ? int.Parse(File.ReadAllText(Path.Combine(DataFolder, VersionFile)).Trim().Split('.')[0]) : null;

    /// <summary>PostgreSQL's system identifier: a cluster keeps it for life and its copies have it too, any other cluster has another.</summary>
    [JsonIgnore]
    public ulong Identifier
    {
        get
        {
            var start = new byte[sizeof(ulong)];
            using var control = File.OpenRead(Path.Combine(DataFolder, ControlFile));
            control.ReadExactly(start);
            return BitConverter.ToUInt64(start);
        }
    }

    public static ClusterLayout? Load(string path)
    {
        if (!File.Exists(path))
            return null;

        try
        {
            return JsonSerializer.Deserialize<ClusterLayout>(File.ReadAllText(path), Json);
        }
        catch (JsonException failure)
        {
            throw new EmbeddedPostgresException(
                $"{path} is damaged ({failure.Message}).",
                "It says where the database cluster is (folder, socketFolder, port, account); correct it, or remove ECOM_HOME/postgres to lose the data and start afresh.",
                failure);
        }
    }

    public void Save(string path)
    {
        // Written beside and renamed: a program killed here leaves the old file or the new one, never half of one.
        var draft = path + ".new";
        File.WriteAllText(draft, JsonSerializer.Serialize(this, Json));
        File.Move(draft, path, overwrite: true);
    }
}
