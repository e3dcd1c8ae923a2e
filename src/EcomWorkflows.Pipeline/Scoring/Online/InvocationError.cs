namespace EcomWorkflows.Pipeline.Scoring.Online;

/// <summary>Why a request for predictions was not answered.</summary>
public enum InvocationError
{
    /// <summary>The request is not what the protocol or the model's signature wants.</summary>
    BadRequest,

    /// <summary>There is no such model, version or alias.</summary>
    NotFound,

    /// <summary>The model cannot be loaded.</summary>
    Unavailable,
}
