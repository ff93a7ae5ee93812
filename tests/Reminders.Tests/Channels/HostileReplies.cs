using System.Text;
using Reminders.Channels;
using Reminders.Channels.Http;
using Reminders.Tests.Channels.Telegram;
using Reminders.Tests.Channels.WhatsApp;
using Reminders.Tests.Channels.Wire;

namespace Reminders.Tests.Channels;

/// <summary>Rule 18: what a provider says in so many words may be anything; what it says by its code counts all the same.</summary>
public sealed class HostileReplies
{
    private const int TenMegabytes = 10 * 1024 * 1024;

    public static TheoryData<string> Words =>
        new()
        {
            """\u0000\u001b[31mno""",
            """half a pair: \ud83d""",
            """two halves the wrong way round: \ude00\ud83d""",
            "line\\u2028separator",
            new string('x', TenMegabytes),
            string.Concat(Enumerable.Repeat("""\u0416""", TenMegabytes / 6)),
            string.Concat(Enumerable.Repeat("""\\""", TenMegabytes / 2)),
            string.Concat(Enumerable.Repeat("😀", TenMegabytes / 4)),
            string.Concat(Enumerable.Repeat("""\ud83d\ude00""", TenMegabytes / 12)),
        };

    [Theory]
    [MemberData(nameof(Words), DisableDiscoveryEnumeration = true)]
    public async Task A_refusal_of_Telegrams_stays_definite_whatever_its_description_holds(string words)
    {
        await using var server = ScriptedServer.Start(exchange =>
            exchange.ReplyAsync(400, $$"""{"ok":false,"error_code":400,"description":"{{words}}"}""")
        );
        AssertFit(
            Assert
                .IsType<SendResult.Rejected>(await Bot.Sender(server.Url).SendAsync(Bot.Message, TestContext.Current.CancellationToken))
                .Detail
        );
    }

    [Theory]
    [MemberData(nameof(Words), DisableDiscoveryEnumeration = true)]
    public async Task A_refusal_of_WhatsApps_stays_definite_whatever_its_message_holds(string words)
    {
        var (result, _) = await Business.AnswerAsync(
            400,
            """{"error":{"code":131026,"message":"WORDS","error_data":{"details":"WORDS"}}}""".Replace(
                "WORDS",
                words,
                StringComparison.Ordinal
            )
        );
        AssertFit(Assert.IsType<SendResult.Unreachable>(result).Detail);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_in_a_refusal_leave_it_definite()
    {
        byte[] body = [.. """{"ok":false,"error_code":400,"description":"bytes """u8, 0xff, 0xc3, 0x28, .. "\"}"u8];
        await using var server = ScriptedServer.Start(async exchange =>
        {
            await exchange.RawAsync($"HTTP/1.1 400 X\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n");
            await exchange.Client.GetStream().WriteAsync(body);
        });
        AssertFit(
            Assert
                .IsType<SendResult.Rejected>(await Bot.Sender(server.Url).SendAsync(Bot.Message, TestContext.Current.CancellationToken))
                .Detail
        );
    }

    /// <summary>Where the code comes after what was cut off, nothing is known of it, and half a number is no code.</summary>
    [Fact]
    public async Task A_refusal_whose_code_was_never_read_is_uncertain()
    {
        string words = new('x', TenMegabytes);
        await using var server = ScriptedServer.Start(exchange =>
            exchange.ReplyAsync(403, $$"""{"description":"{{words}}","ok":false,"error_code":403}""")
        );
        Assert.IsType<SendResult.Uncertain>(await Bot.Sender(server.Url).SendAsync(Bot.Message, TestContext.Current.CancellationToken));

        string padding = new(' ', HttpReply.MaxErrorBytes - """{"ok":false,"error_code":""".Length - 1);
        await using var halved = ScriptedServer.Start(exchange =>
            exchange.ReplyAsync(400, $$"""{"ok":false,"error_code":{{padding}}400}""")
        );
        Assert.IsType<SendResult.Uncertain>(await Bot.Sender(halved.Url).SendAsync(Bot.Message, TestContext.Current.CancellationToken));
    }

    /// <summary>Read on until the end it would be in memory whole, for each of the messages under way.</summary>
    [Fact]
    public async Task An_endless_error_is_left_after_its_beginning()
    {
        await using var server = ScriptedServer.Start(async exchange =>
        {
            await exchange.RawAsync(
                """
                HTTP/1.1 403 X
                Content-Type: application/json
                Content-Length: 100000000000

                {"ok":false,"error_code":403,"description":"Forbidden: 
                """.ReplaceLineEndings("\r\n")
            );
            var more = Encoding.ASCII.GetBytes(new string('x', 64 * 1024));
            while (true)
            {
                await exchange.Client.GetStream().WriteAsync(more, exchange.Closing);
            }
        });
        AssertFit(
            Assert
                .IsType<SendResult.Unreachable>(await Bot.Sender(server.Url).SendAsync(Bot.Message, TestContext.Current.CancellationToken))
                .Detail
        );
    }

    [Fact]
    public async Task A_WhatsApp_id_that_cannot_be_kept_leaves_the_message_delivered_without_one()
    {
        foreach (var id in (string[])[new string('w', 300), """wamid\u0000"""])
        {
            var (result, _) = await Business.AnswerAsync(200, $$"""{"messages":[{"id":"{{id}}"}]}""");
            Assert.Null(Assert.IsType<SendResult.Sent>(result).ProviderMessageId);
        }
    }

    private static void AssertFit(string detail)
    {
        Assert.InRange(detail.Length, 1, OutsideText.Detail);
        Assert.DoesNotContain(detail, char.IsControl);
        Assert.All(detail.EnumerateRunes(), rune => Assert.True(Rune.IsValid(rune.Value)));
        Assert.Equal(detail, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(detail)));
    }
}
