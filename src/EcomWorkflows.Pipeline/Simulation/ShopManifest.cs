using EcomWorkflows.Pipeline.Simulation.Defects;
using EcomWorkflows.Pipeline.Simulation.Export;

namespace EcomWorkflows.Pipeline.Simulation;

/// <summary>What was simulated and every defect in it: <c>manifest.json</c> beside the exports.</summary>
/// <param name="Edition">Of the simulation: another one gives other rows for the same seed.</param>
/// <param name="Customers">Customers who signed up; the API serves the faulty records besides.</param>
/// <param name="Events">Good rows of the activity log.</param>
public sealed record ShopManifest(
    int Edition,
    ulong Seed,
    SimulationScale Scale,
    DateOnly OpenedOn,
    DateTimeOffset Until,
    long Customers,
    long Products,
    long Events,
    long Orders,
    IReadOnlyList<ExportedFile> Files,
    IReadOnlyList<DefectTotal> Totals,
    IReadOnlyList<PlantedDefect> Defects);
