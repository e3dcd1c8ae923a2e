using System.Runtime.InteropServices;

namespace EcomWorkflows.XGBoost.Native;

/// <summary>Finds libxgboost under the names distributions give it.</summary>
internal static partial class LibraryLoader
{
    internal static readonly IReadOnlyList<string> Candidates = ["libxgboost.so.0", "libxgboost.so"];

    /// <exception cref="XGBoostNotFoundException">None of the candidates can be loaded.</exception>
    internal static nint Load(IReadOnlyList<string> candidates)
    {
        YieldWhileWaiting();
        Exception? lastFailure = null;
        foreach (string candidate in candidates)
        {
            try
            {
                return NativeLibrary.Load(candidate);
            }
            catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException)
            {
                lastFailure = failure;
            }
        }

        throw new XGBoostNotFoundException(candidates, lastFailure);
    }

    // OpenMP's threads spin at every barrier by default. On a machine that also runs a database that made training a small table
    // twenty times slower (measured: 103 s against 5 s). The variable is read when libgomp is loaded, from the C environment,
    // which .NET's own SetEnvironmentVariable does not reach. A value set by the user wins.
    private static void YieldWhileWaiting() => _ = SetEnvironment("OMP_WAIT_POLICY", "passive", overwrite: 0);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
