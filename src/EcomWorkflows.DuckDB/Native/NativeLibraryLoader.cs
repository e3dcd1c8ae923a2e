using System.Reflection;
using System.Runtime.InteropServices;

namespace EcomWorkflows.DuckDB.Native;

/// <summary>Finds and loads libduckdb once; every import of this assembly resolves to it.</summary>
internal static class NativeLibraryLoader
{
    private const string FileName = "libduckdb.so";
    private static readonly Lock Gate = new();
    private static nint _library;

    /// <exception cref="DuckDbException">Kind LibraryMissing, when no candidate exists or none loads.</exception>
    public static void EnsureLoaded()
    {
        lock (Gate)
        {
            if (_library != 0)
                return;
            var assembly = typeof(NativeLibraryLoader).Assembly;
            _library = Load(Candidates(assembly));
            NativeLibrary.SetDllImportResolver(assembly, (name, _, _) => name == NativeMethods.Library ? _library : 0);
        }
    }

    internal static nint Load(IReadOnlyList<string> candidates)
    {
        var reasons = new List<string>();
        foreach (var candidate in candidates)
        {
            if (!File.Exists(candidate))
            {
                reasons.Add($"{candidate}: no such file");
                continue;
            }
            try
            {
                return NativeLibrary.Load(candidate);
            }
            catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
            {
                reasons.Add($"{candidate}: {error.Message}");
            }
        }
        throw new DuckDbException(
            DuckDbErrorKind.LibraryMissing,
            $"DuckDB's native library {FileName} could not be loaded. Run `npm ci --prefix native` in the repository and build again. Tried: {string.Join("; ", reasons)}");
    }

    private static string[] Candidates(Assembly assembly) =>
        new[] { AppContext.BaseDirectory, Path.GetDirectoryName(assembly.Location) }
            .Where(folder => !string.IsNullOrEmpty(folder))
            .Select(folder => Path.Combine(folder!, FileName))
            .Distinct()
            .ToArray();
}
