using System.Net.Mail;

namespace EcomWorkflows.Orchestration.Dags;

/// <summary>Checks callbacks and the retry rules that name failures.</summary>
internal static class CallbackValidator
{
    public static IEnumerable<DagProblem> Problems(Dag dag) =>
    [
        .. Of("root", dag.Settings.Callbacks, dag.Settings.Deadline, isTask: false),
        .. dag.Tasks.DistinctBy(t => t.TaskId).SelectMany(t => Of($"task '{t.TaskId}'", t.Settings.Callbacks, t.Settings.Deadline, isTask: true)),
    ];

    private static IEnumerable<DagProblem> Of(string owner, IReadOnlyList<Callback> callbacks, TimeSpan? deadline, bool isTask)
    {
        if (deadline is { } limit && (limit <= TimeSpan.Zero || limit > TimeSpan.FromDays(365)))
            yield return new DagProblem($"{owner}.deadlineSeconds", $"{limit.TotalSeconds} is out of range. Use more than 0, at most 31536000 (a year), or leave it out.");
        foreach (var (callback, index) in callbacks.Select((callback, index) => (callback, index)))
        {
            var place = $"{owner}.callbacks[{index}]";
            if (callback.On.Count == 0)
                yield return new DagProblem($"{place}.on", "The callback names no event. Use a list of success, failure, retry, deadline.");
            if (!isTask && callback.On.Contains(CallbackEvent.Retry))
                yield return new DagProblem($"{place}.on", "Runs are not retried. Put the callback for retry on the task.");
            if (callback.On.Contains(CallbackEvent.Deadline) && deadline is null)
                yield return new DagProblem($"{place}.on", "There is no deadline. Set deadlineSeconds, or leave 'deadline' out.");
            if (callback.Webhook is null == (callback.Email.Count == 0))
                yield return new DagProblem(place, "A callback needs either webhook (an address) or email (a list of recipients), and not both.");
            if (callback.Webhook is { } webhook && WebhookProblem(webhook) is { } problem)
                yield return new DagProblem($"{place}.webhook", problem);
            foreach (var recipient in callback.Email.Where(e => !MailAddress.TryCreate(e, out _)))
                yield return new DagProblem($"{place}.email", $"'{recipient}' is no e-mail address.");
            if (callback.Email.Count > 0 && string.IsNullOrWhiteSpace(callback.Connection))
                yield return new DagProblem($"{place}.connection", "An e-mail needs a connection of type smtp. Name it.");
        }
    }

    private static string? WebhookProblem(string webhook)
    {
        var address = Uri.TryCreate(webhook, UriKind.Absolute, out var parsed) ? parsed : null;
        if (address?.UserInfo.Length > 0)
            return $"The address of {address.Host} holds a user or password: these are not sent, and everyone who sees the DAG sees them. Leave them out; the receiver can check the signature (connection).";
        return address?.Scheme is "http" or "https" ? null : $"'{webhook}' is no http or https address.";
    }
}
