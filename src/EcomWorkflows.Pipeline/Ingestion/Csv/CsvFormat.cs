using System.Text;
using EcomWorkflows.Pipeline.Ingestion.Parsing;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Ingestion.Csv;

/// <summary>The dialect of a CSV file, as its source mapping gives it.</summary>
internal sealed record CsvFormat(byte Delimiter, byte Quote, string EncodingName, bool Header, ValueFormat Values)
{
    private static readonly string[] Encodings = ["utf-8", "latin-1", "windows-1252", "utf-16"];

    public bool IsUtf8 => EncodingName == "utf-8";

    /// <exception cref="EcomWorkflows.Orchestration.Tasks.TaskFailedException">A member has a value that is not allowed; the message names it, the mapping file and what is allowed.</exception>
    public static CsvFormat From(SourceMapping mapping, string entity)
    {
        var members = new FormatMembers(mapping, entity);
        return new CsvFormat(
            members.OneByte("delimiter", members.Text("type", "csv") == "tsv" ? "\t" : ","),
            members.OneByte("quote", "\""),
            members.OneOf("encoding", "utf-8", Encodings),
            members.Flag("header", true),
            ValueFormat.From(members));
    }

    /// <summary>The file's text as UTF-8, whatever it is written in.</summary>
    public Stream ToUtf8(Stream bytes) => EncodingName switch
    {
        "utf-8" => bytes,
        "latin-1" => Encoding.CreateTranscodingStream(bytes, Encoding.Latin1, Encoding.UTF8),
        "utf-16" => new Utf16Stream(bytes),
        _ => Encoding.CreateTranscodingStream(bytes, CodePagesEncodingProvider.Instance.GetEncoding(1252)!, Encoding.UTF8),
    };
}
