using System.Globalization;
using System.Text.RegularExpressions;

namespace EcomWorkflows.Pipeline.Features.Expressions;

/// <summary>Reads an expression: numbers, names, calls, <c>+ - * /</c>, comparisons, <c>and or not</c>, parentheses; the usual precedence.</summary>
internal sealed partial class ExpressionParser
{
    private static readonly string[][] Levels = [["or"], ["and"], ["<", "<=", ">", ">=", "=", "<>"], ["+", "-"], ["*", "/"]];

    private const int NotLevel = 2;

    private const int MostDepth = 100;

    private readonly List<(string Text, int At)> tokens = [];
    private readonly List<string> names = [];
    private int position;
    private int depth;

    public ExpressionParser(string text)
    {
        var at = 0;
        while (at < text.Length)
        {
            var match = Token().Match(text, at);
            if (!match.Success)
                throw new ExpressionException($"'{text[at]}' at position {at + 1} does not belong into an expression");
            if (match.Groups["token"] is { Success: true } token)
                tokens.Add((token.Value == "!=" ? "<>" : token.Value, token.Index + 1));
            at = match.Index + match.Length;
        }
        tokens.Add(("", text.Length + 1));
    }

    public IReadOnlyList<string> Names => names;

    public ExpressionNode Parse()
    {
        var root = Level(0);
        return tokens[position].Text.Length == 0 ? root : throw Unexpected("the end, or an operator");
    }

    private ExpressionNode Level(int level)
    {
        if (level == Levels.Length)
            return Unary();
        if (level == NotLevel && Take("not"))
            return new CallNode(ExpressionFunction.Not, [Level(level)]);
        var left = Level(level + 1);
        while (Levels[level].FirstOrDefault(Take) is { } sign)
            left = new CallNode(ExpressionFunction.Binary[sign], [left, Level(level + 1)]);
        return left;
    }

    private ExpressionNode Unary()
    {
        if (++depth > MostDepth)
            throw new ExpressionException($"it is nested more than {MostDepth} deep");
        var node = Take("-") ? new CallNode(ExpressionFunction.Negate, [Unary()]) : Primary();
        depth--;
        return node;
    }

    private ExpressionNode Primary()
    {
        var (text, _) = tokens[position];
        if (Take("("))
        {
            var inner = Level(0);
            return Take(")") ? inner : throw Unexpected(")");
        }
        if (text.Length > 0 && (char.IsAsciiDigit(text[0]) || text[0] == '.'))
        {
            position++;
            return new NumberNode(double.Parse(text, CultureInfo.InvariantCulture));
        }
        if (text.Length == 0 || !(char.IsAsciiLetter(text[0]) || text[0] == '_') || Levels.Any(l => l.Contains(text)) || text == "not")
            throw Unexpected("a number, a name or (");
        position++;
        if (Take("("))
            return Call(text);
        if (!names.Contains(text))
            names.Add(text);
        return new NameNode(names.IndexOf(text));
    }

    private CallNode Call(string name)
    {
        if (!ExpressionFunction.Named.TryGetValue(name, out var function))
            throw new ExpressionException($"there is no function '{name}'; allowed are {string.Join(", ", ExpressionFunction.Named.Keys)}");
        var arguments = new List<ExpressionNode>();
        do
            arguments.Add(Level(0));
        while (Take(","));
        if (!Take(")"))
            throw Unexpected(", or )");
        if (arguments.Count < function.Least || arguments.Count > function.Most)
            throw new ExpressionException($"{name} takes {(function.Least == function.Most ? $"{function.Least}" : $"{function.Least} to {function.Most}")} arguments, not {arguments.Count}");
        return new CallNode(function, arguments);
    }

    private bool Take(string text)
    {
        if (tokens[position].Text != text)
            return false;
        position++;
        return true;
    }

    private ExpressionException Unexpected(string expected) =>
        new($"expected {expected} at position {tokens[position].At}, found {(tokens[position].Text.Length == 0 ? "the end" : $"'{tokens[position].Text}'")}");

    [GeneratedRegex(@"\G(\s+|(?<token>[0-9]*\.?[0-9]+([eE][+-]?[0-9]+)?|[A-Za-z_][A-Za-z0-9_]*|<=|>=|<>|!=|[-+*/<>=(),]))", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Token();
}
