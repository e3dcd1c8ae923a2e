namespace EcomWorkflows.Server.Dashboards;

/// <summary>What a page says after an action. Only the code travels in the address, so nobody can put words into our mouth with a link.</summary>
internal static class Notices
{
    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["started"] = "The run was created.",
        ["existed"] = "A run of that name exists already; this is it.",
        ["paused"] = "Paused: no new runs start.",
        ["unpaused"] = "Unpaused.",
        ["cleared"] = "The tasks run again.",
        ["marked"] = "Marked.",
        ["answered"] = "Answered: the task goes on.",
        ["model-promoted"] = "It is the champion: the next scoring uses it.",
        ["model-rolled-back"] = "Rolled back: this version is the champion again.",
        ["pool-set"] = "The pool is set.",
        ["pool-deleted"] = "The pool is deleted.",
        ["backfill-started"] = "The backfill was started.",
        ["backfill-pause"] = "Paused: no further date starts.",
        ["backfill-resume"] = "Resumed.",
        ["backfill-cancel"] = "Cancelled: dates that had not started are released.",
        ["nothing"] = "There was nothing to run again.",
        ["cancelled"] = "Cancelled.",
        ["ended"] = "The run had already ended.",
    };

    public static string? Text(string? code) => code is null ? null : Texts.GetValueOrDefault(code);

    /// <summary>Back to a page with a notice.</summary>
    public static IResult Redirect(string address, string code) => TypedResults.LocalRedirect($"{address}?notice={code}", permanent: false, preserveMethod: false);
}
