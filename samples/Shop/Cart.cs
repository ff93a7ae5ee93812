using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Samples.Shop;

public sealed record Item(string Name, int Count, decimal Price);

/// <summary>What somebody has put into their cart.</summary>
public sealed record Cart(string User, IReadOnlyList<Item> Items)
{
    public decimal Value => Items.Sum(item => item.Count * item.Price);

    /// <summary>Two carts with the same things in them are the same to their owner, in whichever order they were put there.</summary>
    public string Hash =>
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Items.Select(Line).Order(StringComparer.Ordinal))))
        )[..16];

    public string Contents => string.Join(", ", Items.Select(item => item.Count == 1 ? item.Name : $"{item.Count} × {item.Name}"));

    private static string Line(Item item) => string.Create(CultureInfo.InvariantCulture, $"{item.Name}|{item.Count}|{item.Price:0.00}");
}
