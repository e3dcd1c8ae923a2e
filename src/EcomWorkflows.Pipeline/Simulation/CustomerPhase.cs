namespace EcomWorkflows.Pipeline.Simulation;

/// <summary>Where a customer stands with the shop; nobody outside sees it.</summary>
internal enum CustomerPhase : byte
{
    Active,

    /// <summary>Has decided to leave: comes ever less often and rarely buys.</summary>
    Fading,

    /// <summary>Looks in once in a long while; a campaign may win the customer back.</summary>
    Gone,
}
