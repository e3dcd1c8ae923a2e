using Markdig;
using Markdig.Parsers.Inlines;
using Markdig.Syntax;

namespace EcomWorkflows.Server.Dashboards;

/// <summary>A model card's Markdown as the HTML of a page's body.</summary>
internal static class ModelCardText
{
    public const string FileName = "model_card.md";

    private static readonly MarkdownPipeline Markdown = Pipeline();

    /// <summary>Without the card's own title, for the page has one. HTML, links and images come out as the text they are: a card has none, but names of features and runs stand in it.</summary>
    public static string ToHtml(string markdown)
    {
        var card = Markdig.Markdown.Parse(markdown, Markdown);
        if (card is [HeadingBlock { Level: 1 } title, ..])
            card.Remove(title);
        return card.ToHtml(Markdown);
    }

    private static MarkdownPipeline Pipeline()
    {
        var builder = new MarkdownPipelineBuilder().UsePipeTables().DisableHtml();
        builder.InlineParsers.TryRemove<LinkInlineParser>();
        builder.InlineParsers.TryRemove<AutolinkInlineParser>();
        return builder.Build();
    }
}
