namespace EcomWorkflows.Pipeline.Simulation;

/// <summary>The products: category, seller, popularity and price of each, computed from its index, so 800,000 of them need no memory.</summary>
internal sealed class ShopCatalogue
{
    private const int CategoriesPerDepartment = 5;
    private const int LeavesPerCategory = 4;
    private const int LeavesPerDepartment = CategoriesPerDepartment * LeavesPerCategory;
    private const int RepricingDays = 90;
    private const double HighestPrice = 4_999.99;

    private readonly ulong seed;
    private readonly int[] leafStart;
    private readonly double[] cumulativeInterest;

    public ShopCatalogue(ulong seed, ScaleSettings scale)
    {
        this.seed = seed;
        Products = scale.Products;
        Sellers = scale.Sellers;
        var interest = new double[Departments.Count * LeavesPerDepartment];
        for (var leaf = 0; leaf < interest.Length; leaf++)
            interest[leaf] = Departments[leaf / LeavesPerDepartment].Weight * (0.4 + new SplitMix64(seed, RandomStream.Product, -1 - leaf).Uniform());
        cumulativeInterest = ShopCalendar.Accumulate(interest);
        leafStart = new int[interest.Length + 1];
        for (var leaf = 0; leaf < interest.Length; leaf++)
            leafStart[leaf + 1] = (int)(cumulativeInterest[leaf] / cumulativeInterest[^1] * Products);
        leafStart[^1] = Products;
    }

    public static IReadOnlyList<Department> Departments => Department.All;

    public int Products { get; }

    public int Sellers { get; }

    /// <summary>A category at the lowest level, drawn by the shoppers' interest.</summary>
    public int DrawLeaf(ref SplitMix64 random)
    {
        var u = random.Uniform() * cumulativeInterest[^1];
        var index = Array.BinarySearch(cumulativeInterest, u);
        return Math.Min(index < 0 ? ~index : index + 1, cumulativeInterest.Length - 1);
    }

    /// <summary>A product of a category; the first ones are by far the most popular.</summary>
    public int DrawProduct(ref SplitMix64 random, int leaf)
    {
        var (start, end) = (leafStart[leaf], leafStart[leaf + 1]);
        var u = random.Uniform();
        return start + Math.Min((int)((end - start) * u * u * u), Math.Max(end - start - 1, 0));
    }

    public int LeafOf(int product)
    {
        var index = Array.BinarySearch(leafStart, product);
        if (index < 0)
            return ~index - 1;
        while (leafStart[index + 1] == product)
            index++;
        return index;
    }

    public static int DepartmentOf(int leaf) => leaf / LeavesPerDepartment;

    /// <summary>The three levels, for example <c>home</c>, <c>home.kitchen</c>, <c>home.kitchen.3</c>.</summary>
    public static (string Level0, string Level1, string Level2) CategoriesOf(int leaf)
    {
        var department = Departments[DepartmentOf(leaf)];
        var category = $"{department.Name}.{department.Categories[leaf % LeavesPerDepartment / LeavesPerCategory]}";
        return (department.Name, category, $"{category}.{(leaf % LeavesPerCategory) + 1}");
    }

    public int SellerOf(int product)
    {
        var u = new SplitMix64(seed, RandomStream.Product, product, 1).Uniform();
        return (int)(Sellers * u * u);
    }

    /// <summary>Share of a seller's orders that arrive late, 0.02 to 0.35.</summary>
    public double LatenessOf(int seller)
    {
        var u = new SplitMix64(seed, RandomStream.Seller, seller).Uniform();
        return 0.02 + (0.33 * u * u * u);
    }

    /// <summary>What the product costs in the long run, euro.</summary>
    public double ReferencePrice(int product)
    {
        var random = new SplitMix64(seed, RandomStream.Product, product, 2);
        var median = Departments[DepartmentOf(LeafOf(product))].MedianPrice;
        return Math.Clamp(median * Math.Exp(0.75 * random.Normal()), 0.5, HighestPrice / 1.5);
    }

    /// <summary>List price on a day as a factor on the reference price: a new price every 90 days, up by 1.2 % on average.</summary>
    /// <param name="day">Days since the shop's opening.</param>
    public double PriceLevel(int product, int day)
    {
        var offset = new SplitMix64(seed, RandomStream.Price, product).Below(RepricingDays);
        var period = (day + offset) / RepricingDays;
        var step = new SplitMix64(seed, RandomStream.Price, product, period + 1).Uniform() - 0.5;
        return 1 + (0.012 * Math.Min(period, 20)) + (0.22 * step);
    }

    /// <summary>List price in cents.</summary>
    public long ListPrice(int product, int day) =>
        Math.Max(1, (long)Math.Round(ReferencePrice(product) * PriceLevel(product, day) * 100));
}
