namespace EcomWorkflows.Server.Database;

/// <summary>How a program came to the running server of its cluster.</summary>
public enum ClusterArrival
{
    /// <summary>There was no cluster: it was created and started.</summary>
    Created,

    /// <summary>The cluster was there and no server ran: it was started.</summary>
    Started,

    /// <summary>Another live program on the same home had started the server.</summary>
    Joined,

    /// <summary>A server without any live program was found running and taken over.</summary>
    Adopted,
}
