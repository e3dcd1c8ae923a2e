using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Makes one HTTP request.</summary>
[TaskType("Core.Http", DisplayName = "HTTP request", Category = "Core", Description = "Makes an HTTP request and checks its status; the answer's JSON is an output.")]
public sealed class HttpTask(HttpCaller http) : ITask<HttpInputs, HttpOutputs>
{
    public async Task<TaskResult<HttpOutputs>> RunAsync(HttpInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        var answer = await http.SendAsync(inputs, cancellationToken);
        context.Logger.LogInformation("{Method} {Address}: {Status}", inputs.Method, answer.Address, answer.Outputs.Status);
        if (HttpCaller.IsExpected(inputs, answer.Outputs.Status))
            return answer.Outputs;
        var redirect = answer.LeadsTo is { } target ? $" It leads to {target.GetLeftPart(UriPartial.Path)}; redirects are followed on the same server only, {SameServerRedirects.Most} times at most." : "";
        throw new TaskFailedException(
            $"{inputs.Method} {answer.Address} answered {answer.Outputs.Status}; expected {HttpCaller.Expectation(inputs)}.{redirect} It said: {HttpCaller.Excerpt(answer.Outputs)}");
    }
}
