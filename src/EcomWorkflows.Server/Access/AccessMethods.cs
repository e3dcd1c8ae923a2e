namespace EcomWorkflows.Server.Access;

/// <summary>Kinds of HTTP methods.</summary>
[Flags]
internal enum AccessMethods
{
    /// <summary>GET, HEAD, OPTIONS.</summary>
    Read = 1,

    /// <summary>Every other.</summary>
    Change = 2,

    Any = Read | Change,
}
