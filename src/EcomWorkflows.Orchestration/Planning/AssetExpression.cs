namespace EcomWorkflows.Orchestration.Planning;

/// <summary>Which assets must have new events before a DAG runs: <c>a &amp; b</c> both, <c>a | (b &amp; c)</c> the one or both others.</summary>
public abstract record AssetExpression
{
    private AssetExpression()
    {
    }

    /// <summary>The names in it, each once.</summary>
    public IReadOnlyList<string> Assets => [.. Names().Distinct()];

    /// <summary>Whether events of these assets are enough.</summary>
    public abstract bool IsMet(IReadOnlySet<string> assets);

    protected abstract IEnumerable<string> Names();

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">It cannot be read; the message says where and what was expected.</exception>
    public static AssetExpression Parse(string text) => new AssetExpressionParser(text).Parse();

    public sealed record Asset(string Name) : AssetExpression
    {
        public override bool IsMet(IReadOnlySet<string> assets) => assets.Contains(Name);

        protected override IEnumerable<string> Names() => [Name];
    }

    public sealed record All(IReadOnlyList<AssetExpression> Parts) : AssetExpression
    {
        public override bool IsMet(IReadOnlySet<string> assets) => Parts.All(p => p.IsMet(assets));

        protected override IEnumerable<string> Names() => Parts.SelectMany(p => p.Names());
    }

    public sealed record Any(IReadOnlyList<AssetExpression> Parts) : AssetExpression
    {
        public override bool IsMet(IReadOnlySet<string> assets) => Parts.Any(p => p.IsMet(assets));

        protected override IEnumerable<string> Names() => Parts.SelectMany(p => p.Names());
    }
}
