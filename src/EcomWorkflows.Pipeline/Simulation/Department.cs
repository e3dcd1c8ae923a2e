namespace EcomWorkflows.Pipeline.Simulation;

/// <summary>A top category of the shop.</summary>
/// <param name="MedianPrice">Euro.</param>
/// <param name="Weight">Share of the shoppers' interest and of the catalogue.</param>
/// <param name="RepeatDays">How soon a product is typically bought again; 0 where it is not.</param>
internal sealed record Department(string Name, IReadOnlyList<string> Categories, double MedianPrice, double Weight, int RepeatDays)
{
    public static IReadOnlyList<Department> All { get; } =
    [
        new("electronics", ["audio", "computers", "phones", "cameras", "smart_home"], 120, 1.3, 0),
        new("home", ["kitchen", "bedroom", "decor", "lighting", "storage"], 34, 1.5, 0),
        new("fashion", ["women", "men", "shoes", "bags", "accessories"], 39, 1.8, 75),
        new("beauty", ["skin_care", "make_up", "hair", "fragrance", "nails"], 18, 1.2, 40),
        new("grocery", ["coffee_tea", "snacks", "pantry", "drinks", "organic"], 9, 1.1, 21),
        new("health", ["vitamins", "care", "fitness_food", "sleep", "first_aid"], 16, 0.9, 30),
        new("sports", ["outdoor", "gym", "cycling", "running", "swimming"], 45, 1.0, 0),
        new("toys", ["baby", "games", "puzzles", "dolls", "building"], 24, 0.9, 60),
        new("books", ["novels", "children", "cooking", "travel", "science"], 14, 1.0, 35),
        new("pets", ["dogs", "cats", "birds", "fish", "small_animals"], 21, 0.7, 28),
        new("garden", ["plants", "tools", "furniture", "grill", "pool"], 48, 0.8, 0),
        new("office", ["paper", "writing", "desks", "printing", "bags"], 13, 0.6, 55),
    ];
}
