using System.Globalization;

namespace EcomWorkflows.Pipeline.Simulation.Defects;

/// <summary>Wrong values in a good value's place.</summary>
internal static class BadValues
{
    public const string TimestampFormat = "yyyy-MM-dd HH:mm:ss";

    private static readonly string[] Timestamps = ["yesterday", "2026-02-30 10:15:00", "0000-00-00 00:00:00", "12/31/25 8pm", "2025-13-01 00:00:00", "NaT"];
    private static readonly string[] Prices = ["n/a", "EUR 12.50", "twelve", "1.299.00", "-", "#REF!"];

    private static readonly string[] Countries = ["XX", "Germany", "D3", "de", "ZZZ"];

    public static string Timestamp(string good, SplitMix64 random) => Timestamps[random.Below(Timestamps.Length)];

    /// <summary>A clock decades ahead, so that it stays in the future however late the file is read.</summary>
    public static string FutureTimestamp(string good, SplitMix64 random) => Shift(good, years: 40 + random.Below(30));

    /// <summary>A clock that was never set.</summary>
    public static string AncientTimestamp(string good, SplitMix64 random) =>
        new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Unspecified).AddSeconds(random.Below(80_000_000)).ToString(TimestampFormat, CultureInfo.InvariantCulture);

    /// <summary>Two months to a year older than the file it arrives in.</summary>
    public static string StaleTimestamp(string good, SplitMix64 random) => Shift(good, days: -70 - random.Below(300));

    public static string Price(string good, SplitMix64 random) => Prices[random.Below(Prices.Length)];

    public static string Country(SplitMix64 random) => Countries[random.Below(Countries.Length)];

    /// <summary>Not an address: without @, without domain, with two @, with a blank.</summary>
    public static string Email(string good, SplitMix64 random) => random.Below(4) switch
    {
        0 => good.Replace("@", "", StringComparison.Ordinal),
        1 => good[..(good.IndexOf('@') + 1)],
        2 => good.Replace("@", "@@", StringComparison.Ordinal),
        _ => good.Replace("@", " @", StringComparison.Ordinal),
    };

    /// <summary>Off by at least one euro.</summary>
    public static string OtherAmount(string good, SplitMix64 random) =>
        (decimal.Parse(good, CultureInfo.InvariantCulture) + 1 + random.Below(90)).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Shift(string good, int years = 0, int days = 0) =>
        DateTime.ParseExact(good, TimestampFormat, CultureInfo.InvariantCulture).AddYears(years).AddDays(days).ToString(TimestampFormat, CultureInfo.InvariantCulture);
}
