namespace EcomWorkflows.Pipeline.Features.Activity;

/// <summary>What an event of a customer was, and what it was among the customer's events before it.</summary>
[Flags]
internal enum EventTraits : byte
{
    None = 0,
    View = 1,
    SellerView = 2,
    Cart = 4,
    Purchase = 8,

    /// <summary>The source counts it as activity: who has none is no customer yet.</summary>
    Activity = 16,

    /// <summary>The customer's first, or more than 30 minutes after the one before it.</summary>
    OpensSession = 32,

    /// <summary>The first with this product.</summary>
    NewProduct = 64,
}
