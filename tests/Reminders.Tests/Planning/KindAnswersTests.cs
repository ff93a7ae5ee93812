using Microsoft.Extensions.Configuration;
using Reminders.Channels;
using Reminders.Kinds;
using Reminders.Outbox;
using Reminders.Telegram;
using Reminders.WhatsApp;

namespace Reminders.Tests.Planning;

/// <summary>The answers that a kind declares: sound at the start, or refused by kind, field and value.</summary>
public sealed class KindAnswersTests
{
    private static readonly ChannelCatalog Known = new(TelegramChannel.Traits, WhatsAppChannel.Traits);

    [Theory]
    [InlineData("Answers:Not now:Label:en", "x", "Kinds:K:Answers:Not now: an answer's key is 1 to 31 lower case letters")]
    [InlineData("Answers:a_key_that_is_longer_than_any_may_be:Then", "Open", "Kinds:K:Answers:a_key_that_is_longer_than_any_may_be: an")]
    [InlineData("Answers:approved:Label:en", "x", "Kinds:K:Answers:approved: 'approved' is the name of a text or of a status")]
    [InlineData("Answers:text:Label:en", "x", "Kinds:K:Answers:text: 'text' is the name of a text or of a status")]
    [InlineData("Answers:never:Label:en", "x", "Kinds:K:Answers:never is not in Buttons, which has confirm, later")]
    [InlineData("Answers:later:Then", "Perhaps", "Kinds:K:Answers:later cannot be read, with Then 'Perhaps': it has")]
    [InlineData("Answers:later:Then", "7", "Kinds:K:Answers:later:Then is 7: it must be Closed, Changeable, Open")]
    [InlineData("Answers:later:Label:en", " ", "Kinds:K:Answers:later:Label:en is missing")]
    [InlineData("Answers:later:Label:de", "Später", "Kinds:K:Answers:later has a text in 'de': Templates has en.")]
    [InlineData("Templates:ru:text", "x", "Kinds:K:Answers:later:Label:ru is missing")]
    [InlineData("Answers:later:Reply:en", "Come to {adress} {", "Kinds:K:Templates:en:later_reply")]
    [InlineData(
        "Buttons:2",
        "perhaps",
        "Kinds:K:Buttons has 'perhaps', which Answers does not declare: there are confirm, decline, later."
    )]
    [InlineData("Buttons:2", "later", "Kinds:K:Buttons has 'later' twice")]
    [InlineData("Subject", "booking", "Kinds:K:Answers:later:Then is Closed: about a booking it must be Open")]
    public void What_is_wrong_is_named_with_kind_field_and_value(string setting, string value, string problem) =>
        Assert.Contains(problem, Refusal((setting, value)), StringComparison.Ordinal);

