using Reminders.Bookings;

namespace Reminders.Lab.Demo.Acts;

/// <summary>Sixty candidates with a chat each and ten recruiters; the first dozen have a part of their own.</summary>
internal sealed class Cast
{
    private const int Candidates = 60;

    // A chat takes one message a second: ten recruiters hear of sixty answers in six seconds.
    private const int Recruiters = 10;

    private const long FirstCandidateChat = 2001;
    private const long FirstRecruiterChat = 9001;

    private static readonly string[] FirstNames =
    [
        "Anna",
        "Boris",
        "Clara",
        "Dmitri",
        "Elena",
        "Felix",
        "Galina",
        "Hugo",
        "Irina",
        "Jonas",
    ];
    private static readonly string[] LastNames = ["Petrova", "Schmidt", "Rossi", "Novak", "Larsen", "Moreau"];
    private static readonly string[] RecruiterNames =
    [
        "Rita",
        "Sergei",
        "Tanya",
        "Ulrich",
        "Vera",
        "Walter",
        "Xenia",
        "Yuri",
        "Zoe",
        "Oleg",
    ];
    private static readonly string[] Posts =
    [
        "Backend engineer",
        "Data analyst",
        "Product designer",
        "Tester",
        "Site reliability engineer",
    ];
    private static readonly string[] Zones = ["Europe/Moscow", "Europe/Berlin", "America/New_York"];

    public Cast() => Slots = [.. Enumerable.Range(1, Candidates).Select(Make)];

    public IReadOnlyList<Slot> Slots { get; }

    public Slot ApprovedManyTimesBefore => Slots[0];

    public Slot ApprovedManyTimesDuring => Slots[1];

    public Slot ApprovedManyTimesAfter => Slots[2];

    public Slot MovedBefore => Slots[3];

    public Slot MovedAfter => Slots[4];

    public Slot MovedThereAndBackBefore => Slots[5];

    public Slot MovedThereAndBackAfter => Slots[6];

    public Slot Cancelled => Slots[7];

    /// <summary>Has not opened the bot when the booking is made.</summary>
    public Slot WithoutChat => Slots[8];

    public Slot PressesThreeTimes => Slots[9];

    /// <summary>One press that Telegram delivers as two updates.</summary>
    public Slot PressArrivesTwice => Slots[10];

    public Slot PressedByStranger => Slots[11];

    /// <summary>Everyone without a part of their own.</summary>
    public IEnumerable<Slot> Others => Slots.Skip(12);

    public IEnumerable<(long Chat, string Name)> PeopleWithChats =>
        Slots
            .Where(slot => slot != WithoutChat)
            .Select(slot => (slot.Chat, slot.Candidate.Name!))
            .Concat(Enumerable.Range(0, Recruiters).Select(i => (FirstRecruiterChat + i, RecruiterNames[i])));

    private static Slot Make(int number)
    {
        var i = number - 1;
        var chat = FirstCandidateChat + i;
        var recruiter = i % Recruiters;
        // The ninth of the cast is WithoutChat: the booking app knows a name and no more.
        var candidate = new PersonDraft(
            $"{FirstNames[i % FirstNames.Length]} {LastNames[i / FirstNames.Length % LastNames.Length]}",
            i % 4 == 3 ? "ru" : "en",
            Zones[i % Zones.Length],
            number == 9 ? null : chat,
            $"demo-candidate-{number}"
        );
        return new(
            number,
            $"{Posts[i % Posts.Length]} #{number:00}",
            candidate,
            chat,
            new(RecruiterNames[recruiter], "en", "Europe/Moscow", FirstRecruiterChat + recruiter, $"demo-recruiter-{recruiter}")
        )
        {
            // Everyone with a part of their own has an answer; of the others, one in five never gives one.
            Reaction =
                number > 12 && number % 5 == 0 ? Reaction.Silent
                : number % 7 == 0 ? Reaction.Declines
                : Reaction.Confirms,
        };
    }
}
