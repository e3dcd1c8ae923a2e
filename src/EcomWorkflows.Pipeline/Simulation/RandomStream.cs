namespace EcomWorkflows.Pipeline.Simulation;

/// <summary>What a random stream decides; the numbers are part of the simulated data and never change.</summary>
internal enum RandomStream
{
    Signups = 1,
    Profile = 2,
    Life = 3,
    Record = 4,
    Product = 5,
    Price = 6,
    Seller = 7,
    Order = 8,
    DefectPlace = 9,
    DefectValue = 10,
    Start = 11,
}
