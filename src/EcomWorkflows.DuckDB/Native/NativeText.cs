using System.Runtime.InteropServices;

namespace EcomWorkflows.DuckDB.Native;

/// <summary>Texts that DuckDB hands out.</summary>
internal static class NativeText
{
    /// <summary>A text that stays DuckDB's.</summary>
    public static string Borrowed(nint text) => Marshal.PtrToStringUTF8(text) ?? "";

    /// <summary>A text that is ours to free.</summary>
    public static string Owned(nint text)
    {
        var value = Borrowed(text);
        if (text != 0)
            NativeMethods.duckdb_free(text);
        return value;
    }
}
