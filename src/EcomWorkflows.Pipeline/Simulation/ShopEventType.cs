namespace EcomWorkflows.Pipeline.Simulation;

internal enum ShopEventType : byte
{
    ProductPage,
    SellerPage,
    BuyOrder,
}
