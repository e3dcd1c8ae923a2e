namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Reads SQL as far as it takes to tell its statements apart.</summary>
public static class SqlText
{
    /// <summary>What a message about a statement that ends the transaction says is allowed.</summary>
    public const string Rule = "All statements of a task run in one transaction, which the task itself commits at its end or rolls back when it fails: leave it out. SAVEPOINT and ROLLBACK TO are allowed.";

    /// <summary>The words with which one of the statements ends the transaction it runs in, COMMIT for example; null where none does.</summary>
    public static string? TransactionEnd(string sql)
    {
        var words = new List<string>();
        var isBody = false;
        foreach (var token in Tokens(sql).Append(";"))
        {
            if (token != ";")
            {
                words.Add(token.ToUpperInvariant());
                continue;
            }
            // The statements of a function in standard SQL stand between BEGIN ATOMIC and END.
            var wasBody = isBody;
            isBody = isBody ? words is not ["END", ..] : words.Zip(words.Skip(1)).Contains(("BEGIN", "ATOMIC"));
            if (!wasBody && End(words) is { } end)
                return end;
            words.Clear();
        }
        return null;
    }

    private static string? End(IReadOnlyList<string> words) => words switch
    {
        ["ROLLBACK", "TO", ..] or ["ROLLBACK", "WORK" or "TRANSACTION", "TO", ..] => null,
        ["COMMIT" or "END" or "ROLLBACK" or "ABORT", ..] => words[0],
        ["PREPARE", "TRANSACTION", ..] => "PREPARE TRANSACTION",
        _ => null,
    };

    /// <summary>Words and semicolons outside of quotes and comments; whatever else there is counts as a word of its own.</summary>
    private static IEnumerable<string> Tokens(string sql)
    {
        for (var at = 0; at < sql.Length;)
        {
            var after = After(sql, at);
            var isComment = sql[at] is '-' or '/' && after > at + 1;
            if (!char.IsWhiteSpace(sql[at]) && !isComment)
                yield return sql[at..after];
            at = after;
        }
    }

    private static int After(string sql, int at) => sql[at] switch
    {
        '-' when Follows(sql, at, "--") => sql.IndexOf('\n', at) is var end and >= 0 ? end : sql.Length,
        '/' when Follows(sql, at, "/*") => AfterComment(sql, at),
        '\'' => AfterQuote(sql, at, hasEscapes: at > 0 && sql[at - 1] is 'e' or 'E' && (at == 1 || !IsWord(sql[at - 2]))),
        '"' => AfterQuote(sql, at, hasEscapes: false),
        '$' => AfterDollars(sql, at),
        var first when IsWord(first) => AfterWord(sql, at),
        _ => at + 1,
    };

    private static int AfterWord(string sql, int at)
    {
        while (at < sql.Length && (IsWord(sql[at]) || sql[at] == '$'))
            at++;
        return at;
    }

    /// <summary>A quote inside is written twice, and comes out as two texts.</summary>
    private static int AfterQuote(string sql, int at, bool hasEscapes)
    {
        var end = at + 1;
        while (end < sql.Length && sql[end] != sql[at])
            end += hasEscapes && sql[end] == '\\' ? 2 : 1;
        return Math.Min(end + 1, sql.Length);
    }

    /// <summary>Text between <c>$tag$</c> and the same again; a dollar that begins no such text stands for itself.</summary>
    private static int AfterDollars(string sql, int at)
    {
        var tag = at + 1;
        while (tag < sql.Length && IsWord(sql[tag]))
            tag++;
        if (tag == sql.Length || sql[tag] != '$' || char.IsAsciiDigit(sql[at + 1]))
            return at + 1;
        var quote = sql[at..(tag + 1)];
        return sql.IndexOf(quote, tag + 1, StringComparison.Ordinal) is var end and >= 0 ? end + quote.Length : sql.Length;
    }

    /// <summary>Comments of this kind may hold others.</summary>
    private static int AfterComment(string sql, int at)
    {
        var depth = 0;
        do
        {
            var (opens, closes) = (Follows(sql, at, "/*"), Follows(sql, at, "*/"));
            depth += opens ? 1 : closes ? -1 : 0;
            at += opens || closes ? 2 : 1;
        }
        while (depth > 0 && at < sql.Length);
        return Math.Min(at, sql.Length);
    }

    private static bool IsWord(char one) => char.IsLetterOrDigit(one) || one == '_';

    private static bool Follows(string sql, int at, string text) => string.CompareOrdinal(sql, at, text, 0, text.Length) == 0;
}
