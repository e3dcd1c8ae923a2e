using System.Security.Claims;

namespace EcomWorkflows.Elsa.Api;

/// <summary>What a caller of Elsa's API may do.</summary>
public interface IElsaPermissions
{
    /// <summary>Whether the caller may change DAGs.</summary>
    bool CanEdit(ClaimsPrincipal user);

    /// <summary>Whether the caller may start, cancel and delete runs.</summary>
    bool CanOperate(ClaimsPrincipal user);
}
