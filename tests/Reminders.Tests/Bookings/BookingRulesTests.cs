using Reminders.Bookings;

namespace Reminders.Tests.Bookings;

/// <summary>Every wrong field is named, with its value; right ones pass.</summary>
public sealed class BookingRulesTests
{
    private static readonly DateTimeOffset Now = new(2027, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly PersonDraft Rita = new("Rita");

    [Fact]
    public void A_full_booking_passes() =>
        Assert.Empty(
            BookingRules.Check("Backend", "Room 5", Now.AddHours(3), new("Anna", "pt-BR", "Europe/Moscow", 1001, "a-1"), Rita, Now)
        );

    [Fact]
    public void Everything_missing_is_named_at_once() =>
        Assert.Equal(["candidate", "recruiter", "startsAt", "title"], BookingRules.Check(null, null, null, null, null, Now).Keys.Order());

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(366 * 86_400 + 1)]
    public void The_start_is_in_the_future_and_within_a_year(int seconds) =>
        Assert.Contains(
            "startsAt is ",
            Assert.Single(BookingRules.CheckStart(Now.AddSeconds(seconds), Now)["startsAt"]),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(1)]
    [InlineData(366 * 86_400)]
    public void A_start_within_the_bounds_passes(int seconds) => Assert.Empty(BookingRules.CheckStart(Now.AddSeconds(seconds), Now));

    public static TheoryData<PersonDraft, string> WrongPeople =>
        new()
        {
            { new(null), "candidate.name is required" },
            { new("  "), "candidate.name is required" },
            { new(new string('x', 201)), "candidate.name has 201 characters" },
            { new("A\0B"), "candidate.name contains a NUL character" },
            { new("A\ud83d"), "candidate.name contains half a surrogate pair" },
            { new("Anna", TelegramChatId: 0), "candidate.telegramChatId is 0" },
            { new("Anna", TelegramChatId: -100), "candidate.telegramChatId is -100" },
            { new("Anna", Locale: "english"), "candidate.locale is 'english'" },
            { new("Anna", Locale: "e"), "candidate.locale is 'e'" },
            { new("Anna", Locale: "en_GB"), "candidate.locale is 'en_GB'" },
            { new("Anna", Locale: "en-"), "candidate.locale is 'en-'" },
            { new("Anna", Zone: "Mars/Olympus"), "candidate.zone is 'Mars/Olympus'" },
            { new("Anna", Zone: ""), "candidate.zone is ''" },
            { new("Anna", Zone: "Eur\0ope"), "candidate.zone is 'Eur␀ope'" },
            { new("Anna", Reference: " "), "candidate.reference is blank" },
            { new("Anna", Reference: new string('r', 201)), "candidate.reference has 201 characters" },
        };

    [Theory]
    [MemberData(nameof(WrongPeople), DisableDiscoveryEnumeration = true)]
    public void What_is_wrong_about_a_person_is_said_with_the_value(PersonDraft person, string problem) =>
        Assert.StartsWith(
            problem,
            Assert.Single(Assert.Single(BookingRules.CheckPerson("candidate", person)).Value),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("en", "UTC")]
    [InlineData("zh-Hant-TW", "America/Argentina/Buenos_Aires")]
    [InlineData("kab", "Asia/Kolkata")]
    public void Locales_and_zones_that_exist_pass(string locale, string zone) =>
        Assert.Empty(BookingRules.CheckPerson("candidate", new("Анна 🦊", locale, zone)));

    [Fact]
    public void Two_problems_of_one_field_are_both_said() =>
        Assert.Equal(2, BookingRules.Check(new string('x', 201) + "\0", null, Now.AddDays(1), Rita, Rita, Now)["title"].Length);

    [Fact]
    public void A_long_value_is_cut_in_the_message() =>
        Assert.DoesNotContain(
            new string('x', 41),
            BookingRules.Check(new string('x', 300), null, Now.AddDays(1), Rita, Rita, Now)["title"][0],
            StringComparison.Ordinal
        );
}
