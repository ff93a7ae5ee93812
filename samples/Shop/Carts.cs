using System.Text.Json;
using Npgsql;
using Reminders;
using Reminders.Notifications;
using Reminders.People;

namespace Samples.Shop;

/// <summary>
/// A cart and the mail about it, both or neither. No job looks for carts that were left, and no cart is marked: each change asks
/// for the mail, an hour ahead, and takes back the one that was asked for before.
/// </summary>
public sealed class Carts(NpgsqlDataSource database, IReminders reminders)
{
    public const string Kind = "CART_LEFT";

    public async Task SaveAsync(Cart cart, CancellationToken cancellationToken = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var wasAsked = await WriteAsync(connection, cart, cancellationToken);
        var mails = reminders.Within(transaction).By("shop");
        if (wasAsked)
        {
            // Bought, emptied or changed: what is not sent is not wanted, and the hour begins anew.
            await mails.CancelAsync("cart", cart.User, cancellationToken);
        }

        if (cart.Items.Count > 0)
        {
            await mails.NotifyAsync(new Notify(Kind, cart.User, Recipients: [cart.User], Data: Data(cart)), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    public Task BuyAsync(string user, CancellationToken cancellationToken = default) => SaveAsync(new(user, []), cancellationToken);

    public Task KeepAsync(string user, string name, string email, string language, CancellationToken cancellationToken = default) =>
        reminders.SendAsync(
            new KeepRecipients([new(user, name, language, Addresses: new Dictionary<string, string> { ["email"] = email })]),
            cancellationToken
        );

    public async Task CreateTablesAsync(CancellationToken cancellationToken = default)
    {
        await using var create = database.CreateCommand(
            """
            CREATE SCHEMA IF NOT EXISTS shop;
            CREATE TABLE IF NOT EXISTS shop.cart (user_id text PRIMARY KEY, items jsonb NOT NULL, asked boolean NOT NULL)
            """
        );
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Its row is locked until the commit: changes of one cart come one after another.</summary>
    /// <returns>Whether a mail about it was ever asked for, which is when there was something in it.</returns>
    private static async Task<bool> WriteAsync(NpgsqlConnection connection, Cart cart, CancellationToken cancellationToken)
    {
        await using var write = new NpgsqlCommand(
            """
            INSERT INTO shop.cart AS before (user_id, items, asked) VALUES ($1, $2::jsonb, false)
            ON CONFLICT (user_id) DO UPDATE SET items = excluded.items, asked = before.asked OR before.items <> '[]' RETURNING asked
            """,
            connection
        );
        write.Parameters.Add(new() { Value = cart.User });
        write.Parameters.Add(new() { Value = JsonSerializer.Serialize(cart.Items) });
        return (bool)(await write.ExecuteScalarAsync(cancellationToken))!;
    }

    private static Dictionary<string, JsonElement> Data(Cart cart) =>
        new()
        {
            ["cart_hash"] = JsonSerializer.SerializeToElement(cart.Hash),
            ["items"] = JsonSerializer.SerializeToElement(cart.Contents),
            ["value"] = JsonSerializer.SerializeToElement(cart.Value),
        };
}
