using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>The filters templates may use: a small closed set, so that a wrong name is found when the DAG is imported.</summary>
public static class TemplateFilters
{
    /// <summary>The filter that gives a value to what has none.</summary>
    public const string Default = "default";

    private const string DateForm = "yyyy-MM-dd";

    public static IReadOnlyList<TemplateFilter> All { get; } =
    [
        new("date", [typeof(string), typeof(string)], 1, "An instant in a .NET date format, in UTC or the IANA time zone given.",
            "{{ ds | date: 'yyyy/MM' }}", "2026/11", (value, a) => Date(value, (string)a[0], a.Count > 1 ? (string)a[1] : "UTC")),
        new("add_days", [typeof(decimal)], 1, "An instant or date that many days later; negative is earlier.",
            "{{ ds | add_days: -1 }}", "2026-11-20", (value, a) => Add(value, (decimal)a[0], TimeSpan.TicksPerDay)) { Largest = LargestSpan(TimeSpan.TicksPerDay) },
        new("add_hours", [typeof(decimal)], 1, "An instant that many hours later.",
            "{{ data_interval_start | add_hours: 6 }}", "2026-11-21T06:00:00Z", (value, a) => Add(value, (decimal)a[0], TimeSpan.TicksPerHour)) { Largest = LargestSpan(TimeSpan.TicksPerHour) },
        new("add_minutes", [typeof(decimal)], 1, "An instant that many minutes later.",
            "{{ data_interval_start | add_minutes: 90 }}", "2026-11-21T01:30:00Z", (value, a) => Add(value, (decimal)a[0], TimeSpan.TicksPerMinute)) { Largest = LargestSpan(TimeSpan.TicksPerMinute) },
        new(Default, [typeof(object)], 1, "The argument where the value is missing or null.",
            "{{ var.region | default: 'eu' }}", "eu", (value, a) => value ?? ToNode(a[0])),
        new("upper", [], 0, "Text in upper case.", "{{ 'abc' | upper }}", "ABC", (value, _) => Text(value).ToUpperInvariant()),
        new("lower", [], 0, "Text in lower case.", "{{ 'ABC' | lower }}", "abc", (value, _) => Text(value).ToLowerInvariant()),
        new("trim", [], 0, "Text without space at its ends.", "{{ ' a ' | trim }}", "a", (value, _) => Text(value).Trim()),
        new("replace", [typeof(string), typeof(string)], 2, "Text with every occurrence of the first argument replaced by the second.",
            "{{ ds | replace: '-', '' }}", "20261121", (value, a) => Text(value).Replace(Nonempty((string)a[0]), (string)a[1], StringComparison.Ordinal)),
        new("split", [typeof(string)], 1, "A list of the pieces of a text between occurrences of the argument.",
            "{{ 'a,b' | split: ',' | json }}", """["a","b"]""",
            (value, a) => new JsonArray([.. Text(value).Split(Nonempty((string)a[0])).Select(piece => (JsonNode)piece)])),
        new("join", [typeof(string)], 1, "The elements of a list as one text, with the argument between them.",
            "{{ 'a,b' | split: ',' | join: '+' }}", "a+b", (value, a) => string.Join((string)a[0], List(value).Select(AsText))),
        new("first", [], 0, "The first element of a list, or nothing.", "{{ 'a,b' | split: ',' | first }}", "a", (value, _) => List(value).FirstOrDefault()?.DeepClone()),
        new("last", [], 0, "The last element of a list, or nothing.", "{{ 'a,b' | split: ',' | last }}", "b", (value, _) => List(value).LastOrDefault()?.DeepClone()),
        new("size", [], 0, "How many elements a list has, or characters a text.", "{{ 'abc' | size }}", "3",
            (value, _) => value is JsonArray list ? list.Count : Text(value).Length),
        new("json", [], 0, "The value as JSON text.", "{{ params.codes | json }}", """["a","b"]""", (value, _) => value?.ToJsonString() ?? "null"),
    ];

    private static readonly Dictionary<string, TemplateFilter> ByName = All.ToDictionary(f => f.Name, StringComparer.Ordinal);

    public static bool TryFind(string name, out TemplateFilter? filter) => ByName.TryGetValue(name, out filter);

    /// <exception cref="TemplateException">The value does not suit the filter.</exception>
    public static JsonNode? Apply(TemplateFilterCall call, JsonNode? value)
    {
        if (!ByName.TryGetValue(call.Name, out var filter))
            throw new InvalidOperationException($"Filter '{call.Name}' passed the import check but cannot be applied.");
        // A DAG imported by an earlier version of the program was not checked for all of it.
        if (filter.Problem(call.Arguments) is { } problem)
            throw new TemplateException(problem);
        try
        {
            return filter.Apply(value, call.Arguments);
        }
        catch (Exception unsuitable) when (unsuitable is FormatException or ArgumentException)
        {
            throw new TemplateException($"filter '{call.Name}' cannot be applied to {value?.ToReadableText() ?? "null"}: {unsuitable.Message}");
        }
    }

    /// <summary>How a value stands in a text: strings as they are, everything else as JSON.</summary>
    public static string AsText(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : node?.ToReadableText() ?? "null";

    internal static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture);

    private static string Text(JsonNode? value) => value is JsonValue ? AsText(value) : throw new FormatException("expected text or a number");

    private static JsonArray List(JsonNode? value) => value as JsonArray ?? throw new FormatException("expected a list");

    private static string Nonempty(string argument) => argument.Length > 0 ? argument : throw new FormatException("the first argument is empty");

    private static DateTimeOffset Time(JsonNode? value) =>
        DateTimeOffset.TryParse(Text(value), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? at
            : throw new FormatException("expected a date or instant such as 2026-11-21 or 2026-11-21T06:00:00Z");

    private static JsonNode Date(JsonNode? value, string format, string zone)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
            throw new FormatException($"'{zone}' is no IANA time zone");
        return TimeZoneInfo.ConvertTime(Time(value), found).ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>From the first to the last date there is.</summary>
    private static decimal LargestSpan(long unit) => DateTime.MaxValue.Ticks / unit;

    /// <summary>A plain date stays one when whole days are added.</summary>
    private static JsonNode Add(JsonNode? value, decimal count, long unit)
    {
        var ticks = Time(value).UtcTicks + (long)decimal.Round(count * unit);
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
            throw new FormatException("the result lies outside of the years 1 to 9999");
        var later = new DateTimeOffset(ticks, TimeSpan.Zero);
        var isDate = DateTime.TryParseExact(Text(value), DateForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        return isDate && later.TimeOfDay == TimeSpan.Zero ? later.ToString(DateForm, CultureInfo.InvariantCulture) : Instant(later);
    }

    private static JsonNode ToNode(object argument) => argument switch
    {
        string text => text,
        bool truth => truth,
        decimal number => number,
        _ => throw new InvalidOperationException("Filter arguments are text, numbers, true or false."),
    };
}
