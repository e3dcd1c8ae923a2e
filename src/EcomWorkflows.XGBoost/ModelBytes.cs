namespace EcomWorkflows.XGBoost;

/// <summary>Refuses bytes that would send the library to its removed binary format or past the end of a cut-off file.</summary>
internal static class ModelBytes
{
    private const string Function = "XGBoosterLoadModelFromBuffer";

    internal static void RequireComplete(ReadOnlySpan<byte> model)
    {
        if (model.IsEmpty)
            throw new XGBoostException(Function, "the model is empty");
        if (model[0] != (byte)'{')
            throw new XGBoostException(Function, "not a model in JSON or UBJSON form: both begin with '{'");

        ReadOnlySpan<byte> end = model.TrimEnd(" \t\r\n\0"u8);
        if (end[^1] != (byte)'}')
            throw new XGBoostException(Function, "the model is truncated: its closing '}' is missing");
    }
}
