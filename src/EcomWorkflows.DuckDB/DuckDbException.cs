namespace EcomWorkflows.DuckDB;

/// <summary>A statement, an append or the opening of a database failed; <see cref="Kind"/> says how.</summary>
public class DuckDbException : Exception
{
    private const int LongestSql = 500;

    public DuckDbException(DuckDbErrorKind kind, string message, string sql = "", Exception? inner = null)
        : base(sql.Length == 0 ? message : $"{message}{Environment.NewLine}SQL: {Shorten(sql)}", inner)
    {
        Kind = kind;
        Sql = Shorten(sql);
    }

    public DuckDbErrorKind Kind { get; }

    /// <summary>The statement's first 500 characters; empty where no statement was involved.</summary>
    public string Sql { get; }

    private static string Shorten(string sql) => sql.Length <= LongestSql ? sql : string.Concat(sql.AsSpan(0, LongestSql), "…");
}
