using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Orchestration.Callbacks;

/// <summary>A way to tell people or programs of something that happened.</summary>
internal interface ICallbackChannel
{
    /// <summary><c>webhook</c> or <c>email</c>.</summary>
    string Name { get; }

    /// <summary>Delivers; whatever goes wrong is thrown, and tried again later.</summary>
    Task SendAsync(CallbackInfo callback, CancellationToken cancellationToken);
}
