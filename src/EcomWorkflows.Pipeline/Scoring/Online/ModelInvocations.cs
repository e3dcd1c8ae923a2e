using System.Buffers;
using System.Text.Json;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.Online;
using EcomWorkflows.Pipeline.Training;

namespace EcomWorkflows.Pipeline.Scoring.Online;

/// <summary>Answers <c>POST /models/{name}/invocations</c>: MLflow's scoring protocol, and predictions by entity key with features from the online store.</summary>
public sealed class ModelInvocations
{
    private readonly ServedModels models;
    private readonly OnlineFeatures features;

    internal ModelInvocations(ServedModels models, OnlineFeatures features) => (this.models, this.features) = (models, features);

    /// <param name="version">A version (<c>3</c> or <c>v3</c>) or an alias.</param>
    /// <exception cref="InvocationException">The model is not there or cannot be loaded, or the body is not what its signature wants.</exception>
    public async Task<InvocationAnswer> AnswerAsync(string name, string version, JsonElement body, CancellationToken cancellationToken)
    {
        ServedModel served = int.TryParse(version.StartsWith('v') ? version.AsSpan(1) : version, out int number)
            ? await models.AcquireAsync(name, number, cancellationToken)
            : await models.AcquireAsync(name, version, cancellationToken);
        try
        {
            Invocation asked = Invocation.Read(body, served.Model.FeatureNames);
            return asked.Entities is { } entities
                ? await AnswerAsync(served, entities, cancellationToken)
                : Answer(served, asked.Rows!, null);
        }
        finally
        {
            served.Release();
        }
    }

    private async Task<InvocationAnswer> AnswerAsync(ServedModel served, IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> entities, CancellationToken cancellationToken)
    {
        try
        {
            OnlineFeaturesAnswer found = await features.GetAsync(new OnlineFeaturesRequest { Features = served.References, Entities = entities }, cancellationToken);
            (FeatureTable rows, EntityScore[] scores) = Rows(served, found.Columns);
            return Answer(served, rows, scores);
        }
        catch (FeatureRequestException refused)
        {
            throw new InvocationException(InvocationError.BadRequest, refused.Message, refused);
        }
    }

    private static (FeatureTable Rows, EntityScore[] Scores) Rows(ServedModel served, IReadOnlyList<OnlineFeatureColumn> columns)
    {
        int count = columns[0].Values.Length;
        float[] values = new float[count * columns.Count];
        for (int column = 0; column < columns.Count; column++)
        {
            for (int row = 0; row < count; row++)
                values[(row * columns.Count) + column] = Number(columns[column], row);
        }

        return (new FeatureTable(served.Model.FeatureNames, values, count), [.. Enumerable.Range(0, count).Select(row => EntityScore.Of(columns, row))]);
    }

    private static float Number(OnlineFeatureColumn column, int row) => column.Values[row] switch
    {
        null => float.NaN,
        double number => (float)number,
        long whole => whole,
        bool flag => flag ? 1 : 0,
        object other => throw InvocationException.Malformed($"The feature '{column.Name}' is a {other.GetType().Name}, which no model takes; a model's features are numbers and truth values."),
    };

    private static InvocationAnswer Answer(ServedModel served, FeatureTable rows, EntityScore[]? scores)
    {
        float[] probabilities = served.Model.Predict(rows);
        var json = new ArrayBufferWriter<byte>(256 + (rows.Rows * 24));
        using var writer = new Utf8JsonWriter(json);
        writer.WriteStartObject();
        writer.WriteStartArray("predictions");
        for (int row = 0; row < rows.Rows; row++)
        {
            if (scores is null || scores[row].CanBeScored)
                writer.WriteNumberValue(probabilities[row]);
            else
                writer.WriteNullValue();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("labels");
        for (int row = 0; row < rows.Rows; row++)
        {
            if (scores is null || scores[row].CanBeScored)
                writer.WriteNumberValue(probabilities[row] >= served.Version.Threshold ? 1 : 0);
            else
                writer.WriteNullValue();
        }

        writer.WriteEndArray();
        writer.WriteNumber("threshold", served.Version.Threshold);
        writer.WriteString("model_name", served.Version.Name);
        writer.WriteNumber("model_version", served.Version.Version);
        if (scores is not null)
            Write(writer, scores);
        writer.WriteEndObject();
        writer.Flush();
        return new InvocationAnswer(json.WrittenMemory, scores is null || scores.All(score => score.CanBeScored));
    }

    private static void Write(Utf8JsonWriter writer, EntityScore[] scores)
    {
        writer.WriteStartArray("entities");
        foreach (EntityScore score in scores)
        {
            writer.WriteStartObject();
            writer.WriteString("status", OnlineAnswerWriter.Name(score.Status));
            if (score.Features.Count > 0)
            {
                writer.WriteStartArray("features");
                foreach (string feature in score.Features)
                    writer.WriteStringValue(feature);
                writer.WriteEndArray();
            }

            if (score.EventTimestamp is { } at)
                writer.WriteString("event_timestamp", OnlineRow.Rfc3339(at));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
