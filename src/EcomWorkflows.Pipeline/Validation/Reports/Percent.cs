namespace EcomWorkflows.Pipeline.Validation.Reports;

/// <summary>Shares as a person reads them.</summary>
internal static class Percent
{
    /// <summary>Something never reads as 0 % and not everything never as 100 %.</summary>
    public static string Of(double? share) => share switch
    {
        null => "–",
        0 => "0 %",
        1 => "100 %",
        < 0.0001 => "< 0.01 %",
        > 0.9999 => "> 99.99 %",
        < 0.01 or > 0.99 => $"{share * 100:0.00} %",
        _ => $"{share * 100:0.0} %",
    };

    public static string Of(long part, long whole) => whole == 0 ? "–" : Of((double)part / whole);
}
