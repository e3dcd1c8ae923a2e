namespace EcomWorkflows.Pipeline.Simulation;

/// <summary>How big the simulated shop is.</summary>
public enum SimulationScale
{
    /// <summary>The demo: at least 20,000 customers and 300,000 events.</summary>
    Small,

    /// <summary>About 100,000 customers and 1,000,000 events.</summary>
    Medium,

    /// <summary>800,000 products and about 3,000,000 events.</summary>
    Full,
}
