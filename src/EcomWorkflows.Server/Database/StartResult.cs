namespace EcomWorkflows.Server.Database;

/// <summary>How one start of the server ended.</summary>
internal enum StartResult
{
    Ready,

    /// <summary>Another program listens on the recorded port: start again on another one.</summary>
    PortTaken,

    /// <summary>Processes of a killed server still hold its shared memory: they end by themselves, start again a little later.</summary>
    LeftoversAlive,

    TimedOut,

    Failed,
}
