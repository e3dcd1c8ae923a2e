using System.Security.Claims;
using EcomWorkflows.Elsa.Api;

namespace EcomWorkflows.Server.Access;

/// <summary>What a caller of Elsa's API may do, by role; Studio shows buttons accordingly.</summary>
internal sealed class RolePermissions : IElsaPermissions
{
    public bool CanEdit(ClaimsPrincipal user) => AccessClaims.RoleOf(user) >= Role.Editor;

    public bool CanOperate(ClaimsPrincipal user) => AccessClaims.RoleOf(user) >= Role.Operator;
}
