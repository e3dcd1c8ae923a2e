namespace EcomWorkflows.Pipeline.Simulation.Defects;

/// <summary>What is wrong with some customers of the REST API. All but the duplicates are records of their own that no order names.</summary>
internal static class CustomerDefects
{
    public static IReadOnlyList<DefectKind> Kinds { get; } =
    [
        DefectKind.Missing("missing customer id", "missing_customer", 2_000, "customer_id"),
        DefectKind.InColumn("blank customer id", "blank_customer", 3_000, "customer_id", (_, random) => new string(' ', 1 + random.Below(3))),
        DefectKind.InColumn("malformed e-mail", "malformed_email", 500, "email", BadValues.Email),
        DefectKind.InColumn("invalid country code", "invalid_country", 800, "country", (_, random) => BadValues.Country(random)),
        DefectKind.InColumn("birth date in the future", "birth_date_in_future", 1_000, "birth_date", (_, random) => $"20{90 + random.Below(9)}-0{1 + random.Below(9)}-11"),
        DefectKind.InColumn("impossible birth date", "parse_type", 1_500, "birth_date", (_, random) => $"19{60 + random.Below(40)}-02-31"),
        DefectKind.InColumn("unparsable signup time", "parse_type", 1_500, "signup_at", BadValues.Timestamp),
        DefectKind.InColumn("signup in the future", "signup_in_future", 2_000, "signup_at", BadValues.FutureTimestamp),
        DefectKind.InColumn("unknown acquisition channel", "unknown_channel", 2_000, "acquisition_channel", (_, _) => "tv?"),
        DefectKind.DuplicateKey("duplicate customer id", "duplicate_customer", 700, "city", (good, _) => good == "Lyon" ? "Turin" : "Lyon"),
        DefectKind.ExactDuplicate(1_200, "duplicate_customer"),
    ];
}
