namespace EcomWorkflows.Pipeline.Simulation;

/// <summary>The numbers behind a <see cref="SimulationScale"/>.</summary>
/// <param name="BaseCustomers">Customers who had signed up before the history starts.</param>
/// <param name="DormantShare">Share of those who had already left when the history starts.</param>
/// <param name="SignupsPerDay">New customers on an average day.</param>
/// <param name="Pace">Factor on every customer's visits per day; the bigger shops have more occasional customers.</param>
/// <param name="ViewsPerVisit">Mean product pages of a visit.</param>
internal sealed record ScaleSettings(
    int Products, int Sellers, int BaseCustomers, double DormantShare, double SignupsPerDay, double Pace, double ViewsPerVisit)
{
    public static ScaleSettings Of(SimulationScale scale) => scale switch
    {
        SimulationScale.Small => new(8_000, 240, 12_500, 0.12, 26, 0.46, 1.6),
        SimulationScale.Medium => new(60_000, 1_500, 70_000, 0.6, 80, 0.25, 1.5),
        SimulationScale.Full => new(800_000, 9_000, 170_000, 0.6, 190, 0.28, 1.7),
        _ => throw new ArgumentOutOfRangeException(nameof(scale), scale, "Known scales: small, medium, full."),
    };
}
