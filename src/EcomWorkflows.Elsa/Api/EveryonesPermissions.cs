using System.Security.Claims;

namespace EcomWorkflows.Elsa.Api;

/// <summary>Without accounts everybody who gets through to the server may do everything.</summary>
internal sealed class EveryonesPermissions : IElsaPermissions
{
    public bool CanEdit(ClaimsPrincipal user) => true;

    public bool CanOperate(ClaimsPrincipal user) => true;
}
