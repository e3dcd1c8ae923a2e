namespace EcomWorkflows.Pipeline.Simulation;

/// <summary>One line of an order; money in cents.</summary>
/// <param name="UnitPrice">List price.</param>
/// <param name="Discount">Off the whole line.</param>
internal readonly record struct ShopOrderLine(int Product, int Quantity, long UnitPrice, long Discount)
{
    public long Amount => (Quantity * UnitPrice) - Discount;
}
