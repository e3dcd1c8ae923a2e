using System.Globalization;

namespace EcomWorkflows.Pipeline.Simulation;

/// <summary>How the shop writes its ids.</summary>
internal static class Ids
{
    public const int CustomerDigits = 7;
    public const int ProductDigits = 6;
    public const int OrderDigits = 8;
    public const int SellerDigits = 4;

    public static string Customer(int customer) => "C" + (customer + 1).ToString("D7", CultureInfo.InvariantCulture);

    public static string Product(int product) => "P" + (product + 1).ToString("D6", CultureInfo.InvariantCulture);

    public static string Order(long number) => "O" + number.ToString("D8", CultureInfo.InvariantCulture);
}
