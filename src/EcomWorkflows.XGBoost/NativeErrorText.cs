namespace EcomWorkflows.XGBoost;

/// <summary>Turns the library's error dumps ("[time] file:line: sentence, stack trace") into the sentence.</summary>
internal static class NativeErrorText
{
    internal static string FirstSentence(string nativeMessage)
    {
        string text = nativeMessage;
        int trace = text.IndexOf("Stack trace:", StringComparison.Ordinal);
        if (trace >= 0)
            text = text[..trace];

        text = text.Trim();
        if (text.StartsWith('['))
        {
            int sourceEnd = text.IndexOf(": ", StringComparison.Ordinal);
            if (sourceEnd > 0)
                text = text[(sourceEnd + 2)..];
        }

        string sentence = string.Join(' ', text.Split(['\n', '\r', '\t', ' '], StringSplitOptions.RemoveEmptyEntries));
        return sentence.Length == 0 ? "the library gave no reason" : sentence;
    }
}
