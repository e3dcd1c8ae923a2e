using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EcomWorkflows.XGBoost.Native;

/// <summary>What every call shares: the status check, the array description, and copying results before the library reuses them.</summary>
internal static unsafe class Call
{
    /// <exception cref="XGBoostException">The status is not 0.</exception>
    internal static void Check(int status, [CallerArgumentExpression(nameof(status))] string expression = "")
    {
        if (status == 0)
            return;

        int start = expression.IndexOf("XG", StringComparison.Ordinal);
        int end = expression.IndexOf('(', StringComparison.Ordinal);
        string function = start >= 0 && end > start ? expression[start..end] : expression;
        throw new XGBoostException(function, Text(NativeMethods.XGBGetLastError()));
    }

    internal static string Text(nint utf8) => Marshal.PtrToStringUTF8(utf8) ?? string.Empty;

    internal static string[] Texts(nint* utf8, ulong count)
    {
        var texts = new string[checked((int)count)];
        for (int i = 0; i < texts.Length; i++)
            texts[i] = Text(utf8[i]);
        return texts;
    }

    /// <summary>NumPy's array interface, by which the library reads a dense row-major block of single-precision numbers.</summary>
    internal static string ArrayInterface(float* values, int rows, int columns) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"data":[{{(ulong)values}},true],"shape":[{{rows}},{{columns}}],"typestr":"<f4","version":3}""");

    internal static string Number(float value) => float.IsNaN(value) ? "NaN" : value.ToString("R", CultureInfo.InvariantCulture);
}
