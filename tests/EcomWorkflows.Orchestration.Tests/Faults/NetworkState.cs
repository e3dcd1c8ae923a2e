namespace EcomWorkflows.Orchestration.Tests.Faults;

internal enum NetworkState
{
    Good,

    /// <summary>Connections end, new ones are refused.</summary>
    Cut,

    /// <summary>Connections stay open and nothing comes through; what was sent meanwhile comes later.</summary>
    Silent,

    /// <summary>Each message takes a tenth of a second, both ways.</summary>
    Slow,
}
