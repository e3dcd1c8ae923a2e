namespace EcomWorkflows.Pipeline.Simulation;

/// <summary>What changes about a customer from day to day.</summary>
internal struct CustomerState
{
    public CustomerPhase Phase;

    /// <summary>Sum of bad experiences, fading by 1.2 % a day.</summary>
    public float Dissatisfaction;

    /// <summary>Running mean of price seen over reference price.</summary>
    public float PriceFelt;

    public int FadingSince;
    public int LastVisit;
    public int LastPurchase;
    public int Purchases;
    public int Product1;
    public int Product2;

    /// <summary>Day on which the outcome of an order (late, returned) is felt; 0 when nothing is pending.</summary>
    public int FeltOn;
    public float Felt;
}
