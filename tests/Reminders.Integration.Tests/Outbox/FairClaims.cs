using Reminders.Integration.Tests.Support;
using Reminders.Lab.Bench;

namespace Reminders.Integration.Tests.Outbox;

/// <summary>Rule 12 between kinds: a claim leaves room for others, however many of one kind wait and for however long.</summary>
public sealed class FairClaims(Postgres postgres)
{
    private const int Limit = 4;

    [Fact]
    public async Task Every_claim_has_room_for_a_second_kind()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await WriteAsync(cluster, 50, "NO_ANSWER_1H", TimeSpan.FromMinutes(-30));
        await WriteAsync(cluster, 1, "CONFIRM_2H", TimeSpan.FromMinutes(-1));
        // Kinds come in random order: twenty times the bulk does not come second by chance.
        for (var round = 0; round < 20; round++)
        {
            var claimed = await ClaimAsync(cluster, hand);
            Assert.Equal(Limit / 2, claimed["NO_ANSWER_1H"]);
            Assert.Equal(1, claimed["CONFIRM_2H"]);
        }
    }

    [Fact]
    public async Task Of_more_kinds_than_a_claim_has_room_for_none_is_passed_over_for_long()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        string[] kinds = ["CONFIRM_2H", "NO_ANSWER_1H", "CANDIDATE_CONFIRMED", "REMINDER_HELD"];
        foreach (var kind in kinds)
        {
            await WriteAsync(cluster, 50, kind, TimeSpan.FromMinutes(-1));
        }

        var seen = new HashSet<string>();
        // Each claim passes two over; that one is passed over forty times happens once in a billion runs.
        for (var round = 0; round < 40; round++)
        {
            seen.UnionWith((await ClaimAsync(cluster, hand)).Keys);
        }

        Assert.Equal(kinds.Order(), seen.Order());
    }

    private static Task WriteAsync(Cluster cluster, int count, string kind, TimeSpan dueIn) =>
        BulkBookings.WriteAsync(cluster.Database, count, kind, dueIn, queued: true, TestContext.Current.CancellationToken, kind);

    /// <summary>How many of each kind one claim takes; they are given back.</summary>
    private static async Task<Dictionary<string, int>> ClaimAsync(Cluster cluster, Hand hand)
    {
        var claims = await hand.Store.ClaimAsync("telegram", Limit, TestContext.Current.CancellationToken);
        var kinds = await cluster.ScalarAsync<string[]>(
            "SELECT array_agg(kind) FROM reminders.outbox WHERE id = ANY ($1)",
            claims.Select(claim => claim.Id).ToArray()
        );
        await hand.Store.ReleaseAsync(claims, TestContext.Current.CancellationToken);
        return kinds.CountBy(kind => kind).ToDictionary();
    }
}
