using System.Text;

namespace EcomWorkflows.Orchestration.Dags;

/// <summary>The difference of two texts line by line, in the unified form that <c>diff -u</c> and <c>git diff</c> print.</summary>
public static class TextDifference
{
    private const int Context = 3;

    private enum Kind
    {
        Same = ' ',
        Removed = '-',
        Added = '+',
    }

    /// <summary>Empty where both are equal.</summary>
    /// <param name="beforeName">What the first text is called in the header.</param>
    public static string Unified(string before, string after, string beforeName, string afterName)
    {
        if (before == after)
            return "";
        var lines = Align(Lines(before), Lines(after));
        var text = new StringBuilder($"--- {beforeName}\n+++ {afterName}\n");
        for (var start = NextChange(0); start < lines.Count; start = NextChange(start))
        {
            var first = Math.Max(0, start - Context);
            var end = start;
            for (var change = start; change < lines.Count && change - end <= 2 * Context; change = NextChange(change + 1))
                end = change;
            var last = Math.Min(lines.Count - 1, end + Context);
            Write(text, lines, first, last);
            start = last + 1;
        }
        return text.ToString();

        int NextChange(int from)
        {
            while (from < lines.Count && lines[from].Kind == Kind.Same)
                from++;
            return from;
        }
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');

    private static void Write(StringBuilder text, List<(Kind Kind, string Line)> lines, int first, int last)
    {
        var (skippedBefore, skippedAfter) = (lines.Take(first).Count(l => l.Kind != Kind.Added), lines.Take(first).Count(l => l.Kind != Kind.Removed));
        var hunk = lines.GetRange(first, last - first + 1);
        var (removed, added) = (hunk.Count(l => l.Kind != Kind.Added), hunk.Count(l => l.Kind != Kind.Removed));
        text.Append($"@@ -{skippedBefore + 1},{removed} +{skippedAfter + 1},{added} @@\n");
        foreach (var (kind, line) in hunk)
            text.Append((char)kind).Append(line).Append('\n');
    }

    /// <summary>Myers' greedy algorithm (1986): cost grows with the number of differences, not with the product of the lengths.</summary>
    private static List<(Kind Kind, string Line)> Align(string[] before, string[] after)
    {
        var furthest = new Dictionary<int, int> { [1] = 0 };
        var trace = new List<Dictionary<int, int>>();
        for (var edits = 0; ; edits++)
        {
            trace.Add(new Dictionary<int, int>(furthest));
            for (var diagonal = -edits; diagonal <= edits; diagonal += 2)
            {
                var x = Down(furthest, diagonal, edits) ? furthest[diagonal + 1] : furthest[diagonal - 1] + 1;
                while (x < before.Length && x - diagonal < after.Length && before[x] == after[x - diagonal])
                    x++;
                furthest[diagonal] = x;
                if (x >= before.Length && x - diagonal >= after.Length)
                    return Walk(before, after, trace);
            }
        }
    }

    private static List<(Kind Kind, string Line)> Walk(string[] before, string[] after, List<Dictionary<int, int>> trace)
    {
        var lines = new List<(Kind Kind, string Line)>();
        var (x, y) = (before.Length, after.Length);
        for (var edits = trace.Count - 1; edits >= 0; edits--)
        {
            var diagonal = x - y;
            var previous = Down(trace[edits], diagonal, edits) ? diagonal + 1 : diagonal - 1;
            var previousX = trace[edits][previous];
            var previousY = previousX - previous;
            while (x > previousX && y > previousY && x > 0 && y > 0)
            {
                lines.Add((Kind.Same, before[--x]));
                y--;
            }
            if (edits == 0)
                break;
            lines.Add(x == previousX ? (Kind.Added, after[previousY]) : (Kind.Removed, before[previousX]));
            (x, y) = (previousX, previousY);
        }
        lines.Reverse();
        return lines;
    }

    private static bool Down(Dictionary<int, int> furthest, int diagonal, int edits) =>
        diagonal == -edits || (diagonal != edits && furthest[diagonal - 1] < furthest[diagonal + 1]);
}
