using Microsoft.Extensions.Configuration;
using Reminders.Channels;
using Reminders.Email;
using Reminders.Kinds;
using Reminders.Telegram;
using Reminders.WhatsApp;

namespace Reminders.Tests.Planning;

/// <summary>A kind that cannot be planned, rendered or sent is refused at the start, by the setting's name.</summary>
public sealed class KindCatalogTests
{
    [Theory]
    [InlineData("Subject", "", "Kinds:K:Subject is missing")]
    [InlineData("On", "", "Kinds:K:On is missing")]
    [InlineData("To", "", "Kinds:K:To is missing")]
    [InlineData("Before", "-01:00:00", "Kinds:K:Before is -01:00:00")]
    [InlineData("Before", "400.00:00:00", "Kinds:K:Before is 400.00:00:00")]
    [InlineData("Before", "soon", "Kinds:K:Before")]
    [InlineData("UsefulUntilBefore", "03:00:00", "Kinds:K:UsefulUntilBefore is 03:00:00")]
    [InlineData("UsefulUntilBefore", "-00:00:01", "Kinds:K:UsefulUntilBefore is -00:00:01")]
    [InlineData("MinimumLead", "00:01:00", "Kinds:K:MinimumLead is 00:01:00")]
    [InlineData("UsefulFor", "00:00:00", "Kinds:K:UsefulFor is 00:00:00")]
    [InlineData("Buttons:0", "perhaps", "Kinds:K:Buttons has 'perhaps'")]
    [InlineData("Buttons:0", "confirm", "Kinds:K:Templates:en:moved is missing")]
    [InlineData("Templates:en:text", "Hello {", "Kinds:K:Templates:en:text")]
    [InlineData("Templates:en:text", " ", "Kinds:K:Templates:en:text: the text is empty")]
    [InlineData("Templates:ru:other", "x", "Kinds:K:Templates:ru:text is missing")]
    [InlineData("Uncertain:telegram", "Guess", "Kinds:K:Uncertain")]
    [InlineData(
        "Templates:en:text",
        "Come to {adress}",
        "Kinds:K:Templates:en:text asks for {adress}, which nobody gives: there are {recipient}, {zone}, {title}"
    )]
    [InlineData("Templates:ru:text", "{Candidate}", "Kinds:K:Templates:ru:text asks for {Candidate}")]
    [InlineData("Templates:en:text", "{starts_at:%}", "Kinds:K:Templates:en:text: a format in it cannot be used")]
    [InlineData("TooLong", "Drop", "Kinds:K:TooLong")]
    [InlineData("TooLong", "7", "Kinds:K:TooLong is 7")]
    public void What_is_wrong_is_named_with_its_value(string setting, string value, string problem) =>
        Assert.Contains(
            problem,
            Assert.Throws<InvalidOperationException>(() => Read(("K", setting, value))).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("Subject", "booking", "Kinds:K:Subject is booking, whose state the engine itself keeps")]
    [InlineData("Before", "01:00:00", "Kinds:K:Before is 01:00:00")]
    [InlineData("Buttons:0", "confirm", "Kinds:K:Buttons are for a kind with On")]
    [InlineData("Identity", "Twice", "Kinds:K:Identity")]
    [InlineData("Window", "00:00:00", "Kinds:K:Window is 00:00:00")]
    [InlineData("WindowBy:0", "colour", "Kinds:K:WindowBy has 'colour'")]
    [InlineData("Delay", "-00:00:01", "Kinds:K:Delay is -00:00:01")]
    [InlineData("Digest", "00:00:00.5", "Kinds:K:Digest is 00:00:00.5")]
    [InlineData("Digest", "00:10:00", "Kinds:K:Templates:en:digest is missing")]
    [InlineData("Data:Total", "number", "Kinds:K:Data:Total")]
    [InlineData("Data:total", "money?", "Kinds:K:Data:total is 'money?'")]
    [InlineData("Channels:0", "email", "Kinds:K:Templates:en:subject is missing")]
    [InlineData(
        "Templates:ru:text",
        "{starts_at:HH:mm}",
        "Kinds:K:Templates:ru:text asks for {starts_at}, which nobody gives: there are {recipient}, {zone}."
    )]
    [InlineData("Templates:ru:text", "{count}", "Kinds:K:Templates:ru:text asks for {count}")]
    public void What_is_wrong_with_a_kind_that_is_asked_for_is_named_with_its_value(string setting, string value, string problem) =>
        Assert.Contains(
            problem,
            Assert
                .Throws<InvalidOperationException>(() =>
                    KindCatalog.Read(
                        Settings([
                            .. setting == "Subject" ? Array.Empty<(string, string?)>() : [("Kinds:K:Subject", "cart")],
                            ("Kinds:K:Templates:en:text", "Hello"),
                            ($"Kinds:K:{setting}", value),
                        ]),
                        Known
                    )
                )
                .Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("After", "CONFIRM_3H", "Kinds:K:After is 'CONFIRM_3H', which is no kind; there are A, T, W.")]
    [InlineData("After", "T", "Kinds:K:After is T, which is about a ticket: it must be a kind about a booking, as K is.")]
    [InlineData("After", "W", "Kinds:K:After is W, which is asked for by name")]
    [InlineData("After", "K", "Kinds:K:After is K, which comes back to K (K after K)")]
    [InlineData("After", "A", "Kinds:K:After is A, which comes back to K (K after A after K)")]
    [InlineData("Wait", "01:00:00", "Kinds:K:Wait is 01:00:00, and After is missing")]
    [InlineData("Wait", "-00:00:01", "Kinds:K:Wait is -00:00:01: it must be between 0 and 365 days")]
    [InlineData("Wait", "366.00:00:00", "Kinds:K:Wait is 366.00:00:00")]
    public void What_a_kind_follows_is_a_kind_that_can_come_before_it(string setting, string value, string problem) =>
        Assert.Contains(
            problem,
            Assert
                .Throws<InvalidOperationException>(() =>
                    Read(
                        ("K", setting, value),
                        ("A", "After", "K"),
                        ("T", "Subject", "ticket"),
                        ("W", "On", ""),
                        ("W", "To", ""),
                        ("W", "Subject", "booking2")
                    )
                )
                .Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("lower")]
    [InlineData("WITH-DASH")]
    [InlineData("WITH SPACE")]
    public void A_name_is_capitals_digits_and_underscores(string name) =>
        Assert.Contains(
            $"Kinds:{name}: a kind's name",
            Assert.Throws<InvalidOperationException>(() => Read((name, "Subject", "booking"))).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Every_problem_of_every_kind_is_named_at_once()
    {
        var message = Assert.Throws<InvalidOperationException>(() => Read(("A", "On", ""), ("B", "To", ""))).Message;
        Assert.Equal(2, message.Split('\n').Length);
    }

    [Fact]
    public void Without_templates_in_English_nothing_could_be_fallen_back_to() =>
        Assert.Contains(
            "Kinds:K:Templates:en is missing",
            Assert
                .Throws<InvalidOperationException>(() =>
                    KindCatalog.Read(
                        Settings(("Kinds:K:Subject", "booking"), ("Kinds:K:On", "approved"), ("Kinds:K:To", "candidate")),
                        Known
                    )
                )
                .Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("telegram", 4096, null)]
    [InlineData("telegram", 4097, "Kinds:K:Templates:en:text has 4097 characters without any values: telegram takes at most 4096.")]
    [InlineData("whatsapp", 4097, "Kinds:K:Templates:en:text has 4097 characters without any values: whatsapp takes at most 4096.")]
    [InlineData("email", 100_000, null)]
    public void A_text_that_no_value_could_make_fit_is_refused(string channel, int characters, string? problem)
    {
        (string, string?)[] settings =
        [
            ("Kinds:K:Subject", "cart"),
            ("Kinds:K:Channels:0", channel),
            ("Kinds:K:Data:note", "text"),
            ("Kinds:K:Templates:en:subject", "Cart"),
            ("Kinds:K:Templates:en:text", new string('x', characters) + "{note}"),
        ];
        if (problem is null)
        {
            Assert.Single(KindCatalog.Read(Settings(settings), Known).Kinds);
        }
        else
        {
            Assert.Contains(
                problem,
                Assert.Throws<InvalidOperationException>(() => KindCatalog.Read(Settings(settings), Known)).Message,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void Two_buttons_that_read_alike_on_WhatsApp_are_refused() =>
        Assert.Contains(
            "Kinds:K:Templates:en: two buttons read '",
            Assert
                .Throws<InvalidOperationException>(() =>
                    Read(
                        ("K", "Channels:0", "whatsapp"),
                        ("K", "Buttons:0", "confirm"),
                        ("K", "Buttons:1", "decline"),
                        ("K", "Templates:en:confirm", "I can certainly make it"),
                        ("K", "Templates:en:decline", "I can certainly manage nothing")
                    )
                )
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void No_kind_at_all_is_a_problem() =>
        Assert.Contains(
            "no kind is declared",
            Assert.Throws<InvalidOperationException>(() => KindCatalog.Read(Settings(), Known)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void The_kinds_it_ships_with_are_sound_and_each_event_finds_its_kinds()
    {
        var catalog = KindCatalog.Read(new ConfigurationBuilder().Add(new ShippedKinds()).Build(), Known);
        Assert.Equal(["CONFIRM_2H", "NO_ANSWER_1H"], catalog.PlannedOn("booking", "approved").Select(kind => kind.Name).Order());
        Assert.Equal(["REMINDER_HELD"], catalog.PlannedOn("booking", "reminder_held").Select(kind => kind.Name));
        Assert.Empty(catalog.PlannedOn("cart", "approved"));
        Assert.Equal(UncertainPolicy.Hold, catalog.Find("CONFIRM_2H")!.Uncertain["telegram"]);
    }

    private static readonly ChannelCatalog Known = new(TelegramChannel.Traits, EmailChannel.Traits, WhatsAppChannel.Traits);

    private static KindCatalog Read(params (string Kind, string Setting, string Value)[] overrides)
    {
        var settings = new Dictionary<string, string?>();
        foreach (var kind in overrides.Select(one => one.Kind).Distinct())
        {
            settings[$"Kinds:{kind}:Subject"] = "booking";
            settings[$"Kinds:{kind}:On"] = "approved";
            settings[$"Kinds:{kind}:To"] = "candidate";
            settings[$"Kinds:{kind}:Before"] = "02:00:00";
            settings[$"Kinds:{kind}:UsefulUntilBefore"] = "00:10:00";
            settings[$"Kinds:{kind}:Templates:en:text"] = "Hello {candidate}";
        }
        foreach (var (kind, setting, value) in overrides)
        {
            settings[$"Kinds:{kind}:{setting}"] = value;
        }

        return KindCatalog.Read(Settings([.. settings.Select(pair => (pair.Key, pair.Value))]), Known);
    }

    private static IConfiguration Settings(params (string Key, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))).Build();
}
