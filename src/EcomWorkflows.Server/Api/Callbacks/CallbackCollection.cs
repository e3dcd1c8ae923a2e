using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.Callbacks;

internal sealed record CallbackCollection([property: JsonPropertyName("callbacks")] IReadOnlyList<CallbackResponse> Callbacks);
