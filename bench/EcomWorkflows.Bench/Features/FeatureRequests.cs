namespace EcomWorkflows.Bench.Features;

/// <summary>Lua scripts of requests for random customers.</summary>
internal static class FeatureRequests
{
    /// <param name="rows">Customers per request.</param>
    /// <param name="customers">How many there are to choose from.</param>
    public static string Script(int rows, int customers, string apiKey)
    {
        var features = string.Join(", ", Enumerable.Range(0, FeatureData.Features).Select(i => $"\\\"wide:f{i}\\\""));
        return
            $$$"""
            wrk.method = "POST"
            wrk.headers["Content-Type"] = "application/json"
            wrk.headers["Authorization"] = "Bearer {{{apiKey}}}"
            math.randomseed(4711)
            local requests = {}
            for i = 1, 2000 do
              local ids = {}
              for r = 1, {{{rows}}} do ids[r] = string.format("\"C%07d\"", math.random(0, {{{customers - 1}}})) end
              requests[i] = "{\"features\": [{{{features}}}], \"entities\": {\"customer_id\": [" .. table.concat(ids, ",") .. "]}}"
            end
            local next = 0
            request = function()
              next = next % #requests + 1
              return wrk.format(nil, nil, nil, requests[next])
            end
            """;
    }
}
