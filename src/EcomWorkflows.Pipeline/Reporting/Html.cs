using System.Runtime.CompilerServices;
using System.Text;

namespace EcomWorkflows.Pipeline.Reporting;

/// <summary>A piece of markup. Interpolated values are escaped unless they are markup themselves, so data can never become a tag.</summary>
internal readonly record struct Html(string Markup)
{
    public static Html Empty { get; } = new("");

    public static Html Of(Template template) => new(template.ToString());

    public static Html Join(IEnumerable<Html> pieces) => new(string.Concat(pieces.Select(piece => piece.Markup)));

    public override string ToString() => Markup;

    /// <summary>Builds markup from an interpolated string.</summary>
    [InterpolatedStringHandler]
    public readonly struct Template(int literalLength, int formattedCount)
    {
        private readonly StringBuilder markup = new(literalLength + (formattedCount * 16));

        public void AppendLiteral(string literal) => markup.Append(literal);

        public void AppendFormatted(Html piece) => markup.Append(piece.Markup);

        /// <remarks>Only what markup is made of is replaced: the page is UTF-8, and an entity for each letter beyond ASCII would make it a tenth longer.</remarks>
        public void AppendFormatted(string? text)
        {
            foreach (var letter in text ?? "")
            {
                _ = letter switch
                {
                    '&' => markup.Append("&amp;"),
                    '<' => markup.Append("&lt;"),
                    '>' => markup.Append("&gt;"),
                    '"' => markup.Append("&quot;"),
                    '\'' => markup.Append("&#39;"),
                    _ => markup.Append(letter),
                };
            }
        }

        public void AppendFormatted(long number) => markup.Append(number.ToString("N0"));

        public override string ToString() => markup.ToString();
    }
}
