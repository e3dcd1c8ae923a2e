namespace EcomWorkflows.Pipeline.Simulation;

/// <summary>One order with its lines and what became of it.</summary>
/// <param name="Number">Running number; also part of the order id.</param>
/// <param name="DeliveredOn">Days since the opening; null when it was cancelled.</param>
/// <param name="ReturnedOn">Days since the opening; null unless it came back.</param>
internal readonly record struct ShopOrder(
    long Number, int Customer, int Day, int Second, int PromisedOn, int? DeliveredOn, int? CancelledOn, int? ReturnedOn, ArraySegment<ShopOrderLine> Lines)
{
    /// <summary>Cents.</summary>
    public long Total
    {
        get
        {
            var total = 0L;
            foreach (var line in Lines)
                total += line.Amount;
            return total;
        }
    }
}
