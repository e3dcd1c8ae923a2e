using System.Runtime.InteropServices;
using EcomWorkflows.Pipeline.Training;

namespace EcomWorkflows.Bench.Training;

/// <summary>A table as raw little-endian numbers in files, which NumPy reads as they are.</summary>
internal sealed record RawTable(string Values, string Labels, int Rows, int Columns)
{
    public static RawTable Write(string folder, string name, LabelledTable table)
    {
        var raw = new RawTable(Path.Combine(folder, name + ".x"), Path.Combine(folder, name + ".y"), table.Rows, table.Features.Columns);
        File.WriteAllBytes(raw.Values, MemoryMarshal.AsBytes(table.Features.Values.AsSpan()).ToArray());
        File.WriteAllBytes(raw.Labels, MemoryMarshal.AsBytes(Array.ConvertAll(table.Labels, label => label ? 1f : 0f).AsSpan()).ToArray());
        return raw;
    }
}
