namespace EcomWorkflows.Pipeline.Simulation;

/// <summary>A discount over some days.</summary>
/// <param name="Lift">Factor on visits.</param>
/// <param name="Discount">Share off the list price.</param>
/// <param name="Department">Index of the one department it is for; -1 for all.</param>
internal readonly record struct Campaign(string Name, double Lift, double Discount, int Department)
{
    public static Campaign None { get; } = new("none", 1, 0, -1);

    public double DiscountOn(int department) => Department < 0 || Department == department ? Discount : 0;
}
