using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using EcomWorkflows.Pipeline.Ingestion.Compression;
using EcomWorkflows.Pipeline.Ingestion.Drift;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Ingestion.Json;

/// <summary>Reads a file with one JSON object per line, plain or packed; a line that is none becomes a reject.</summary>
internal sealed class JsonLinesBronze(IReadOnlyList<SourceColumn> columns) : IBronzeReader
{
    private const int CheckEvery = 65_536;

    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 256 };

    /// <summary>Between the members of a path; no member has it in its name.</summary>
    private const char Step = '\u001F';

    private readonly string[][] paths = [.. columns.Select(PathOf)];

    /// <summary>Beginnings of the paths: objects in which declared columns are.</summary>
    private readonly HashSet<string> containers = [.. columns.Select(PathOf).SelectMany(path => Enumerable.Range(1, path.Length - 1).Select(steps => string.Join(Step, path[..steps])))];

    /// <summary>
    /// The top-level members of all objects, and those that paths lead to, since JSON may gain and lose them at any line, or from one page of an API to the next.
    /// </summary>
    public FoundColumns? Probe(RawInput input, CancellationToken cancellationToken)
    {
        var seen = new Dictionary<string, Member>(StringComparer.Ordinal);
        var (first, objects) = (0L, 0L);
        foreach (var (line, text) in Lines(input, cancellationToken))
        {
            if (!TryMembers(text.Span, seen, line, objects + 1))
                continue;
            objects++;
            first = first == 0 ? line : first;
        }
        if (first == 0)
            return null;
        var members = seen.Where(member => !member.Key.Contains(Step, StringComparison.Ordinal)).ToList();
        var names = columns.Where(column => seen.ContainsKey(KeyOf(column))).Select(column => column.Name)
            .Concat(members.Select(member => member.Key).Except(columns.Select(column => PathOf(column)[0]))).ToList();
        return new FoundColumns($"{input.Name}: what its objects hold", names, string.Join(',', members.Select(member => member.Key)), HasOrder: false)
        {
            Since = members.Where(member => member.Value.FirstLine > first).ToDictionary(member => member.Key, member => $"since line {member.Value.FirstLine}"),
            Gone = columns.Where(column => seen.TryGetValue(KeyOf(column), out var member) && DriftRules.IsGone(member.Objects, member.LastObject, objects))
                .ToDictionary(column => column.Name, column => $"not after line {seen[KeyOf(column)].LastLine}"),
        };
    }

    public void Read(RawInput input, BronzeBuffer bronze, CancellationToken cancellationToken)
    {
        foreach (var (line, text) in Lines(input, cancellationToken))
        {
            if (Utf8.IsValid(text.Span))
                Add(line, text, bronze);
            else
                bronze.Reject(new JsonItem(line, text, default, paths), null, RejectRule.Encoding, "not utf-8; JSON is always written in it");
        }
    }

    public IEnumerable<(long Line, string Text)> Find(RawInput input, IReadOnlyList<long> lines, CancellationToken cancellationToken)
    {
        var wanted = 0;
        foreach (var (line, text) in Lines(input, cancellationToken))
        {
            while (wanted < lines.Count && lines[wanted] < line)
                wanted++;
            if (wanted == lines.Count)
                yield break;
            if (lines[wanted] == line)
                yield return (line, RecordText.Of(text.Span));
        }
    }

    /// <summary>Only a path is taken apart: a name may hold points of its own.</summary>
    private static string[] PathOf(SourceColumn column) => column.Path?.Split('.') ?? [column.Name];

    private static string KeyOf(SourceColumn column) => string.Join(Step, PathOf(column));

    private void Add(long line, ReadOnlyMemory<byte> text, BronzeBuffer bronze)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = Strict.MaxDepth });
            var item = new JsonItem(line, text, document.RootElement, paths);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                bronze.Add(item);
            else
                bronze.Reject(item, null, RejectRule.Columns, $"the item is a {document.RootElement.ValueKind}; an object with a member per column is expected");
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a text with half a surrogate pair.
            bronze.Reject(new JsonItem(line, text, default, paths), null, RejectRule.Columns, $"the line is no JSON: {broken.Message}");
        }
    }

    /// <summary>Lines that are not empty.</summary>
    private static IEnumerable<(long Line, ReadOnlyMemory<byte> Text)> Lines(RawInput input, CancellationToken cancellationToken)
    {
        using var stream = RawBytes.Open(input);
        var reader = new LineReader(stream);
        while (TryRead(reader, input))
        {
            if (reader.Number % CheckEvery == 0)
                cancellationToken.ThrowIfCancellationRequested();
            var text = reader.Number == 1 && reader.Line.Span.StartsWith("\uFEFF"u8) ? reader.Line[3..] : reader.Line;
            if (!text.Span.ContainsAnyExcept(" \t"u8))
                continue;
            yield return (reader.Number, text);
        }
    }

    private static bool TryRead(LineReader reader, RawInput input)
    {
        try
        {
            return reader.Read();
        }
        catch (InvalidDataException damaged)
        {
            throw RawBytes.Damaged(input.Path, input.Name, reader.Number, damaged);
        }
    }

    /// <summary>Notes the members of an object; false where the line is no object.</summary>
    /// <param name="number">Which object of the file it is, from 1.</param>
    private bool TryMembers(ReadOnlySpan<byte> text, Dictionary<string, Member> seen, long line, long number)
    {
        var reader = new Utf8JsonReader(text, Strict);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            var names = seen.GetAlternateLookup<ReadOnlySpan<char>>();
            Span<char> room = stackalloc char[256];
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ref var member = ref reader.ValueSpan.Length > room.Length
                    ? ref CollectionsMarshal.GetValueRefOrAddDefault(seen, reader.GetString()!, out _)
                    : ref CollectionsMarshal.GetValueRefOrAddDefault(names, room[..reader.CopyString(room)], out _);
                member.See(line, number);
                if (containers.Count > 0)
                    SeeWithin(ref reader, reader.GetString()!, seen, line, number);
                else
                    reader.Skip();
            }
            return true;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // Said of the line when it is read.
            return false;
        }
    }

    /// <summary>Passes over a member's value, and notes what is in it where columns are declared there.</summary>
    private void SeeWithin(ref Utf8JsonReader reader, string key, Dictionary<string, Member> seen, long line, long number)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject || !containers.Contains(key))
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var inner = $"{key}{Step}{reader.GetString()}";
            CollectionsMarshal.GetValueRefOrAddDefault(seen, inner, out _).See(line, number);
            SeeWithin(ref reader, inner, seen, line, number);
        }
    }

    /// <summary>Where a member was seen.</summary>
    private struct Member
    {
        public long FirstLine { get; private set; }

        public long LastLine { get; private set; }

        public long LastObject { get; private set; }

        public long Objects { get; private set; }

        public void See(long line, long number)
        {
            if (FirstLine == 0)
                FirstLine = line;
            // An object may name a member twice.
            if (LastObject < number)
                Objects++;
            (LastLine, LastObject) = (line, number);
        }
    }
}
