using Reminders.Channels;
using Reminders.Email;
using Reminders.Lab.Mail;
using Reminders.Tests.Channels.Wire;

namespace Reminders.Tests.Channels.Email;

/// <summary>The connection ends at every byte of a dialogue, in both directions. No verdict may be wrong.</summary>
public sealed class SmtpCutTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cut_at_every_byte_of_what_is_sent_no_verdict_is_wrong(bool pipelining)
    {
        var (sent, _) = await WholeAsync(pipelining);
        await Parallel.ForAsync(
            0,
            sent,
            TestContext.Current.CancellationToken,
            async (most, _) =>
            {
                var (result, arrived) = await CutAsync(pipelining, mostSent: most);
                Assert.Equal((0, true), (arrived, result is SendResult.NotDelivered or SendResult.Uncertain));
            }
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cut_at_every_byte_of_the_answers_there_is_doubt_behind_the_dot_only(bool pipelining)
    {
        var (_, answered) = await WholeAsync(pipelining);
        var last = answered - "250 2.0.0 taken as 1\r\n".Length;
        await Parallel.ForAsync(
            0,
            answered,
            TestContext.Current.CancellationToken,
            async (most, _) =>
            {
                var (result, arrived) = await CutAsync(pipelining, mostAnswered: most);
                if (most > last)
                {
                    Assert.IsType<SendResult.Uncertain>(result);
                    Assert.Equal(1, arrived);
                    return;
                }
                // Cut right behind the 354, the dot may be on its way before that is seen, and may arrive: that is the doubt. Who says
                // that it was not delivered is right.
                Assert.True(
                    (result is SendResult.NotDelivered && arrived == 0) || (result is SendResult.Uncertain && most == last),
                    $"{most} of {last}: {result}, {arrived} arrived"
                );
            }
        );
    }

    private static async Task<(int Sent, int Answered)> WholeAsync(bool pipelining)
    {
        await using var sink = await MailSink.StartAsync(new() { Pipelining = pipelining });
        await using var proxy = new CutProxy(sink.Port);
        using var sender = new EmailSender(Post.Options(proxy.Port), TimeProvider.System);
        Assert.IsType<SendResult.Sent>(await sender.SendAsync(Post.Message, TestContext.Current.CancellationToken));
        return (proxy.Sent, proxy.Answered);
    }

    private static async Task<(SendResult Result, int Arrived)> CutAsync(
        bool pipelining,
        int mostSent = int.MaxValue,
        int mostAnswered = int.MaxValue
    )
    {
        await using var sink = await MailSink.StartAsync(new() { Pipelining = pipelining });
        await using var proxy = new CutProxy(sink.Port, mostSent, mostAnswered);
        using var sender = new EmailSender(Post.Options(proxy.Port), TimeProvider.System);
        var result = await sender.SendAsync(Post.Message, TestContext.Current.CancellationToken);
        await sink.Record.WaitForAsync(record => record.OpenConnections == 0, Post.Patience);
        return (result, sink.Record.MailCount);
    }
}
