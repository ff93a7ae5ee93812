using System.Security.Cryptography;
using System.Text;

namespace Reminders.Lab.Apps;

/// <summary>A cart that its owner has left alone.</summary>
/// <param name="User">Their reference.</param>
public sealed record LeftCart(string Id, string User, IReadOnlyList<string> Items)
{
    /// <summary>Two carts with the same things in them are the same to their owner.</summary>
    public string Hash =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Items.Order(StringComparer.Ordinal)))))[..16];
}

/// <summary>
/// A small shop, as an example of use: several of its processes look for carts left behind, and each simply asks for the
/// reminder of what it finds. None of them needs to know of the others, or to mark a cart.
/// </summary>
public sealed class Shop(EngineClient engine)
{
    /// <summary>One detector's round over the carts it found.</summary>
    /// <param name="after">How long after now the mail is due; in a real shop the kind's own delay, which is an hour.</param>
    public async Task<NotificationAnswer> RemindAsync(LeftCart cart, TimeSpan after, CancellationToken cancellationToken) =>
        await engine
            .NotifyAsync(
                new(
                    "CART_ABANDONED",
                    cart.Id,
                    new
                    {
                        cart_hash = cart.Hash,
                        items = string.Join(", ", cart.Items),
                        url = $"https://shop.example.com/cart/{cart.Id}",
                    },
                    [cart.User],
                    DelaySeconds: (int)after.TotalSeconds
                ),
                cancellationToken
            )
            .ConfigureAwait(false);

    /// <summary>It was bought, or emptied: there is nothing to be reminded of.</summary>
    public Task<int> ForgetAsync(LeftCart cart, CancellationToken cancellationToken) =>
        engine.CloseAsync("cart", cart.Id, cancellationToken);
}
