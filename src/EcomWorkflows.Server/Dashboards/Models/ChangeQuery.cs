using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Api;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>What a person wants to do to tasks of a run, as the address of the preview and the form carry it.</summary>
/// <param name="Do"><c>clear</c>, <c>success</c>, <c>failed</c> or <c>skipped</c>.</param>
/// <param name="Tasks">Empty means every task.</param>
/// <param name="MapIndex">One instance of the only task that is named; null for all of them.</param>
/// <param name="Generation">The run's generation the person was looking at.</param>
public sealed record ChangeQuery(
    string Do, IReadOnlyList<string> Tasks, int? MapIndex, bool OnlyFailed, bool Upstream, bool Downstream, bool Past, bool Future, bool LatestVersion, string Note, int? Generation)
{
    public const string Clear = "clear";

    /// <summary>What can be done, with what the form calls it.</summary>
    public static IReadOnlyList<(string Do, string Text)> Choices { get; } =
        [(Clear, "Run again (clear)"), ("success", "Mark as success"), ("failed", "Mark as failed"), ("skipped", "Mark as skipped")];

    public bool IsClear => Do == Clear;

    /// <exception cref="BadRequestException">A value is none there is.</exception>
    internal static ChangeQuery Read(Func<string, IReadOnlyList<string?>> values)
    {
        var what = One("do") ?? Clear;
        if (!Choices.Any(c => c.Do == what))
            throw new BadRequestException($"'{what}' cannot be done to tasks; allowed: {string.Join(", ", Choices.Select(c => c.Do))}.");
        string[] tasks = [.. values("task").Where(t => !string.IsNullOrEmpty(t)).Distinct()!];
        var map = Number("map");
        if (map is not null && tasks.Length != 1)
            throw new BadRequestException("map names an instance of one task: give exactly one task with it.");
        return new ChangeQuery(
            what, tasks, map, Flag("only_failed"), Flag("upstream"), Flag("downstream"), Flag("past"), Flag("future"), Flag("latest_version"), One("note")?.Trim() ?? "", Number("generation"));

        string? One(string name) => values(name) is [{ Length: > 0 } value, ..] ? value : null;

        bool Flag(string name) => One(name) is "true" or "on";

        int? Number(string name) => One(name) is not { } text ? null
            : int.TryParse(text, out var number) ? number : throw new BadRequestException($"{name} is '{text}'; it is a whole number.");
    }

    internal RerunRequest ToRequest(long runId) => new(
        new ClearSelection(Tasks.Count == 0 ? null : MapIndex is null ? Tasks : [], OnlyFailed, Downstream, Upstream)
        {
            Instances = MapIndex is { } index ? [new InstanceKey(Tasks[0], index)] : [],
        })
    {
        RunId = runId,
        Past = Past,
        Future = Future,
        LatestVersion = IsClear && LatestVersion,
        Generation = Generation,
        Note = Note.Length == 0 ? null : Note,
    };

    /// <summary>The fields as a form sends them, for the confirmation.</summary>
    internal IEnumerable<(string Name, string Value)> Fields(int generation) =>
    [
        ("do", Do), .. Tasks.Select(t => ("task", t)), .. MapIndex is { } map ? [("map", $"{map}")] : Array.Empty<(string, string)>(),
        ("only_failed", Text(OnlyFailed)), ("upstream", Text(Upstream)), ("downstream", Text(Downstream)), ("past", Text(Past)), ("future", Text(Future)),
        ("latest_version", Text(LatestVersion)), ("note", Note), ("generation", $"{generation}"),
    ];

    private static string Text(bool flag) => flag ? "true" : "false";
}
