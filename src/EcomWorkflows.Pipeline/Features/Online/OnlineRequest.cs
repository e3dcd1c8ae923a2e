using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace EcomWorkflows.Pipeline.Features.Online;

/// <summary>One request for online features, read in place: nothing of the body is copied into objects. Used again for the next request.</summary>
public sealed class OnlineRequest
{
    internal OnlineRequest()
    {
    }

    /// <summary>Rows one request may ask for.</summary>
    public const int MaxRows = 10_000;

    /// <summary>Between the parts of a key of several entities.</summary>
    private const byte KeySeparator = 0x1F;

    private readonly List<EntityColumn> columns = [];
    private readonly byte[] unescaped = new byte[1024];
    private int used;

    /// <summary>The body, filled by the caller.</summary>
    public ByteBuffer Body { get; } = new();

    /// <summary>What the answer's shape depends on: features or service, flags, names of entities.</summary>
    internal ByteBuffer Shape { get; } = new();

    /// <summary>The answer.</summary>
    public ByteBuffer Answer { get; } = new();

    internal ByteBuffer Key { get; } = new();

    internal IReadOnlyList<string>? Features { get; private set; }

    internal string? Service { get; private set; }

    internal bool FullNames { get; private set; }

    internal bool WithVersions { get; private set; }

    /// <summary>Rows asked for: the length of every entity's list.</summary>
    internal int Rows { get; private set; }

    internal int ColumnCount => used;

    /// <summary>The rows found, by view of the plan, then by row; null where not looked up yet.</summary>
    internal OnlineRow?[][] Found { get; private set; } = [];

    internal EntityColumn Column(int index) => columns[index];

    /// <summary>Reads the body.</summary>
    /// <exception cref="FeatureRequestException">It is not of the form expected; the message says what is.</exception>
    internal void Parse()
    {
        (used, FullNames, WithVersions, Features, Service) = (0, false, false, null, null);
        Shape.Clear();
        try
        {
            var reader = new Utf8JsonReader(Body.Span);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                throw Malformed("The body must be a JSON object with features or feature_service, and entities.");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                Member(ref reader);
            reader.Read();
        }
        catch (JsonException malformed)
        {
            throw Malformed($"The body is not the JSON object expected: {malformed.Message}");
        }
        Shape.Write(FullNames ? (byte)1 : (byte)0);
        Shape.Write(WithVersions ? (byte)1 : (byte)0);
        for (var i = 0; i < used; i++)
        {
            Shape.Write(columns[i].Name);
            Shape.Write((byte)0);
        }
        Rows = used == 0 ? 0 : columns[0].Count;
        for (var i = 1; i < used; i++)
        {
            for (var earlier = 0; earlier < i; earlier++)
            {
                if (columns[earlier].Name == columns[i].Name)
                    throw Malformed($"entities.{columns[i].Name} is given twice; give one list with one value per row.");
            }
            if (columns[i].Count != Rows)
                throw Malformed($"entities.{columns[i].Name} has {columns[i].Count} values, entities.{columns[0].Name} has {Rows}; all need one per row.");
        }
        if (Rows > MaxRows)
            throw Malformed($"entities.{columns[0].Name} has {Rows} values; at most {MaxRows} are answered at once.");
    }

    /// <summary>The names of the features, or of the service, as objects; only needed where the shape is new.</summary>
    internal void ReadNames()
    {
        var reader = new Utf8JsonReader(Body.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (features, service) = (reader.ValueTextEquals("features"u8), reader.ValueTextEquals("feature_service"u8));
            reader.Read();
            if (features && reader.TokenType == JsonTokenType.StartArray)
                Features = ReadTexts(ref reader);
            else if (service && reader.TokenType == JsonTokenType.String)
                Service = reader.GetString();
            else
                reader.Skip();
        }
    }

    /// <summary>Makes room for what will be found.</summary>
    internal void Expect(int views)
    {
        if (Found.Length < views)
            Found = [.. Found, .. Enumerable.Range(0, views - Found.Length).Select(_ => Array.Empty<OnlineRow?>())];
        for (var i = 0; i < views; i++)
        {
            if (Found[i].Length < Rows)
                Found[i] = new OnlineRow?[Math.Max(Rows, 16)];
            else
                Array.Clear(Found[i], 0, Rows);
        }
    }

