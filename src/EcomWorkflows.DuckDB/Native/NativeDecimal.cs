using System.Runtime.InteropServices;

namespace EcomWorkflows.DuckDB.Native;

/// <summary>duckdb_decimal.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeDecimal
{
    public byte Width;
    public byte Scale;
    public NativeHugeInt Value;

    public static NativeDecimal From(decimal number) =>
        new() { Width = 38, Scale = number.Scale, Value = NativeHugeInt.From(Unscaled(number)) };

    /// <summary>The number times ten to the power of <paramref name="scale"/>; null when digits would be lost.</summary>
    public static Int128? Rescale(decimal number, int scale)
    {
        var unscaled = Unscaled(number);
        if (number.Scale <= scale)
            return checked(unscaled * PowerOfTen(scale - number.Scale));
        var (quotient, remainder) = Int128.DivRem(unscaled, PowerOfTen(number.Scale - scale));
        return remainder == 0 ? quotient : null;
    }

    public static Int128 PowerOfTen(int exponent)
    {
        var power = Int128.One;
        for (var step = 0; step < exponent; step++)
            power *= 10;
        return power;
    }

    private static Int128 Unscaled(decimal number)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(number, bits);
        var magnitude = ((Int128)(uint)bits[2] << 64) | ((Int128)(uint)bits[1] << 32) | (uint)bits[0];
        return number < 0 ? -magnitude : magnitude;
    }
}
