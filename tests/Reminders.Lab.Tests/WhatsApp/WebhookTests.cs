using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Reminders.Lab.Tests.WhatsApp;

public sealed class WebhookTests
{
    [Fact]
    public async Task Each_status_is_told_twice_the_last_perhaps_first_and_signed_over_its_bytes()
    {
        await using var phone = await Phone.StartAsync();
        var id = await phone.AcceptedAsync(Phone.Text());
        await phone.PostedAsync(4);
        Assert.Equal([$"delivered {id}", $"delivered {id}", $"sent {id}", $"sent {id}"], phone.Told().Order());
        var secret = Encoding.UTF8.GetBytes(phone.Simulator.Options.AppSecret);
        Assert.All(
            phone.Bodies(),
            told =>
            {
                Assert.Equal(
                    "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(told.Raw))),
                    told.Signature
                );
                Assert.Equal("17", Phone.Item(told.Body).GetProperty("biz_opaque_callback_data").GetString());
            }
        );
    }

    [Fact]
    public async Task In_order_each_waits_until_the_one_before_is_acknowledged_and_all_for_the_delay()
    {
        await using var phone = await Phone.StartAsync(
            new()
            {
                EnforceLimits = false,
                EnforceWindow = false,
                InOrder = true,
                Deliveries = 1,
                Statuses = ["sent", "delivered", "read"],
                StatusDelay = TimeSpan.FromMinutes(5),
            }
        );
        var id = await phone.AcceptedAsync(Phone.Text());
        await phone.Time.UntilATimerIsDueInAsync(TimeSpan.FromMinutes(5));
        Assert.Empty(phone.Told());
        phone.Time.Advance(TimeSpan.FromMinutes(5));
        await phone.PostedAsync(3);
        Assert.Equal([$"sent {id}", $"delivered {id}", $"read {id}"], phone.Told());
    }

    [Fact]
    public async Task What_is_not_acknowledged_is_told_again_later()
    {
        await using var phone = await Phone.StartAsync(
            new()
            {
                EnforceLimits = false,
                EnforceWindow = false,
                Deliveries = 1,
                Statuses = ["sent"],
            }
        );
        phone.Refusals = 2;
        await phone.AcceptedAsync(Phone.Text());
        await phone.Time.UntilATimerIsDueInAsync(TimeSpan.FromSeconds(1));
        phone.Time.Advance(TimeSpan.FromSeconds(1));
        await phone.Time.UntilATimerIsDueInAsync(TimeSpan.FromSeconds(2));
        phone.Time.Advance(TimeSpan.FromSeconds(2));
        await phone.PostedAsync(3);
        Assert.Equal([500, 500, 200], phone.Record.Posts.Select(post => post.Status));
        Assert.Single(phone.Told());
    }

    [Fact]
    public async Task A_person_who_presses_or_writes_is_told_of_twice_under_one_wamid()
    {
        await using var phone = await Phone.StartAsync(
            new()
            {
                EnforceLimits = false,
                EnforceWindow = false,
                Statuses = [],
            }
        );
        var message = await phone.AcceptedAsync(Phone.Buttons(("confirm:1", "Yes"), ("decline:1", "No")));
        var press = phone.Simulator.Press(message, 1);
        await phone.PostedAsync(2);
        Assert.Equal([$"interactive {press}", $"interactive {press}"], phone.Told());
        var told = Phone.Item(phone.Bodies()[0].Body);
        Assert.Equal(
            ("decline:1", message, Phone.Ann),
            (
                told.GetProperty("interactive").GetProperty("button_reply").GetProperty("id").GetString(),
                told.GetProperty("context").GetProperty("id").GetString(),
                told.GetProperty("from").GetString()
            )
        );
        var text = phone.Simulator.SendText("+" + Phone.Ann, "STOP");
        await phone.PostedAsync(4);
        Assert.Equal(2, phone.Told().Count(line => line == $"text {text}"));
    }

    [Fact]
    public async Task A_message_can_be_accepted_and_fail_afterwards()
    {
        await using var phone = await Phone.StartAsync();
        phone.Simulator.FailLater(Phone.Ann, 131026);
        var id = await phone.AcceptedAsync(Phone.Text());
        await phone.PostedAsync(2);
        Assert.Equal([$"failed {id}", $"failed {id}"], phone.Told());
        Assert.Equal(131026, Phone.Item(phone.Bodies()[0].Body).GetProperty("errors")[0].GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task A_webhook_that_does_not_repeat_the_challenge_is_not_taken()
    {
        await using var phone = await Phone.StartAsync(webhook: false);
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            phone.Simulator.SetWebhookAsync(new Uri(phone.Simulator.BaseAddress, "/nothing"))
        );
        await phone.AcceptedAsync(Phone.Text());
        Assert.Empty(phone.Record.Posts);
    }

    [Fact]
    public async Task A_person_can_be_played_over_http()
    {
        await using var phone = await Phone.StartAsync(new() { EnforceLimits = false, Statuses = [] });
        async Task<JsonElement> PostAsync(string path, object body)
        {
            using var response = await phone.Http.PostAsync("/sandbox/" + path, JsonContent.Create(body));
            response.EnsureSuccessStatusCode();
            return await response.Content.ReadFromJsonAsync<JsonElement>();
        }

        await PostAsync($"people/{Phone.Ann}/text", new { text = "Hello" });
        await PostAsync("faults", new { kind = "dropReply", next = 1 });
        await Assert.ThrowsAsync<HttpRequestException>(() => phone.SendAsync(Phone.Buttons(("confirm:1", "Yes"))));
        var message = Assert.Single((await phone.Http.GetFromJsonAsync<JsonElement>($"/sandbox/messages?to={Phone.Ann}")).EnumerateArray());
        var press = (await PostAsync($"messages/{message.GetProperty("id").GetString()}/press", new { button = 0 }))
            .GetProperty("id")
            .GetString();
        await PostAsync($"messages/{message.GetProperty("id").GetString()}/status", new { status = "failed", code = 131016 });
        await phone.PostedAsync(6);
        Assert.Contains($"interactive {press}", phone.Told());
        Assert.Contains($"failed {message.GetProperty("id").GetString()}", phone.Told());
        var record = await phone.Http.GetFromJsonAsync<JsonElement>("/sandbox/record");
        Assert.Equal(
            ("DropReply", 6),
            (record.GetProperty("doubts")[0].GetProperty("fault").GetString(), record.GetProperty("webhook_posts").GetArrayLength())
        );
        Assert.Contains("WhatsApp__BaseUrl", await phone.Http.GetStringAsync("/"));
    }
}
