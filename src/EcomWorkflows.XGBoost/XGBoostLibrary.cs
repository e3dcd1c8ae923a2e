using EcomWorkflows.XGBoost.Native;

namespace EcomWorkflows.XGBoost;

/// <summary>Which native library this process uses.</summary>
public static class XGBoostLibrary
{
    /// <summary>The version of the loaded library, for example 1.7.4.</summary>
    /// <exception cref="XGBoostNotFoundException">The library is not installed.</exception>
    public static Version Version
    {
        get
        {
            NativeMethods.XGBoostVersion(out int major, out int minor, out int patch);
            return new Version(major, minor, patch);
        }
    }

    /// <summary>How the library was built (compiler, OpenMP, CUDA), as its own JSON.</summary>
    public static string BuildInfo
    {
        get
        {
            Call.Check(NativeMethods.XGBuildInfo(out nint json));
            return Call.Text(json);
        }
    }

    /// <summary>True when the library can be loaded; otherwise <paramref name="cure"/> says what to install.</summary>
    public static bool IsAvailable(out string? cure)
    {
        try
        {
            _ = Version;
            cure = null;
            return true;
        }
        catch (XGBoostNotFoundException missing)
        {
            cure = missing.Message;
            return false;
        }
    }
}
