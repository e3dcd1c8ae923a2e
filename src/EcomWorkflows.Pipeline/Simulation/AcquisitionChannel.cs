namespace EcomWorkflows.Pipeline.Simulation;

/// <summary>How a customer came to the shop, and what that says about staying.</summary>
/// <param name="LogHazard">Added to the logarithm of the daily hazard of leaving.</param>
internal sealed record AcquisitionChannel(string Name, double Weight, double LogHazard)
{
    public static IReadOnlyList<AcquisitionChannel> All { get; } =
    [
        new("organic", 0.27, -0.15),
        new("paid_search", 0.22, 0.15),
        new("social", 0.18, 0.40),
        new("referral", 0.12, -0.50),
        new("email", 0.09, -0.30),
        new("affiliate", 0.12, 0.55),
    ];

    public static double[] Cumulative { get; } = ShopCalendar.Accumulate([.. All.Select(channel => channel.Weight)]);
}
