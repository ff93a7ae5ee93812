using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Hosting;
using Reminders.Storage;

namespace Reminders.Web.Console.Accounts;

/// <summary>What cookies and forms are protected with, in the database: a form of one node is read by another.</summary>
internal sealed class ProtectionKeys(Database database) : IXmlRepository
{
    // The framework asks in no other way.
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var read = database.CreateCommand("SELECT xml FROM reminders.protection_key ORDER BY id");
        using var reader = read.ExecuteReader();
        var keys = new List<XElement>();
        while (reader.Read())
        {
            keys.Add(XElement.Parse(reader.GetString(0)));
        }

        return keys;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var store = database
            .CreateCommand("INSERT INTO reminders.protection_key (name, xml) VALUES ($1, $2)")
            .With(friendlyName, element.ToString(SaveOptions.DisableFormatting));
        store.ExecuteNonQuery();
    }
}

/// <summary>
/// Makes the cluster's first key, once: nodes that start together would each make one, and for a day not know the others'. Later ones
/// are made two days before they are used.
/// </summary>
internal sealed class FirstProtectionKey(Database database, IKeyManager keys, TimeProvider time) : IHostedService
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(90);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using (
                var take = database.CreateCommand(
                    "SELECT pg_advisory_xact_lock(hashtextextended('reminders.protection_key', 0))",
                    connection
                )
            )
            {
                await take.ExecuteNonQueryAsync(cancellationToken);
            }

            if (keys.GetAllKeys().Count == 0)
            {
                var now = time.GetUtcNow();
                keys.CreateNewKey(now, now + Life);
            }
        }
        catch (Exception exception) when (Faults.IsOutage(exception))
        {
            // A node may start before its database. The key is made when somebody signs in.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
