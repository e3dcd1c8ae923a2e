namespace EcomWorkflows.XGBoost;

/// <summary>A call to libxgboost failed; <see cref="Exception.Message"/> is the library's own sentence without its stack trace.</summary>
public class XGBoostException : Exception
{
    public XGBoostException(string function, string nativeMessage)
        : base($"{function}: {NativeErrorText.FirstSentence(nativeMessage)}")
    {
        Function = function;
        NativeMessage = nativeMessage;
    }

    internal XGBoostException(string function, string message, Exception? innerException)
        : base(message, innerException)
    {
        Function = function;
        NativeMessage = message;
    }

    /// <summary>The C function that failed, for example <c>XGBoosterUpdateOneIter</c>.</summary>
    public string Function { get; }

    /// <summary>Everything the library said, with source line and stack trace.</summary>
    public string NativeMessage { get; }
}
