namespace EcomWorkflows.Orchestration.Dags;

/// <summary>What a schedule does with a wall-clock time that exists twice on the day clocks go back.</summary>
public enum RepeatedTime
{
    First,
    Last,
    Both,
}
