using System.Globalization;
using System.Text;

namespace EcomWorkflows.Orchestration.Planning;

/// <summary>Reads a text with templates. Grammar: <c>{{ head | filter: argument, … }}</c>, head = name or 'text', argument = 'text', number, true or false.</summary>
public static class TemplateParser
{
    /// <summary>The parts of the text in order; a malformed template is reported instead.</summary>
    /// <param name="problem">Null where the text is well-formed.</param>
    public static IReadOnlyList<TemplatePart> Parse(string text, out string? problem)
    {
        var parts = new List<TemplatePart>();
        var position = 0;
        problem = null;
        while (position < text.Length)
        {
            var open = text.IndexOf("{{", position, StringComparison.Ordinal);
            var plain = open < 0 ? text[position..] : text[position..open];
            if (plain.Contains("}}", StringComparison.Ordinal))
            {
                problem = $"'{Shown(text)}' closes a template with '}}}}' that was not opened; literal braces are written {{{{ '}}}}' }}}}";
                return [];
            }
            if (plain.Length > 0)
                parts.Add(new TemplatePart.Text(plain));
            if (open < 0)
                return parts;
            var reader = new Reader(text, open + 2);
            if (!reader.TryExpression(out var expression, out problem))
            {
                problem = $"the template at '{Shown(text[open..])}' cannot be read: {problem}";
                return [];
            }
            parts.Add(expression!);
            position = reader.Position;
        }
        return parts;
    }

    /// <summary>An expression in its one canonical spelling.</summary>
    public static string Print(TemplatePart.Expression expression)
    {
        var text = new StringBuilder("{{ ").Append(expression.Head switch
        {
            TemplateHead.Name name => name.Path,
            TemplateHead.Literal literal => Quoted(literal.Value),
            _ => throw new InvalidOperationException("TemplateHead is a closed set."),
        });
        foreach (var filter in expression.Filters)
        {
            text.Append(" | ").Append(filter.Name);
            if (filter.Arguments.Count > 0)
                text.Append(": ").AppendJoin(", ", filter.Arguments.Select(Printed));
        }
        return text.Append(" }}").ToString();
    }

    private static string Printed(object argument) => argument switch
    {
        string text => Quoted(text),
        bool truth => truth ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException("Filter arguments are text, numbers, true or false."),
    };

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Shown(string text) => text.Length <= 60 ? text : $"{text[..57]}…";

    /// <param name="after">Position behind the opening braces.</param>
    private sealed class Reader(string text, int after)
    {
        private readonly int start = after - 2;
        private int position = after;

        public int Position => position;

        private char Current => position < text.Length ? text[position] : '\0';

        public bool TryExpression(out TemplatePart.Expression? expression, out string? problem)
        {
            expression = null;
            if (!TryHead(out var head, out problem))
                return false;
            var filters = new List<TemplateFilterCall>();
            while (true)
            {
                SkipSpace();
                if (Current == '}' && position + 1 < text.Length && text[position + 1] == '}')
                {
                    position += 2;
                    expression = new TemplatePart.Expression(head!, filters, text[start..position]);
                    return true;
                }
                if (Current != '|')
                {
                    problem = position >= text.Length ? "it is not closed with '}}'" : $"expected '|' or '}}}}', found '{Current}'";
                    return false;
                }
                position++;
                if (!TryFilter(out var filter, out problem))
                    return false;
                filters.Add(filter!);
            }
        }

        private bool TryHead(out TemplateHead? head, out string? problem)
        {
            SkipSpace();
            (head, problem) = (null, null);
            if (Current == '\'')
            {
                if (!TryQuoted(out var literal, out problem))
                    return false;
                head = new TemplateHead.Literal(literal!);
                return true;
            }
            var name = Take(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');
            if (name.Length == 0 || !(char.IsAsciiLetter(name[0]) || name[0] == '_'))
            {
                problem = "expected a name such as ds or params.source, or text in single quotes";
                return false;
            }
            head = new TemplateHead.Name(name);
            return true;
        }

        private bool TryFilter(out TemplateFilterCall? filter, out string? problem)
        {
            SkipSpace();
            (filter, problem) = (null, null);
            var name = Take(c => char.IsAsciiLetterOrDigit(c) || c == '_');
            if (name.Length == 0)
            {
                problem = "a filter's name must follow '|'";
                return false;
            }
            var arguments = new List<object>();
            SkipSpace();
            if (Current == ':')
            {
                do
                {
                    position++;
                    if (!TryArgument(out var argument, out problem))
                        return false;
                    arguments.Add(argument!);
                    SkipSpace();
                }
                while (Current == ',');
            }
            filter = new TemplateFilterCall(name, arguments);
            return true;
        }

        private bool TryArgument(out object? argument, out string? problem)
        {
            SkipSpace();
            (argument, problem) = (null, null);
            if (Current == '\'')
            {
                var read = TryQuoted(out var text, out problem);
                argument = text;
                return read;
            }
            var word = Take(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '+');
            argument = word switch
            {
                "true" => true,
                "false" => false,
                _ when decimal.TryParse(word, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) => number,
                _ => null,
            };
            problem = argument is null ? $"'{word}' is no argument: use text in single quotes, a number, true or false" : null;
            return argument is not null;
        }

        /// <summary>Text in single quotes; a quote inside is written twice.</summary>
        private bool TryQuoted(out string? quoted, out string? problem)
        {
            var content = new StringBuilder();
            (quoted, problem) = (null, null);
            for (position++; position < text.Length; position++)
            {
                if (text[position] != '\'')
                {
                    content.Append(text[position]);
                }
                else if (position + 1 < text.Length && text[position + 1] == '\'')
                {
                    content.Append('\'');
                    position++;
                }
                else
                {
                    position++;
                    quoted = content.ToString();
                    return true;
                }
            }
            problem = "a text in single quotes is not closed";
            return false;
        }

        private string Take(Func<char, bool> accepted)
        {
            var from = position;
            while (position < text.Length && accepted(text[position]))
                position++;
            return text[from..position];
        }

        private void SkipSpace()
        {
            while (position < text.Length && char.IsWhiteSpace(text[position]))
                position++;
        }
    }
}
