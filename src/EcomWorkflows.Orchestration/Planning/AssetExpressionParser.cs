using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>Reads asset expressions; <c>&amp;</c> binds closer than <c>|</c>.</summary>
internal sealed class AssetExpressionParser(string text)
{
    private int position;

    public AssetExpression Parse()
    {
        var expression = ReadAny();
        SkipBlanks();
        return position == text.Length ? expression : throw Expected("'&', '|' or the end");
    }

    private AssetExpression ReadAny() => ReadSeveral('|', ReadAll, parts => new AssetExpression.Any(parts));

    private AssetExpression ReadAll() => ReadSeveral('&', ReadOne, parts => new AssetExpression.All(parts));

    private AssetExpression ReadSeveral(char separator, Func<AssetExpression> read, Func<IReadOnlyList<AssetExpression>, AssetExpression> join)
    {
        var parts = new List<AssetExpression> { read() };
        while (Take(separator))
            parts.Add(read());
        return parts.Count == 1 ? parts[0] : join(parts);
    }

    private AssetExpression ReadOne()
    {
        if (Take('('))
        {
            var inner = ReadAny();
            return Take(')') ? inner : throw Expected("')'");
        }
        var start = position;
        while (position < text.Length && !" \t\r\n&|()".Contains(text[position]))
            position++;
        var name = text[start..position];
        if (AssetName.IsName(name))
            return new AssetExpression.Asset(name);
        position = start;
        throw Expected(name.Length == 0 ? "an asset's name or '('" : $"an asset's name ({AssetName.Allowed})");
    }

    private bool Take(char wanted)
    {
        SkipBlanks();
        if (position == text.Length || text[position] != wanted)
            return false;
        position++;
        SkipBlanks();
        return true;
    }

    private void SkipBlanks()
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
            position++;
    }

    private FormatException Expected(string what) =>
        new($"'{text}' cannot be read at character {position + 1}{(position < text.Length ? $" ('{text[position]}')" : " (the end)")}: expected {what}");
}
