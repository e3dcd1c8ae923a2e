using System.Text.Json;
using EcomWorkflows.Pipeline.Training.Learners;
using YamlDotNet.Serialization;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>Writes <c>MLmodel</c> and the files it refers to, as MLflow lays them out.</summary>
internal static class MlModelFile
{
    internal const string FileName = "MLmodel";

    private const string ExampleFile = "input_example.json";

    private const string RequirementsFile = "requirements.txt";

    internal static void Write(string folder, ModelFlavor flavor, FittedModel model, float threshold, FeatureTable example, ModelLineage lineage, string sha256, DateTimeOffset createdAt)
    {
        var flavors = new Dictionary<string, object>
        {
            [flavor.Name] = flavor.Settings.Prepend(new KeyValuePair<string, string>("data", flavor.DataFile)).ToDictionary(),
        };
        if (flavor.Name == BoosterFile.FlavorName)
        {
            // What mlflow.pyfunc.load_model needs to serve the same file in Python.
            flavors["python_function"] = new Dictionary<string, object> { ["loader_module"] = "mlflow.xgboost", ["data"] = flavor.DataFile };
            File.WriteAllText(Path.Combine(folder, RequirementsFile), $"mlflow\nxgboost=={flavor.Settings["xgb_version"]}\n");
        }

        var document = new Dictionary<string, object>
        {
            ["flavors"] = flavors,
            ["model_uuid"] = sha256[..32],
            ["run_id"] = lineage.RunKey,
            ["utc_time_created"] = createdAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff"),
            ["signature"] = new Dictionary<string, string>
            {
                ["inputs"] = JsonSerializer.Serialize(model.FeatureNames.Select(name => new { type = "float", name, required = true })),
                ["outputs"] = """[{"type": "float", "name": "probability", "required": true}]""",
            },
            // Whose features it eats: a model is never served to another feature view.
            ["metadata"] = new Dictionary<string, object?>
            {
                ["learner"] = model.Learner,
                ["threshold"] = threshold,
                ["feature_view"] = lineage.FeatureView,
                ["feature_view_version"] = lineage.FeatureViewVersion,
                ["dataset_tag"] = lineage.DatasetTag,
                ["model_sha256"] = sha256,
            },
            ["saved_input_example_info"] = new Dictionary<string, string>
            {
                ["artifact_path"] = ExampleFile,
                ["type"] = "dataframe",
                ["pandas_orient"] = "split",
            },
        };
        File.WriteAllText(Path.Combine(folder, FileName), new SerializerBuilder().Build().Serialize(document));
        File.WriteAllText(Path.Combine(folder, ExampleFile), Example(example));
    }

    private static string Example(FeatureTable example)
    {
        int rows = Math.Min(5, example.Rows);
        return JsonSerializer.Serialize(new
        {
            columns = example.Names,
            data = Enumerable.Range(0, rows).Select(row => example.Row(row).ToArray().Select(value => float.IsNaN(value) ? (float?)null : value)),
        });
    }
}
