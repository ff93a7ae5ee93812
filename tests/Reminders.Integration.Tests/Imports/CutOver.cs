using System.Text.RegularExpressions;
using Reminders.Integration.Tests.Dedupe;
using Reminders.Integration.Tests.Notifications;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Imports;

/// <summary>The exports that docs/cut-over.md shows, on tables shaped like those of the incident reports.</summary>
public sealed partial class CutOver(Postgres postgres)
{
    [Fact]
    public async Task What_the_old_tables_say_was_sent_is_not_sent_again()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 1);
        var booking = await cluster.ProposeAsync(TimeSpan.FromHours(3));
        await using var old = await OldDatabase.CreateAsync(
            postgres,
            """
            CREATE TABLE bookings (id int PRIMARY KEY, starts_at timestamptz NOT NULL, reminders_id uuid);
            CREATE TABLE outbox (id int PRIMARY KEY, type text, booking_id int, recipient text, status text, created_at timestamptz);
            CREATE TABLE cart_mails (id int PRIMARY KEY, user_id int, cart_hash text, sent_at timestamptz);
            CREATE TABLE notifications (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id int NOT NULL, type text NOT NULL,
                metadata jsonb, created_at timestamptz DEFAULT clock_timestamp());
            INSERT INTO outbox VALUES (1, 'CONFIRM_2H', 7, 'telegram:1001', 'sent', now() - interval '1 day'),
                (2, 'CONFIRM_2H', 8, 'telegram:1001', 'failed', now() - interval '1 day');
            INSERT INTO cart_mails VALUES (1, 1, 'a', now() - interval '3 hours'), (2, 1, 'b', now() - interval '3 days');
            INSERT INTO notifications (user_id, type, metadata) SELECT u, 'new_customer', '{"customer_id": 11}'
                FROM generate_series(1, 8) u;
            """
        );
        await old.ExecuteAsync($"INSERT INTO bookings VALUES (7, '{await cluster.StartOfAsync(booking):O}', '{booking}')");

        var imported = new List<int>();
        foreach (var export in Exports())
        {
            imported.Add(await ImportedAsync(cluster, old, export));
        }

        Assert.Equal([1, 1, 8], imported);

        await cluster.ApproveAsync(booking);
        Assert.Equal(
            "fired",
            await cluster.ScalarAsync<string>("SELECT string_agg(state, ',') FROM reminders.occurrence WHERE kind = 'CONFIRM_2H'")
        );
        Assert.Equal(1, (await cluster.AskAsync(Asking.Cart("cart-of-1", "a", "user-1"))).Suppressed);
        Assert.Equal(1, (await cluster.AskAsync(Asking.Cart("cart-of-1", "b", "user-1"))).Planned);
        var colleagues = Enumerable.Range(1, 8).Select(n => $"user-{n}").ToArray();
        Assert.Equal(8, (await cluster.AskAsync(Asking.Customer("customer-11", colleagues))).Suppressed);
    }

    private static IEnumerable<string> Exports() =>
        Export()
            .Matches(File.ReadAllText(Repository.PathOf("docs", "cut-over.md")))
            .Select(match => $"COPY {match.Groups["query"].Value} TO STDOUT (FORMAT csv, HEADER)");

    private static async Task<int> ImportedAsync(Cluster cluster, OldDatabase old, string export)
    {
        await using var connection = await old.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        using var copy = await connection.BeginTextExportAsync(export, TestContext.Current.CancellationToken);
        return (await cluster.ImportAsync(await copy.ReadToEndAsync(TestContext.Current.CancellationToken))).Imported;
    }

    [GeneratedRegex(@"^\\copy (?<query>\(.*\)) TO '[^']+' CSV HEADER$", RegexOptions.Multiline)]
    private static partial Regex Export();
}
