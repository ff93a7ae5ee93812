using Microsoft.Extensions.DependencyInjection;
using Reminders.Doctor;
using Reminders.Integration.Tests.Support;
using Reminders.Telegram;
using Reminders.Words;

namespace Reminders.Integration.Tests.Rounds;

/// <summary>A token, a webhook, a key or an address that is not as it should be is found by its code.</summary>
public sealed class SettingsInTrouble(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_token_that_Telegram_refuses_is_found_until_it_is_a_present_one()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var node = cluster.AddStillNode();
        Assert.Contains("@", (await node.FindsAsync("token_invalid", Health.Good)).Says(), StringComparison.Ordinal);
        cluster.Telegram.RevokeToken();
        var found = await node.FindsAsync("token_invalid", Health.Bad);
        Assert.StartsWith("telegram refuses what this process is set to: 401 ", found.Says(), StringComparison.Ordinal);
        Assert.DoesNotContain(cluster.Telegram.Token, found.Line(Wording.English), StringComparison.Ordinal);
        cluster.Telegram.RestoreToken();
        await node.FindsAsync("token_invalid", Health.Good);
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_is_found_and_one_that_is_not_set_up_is_not_asked()
    {
        await using var cluster = await Cluster.StartAsync(postgres, 0, null, ("Telegram:ApiBaseUrl", "http://127.0.0.1:1/"));
        await cluster.AddStillNode().FindsAsync("provider_silent", Health.Attention);
        cluster.Set("Telegram:BotToken", TelegramCheck.NoToken);
        Assert.DoesNotContain(await cluster.AddStillNode().LookAsync(), finding => finding.About == "provider");
    }

    [Fact]
    public async Task A_webhook_that_stands_while_updates_are_polled_is_found_until_a_node_polls()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var node = cluster.AddStillNode();
        await node.FindsAsync("webhook_while_polling", Health.Good);
        var stop = TestContext.Current.CancellationToken;
        var telegram = node.Services.GetRequiredService<TelegramBot>().Client;
        Assert.IsType<TelegramResult<bool>.Ok>(
            await telegram.SetWebhookAsync("http://127.0.0.1:1/elsewhere", "a-secret-that-is-long", 40, stop)
        );
        var found = await node.FindsAsync("webhook_while_polling", Health.Bad);
        Assert.StartsWith("a webhook at 127.0.0.1 is set while Telegram:Mode is Polling", found.Says(), StringComparison.Ordinal);
        await cluster.StartNodeAsync();
        await Eventually.TrueAsync(
            async () => await telegram.GetWebhookInfoAsync(stop) is TelegramResult<WebhookInfo>.Ok { Value.Url: "" },
            Patience,
            "deleted"
        );
        await node.FindsAsync("webhook_while_polling", Health.Good);
    }

    [Fact]
    public async Task A_webhook_that_is_somebody_elses_is_found()
    {
        await using var cluster = await Cluster.StartAsync(
            postgres,
            0,
            null,
            ("Telegram:Mode", "Webhook"),
            ("Telegram:WebhookSecret", "a-secret-that-is-long"),
            ("Telegram:WebhookUrl", "http://127.0.0.1:1/telegram/webhook")
        );
        var node = cluster.AddStillNode();
        Assert.StartsWith("none is set", (await node.FindsAsync("webhook_foreign", Health.Bad)).Says(), StringComparison.Ordinal);
        var telegram = node.Services.GetRequiredService<TelegramBot>().Client;
        var stop = TestContext.Current.CancellationToken;
        await telegram.SetWebhookAsync("http://127.0.0.1:2/elsewhere", "a-secret-that-is-long", 40, stop);
        Assert.StartsWith(
            "telegram posts to 127.0.0.1 and not",
            (await node.FindsAsync("webhook_foreign", Health.Bad)).Says(),
            StringComparison.Ordinal
        );
        // More than one a second is a 429.
        await Eventually.TrueAsync(
            async () =>
                await telegram.SetWebhookAsync("http://127.0.0.1:1/telegram/webhook", "a-secret-that-is-long", 40, stop)
                is TelegramResult<bool>.Ok,
            Patience,
            "registered"
        );
        await node.FindsAsync("webhook_foreign", Health.Good);
    }

    [Fact]
    public async Task A_mail_server_that_does_not_answer_is_found_and_mail_without_a_link_to_unsubscribe_by()
    {
        await using var cluster = await Cluster.StartAsync(
            postgres,
            0,
            null,
            ("Email:Host", "127.0.0.1"),
            ("Email:Port", "1"),
            ("Email:Security", "None"),
            ("Email:From", "reminders@example.com")
        );
        var node = cluster.AddStillNode();
        Assert.StartsWith("email ", (await node.FindsAsync("provider_silent", Health.Attention)).Says(), StringComparison.Ordinal);
        await node.FindsAsync("public_url_missing", Health.Attention);
        cluster.Set("PublicUrl", "https://reminders.example.com/");
        await cluster.AddStillNode().FindsAsync("public_url_missing", Health.Good);
    }

    [Fact]
    public async Task Keys_that_are_missing_are_found_and_made_by_what_stands_beside_them()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var node = cluster.AddStillNode();
        var missing = await node.FindsAsync("api_key_missing", Health.Attention);
        var made = await CommandLine.RunAsync(cluster.ConnectionString, missing.Fix!.Command!.Split(' ')[1..]);
        Assert.Equal(0, made.ExitCode);
        await node.FindsAsync("api_key_missing", Health.Good);
        await cluster.ExecuteAsync("UPDATE reminders.api_key SET expires_at = now() - interval '1 second'");
        await node.FindsAsync("api_key_missing", Health.Attention);

        await node.FindsAsync("link_key_missing", Health.Good);
        await cluster.ExecuteAsync("DELETE FROM reminders.link_key");
        var link = await node.FindsAsync("link_key_missing", Health.Bad);
        await cluster.ExecuteAsync(link.Fix!.Sql!);
        await node.FindsAsync("link_key_missing", Health.Good);

        await cluster.ExecuteAsync("DELETE FROM reminders.pseudonym_key");
        await node.FindsAsync("pseudonym_key_missing", Health.Bad);
    }

    /// <summary>Two nodes that send: what doctor would say to them is nothing.</summary>
    [Fact]
    public async Task Where_all_is_well_nothing_is_found()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromMinutes(-5)));
        await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromHours(1), candidateChat: 1002));
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count == 1, Patience);
        await CommandLine.RunAsync(cluster.ConnectionString, "keys", "create", "app", "--role", "recruiter");
        // The tests' server is theirs, and its machine is busy.
        string[] ours = ["server_setting", "connections_exhausted"];
        IReadOnlyList<Finding> wrong = [];
        await Eventually.TrueAsync(
            async () =>
                (
                    wrong = [
                        .. (await cluster.Nodes[0].LookAsync(DoctorDepth.Deep)).Where(finding =>
                            finding.Health != Health.Good && !ours.Contains(finding.Code)
                        ),
                    ]
                ).Count == 0,
            Patience,
            "nothing is found",
            () => Task.FromResult(Doctored.Lines(wrong))
        );
    }
}
