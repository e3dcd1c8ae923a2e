using System.Globalization;

namespace EcomWorkflows.Pipeline.Simulation.Export;

/// <summary>What the shop knows about a customer as a person; drawn from seed and number alone.</summary>
internal static class CustomerRecord
{
    public static readonly string[] Columns =
        ["customer_id", "name", "email", "country", "city", "birth_date", "signup_at", "acquisition_channel", "newsletter"];

    private static readonly string[] FirstNames =
    [
        "Anna", "Ben", "Clara", "David", "Emma", "Felix", "Giulia", "Hugo", "Ines", "Jonas", "Katarzyna", "Luca", "Marie", "Noah", "Olivia", "Paul",
        "Quentin", "Rosa", "Sofia", "Tom", "Ulla", "Victor", "Wanda", "Xenia", "Yann", "Zoe", "Mateo", "Lena", "Pieter", "Saga",
    ];

    private static readonly string[] LastNames =
    [
        "Adler", "Bauer", "Costa", "Dubois", "Esposito", "Fischer", "Garcia", "Hansen", "Ivanova", "Jansen", "Kowalski", "Lopez", "Moreau", "Novak",
        "Olsson", "Pereira", "Quist", "Rossi", "Schmidt", "Torres", "Ullmann", "Visser", "Weber", "Xavier", "Young", "Zimmer", "Nilsson", "Martin",
    ];

    private static readonly string[] Domains = ["example.com", "example.org", "example.net", "mail.example.com", "post.example.org"];

    private static readonly (string Code, double Weight, string[] Cities)[] Countries =
    [
        ("DE", 0.30, ["Berlin", "Hamburg", "Munich", "Cologne", "Leipzig"]),
        ("FR", 0.16, ["Paris", "Lyon", "Marseille", "Nantes"]),
        ("IT", 0.11, ["Milan", "Rome", "Turin", "Naples"]),
        ("ES", 0.10, ["Madrid", "Barcelona", "Valencia", "Seville"]),
        ("NL", 0.09, ["Amsterdam", "Rotterdam", "Utrecht"]),
        ("AT", 0.06, ["Vienna", "Graz", "Linz"]),
        ("BE", 0.05, ["Brussels", "Antwerp", "Ghent"]),
        ("PL", 0.05, ["Warsaw", "Krakow", "Gdansk"]),
        ("SE", 0.04, ["Stockholm", "Gothenburg"]),
        ("DK", 0.04, ["Copenhagen", "Aarhus"]),
    ];

    private static readonly double[] CumulativeCountries = ShopCalendar.Accumulate([.. Countries.Select(country => country.Weight)]);
    private static readonly byte[][] CountryCodes = [.. Countries.Select(country => System.Text.Encoding.ASCII.GetBytes(country.Code))];

    public static ReadOnlySpan<byte> CountryOf(ulong seed, int customer) => CountryCodes[Country(seed, customer)];

    /// <summary>The fields by <see cref="Columns"/>.</summary>
    public static string[] Fields(ulong seed, int customer, in CustomerProfile profile, DateOnly opened)
    {
        var random = new SplitMix64(seed, RandomStream.Record, customer);
        var (first, last) = (FirstNames[random.Below(FirstNames.Length)], LastNames[random.Below(LastNames.Length)]);
        var country = Countries[Country(seed, customer)];
        var age = 18 + (int)(62 * Math.Pow(random.Uniform(), 1.6));
        var signupDate = opened.AddDays(profile.SignupDay);
        var birth = signupDate.AddYears(-age).AddDays(-random.Below(365));
        // Midnight: nothing a customer does on the day of signing up comes before it.
        var signup = signupDate.ToDateTime(TimeOnly.MinValue);
        return
        [
            Ids.Customer(customer),
            $"{first} {last}",
            $"{first}.{last}{customer + 1}@{Domains[random.Below(Domains.Length)]}".ToLowerInvariant(),
            country.Code,
            country.Cities[random.Below(country.Cities.Length)],
            birth.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            signup.ToString(Defects.BadValues.TimestampFormat, CultureInfo.InvariantCulture),
            AcquisitionChannel.All[profile.Channel].Name,
            random.Chance(0.45) ? "true" : "false",
        ];
    }

    private static int Country(ulong seed, int customer) => new SplitMix64(seed, RandomStream.Record, customer, 1).Pick(CumulativeCountries);
}
