using System.Security.Claims;

namespace EcomWorkflows.Elsa.Api;

/// <summary>Without accounts everybody who gets through to the server may run DAGs; definitions are read only.</summary>
internal sealed class EveryonesPermissions : IElsaPermissions
{
    public bool CanEdit(ClaimsPrincipal user) => false;

    public bool CanOperate(ClaimsPrincipal user) => true;
}
