namespace EcomWorkflows.Pipeline.Simulation;

/// <summary>The numbers behind a <see cref="SimulationScale"/>.</summary>
/// <param name="BaseCustomers">Customers who had signed up before the history starts.</param>
/// <param name="SignupsPerDay">New customers on an average day.</param>
/// <param name="Pace">Factor on every customer's visits per day; the bigger shops have more occasional customers.</param>
/// <param name="ViewsPerVisit">Mean product pages of a visit.</param>
internal sealed record ScaleSettings(int Products, int Sellers, int BaseCustomers, double SignupsPerDay, double Pace, double ViewsPerVisit)
{
    public static ScaleSettings Of(SimulationScale scale) => scale switch
    {
        SimulationScale.Small => new(8_000, 240, 12_500, 26, 0.42, 1.7),
        SimulationScale.Medium => new(60_000, 1_500, 58_000, 116, 0.2, 1.5),
        SimulationScale.Full => new(800_000, 9_000, 130_000, 290, 0.22, 1.7),
        _ => throw new ArgumentOutOfRangeException(nameof(scale), scale, "Known scales: small, medium, full."),
    };
}
