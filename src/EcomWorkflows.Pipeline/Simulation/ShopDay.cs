namespace EcomWorkflows.Pipeline.Simulation;

/// <summary>What all customers meet on one day.</summary>
/// <param name="Day">Days since the opening.</param>
internal readonly record struct ShopDay(int Day, bool IsWeekend, double Season, Campaign Campaign);
