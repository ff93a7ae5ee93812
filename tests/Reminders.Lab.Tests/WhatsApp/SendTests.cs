using System.Net;
using System.Net.Http.Headers;
using Reminders.Lab.Simulation;

namespace Reminders.Lab.Tests.WhatsApp;

public sealed class SendTests
{
    [Fact]
    public async Task A_message_is_accepted_under_a_wamid_and_kept_with_its_reference()
    {
        await using var phone = await Phone.StartAsync();
        var (status, body) = await phone.SendAsync(Phone.Text(to: "+" + Phone.Ann));
        var message = Assert.Single(phone.Record.Messages);
        Assert.Equal((HttpStatusCode.OK, message.Id), (status, body.GetProperty("messages")[0].GetProperty("id").GetString()));
        Assert.Equal(Phone.Ann, body.GetProperty("contacts")[0].GetProperty("wa_id").GetString());
        Assert.Equal((Phone.Ann, "text", "Hello", "17"), (message.To, message.Type, message.Text, message.Reference));
    }

    [Fact]
    public async Task Without_the_right_token_or_number_nothing_is_accepted()
    {
        await using var phone = await Phone.StartAsync();
        Assert.Equal(100, await phone.RefusedAsync(Phone.Text(), number: "999"));
        phone.Simulator.RevokeToken();
        Assert.Equal(190, await phone.RefusedAsync(Phone.Text()));
        phone.Simulator.RestoreToken();
        phone.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "another");
        Assert.Equal(190, await phone.RefusedAsync(Phone.Text()));
        Assert.Empty(phone.Record.Messages);
    }

    [Fact]
    public async Task What_Meta_refuses_is_refused()
    {
        await using var phone = await Phone.StartAsync();
        object[] bad =
        [
            Phone.Text(to: "nobody"),
            Phone.Text(text: ""),
            Phone.Text(text: new string('x', 4097)),
            Phone.Buttons(),
            Phone.Buttons(("1", "A"), ("2", "B"), ("3", "C"), ("4", "D")),
            Phone.Buttons(("1", "A title of 21 letters")),
            Phone.Buttons(("1", "Yes"), ("2", "Yes")),
            Phone.Buttons(("1", "Yes"), ("1", "No")),
            Phone.Buttons((new string('x', 257), "Yes")),
            new { to = Phone.Ann, type = "text" },
            new
            {
                messaging_product = "whatsapp",
                to = Phone.Ann,
                type = "image",
            },
        ];
        foreach (var message in bad)
        {
            Assert.Equal(100, await phone.RefusedAsync(message));
        }

        Assert.Empty(phone.Record.Messages);
        Assert.Equal(bad.Length, phone.Record.ErrorsByCode[100]);
    }

    [Fact]
    public async Task Free_text_needs_a_word_from_the_person_within_24_hours_and_a_template_does_not()
    {
        await using var phone = await Phone.StartAsync(new() { EnforceLimits = false });
        Assert.Equal(131047, await phone.RefusedAsync(Phone.Text()));
        await phone.AcceptedAsync(
            new
            {
                messaging_product = "whatsapp",
                to = Phone.Ann,
                type = "template",
                template = new { name = "hi", language = new { code = "en" } },
            }
        );
        phone.Simulator.SendText(Phone.Ann, "Hello?");
        await phone.AcceptedAsync(Phone.Text());
        phone.Time.Advance(TimeSpan.FromHours(24));
        Assert.Equal(131047, await phone.RefusedAsync(Phone.Text()));
    }

    [Fact]
    public async Task One_person_is_written_to_every_six_seconds_and_the_others_do_not_wait_for_it()
    {
        await using var phone = await Phone.StartAsync(new() { EnforceWindow = false });
        await phone.AcceptedAsync(Phone.Text());
        Assert.Equal(131056, await phone.RefusedAsync(Phone.Text()));
        await phone.AcceptedAsync(Phone.Text(to: "79990001002"));
        phone.Time.Advance(TimeSpan.FromSeconds(6));
        await phone.AcceptedAsync(Phone.Text());
    }

    [Fact]
    public async Task The_number_takes_so_many_messages_a_second()
    {
        await using var phone = await Phone.StartAsync(new() { EnforceWindow = false, PerSecond = 2 });
        await phone.AcceptedAsync(Phone.Text(to: "79990001001"));
        await phone.AcceptedAsync(Phone.Text(to: "79990001002"));
        var (status, body) = await phone.SendAsync(Phone.Text(to: "79990001003"));
        Assert.Equal((HttpStatusCode.TooManyRequests, 130429), (status, body.GetProperty("error").GetProperty("code").GetInt32()));
        phone.Time.Advance(TimeSpan.FromSeconds(1));
        await phone.AcceptedAsync(Phone.Text(to: "79990001003"));
    }

    [Theory]
    [InlineData(FaultKind.DropReply, true)]
    [InlineData(FaultKind.CutBefore, false)]
    public async Task A_cut_call_is_a_doubt_and_the_record_knows_whether_it_arrived(FaultKind kind, bool arrived)
    {
        await using var phone = await Phone.StartAsync();
        phone.Simulator.Faults.Next(kind, chatId: long.Parse(Phone.Ann, System.Globalization.CultureInfo.InvariantCulture));
        await Assert.ThrowsAsync<HttpRequestException>(() => phone.SendAsync(Phone.Text()));
        var doubt = Assert.Single(phone.Record.Doubts);
        Assert.Equal((kind, arrived), (doubt.Fault, doubt.MessageId is not null));
        Assert.Equal(arrived ? 1 : 0, phone.Record.Messages.Count);
        await phone.AcceptedAsync(Phone.Text());
    }
}
