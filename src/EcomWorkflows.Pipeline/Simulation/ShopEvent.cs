namespace EcomWorkflows.Pipeline.Simulation;

/// <summary>One row of the activity log.</summary>
/// <param name="Second">Second of the day, UTC.</param>
internal readonly record struct ShopEvent(int Second, int Customer, int Product, int Seller, ShopEventType Type) : IComparable<ShopEvent>
{
    /// <summary>By time, then customer, then the order of the funnel.</summary>
    public int CompareTo(ShopEvent other)
    {
        if (Second != other.Second)
            return Second.CompareTo(other.Second);
        if (Customer != other.Customer)
            return Customer.CompareTo(other.Customer);
        return Type != other.Type ? ((byte)Type).CompareTo((byte)other.Type) : Product.CompareTo(other.Product);
    }

    public static bool operator <(ShopEvent left, ShopEvent right) => left.CompareTo(right) < 0;

    public static bool operator >(ShopEvent left, ShopEvent right) => left.CompareTo(right) > 0;

    public static bool operator <=(ShopEvent left, ShopEvent right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ShopEvent left, ShopEvent right) => left.CompareTo(right) >= 0;
}
