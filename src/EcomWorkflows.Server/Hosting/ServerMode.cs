namespace EcomWorkflows.Server.Hosting;

/// <summary>How the web server serves.</summary>
/// <param name="IsDemo">No sign-in, loopback only, and the simulated shop's own REST API is there.</param>
public sealed record ServerMode(bool IsDemo);
