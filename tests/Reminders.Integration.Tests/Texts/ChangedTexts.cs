using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Reminders.Commands;
using Reminders.Integration.Tests.Support;
using Reminders.Kinds;
using Reminders.Texts;

namespace Reminders.Integration.Tests.Texts;

/// <summary>Texts are changed while nodes run: checked before they count, on every node, version by version.</summary>
public sealed class ChangedTexts(Postgres postgres)
{
    private const string Kind = "CONFIRM_2H";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_change_is_what_the_next_message_says_on_every_node_and_on_one_that_starts_later()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 2);
        var set = Done(await cluster.SendAsync(Set("Do come, {candidate}: {starts_at:HH:mm}.")));
        Assert.Equal((1, true), (set.Value.Version, set.Changed));
        await Eventually.TrueAsync(
            () => Task.FromResult(cluster.Nodes.All(node => TextOn(node).StartsWith("Do come", StringComparison.Ordinal))),
            TimeSpan.FromSeconds(4),
            "both nodes have it, without waiting for their next look"
        );
        var late = await cluster.StartNodeAsync();
        Assert.StartsWith("Do come", TextOn(late), StringComparison.Ordinal);

        await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromMinutes(-5)));
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count > 0, Patience);
        Assert.StartsWith("Do come, ", cluster.Telegram.Record.MessagesTo(1001)[0].Text, StringComparison.Ordinal);
        Assert.False(Done(await cluster.SendAsync(Set("Do come, {candidate}: {starts_at:HH:mm}."))).Changed);
    }

    public static TheoryData<string, string, string> Wrong =>
        new()
        {
            { "text", "Hello {nobody}!", "Kinds:CONFIRM_2H:Templates:en:text asks for {nobody}" },
            { "text", "Hello {candidate!", "Templates:en:text" },
            { "text", "At {starts_at:Q}", "Templates:en:text" },
            { "greeting", "Hello!", "texts.greeting is no text of CONFIRM_2H" },
            { "text", "", "texts.text is required" },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_breaks_a_rule_is_refused_by_kind_language_and_field_and_changes_nothing(string name, string text, string says)
    {
        var (cluster, _) = await Hand.StillAsync(postgres);
        await using var __ = cluster;
        var texts = new Dictionary<string, string?> { [name] = text };
        var refused = Assert.IsType<Outcome<TextsShown>.Invalid>(await cluster.SendAsync(new SetTexts(Kind, "en", texts, "new")));
        Assert.Contains(says, string.Join('\n', refused.Errors.Values.SelectMany(one => one)), StringComparison.Ordinal);
        Assert.IsType<Outcome<TextsShown>.Invalid>(await cluster.SendAsync(new PreviewTexts(Kind, "en", texts)));
        Assert.Equal(0L, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.text_version"));
    }

    [Fact]
    public async Task A_preview_reads_as_a_message_would_and_changes_nothing()
    {
        var (cluster, _) = await Hand.StillAsync(postgres);
        await using var __ = cluster;
        var texts = new Dictionary<string, string?> { ["text"] = "{candidate} at {starts_at:d MMMM HH:mm} ({zone})" };
        var shown = Done(await cluster.SendAsync(new PreviewTexts(Kind, "ru", texts))).Value;
        Assert.Equal("Anna Ivanova at 1 марта 15:00 (Europe/Moscow)", shown.Texts.Single(one => one.Name == "text").Sample);
        Assert.Equal(0L, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.text_version"));
    }

    [Fact]
    public async Task Every_version_is_kept_and_an_earlier_one_can_stand_again()
    {
        var (cluster, _) = await Hand.StillAsync(postgres);
        await using var __ = cluster;
        await cluster.SendAsync(Set("One"));
        await cluster.SendAsync(Set("Two"));
        Assert.Equal(3, Done(await cluster.SendAsync(new TakeTextsBack(Kind, "en", 1, "two was wrong"))).Value.Version);
        await LookAsync(cluster);
        Assert.Equal("One", TextOn(cluster.Nodes[0]));
        var declared = Done(await cluster.SendAsync(new TakeTextsBack(Kind, "en", 0, "as it was"))).Value;
        Assert.DoesNotContain(declared.Texts, text => text.IsSet);
        await LookAsync(cluster);
        Assert.StartsWith("Hello {candidate}!", TextOn(cluster.Nodes[0]), StringComparison.Ordinal);
        Assert.IsType<Outcome<TextsShown>.NotFound>(await cluster.SendAsync(new TakeTextsBack(Kind, "en", 9, "none")));
        Assert.Equal(
            "texts.set 1, texts.set 2, texts.take_back 3, texts.take_back 4",
            await cluster.ScalarAsync<string>(
                """
                SELECT string_agg(action || ' ' || (after->>'version'), ', ' ORDER BY id)
                FROM reminders.audit WHERE action LIKE 'texts.%' AND NOT refused
                """
            )
        );
    }

    [Fact]
    public async Task Of_two_who_change_the_same_at_once_one_is_told_so()
    {
        var (cluster, _) = await Hand.StillAsync(postgres);
        await using var __ = cluster;
        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(number => cluster.SendAsync(Set($"From {number}") with { IfVersion = 0 }))
        );
        Assert.Single(outcomes.OfType<Outcome<TextsShown>.Done>());
        Assert.Equal(7, outcomes.OfType<Outcome<TextsShown>.Conflict>().Count());
    }

    /// <summary>Of a subject of the app's own: what its declared texts say, and what each of its subjects has.</summary>
    [Fact]
    public async Task A_value_that_not_every_subject_has_is_refused()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.AddStillNode(channels: builder =>
            builder.AddKind(
                "SLOT",
                kind =>
                {
                    (kind.Subject, kind.On, kind.To) = ("slot", "approved", "candidate");
                    kind.Templates["en"] = new() { ["text"] = "{title}" };
                }
            )
        );
        await cluster.ExecuteAsync(
            """
            INSERT INTO reminders.subject (type, key, owner, status, created_by, data) VALUES
                ('slot', '1', '', 'approved', 'app', '{"room": "5", "floor": "2"}'), ('slot', '2', '', 'approved', 'app', '{"room": "6"}')
            """
        );
        SetTexts Text(string text) => new("SLOT", "en", new Dictionary<string, string?> { ["text"] = text }, "more");
        Assert.IsType<Outcome<TextsShown>.Done>(await cluster.SendAsync(Text("{title} in {room}")));
        var refused = Assert.IsType<Outcome<TextsShown>.Invalid>(await cluster.SendAsync(Text("{title} on {floor}")));
        Assert.Contains("asks for {floor}, which not every slot has", refused.Errors["texts"][0], StringComparison.Ordinal);
    }

    /// <summary>As a newer build's kind may be: its text names a value that this one has not.</summary>
    [Fact]
    public async Task What_this_build_cannot_use_leaves_its_kind_as_it_is_and_the_others_change()
    {
        var (cluster, _) = await Hand.StillAsync(postgres);
        await using var __ = cluster;
        await cluster.ExecuteAsync(
            """
            INSERT INTO reminders.text_version (kind, locale, version, texts, set_by, reason) VALUES
                ('CONFIRM_2H', 'en', 1, '{"text": "Hello {from_tomorrow}!"}', 'somebody', 'new'),
                ('NO_ANSWER_1H', 'en', 1, '{"text": "Nothing of {candidate} yet."}', 'somebody', 'new'),
                ('GONE', 'en', 1, '{"text": "x"}', 'somebody', 'new')
            """
        );
        await LookAsync(cluster);
        Assert.StartsWith("Hello {candidate}!", TextOn(cluster.Nodes[0]), StringComparison.Ordinal);
        Assert.Equal("Nothing of {candidate} yet.", TextOn(cluster.Nodes[0], "NO_ANSWER_1H"));
    }

    [Fact]
    public async Task The_apps_own_source_goes_before_what_is_declared_and_an_operator_before_it()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var node = cluster.AddStillNode(channels: builder => builder.UseTexts<OwnTexts>());
        await Live(node).LookAsync(default);
        Assert.Equal("Mine: {candidate}", TextOn(node));
        await cluster.SendAsync(Set("Theirs: {candidate}"));
        await Live(node).LookAsync(default);
        Assert.Equal("Theirs: {candidate}", TextOn(node));
    }

    [Fact]
    public async Task Over_the_command_line_they_are_previewed_set_shown_listed_and_taken_back()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        Task<(int ExitCode, string Output, string Errors)> Run(params string[] words) =>
            CommandLine.RunAsync(cluster.ConnectionString, ["texts", .. words]);
        var preview = await Run("preview", Kind, "en", "text=Come, {candidate}!");
        Assert.Equal((0, ""), (preview.ExitCode, preview.Errors));
        Assert.Contains("Come, Anna Ivanova!", preview.Output, StringComparison.Ordinal);
        var wrong = await Run("set", Kind, "en", "text=Come, {nobody}!", "--reason", "new");
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("{nobody}", wrong.Errors, StringComparison.Ordinal);
        Assert.Equal(0, (await Run("set", Kind, "en", "text=Come, {candidate}!", "--reason", "shorter")).ExitCode);
        Assert.Contains("text (set): Come, {candidate}!", (await Run("show", Kind)).Output, StringComparison.Ordinal);
        Assert.Contains("shorter", (await Run("history", Kind, "en")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await Run("back", Kind, "en", "0", "--reason", "longer again")).ExitCode);
        Assert.Contains("as declared", (await Run("list")).Output, StringComparison.Ordinal);
    }

    private static SetTexts Set(string text) => new(Kind, "en", new Dictionary<string, string?> { ["text"] = text }, "better");

    private static Outcome<TextsShown>.Done Done(Outcome<TextsShown> outcome) => Assert.IsType<Outcome<TextsShown>.Done>(outcome);

    private static string TextOn(IHost node, string kind = Kind) =>
        node.Services.GetRequiredService<KindCatalog>().Find(kind)!.Templates["en"]["text"];

    private static LiveTexts Live(IHost node) => node.Services.GetServices<IHostedService>().OfType<LiveTexts>().Single();

    private static Task LookAsync(Cluster cluster) => Live(cluster.Nodes[0]).LookAsync(default);

    private sealed class OwnTexts : ITexts
    {
        public Task<IReadOnlyList<KindText>> ReadAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<KindText>>([new(Kind, "en", "text", "Mine: {candidate}")]);
    }
}
