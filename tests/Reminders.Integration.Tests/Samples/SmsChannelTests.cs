using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Integration.Tests.Support;
using Reminders.Notifications;
using Reminders.People;
using Reminders.Settings;
using Sms;

namespace Reminders.Integration.Tests.Samples;

/// <summary>A channel of the app's own is a folder (samples/Sms) and a line; the engine knows nothing of it.</summary>
public sealed class SmsChannelTests(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly (string Key, string? Value)[] Parcels =
    [
        ("Kinds:PARCEL:Subject", "parcel"),
        ("Kinds:PARCEL:Channels:0", "sms"),
        ("Kinds:PARCEL:Data:number", "text"),
        ("Kinds:PARCEL:Templates:en:text", "Parcel {number} is here"),
        ("Sms:Url", "http://127.0.0.1:1/"),
        ("Sms:Token", "secret"),
        ("Sms:From", "Shop"),
    ];

    [Fact]
    public async Task A_text_message_goes_out_once_to_the_number_in_one_spelling()
    {
        await using var gateway = await SmsGateway.StartAsync();
        await using var cluster = await StartAsync(gateway);
        await KeepAsync(cluster, "anna", "+49 151 2345-6789");
        await AskAsync(cluster, "anna");
        await cluster.UntilAsync("SELECT EXISTS (SELECT FROM reminders.outbox WHERE channel = 'sms' AND state = 'sent')", Patience);
        await AskAsync(cluster, "anna");

        var sms = Assert.Single(gateway.Taken);
        Assert.Equal(("+4915123456789", "Parcel 77 is here", "Bearer secret"), (sms.To, sms.Text, sms.Authorization));
        Assert.StartsWith(
            "sms-",
            await cluster.ScalarAsync<string>("SELECT provider_message_id FROM reminders.outbox"),
            StringComparison.Ordinal
        );
        Assert.Equal(1L, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox"));
    }

    [Fact]
    public async Task The_limit_in_its_traits_is_kept_without_a_setting()
    {
        await using var gateway = await SmsGateway.StartAsync();
        await using var cluster = await StartAsync(gateway);
        string[] people = [.. Enumerable.Range(0, 6).Select(i => $"person{i}")];
        foreach (var person in people)
        {
            await KeepAsync(cluster, person, $"+49 151 2345678{person[^1]}");
        }

        await AskAsync(cluster, people);
        await cluster.UntilAsync("SELECT count(*) = 6 FROM reminders.outbox WHERE channel = 'sms' AND state = 'sent'", Patience);

        var times = gateway.Taken.Select(sms => sms.At).Order().ToArray();
        // Five a second: the sixth is a second after the first, which may itself have been late.
        Assert.True(TimeProvider.System.GetElapsedTime(times[0], times[^1]) > TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public async Task What_is_no_address_of_it_is_refused_in_its_own_words()
    {
        await using var gateway = await SmsGateway.StartAsync();
        await using var cluster = await StartAsync(gateway);
        var refused = Assert.IsType<Outcome<RecipientsKept>.Invalid>(await cluster.SendAsync(Person("anna", "call me")));
        Assert.Equal(
            ["is 'call me': it should be a phone number with its country code, such as +49 151 23456789."],
            refused.Errors["recipients[0].addresses.sms"].Select(error => error[error.IndexOf("is '", StringComparison.Ordinal)..])
        );
    }

    [Fact]
    public void A_text_that_is_too_long_for_it_is_refused_at_the_start() =>
        Assert.Contains(
            "sms takes at most 201",
            Assert
                .Throws<SettingsException>(() =>
                    new ServiceCollection().AddEngine(
                        new ConfigurationBuilder()
                            .AddInMemoryCollection(Parcels.Select(pair => KeyValuePair.Create(pair.Key, pair.Value)))
                            .AddInMemoryCollection([
                                new("ConnectionString", "Host=db;Database=reminders"),
                                new("Kinds:PARCEL:Templates:en:text", new string('x', 202)),
                            ])
                            .Build(),
                        channels => channels.AddSms()
                    )
                )
                .Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(200, typeof(SendResult.Sent))]
    [InlineData(400, typeof(SendResult.Rejected))]
    [InlineData(401, typeof(SendResult.ChannelBroken))]
    [InlineData(404, typeof(SendResult.Unreachable))]
    [InlineData(429, typeof(SendResult.Throttled))]
    [InlineData(503, typeof(SendResult.Uncertain))]
    public async Task Each_answer_of_the_gateway_has_its_meaning(int status, Type meaning)
    {
        await using var gateway = await SmsGateway.StartAsync();
        gateway.Status = status;
        Assert.IsType(meaning, await SendAsync(gateway.Url));
        Assert.Single(gateway.Taken);
    }

    [Fact]
    public async Task With_nobody_there_it_is_not_delivered_and_may_be_tried_again()
    {
        Uri gone;
        await using (var gateway = await SmsGateway.StartAsync())
        {
            gone = gateway.Url;
        }

        Assert.True(Assert.IsType<SendResult.NotDelivered>(await SendAsync(gone)).Unanswered);
    }

    private static async Task<SendResult> SendAsync(Uri gateway)
    {
        using var sender = new SmsSender(new(gateway, "secret", "Shop"));
        return await sender.SendAsync(
            new("1", DeliveryOperation.Send, "+4915123456789", "Hello", []),
            TestContext.Current.CancellationToken
        );
    }

    private async Task<Cluster> StartAsync(SmsGateway gateway)
    {
        var cluster = await Cluster.StartAsync(postgres, nodes: 0, overrides: [.. Parcels, ("Sms:Url", $"{gateway.Url}")]);
        await cluster.StartNodeAsync(channels: more => more.AddSms());
        return cluster;
    }

    private static KeepRecipients Person(string reference, string number) =>
        new([new(reference, reference, Addresses: new Dictionary<string, string> { ["sms"] = number })]);

    private static async Task KeepAsync(Cluster cluster, string reference, string number) =>
        Assert.IsType<Outcome<RecipientsKept>.Done>(await cluster.SendAsync(Person(reference, number)));

    private static async Task AskAsync(Cluster cluster, params string[] people) =>
        Assert.IsType<Outcome<NotifyResult>.Done>(
            await cluster.SendAsync(
                new Notify(
                    "PARCEL",
                    "parcel-77",
                    Version: 1,
                    people,
                    Data: new Dictionary<string, JsonElement> { ["number"] = JsonSerializer.SerializeToElement("77") }
                )
            )
        );
}
