namespace EcomWorkflows.Pipeline.Features.Activity;

/// <summary>What one customer had done before a moment, returns left out.</summary>
internal struct ActivityCounts
{
    public long Events;
    public long Views;
    public long SellerViews;
    public long Carts;
    public long Purchases;
    public long Views7Days;
    public long Views30Days;
    public long Events1Day;
    public long Events7Days;
    public long Events30Days;
    public long Sessions;

    /// <summary>Different products.</summary>
    public long Products;

    /// <summary>Time of the first event, likewise <see cref="Last"/>; microseconds since 1970.</summary>
    public long First;
    public long Last;
}
