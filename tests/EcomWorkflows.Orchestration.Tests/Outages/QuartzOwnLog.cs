namespace EcomWorkflows.Orchestration.Tests.Outages;

/// <summary>What Quartz says before anything is made of it; a type of its own, because filters are by type.</summary>
internal sealed class QuartzOwnLog : WholeLog;