    [Fact]
    public void A_channel_that_takes_three_buttons_with_twenty_characters_is_not_given_more()
    {
        var four = Refusal(
            ("Channels:0", "whatsapp"),
            ("Buttons:2", "never"),
            ("Buttons:3", "decline"),
            ("Answers:never:Label:en", "Never"),
            ("Answers:later:Label:en", "At some time after that")
        );
        Assert.Contains(
            "Kinds:K:Buttons has 4 (confirm, later, never, decline): whatsapp takes at most 3.",
            four,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Kinds:K:Answers:later:Label:en is 'At some time after that' with 23 characters: whatsapp shows at most 20.",
            four,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            "whatsapp",
            Refusal(("Answers:later:Label:en", "At some time after that"), ("To", "")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void One_answer_does_one_thing_whichever_kind_asks() =>
        Assert.Contains(
            "Kinds:L:Answers:later:Then is Open: Kinds:K has Closed, about the same subjects (slot).",
            Assert
                .Throws<InvalidOperationException>(() =>
                    KindCatalog.Read(Settings([.. Of("K"), .. Of("L"), ("Kinds:L:Answers:later:Then", "Open")]), Known)
                )
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_message_shows_what_was_answered_and_the_buttons_that_would_still_change_it()
    {
        var kind = KindCatalog
            .Read(
                Settings([
                    .. Of("K"),
                    ("Kinds:K:Buttons:2", "call_me"),
                    ("Kinds:K:Answers:call_me:Label:en", "Call me"),
                    ("Kinds:K:Answers:call_me:Then", "Open"),
                    .. Of("OTHER"),
                    ("Kinds:OTHER:Buttons:2", "never"),
                    ("Kinds:OTHER:Answers:never:Label:en", "Never"),
                    ("Kinds:OTHER:Answers:never:Reply:en", "Never again."),
                ]),
                Known
            )
            .Find("K")!;
        Assert.Equal("text: confirm later call_me", Shown("approved"));
        Assert.Equal("confirmed: later", Shown("confirmed"));
        Assert.Equal("later_reply: ", Shown("later"));
        Assert.Equal("text: ", Shown("never"));
        Assert.Equal("cancelled: ", Shown("cancelled"));

        string Shown(string status)
        {
            var (text, buttons) = MessageRenderer.Shown(DeliveryOperation.Edit, Standing.Current, status, kind);
            return $"{text}: {string.Join(' ', buttons)}";
        }
    }

    [Fact]
    public void In_code_the_buttons_are_in_the_order_in_which_they_are_added()
    {
        var catalog = KindCatalog.Read(
            Settings([("Kinds:K:Answers:later:Label:en", "Not now")]),
            Known,
            new KindInCode(
                "K",
                kind =>
                {
                    (kind.Subject, kind.On, kind.To) = ("slot", "approved", "candidate");
                    kind.Templates["en"] = new()
                    {
                        ["text"] = "Well?",
                        ["moved"] = "m",
                        ["cancelled"] = "c",
                    };
                    kind.AddButton("yes", yes => (yes.Label["en"], yes.Reply["en"], yes.Then) = ("Yes", "Good.", AnswerThen.Changeable))
                        .AddButton("later", later => (later.Label["en"], later.Then) = ("Later", AnswerThen.Open));
                }
            )
        );
        var kind = catalog.Find("K")!;
        Assert.Equal(["yes", "later"], kind.Buttons);
        Assert.Equal("Not now", kind.Templates["en"]["later"]);
        Assert.Equal(["yes", "later"], catalog.AnswersAbout("slot").Keys);
        Assert.Equal(["confirm", "decline"], catalog.AnswersAbout("booking").Keys);
    }

    private static string Refusal(params (string Setting, string Value)[] settings) =>
        Assert
            .Throws<InvalidOperationException>(() =>
                KindCatalog.Read(Settings([.. Of("K"), .. settings.Select(one => ($"Kinds:K:{one.Setting}", one.Value))]), Known)
            )
            .Message;

    private static (string Key, string Value)[] Of(string kind) =>
        [
            ($"Kinds:{kind}:Subject", "slot"),
            ($"Kinds:{kind}:On", "approved"),
            ($"Kinds:{kind}:To", "candidate"),
            ($"Kinds:{kind}:Buttons:0", "confirm"),
            ($"Kinds:{kind}:Buttons:1", "later"),
            ($"Kinds:{kind}:Answers:later:Label:en", "Later"),
            ($"Kinds:{kind}:Answers:later:Reply:en", "Later then."),
            ($"Kinds:{kind}:Templates:en:text", "Will you come?"),
            ($"Kinds:{kind}:Templates:en:confirm", "Yes"),
            ($"Kinds:{kind}:Templates:en:confirmed", "You come."),
            ($"Kinds:{kind}:Templates:en:moved", "Moved."),
            ($"Kinds:{kind}:Templates:en:cancelled", "Off."),
        ];

    private static IConfiguration Settings(params (string Key, string Value)[] settings)
    {
        // Said later, it wins.
        var values = new Dictionary<string, string?>();
        foreach (var (key, value) in settings)
        {
            values[key] = value;
        }

        return new ConfigurationBuilder().AddInMemoryCollection(values).Build();
    }
}