    /// <summary>The online store's key of a row, made of the values of these columns.</summary>
    internal ReadOnlySpan<byte> KeyOf(ReadOnlySpan<int> keyColumns, int row)
    {
        if (keyColumns.Length == 1)
        {
            var value = columns[keyColumns[0]][row];
            if (!value.IsEscaped)
                return Raw(value, quotes: false);
        }
        Key.Clear();
        for (var i = 0; i < keyColumns.Length; i++)
        {
            if (i > 0)
                Key.Write(KeySeparator);
            var value = columns[keyColumns[i]][row];
            if (value.IsEscaped)
                Key.Write(Unescape(value));
            else
                Key.Write(Raw(value, quotes: false));
        }
        return Key.Span;
    }

    /// <summary>A value as it stands in the body.</summary>
    internal ReadOnlySpan<byte> Raw(EntityValue value, bool quotes = true) =>
        value.IsText && !quotes ? Body.Span.Slice(value.Start + 1, value.Length - 2) : Body.Span.Slice(value.Start, value.Length);

    /// <summary>A value that an on-demand feature reads: a number, true or false; NaN for null.</summary>
    /// <exception cref="FeatureRequestException">It is something else.</exception>
    internal double NumberOf(int column, int row)
    {
        var raw = Raw(columns[column][row]);
        if (raw.SequenceEqual("null"u8))
            return double.NaN;
        if (raw.SequenceEqual("true"u8) || raw.SequenceEqual("false"u8))
            return raw[0] == 't' ? 1 : 0;
        return !columns[column][row].IsText && Utf8Parser.TryParse(raw, out double number, out var used_) && used_ == raw.Length
            ? number
            : throw Malformed($"entities.{columns[column].Name}[{row}] is {Encoding.UTF8.GetString(raw)}; it is a value to compute with, so allowed are numbers, true, false and null.");
    }

    /// <exception cref="FeatureRequestException">A value of the column is neither a text nor a whole number.</exception>
    internal void RequireKeys(int column)
    {
        for (var row = 0; row < Rows; row++)
        {
            var value = columns[column][row];
            if (value.IsText || (Utf8Parser.TryParse(Raw(value), out long _, out var length) && length == value.Length))
                continue;
            throw Malformed($"entities.{columns[column].Name}[{row}] is {Encoding.UTF8.GetString(Raw(value))}; allowed are texts and whole numbers.");
        }
    }

    private void Member(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("entities"u8))
        {
            Entities(ref reader);
            return;
        }
        var shape = reader.ValueTextEquals("features"u8) || reader.ValueTextEquals("feature_service"u8);
        var (full, versions) = (reader.ValueTextEquals("full_feature_names"u8), reader.ValueTextEquals("include_feature_view_version_metadata"u8));
        reader.Read();
        if (full || versions)
        {
            if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
                throw Malformed($"{(full ? "full_feature_names" : "include_feature_view_version_metadata")} must be true or false.");
            (FullNames, WithVersions) = (full ? reader.GetBoolean() : FullNames, versions ? reader.GetBoolean() : WithVersions);
            return;
        }
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        if (shape)
        {
            Shape.Write(Body.Span[start..(int)reader.BytesConsumed]);
            Shape.Write((byte)0);
        }
    }

    private void Entities(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Malformed("entities must be an object of lists, for example {\"customer_id\": [\"C1\", \"C2\"]}.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (used == columns.Count)
                columns.Add(new EntityColumn());
            var column = columns[used++];
            column.Clear();
            if (!reader.ValueTextEquals(column.Name))
                column.Name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray)
                throw Malformed($"entities.{column.Name} must be a list with one value per row.");
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                var (text, escaped) = (reader.TokenType == JsonTokenType.String, reader.ValueIsEscaped);
                reader.Skip();
                column.Add(new EntityValue(start, (int)reader.BytesConsumed - start, text, text && escaped));
            }
        }
    }

    private static List<string> ReadTexts(ref Utf8JsonReader reader)
    {
        var texts = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw Malformed($"features[{texts.Count}] must be a text: view:feature or view@v2:feature."));
        }
        return texts;
    }

    private ReadOnlySpan<byte> Unescape(EntityValue value)
    {
        var reader = new Utf8JsonReader(Raw(value));
        reader.Read();
        var target = value.Length <= unescaped.Length ? unescaped : new byte[value.Length];
        return target.AsSpan(0, reader.CopyString(target));
    }

    private static FeatureRequestException Malformed(string message) => new(message, notFound: false);
}
