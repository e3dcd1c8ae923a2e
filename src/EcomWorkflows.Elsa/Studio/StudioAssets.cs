using System.Collections.Frozen;

namespace EcomWorkflows.Elsa.Studio;

/// <summary>The files of Elsa Studio that the build put beside the program.</summary>
internal sealed class StudioAssets(string folder)
{
    private const string Compressed = ".br";

    private readonly FrozenDictionary<string, StudioAsset> byPath = Find(folder).ToFrozenDictionary(asset => asset.Path, StringComparer.Ordinal);

    public StudioAssets()
        : this(Path.Combine(AppContext.BaseDirectory, "studio"))
    {
    }

    /// <summary>False where the program was built before its npm packages had been fetched.</summary>
    public bool AreThere => byPath.Count > 0;

    public StudioAsset? Get(string path) => byPath.GetValueOrDefault(path);

    private static IEnumerable<StudioAsset> Find(string folder)
    {
        if (!Directory.Exists(folder))
            return [];
        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file =>
        {
            var path = Path.GetRelativePath(folder, file).Replace('\\', '/');
            var isBrotli = path.EndsWith(Compressed, StringComparison.Ordinal);
            return new StudioAsset(isBrotli ? path[..^Compressed.Length] : path, file, isBrotli);
        });
    }
}
