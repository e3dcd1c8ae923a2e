using System.Security.Cryptography;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.XGBoost;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>Brings a registered version back to life, after checking that its file is the registered one.</summary>
public sealed class ModelLoader(PipelineOptions options)
{
    /// <exception cref="TaskFailedException">The file is missing, was altered or cannot be read; the message names it and says what to do.</exception>
    /// <param name="featureView">The view whose features it will be given; null where the caller has no view.</param>
    /// <param name="threads">Threads one prediction may use; null for as many as the program may.</param>
    public FittedModel Load(ModelVersion version, string? featureView = null, int? threads = null)
    {
        if (featureView is not null && version.Lineage.FeatureView != featureView)
        {
            throw new TaskFailedException(
                $"The model {version.Name} v{version.Version} eats the features of {version.Lineage.FeatureView}, not of {featureView}. Train a model on {featureView}, or score with its own view.",
                FailureCause.BadData, retryable: false);
        }

        if (!LearnerCatalog.Names.Contains(version.Learner))
            throw Failure(version, $"it was made by '{version.Learner}', which this program does not know (it knows {string.Join(", ", LearnerCatalog.Names)})", null);
        string path = Path.Combine(options.Home, version.Folder, LearnerCatalog.FileOf(version.Learner));
        if (!File.Exists(path))
            throw Failure(version, $"its file {path} does not exist", null);

        // The native library may crash on altered bytes, so they never reach it.
        string sha256 = Sha256(path);
        if (sha256 != version.ModelSha256)
            throw Failure(version, $"the file {path} is not the registered one (sha256 {sha256}, registered {version.ModelSha256})", null);

        FittedModel? model = null;
        try
        {
            model = LearnerCatalog.Load(version.Learner, path, threads ?? options.Threads);
            model.RequireColumns(version.Features);
            return model;
        }
        catch (XGBoostNotFoundException missing)
        {
            throw XGBoostRequirement.Missing(missing.Message, missing);
        }
        catch (Exception problem) when (problem is InvalidDataException or XGBoostException or FeatureMismatchException)
        {
            model?.Dispose();
            throw Failure(version, problem.Message, problem);
        }
    }

    public static string Sha256(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static TaskFailedException Failure(ModelVersion version, string problem, Exception? cause) => new(
        $"The model {version.Name} v{version.Version} cannot be loaded: {problem}. Restore {version.Folder} from a backup, or train again to register a new version.",
        FailureCause.Dependency,
        retryable: false,
        innerException: cause);
}
