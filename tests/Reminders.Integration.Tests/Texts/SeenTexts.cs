using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Reminders.Integration.Tests.Support;
using Reminders.Nodes;
using Reminders.Texts;

namespace Reminders.Integration.Tests.Texts;

/// <summary>Nodes note which texts they have of their own: the same is one stay on however many nodes; two builds take no turns.</summary>
public sealed class SeenTexts(Postgres postgres)
{
    private const string Text = "Kinds:CONFIRM_2H:Templates:en:text";
    private const string Own = "FROM reminders.text_seen WHERE kind = 'CONFIRM_2H' AND locale = 'en'";
    private const string Stays = $"SELECT string_agg(stay::text, ' ' ORDER BY first_seen) {Own}";

    [Fact]
    public async Task The_same_texts_are_one_stay_after_a_restart_on_another_node_and_in_another_culture()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        await LookAsync(cluster.AddStillNode());
        var all = await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.text_seen");
        Assert.True(
            await cluster.ScalarAsync<bool>("SELECT count(DISTINCT locale) = 2 AND count(DISTINCT kind) > 2 FROM reminders.text_seen")
        );
        await AgeAsync(cluster, "3 days");
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("tr-TR");
        await LookAsync(cluster.AddStillNode());
        CultureInfo.CurrentCulture = culture;
        Assert.Equal(all, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.text_seen"));
        Assert.True(await cluster.ScalarAsync<bool>("SELECT bool_and(last_seen > now() - interval '1 minute') FROM reminders.text_seen"));
        Assert.True(await cluster.ScalarAsync<bool>("SELECT bool_and(first_seen < now() - interval '2 days') FROM reminders.text_seen"));
    }

    [Fact]
    public async Task Two_builds_side_by_side_write_two_rows_for_as_long_as_they_run_and_one_that_comes_back_has_another()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        for (var turn = 0; turn < 3; turn++)
        {
            foreach (var text in (string[])["One {candidate}", "Two {candidate}"])
            {
                cluster.Set(Text, text);
                await LookAsync(cluster.AddStillNode());
            }

            await AgeAsync(cluster, "2 minutes");
        }

        Assert.Equal("1 1", await cluster.ScalarAsync<string>(Stays));

        // The second was alone for an hour.
        await cluster.ExecuteAsync(
            $"""
            UPDATE reminders.text_seen SET last_seen = last_seen - interval '1 hour'
            WHERE print = (SELECT print {Own} ORDER BY first_seen LIMIT 1)
            """
        );
        cluster.Set(Text, "One {candidate}");
        await LookAsync(cluster.AddStillNode());
        Assert.Equal("1 1 2", await cluster.ScalarAsync<string>(Stays));
        await cluster.ExecuteAsync("UPDATE reminders.text_seen SET last_seen = last_seen - interval '30 seconds'");
        await LookAsync(cluster.AddStillNode());
        Assert.Equal("1 1 2", await cluster.ScalarAsync<string>(Stays));
    }

    [Fact]
    public async Task The_apps_own_source_is_noted_what_operators_set_is_not_and_neither_is_a_node_that_sends_nothing()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var silent = cluster.AddStillNode();
        silent.Services.GetServices<IHostedService>().Count();
        silent.Services.GetRequiredService<Signals>().Outbox.Clear();
        await LookAsync(silent);
        Assert.Equal(0L, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.text_seen"));

        await LookAsync(cluster.AddStillNode());
        await cluster.SendAsync(
            new SetTexts("CONFIRM_2H", "en", new Dictionary<string, string?> { ["text"] = "Set {candidate}" }, "better")
        );
        await LookAsync(cluster.AddStillNode());
        Assert.Equal("1", await cluster.ScalarAsync<string>(Stays));
        await LookAsync(cluster.AddStillNode(channels: builder => builder.UseTexts<OwnTexts>()));
        Assert.Equal("1 1", await cluster.ScalarAsync<string>(Stays));
        Assert.True(
            await cluster.ScalarAsync<bool>($"SELECT count(DISTINCT prints->>'text') = 2 AND count(DISTINCT prints->>'moved') = 1 {Own}")
        );
    }

    [Fact]
    public async Task Of_a_kind_and_language_the_last_twenty_are_kept_and_what_nodes_have_just_now()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var node = cluster.AddStillNode();
        await cluster.ExecuteAsync(
            """
            INSERT INTO reminders.text_seen (kind, locale, print, stay, prints, last_seen)
            SELECT k, 'en', n::text, 1, '{}'::jsonb, now() - n * interval '1 minute'
            FROM unnest('{MANY,FEW}'::text[]) k, generate_series(1, 30) n WHERE k = 'MANY' OR n > 20
            UNION ALL SELECT 'LIVE', 'en', n::text, 1, '{}'::jsonb, now() FROM generate_series(1, 30) n
            """
        );
        await node.Services.GetRequiredService<Retention>().PurgeAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            "FEW 10 30, LIVE 30 30, MANY 20 20",
            await cluster.ScalarAsync<string>(
                """
                SELECT string_agg(format('%s %s %s', kind, count, last), ', ' ORDER BY kind)
                FROM (SELECT kind, count(*), max(print::int) AS last FROM reminders.text_seen GROUP BY kind) s
                """
            )
        );
    }

    private static Task AgeAsync(Cluster cluster, string by) =>
        cluster.ExecuteAsync(
            $"UPDATE reminders.text_seen SET first_seen = first_seen - interval '{by}', last_seen = last_seen - interval '{by}'"
        );

    private static Task LookAsync(IHost node) =>
        node.Services.GetServices<IHostedService>().OfType<LiveTexts>().Single().LookAsync(TestContext.Current.CancellationToken);

    private sealed class OwnTexts : ITexts
    {
        public Task<IReadOnlyList<KindText>> ReadAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<KindText>>([new("CONFIRM_2H", "en", "text", "Mine: {candidate}")]);
    }
}
