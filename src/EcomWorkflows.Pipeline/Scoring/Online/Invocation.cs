using System.Text.Json;
using EcomWorkflows.Pipeline.Training;

namespace EcomWorkflows.Pipeline.Scoring.Online;

/// <summary>What a request in MLflow's scoring protocol asks for: rows of feature values, or (our extension) entities whose features the store has.</summary>
/// <param name="Rows">In the model's order of columns; null where entities are given.</param>
/// <param name="Entities">By join key, one value per row; null where rows are given.</param>
internal sealed record Invocation(FeatureTable? Rows, IReadOnlyDictionary<string, IReadOnlyList<JsonElement>>? Entities)
{
    /// <summary>Rows one request may bring.</summary>
    internal const int MostRows = 100_000;

    private static readonly string[] Forms = ["dataframe_split", "dataframe_records", "instances", "inputs", "entities"];

    /// <summary>Reads a body against the model's columns.</summary>
    /// <exception cref="InvocationException">It is none of the forms, or its columns or values are not those of the model's signature.</exception>
    internal static Invocation Read(JsonElement body, IReadOnlyList<string> features)
    {
        if (body.ValueKind != JsonValueKind.Object)
            throw InvocationException.Malformed($"The body must be a JSON object with one of {string.Join(", ", Forms)}.");
        JsonProperty? given = null;
        foreach (JsonProperty member in body.EnumerateObject())
        {
            if (Forms.Contains(member.Name, StringComparer.Ordinal))
            {
                if (given is { } first)
                    throw InvocationException.Malformed($"The body has both {first.Name} and {member.Name}; give exactly one of {string.Join(", ", Forms)}.");
                given = member;
            }
            else if (member.Name is not ("params" or "signature_name"))
            {
                throw InvocationException.Malformed($"The body has '{member.Name}', which the protocol does not know; give exactly one of {string.Join(", ", Forms)}.");
            }
            else if (member.Name == "params" && member.Value is not { ValueKind: JsonValueKind.Null } && !(member.Value.ValueKind == JsonValueKind.Object && !member.Value.EnumerateObject().Any()))
            {
                throw InvocationException.Malformed("The model's signature has no parameters; leave params out.");
            }
        }

        if (given is not { } form)
            throw InvocationException.Malformed($"The body lacks the rows to predict; give exactly one of {string.Join(", ", Forms)}.");
        if (form.Name == "entities")
            return new Invocation(null, ReadEntities(form.Value));
        return new Invocation(new InvocationRows(form.Name, features).Read(form.Value), null);
    }

    private static Dictionary<string, IReadOnlyList<JsonElement>> ReadEntities(JsonElement entities)
    {
        const string Example = "for example {\"customer_id\": [\"C1\", \"C2\"]}";
        if (entities.ValueKind != JsonValueKind.Object || !entities.EnumerateObject().Any())
            throw InvocationException.Malformed($"entities must be an object of lists, {Example}.");
        var read = new Dictionary<string, IReadOnlyList<JsonElement>>(StringComparer.Ordinal);
        foreach (JsonProperty key in entities.EnumerateObject())
        {
            if (key.Value.ValueKind != JsonValueKind.Array)
                throw InvocationException.Malformed($"entities.{key.Name} must be a list with one value per row, {Example}.");
            if (!read.TryAdd(key.Name, [.. key.Value.EnumerateArray()]))
                throw InvocationException.Malformed($"entities has '{key.Name}' twice.");
        }

        return read;
    }
}
