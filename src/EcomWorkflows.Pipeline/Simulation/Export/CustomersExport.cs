using System.Text.Json;
using EcomWorkflows.Pipeline.Simulation.Defects;

namespace EcomWorkflows.Pipeline.Simulation.Export;

/// <summary>What the shop's customer API serves: a JSON list with one record per line, in order of signing up.</summary>
internal static class CustomersExport
{
    public const string FileName = "customers.json";

    /// <summary>Numbers of additional, faulty customers start here.</summary>
    private const int FirstAdditional = 9_000_000;

    public static void Write(string folder, ulong seed, DateOnly opened, ShopHistory history, DefectLog defects, ExportCounts counts, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, FileName);
        var position = 0L;
        var additional = FirstAdditional;
        using (var stream = new FileStream(path + ".part", FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { SkipValidation = true }))
        {
            stream.Write("["u8);
            for (var customer = 0; customer < history.Customers; customer++)
            {
                if (customer % 10_000 == 0)
                    cancellationToken.ThrowIfCancellationRequested();
                var fields = CustomerRecord.Fields(seed, customer, history.Profile(customer), opened);
                Append(fields);
                foreach (var (kind, random) in defects.Next())
                {
                    var good = new GoodRow(CustomerRecord.Columns, fields);
                    if (!kind.RepeatsKey)
                        good = good.With("customer_id", Ids.Customer(additional++));
                    var faulty = kind.Corrupt(good, random);
                    Append(faulty.Fields);
                    defects.Add(kind, faulty, FileName, position);
                }
            }
            stream.Write("\n]\n"u8);

            void Append(IReadOnlyList<string> fields)
            {
                stream.Write(position++ == 0 ? "\n"u8 : ",\n"u8);
                WriteRecord(writer, fields);
                writer.Flush();
                writer.Reset();
            }
        }
        File.Move(path + ".part", path, overwrite: true);
        counts.Add("customers", FileName, position);
    }

    private static void WriteRecord(Utf8JsonWriter writer, IReadOnlyList<string> fields)
    {
        writer.WriteStartObject();
        for (var i = 0; i < fields.Count - 1; i++)
            writer.WriteString(CustomerRecord.Columns[i], fields[i]);
        writer.WriteBoolean(CustomerRecord.Columns[^1], fields[^1] == "true");
        writer.WriteEndObject();
    }
}
