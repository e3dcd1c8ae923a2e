using System.Text.Json;
using System.Text.RegularExpressions;

namespace EcomWorkflows.Pipeline.Features.Definitions;

/// <summary>Takes members out of one object of a definition file and remembers everything that is wrong with them.</summary>
internal sealed partial class DefinitionReader(string file, LocatedJson node, List<FeatureFileProblem> problems)
{
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    public LocatedJson Node => node;

    /// <summary>Says what is wrong with a member, or with the object itself.</summary>
    public void Problem(string? member, string message)
    {
        var at = member is not null && node.Members.TryGetValue(member, out var found) ? found : node;
        problems.Add(new FeatureFileProblem(file, at.Line, member is null || at != node ? at.Place : $"{Prefix}{member}", message));
    }

    /// <summary>A name that can be a column; empty where it is missing or none.</summary>
    public string Name(string member)
    {
        var text = Text(member);
        if (text.Length > 0 && !NameForm().IsMatch(text))
            Problem(member, $"'{text}' is no name; allowed are lower-case letters, digits and _, a letter first");
        return text;
    }

    /// <summary>A text that has to be there.</summary>
    public string Text(string member)
    {
        if (TextOrNull(member) is { } text)
            return text;
        if (!node.Members.TryGetValue(member, out var found) || found.Kind == JsonValueKind.Null)
            Problem(member, $"is missing; add \"{member}\": a text");
        return "";
    }

    public string? TextOrNull(string member)
    {
        known.Add(member);
        if (!node.Members.TryGetValue(member, out var found) || found.Kind == JsonValueKind.Null)
            return null;
        if (found.Kind == JsonValueKind.String && found.Text.Trim().Length > 0)
            return found.Text;
        Problem(member, $"must be a text that is not empty, not {Describe(found)}");
        return null;
    }

    /// <summary>A text, also as a list of its lines.</summary>
    public string? LinesOrNull(string member) =>
        node.Members.TryGetValue(member, out var found) && found.Kind == JsonValueKind.Array ? string.Join('\n', Texts(member)) : TextOrNull(member);

    public bool Flag(string member, bool otherwise)
    {
        known.Add(member);
        if (!node.Members.TryGetValue(member, out var found))
            return otherwise;
        if (found.Kind is JsonValueKind.True or JsonValueKind.False)
            return found.Kind == JsonValueKind.True;
        Problem(member, $"must be true or false, not {Describe(found)}");
        return otherwise;
    }

    /// <summary>A length of time: <c>"90d"</c>, <c>"12h"</c>, <c>"30m"</c>, <c>"45s"</c>.</summary>
    public TimeSpan? DurationOrNull(string member)
    {
        if (TextOrNull(member) is not { } text)
            return null;
        var match = DurationForm().Match(text);
        if (match.Success)
            return long.Parse(match.Groups["n"].ValueSpan) * match.Groups["unit"].Value switch
            {
                "d" => TimeSpan.FromDays(1),
                "h" => TimeSpan.FromHours(1),
                "m" => TimeSpan.FromMinutes(1),
                _ => TimeSpan.FromSeconds(1),
            };
        Problem(member, $"'{text}' is no length of time; write a whole number and d, h, m or s, for example \"90d\"; leave it out for values that never expire");
        return null;
    }

    public IReadOnlyList<string> Texts(string member)
    {
        var texts = new List<string>();
        foreach (var item in List(member))
        {
            if (item.Kind == JsonValueKind.String)
                texts.Add(item.Text);
            else
                problems.Add(new FeatureFileProblem(file, item.Line, item.Place, $"must be a text, not {Describe(item)}"));
        }
        return texts;
    }

    public IReadOnlyDictionary<string, string> Tags(string member)
    {
        known.Add(member);
        if (!node.Members.TryGetValue(member, out var found))
            return new Dictionary<string, string>();
        if (found.Kind == JsonValueKind.Object && found.Members.Values.All(m => m.Kind == JsonValueKind.String))
            return found.Members.ToDictionary(m => m.Key, m => m.Value.Text);
        Problem(member, "must be an object of texts, for example { \"team\": \"crm\" }");
        return new Dictionary<string, string>();
    }

    /// <summary>A reader for each object of a list.</summary>
    public IEnumerable<DefinitionReader> Objects(string member)
    {
        foreach (var item in List(member))
        {
            if (item.Kind == JsonValueKind.Object)
                yield return new DefinitionReader(file, item, problems);
            else
                problems.Add(new FeatureFileProblem(file, item.Line, item.Place, $"must be an object, not {Describe(item)}"));
        }
    }

    /// <summary>A reader for an object member; null where it is missing or something else.</summary>
    public DefinitionReader? Object(string member)
    {
        known.Add(member);
        if (node.Members.TryGetValue(member, out var found) && found.Kind == JsonValueKind.Object)
            return new DefinitionReader(file, found, problems);
        Problem(member, found is null ? $"is missing; add \"{member}\": an object" : $"must be an object, not {Describe(found)}");
        return null;
    }

    /// <summary>Refuses members nobody asked for: most likely they are misspelt.</summary>
    public void Done()
    {
        foreach (var (name, member) in node.Members)
        {
            if (!known.Contains(name))
                problems.Add(new FeatureFileProblem(file, member.Line, member.Place, $"is not known here; allowed are {string.Join(", ", known.Order(StringComparer.Ordinal))}"));
        }
    }

    private string Prefix => node.Place.Length == 0 ? "" : node.Place + ".";

    private IReadOnlyList<LocatedJson> List(string member)
    {
        known.Add(member);
        if (!node.Members.TryGetValue(member, out var found) || found.Kind == JsonValueKind.Null)
            return [];
        if (found.Kind == JsonValueKind.Array)
            return found.Items;
        Problem(member, $"must be a list, not {Describe(found)}");
        return [];
    }

    private static string Describe(LocatedJson value) => value.Kind switch
    {
        JsonValueKind.String => $"the text '{value.Text}'",
        JsonValueKind.Number => $"the number {value.Text}",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        var kind => kind.ToString().ToLowerInvariant(),
    };

    [GeneratedRegex("^[a-z][a-z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex NameForm();

    [GeneratedRegex("^(?<n>[1-9][0-9]{0,6})(?<unit>[dhms])$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex DurationForm();
}
