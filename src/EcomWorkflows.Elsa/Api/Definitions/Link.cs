namespace EcomWorkflows.Elsa.Api.Definitions;

/// <summary>What a caller may do with a definition; Studio shows its editor read-only without <c>publish</c>.</summary>
internal sealed record Link(string Href, string Rel, string Method)
{
    public static IReadOnlyList<Link> OfDefinition(string dagId, bool canEdit)
    {
        var address = $"/workflow-definitions/{Uri.EscapeDataString(dagId)}";
        Link self = new(address, "self", "GET");
        return canEdit
            ? [self, new(address + "/publish", "publish", "POST"), new(address + "/retract", "retract", "POST"), new(address, "delete", "DELETE")]
            : [self];
    }

    public static IReadOnlyList<Link> OfList(bool canEdit) => canEdit
        ?
        [
            new("/bulk-actions/publish/workflow-definitions/by-definition-ids", "bulk-publish", "POST"),
            new("/bulk-actions/retract/workflow-definitions/by-definition-ids", "bulk-retract", "POST"),
            new("/bulk-actions/delete/workflow-definitions/by-definition-id", "bulk-delete", "POST"),
            new("/workflow-definitions", "create", "POST"),
        ]
        : [];
}
