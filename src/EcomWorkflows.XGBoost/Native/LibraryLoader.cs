using System.Runtime.InteropServices;

namespace EcomWorkflows.XGBoost.Native;

/// <summary>Finds libxgboost under the names distributions give it.</summary>
internal static class LibraryLoader
{
    internal static readonly IReadOnlyList<string> Candidates = ["libxgboost.so.0", "libxgboost.so"];

    /// <exception cref="XGBoostNotFoundException">None of the candidates can be loaded.</exception>
    internal static nint Load(IReadOnlyList<string> candidates)
    {
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
}
