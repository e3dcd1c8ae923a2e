using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Waits for an answer.</summary>
[TaskType("Core.HttpSensor", DisplayName = "Wait for an HTTP answer", Category = "Sensors", Description = "Waits until an HTTP request is answered as expected, without holding a slot.")]
public sealed class HttpSensorTask(HttpCaller http) : Sensor<HttpSensorInputs, HttpOutputs>
{
    protected override async Task<(HttpOutputs? Found, string WaitsFor)> CheckAsync(HttpSensorInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        try
        {
            var (answer, address, _) = await http.SendAsync(inputs, cancellationToken);
            if (!HttpCaller.IsExpected(inputs, answer.Status))
                return (null, $"{address} to answer {HttpCaller.Expectation(inputs)} (now {answer.Status})");
            if (string.IsNullOrWhiteSpace(inputs.Member))
                return (answer, "");
            var value = inputs.Member.Split('.').Aggregate(answer.Json, (node, name) => (node as JsonObject)?[name]);
            return TemplateFilters.AsText(value) == TemplateFilters.AsText(inputs.Value)
                ? (answer, "")
                : (null, $"{inputs.Member} of {address} to be {TemplateFilters.AsText(inputs.Value)} (now {TemplateFilters.AsText(value)})");
        }
        catch (TaskFailedException unanswered) when (unanswered.Retryable)
        {
            // Nobody there yet: that is what a sensor waits for.
            return (null, unanswered.Message);
        }
    }
}
