using Reminders.Commands;
using Reminders.Integration.Tests.Support;
using Reminders.Notifications;

namespace Reminders.Integration.Tests.Notifications;

/// <summary>A kind takes what its channels can carry, and what still comes out too long is never dropped in silence.</summary>
public sealed class LongTexts(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_comment_that_makes_the_text_too_long_arrives_shortened()
    {
        await using var cluster = await StartAsync("Shorten");
        await cluster.AskAsync(Note(new string('t', 200), Words(800)));
        var text = (await ArrivedAsync(cluster, 1))[0];
        Assert.StartsWith(new string('t', 200) + ": word word", text, StringComparison.Ordinal);
        Assert.EndsWith("word […] (by Rita)", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 4000, 4096);
    }

    [Fact]
    public async Task Or_in_parts_in_their_order_as_one_message()
    {
        await using var cluster = await StartAsync("Split");
        await cluster.AskAsync(Note(new string('t', 200), Words(800)));
        var texts = await ArrivedAsync(cluster, 2);
        Assert.Equal($"{new string('t', 200)}: {Words(800)} (by Rita)", string.Join(' ', texts));
        await cluster.UntilAsync("SELECT count(*) = 1 FROM reminders.outbox WHERE state = 'sent' AND attempts = 1", Patience);
    }

    [Fact]
    public async Task Or_is_refused_at_the_door_with_its_length_and_the_channel()
    {
        await using var cluster = await StartAsync("Refuse");
        var refused = Assert.IsType<Outcome<NotifyResult>.Invalid>(await cluster.SendAsync(Note(new string('t', 200), Words(800))));
        Assert.Equal("data makes a text of 4,211 characters in en: telegram takes at most 4,096.", Assert.Single(refused.Errors["data"]));
        Assert.Equal(0, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence"));
        await cluster.AskAsync(Note("t", Words(800)));
        await ArrivedAsync(cluster, 1);
    }

    [Fact]
    public async Task Four_thousand_Cyrillic_characters_are_four_thousand_characters()
    {
        await using var cluster = await StartAsync("Shorten");
        var comment = new string('я', 4000);
        await cluster.AskAsync(Note("t", comment));
        Assert.Equal($"t: {comment} (by Rita)", (await ArrivedAsync(cluster, 1))[0]);
    }

    private Task<Cluster> StartAsync(string tooLong) =>
        StartAsync(
            ("Kinds:NOTE:Subject", "ticket"),
            ("Kinds:NOTE:TooLong", tooLong),
            ("Kinds:NOTE:Data:title", "text"),
            ("Kinds:NOTE:Data:comment", "text"),
            ("Kinds:NOTE:Data:by", "text?"),
            ("Kinds:NOTE:Templates:en:text", "{title}: {comment} (by {by})")
        );

    private async Task<Cluster> StartAsync(params (string, string?)[] overrides)
    {
        var cluster = await Cluster.StartAsync(postgres, overrides: overrides);
        await cluster.KeepPeopleAsync(1);
        return cluster;
    }

    private static async Task<IReadOnlyList<string>> ArrivedAsync(Cluster cluster, int count)
    {
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount == count, Patience);
        return [.. cluster.Telegram.Record.MessagesTo(2001).Select(message => message.Text)];
    }

    private static Notify Note(string title, string comment) =>
        new("NOTE", "1", Recipients: ["u1"], Data: Asking.Data(("title", title), ("comment", comment), ("by", "Rita")));

    private static string Words(int count) => string.Join(' ', Enumerable.Repeat("word", count));
}
