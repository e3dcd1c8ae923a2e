using System.Collections;
using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration;
using Spectre.Console;

namespace EcomWorkflows.Server.Cli;

/// <summary>Prints what a command found: a table for people, JSON with snake_case members for scripts.</summary>
internal static class CommandOutput
{
    /// <summary>Wide enough that nothing is wrapped where nobody looks at a screen.</summary>
    private const int WidthOfAPipe = 4000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static Option<OutputFormat> Option { get; } = new("--output", "-o")
    {
        Description = "table for people, json for scripts.",
        DefaultValueFactory = _ => OutputFormat.Table,
        Recursive = true,
    };

    /// <summary>One row per item; the JSON holds the items whole, the table the named columns.</summary>
    public static void Write<T>(ParseResult parsed, IReadOnlyList<T> items, params (string Header, Func<T, object?> Value)[] columns)
    {
        if (parsed.GetValue(Option) == OutputFormat.Json)
        {
            WriteJson(items);
            return;
        }

        WriteTable([.. columns.Select(column => column.Header)], items.Select(item => columns.Select(column => column.Value(item))));
    }

    /// <summary>One thing and what belongs to it: JSON as it is, or <paramref name="writeText"/>'s words.</summary>
    public static void WriteOne<T>(ParseResult parsed, T item, Action writeText)
    {
        if (parsed.GetValue(Option) == OutputFormat.Json)
            WriteJson(item);
        else
            writeText();
    }

    public static void WriteTable(IReadOnlyList<string> headers, IEnumerable<IEnumerable<object?>> rows)
    {
        var table = new Table { Border = Console.IsOutputRedirected ? TableBorder.None : TableBorder.Simple };
        foreach (var header in headers)
            table.AddColumn(new TableColumn(new Text(header)) { NoWrap = Console.IsOutputRedirected });
        foreach (var row in rows)
            table.AddRow(row.Select(value => new Text(Show(value))));

        Screen().Write(table);
    }

    public static void WriteJson<T>(T value) => Console.WriteLine(JsonSerializer.Serialize(value, Json));

    /// <summary>The terminal, or a pipe that nothing is wrapped for.</summary>
    public static IAnsiConsole Screen()
    {
        var screen = AnsiConsole.Create(new AnsiConsoleSettings());
        if (Console.IsOutputRedirected)
            screen.Profile.Width = WidthOfAPipe;
        return screen;
    }

    /// <summary>A value as people read it: times in UTC to the second, nothing for null.</summary>
    public static string Show(object? value) => value switch
    {
        null or DBNull => "",
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss"),
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss"),
        TimeSpan span => span.TotalSeconds < 60 ? $"{span.TotalSeconds:0.0} s" : $"{(int)span.TotalMinutes} min {span.Seconds} s",
        bool flag => flag ? "yes" : "no",
        JsonNode node => node.ToReadableText(),
        string text => text,
        IEnumerable list => string.Join(", ", list.Cast<object?>().Select(Show)),
        _ => value.ToString() ?? "",
    };
}
