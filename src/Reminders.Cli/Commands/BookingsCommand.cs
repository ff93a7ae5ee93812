using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MediatR;
using Reminders.Bookings;
using Reminders.Commands;
using Reminders.Inbound;

namespace Reminders.Cli.Commands;

/// <summary>Bookings by hand, straight against the database: for trying things out, and for when the API is down.</summary>
internal static class BookingsCommand
{
    private static readonly Argument<Guid> Id = new("booking") { Description = "The booking's id." };

    private static readonly Option<DateTimeOffset> StartsAt = new("--starts-at")
    {
        Description = "The start with its offset, such as 2027-03-01T15:00:00+03:00.",
        Required = true,
        CustomParser = result =>
        {
            var given = result.Tokens[0].Value;
            // Without an offset the machine's own zone would be guessed.
            if (
                DateTimeOffset.TryParse(given, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var instant)
                && (given.EndsWith('Z') || given.LastIndexOfAny(['+', '-']) > given.IndexOf('T', StringComparison.Ordinal))
            )
            {
                return instant;
            }

            result.AddError($"--starts-at is '{given}': give an instant with its offset, such as 2027-03-01T15:00:00+03:00.");
            return default;
        },
    };

    private static readonly Option<string?> Owner = new("--owner")
    {
        Description = "Whose the new booking is: the owner of the API keys that are to find it. Default: nobody's but the command line's.",
    };

    public static Command Create() =>
        new("bookings", "List, create, approve, ask again, move, cancel, answer and show bookings.")
        {
            ListCommand.Bookings(),
            CreateBooking(),
            Change("approve", "Approve a booking; once more changes nothing.", [], parsed => new ApproveBooking(parsed.GetValue(Id))),
            Change(
                "ask-again",
                "Ask a candidate again who declined, or was told that it is off.",
                [],
                parsed => new AskAgain(parsed.GetValue(Id))
            ),
            Change(
                "move",
                "Move a booking to another start.",
                [StartsAt],
                parsed => new MoveBooking(parsed.GetValue(Id), parsed.GetValue(StartsAt))
            ),
            Change("cancel", "Cancel a booking.", [], parsed => new CancelBooking(parsed.GetValue(Id))),
            Answer(),
            Show(),
        };

    private static Command CreateBooking()
    {
        var title = new Option<string>("--title") { Description = "What it is.", Required = true };
        var place = new Option<string?>("--place") { Description = "Where it is." };
        var candidate = new PersonOptions("candidate");
        var recruiter = new PersonOptions("recruiter");
        var command = new Command("create", "Propose a booking. Nothing is planned before it is approved.")
        {
            title,
            place,
            StartsAt,
            Owner,
        };
        foreach (var option in candidate.All.Concat(recruiter.All))
        {
            command.Options.Add(option);
        }

        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    new CreateBooking(
                        parsed.GetValue(title),
                        parsed.GetValue(StartsAt),
                        candidate.Read(parsed),
                        recruiter.Read(parsed),
                        parsed.GetValue(place)
                    ),
                    cancellationToken,
                    parsed.GetValue(Owner)
                )
        );
        return command;
    }

    private static Command Change(
        string name,
        string description,
        Option[] options,
        Func<ParseResult, IRequest<Outcome<BookingView>>> request
    )
    {
        var command = new Command(name, description) { Id };
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellationToken) => RunAsync(request(parsed), cancellationToken));
        return command;
    }

    private static Command Answer()
    {
        var answer = new Argument<string>("answer") { Description = "confirm, decline, or another that a kind about bookings declares." };
        var by = new Option<string>("--by") { Description = "Who heard it.", Required = true };
        var how = new Option<string>("--how") { Description = "How it came, such as phone.", Required = true };
        var reason = new Option<string?>("--reason") { Description = "Anything worth keeping." };
        var command = new Command("answer", "Record an answer that came by no button. It does what a press would.")
        {
            Id,
            answer,
            by,
            how,
            reason,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var engine = await Engine.OpenAsync(cancellationToken);
                var request = new RecordAnswer(
                    parsed.GetValue(Id),
                    parsed.GetValue(answer),
                    parsed.GetValue(by),
                    parsed.GetValue(how),
                    parsed.GetValue(reason)
                );
                return await Engine.ReportAsync(
                    await engine.SendAsync(request, cancellationToken),
                    done => done.Value.In(Engine.Words).Text
                );
            }
        );
        return command;
    }

    private static Command Show()
    {
        var command = new Command("show", "A booking as it is now: as JSON, said or not.") { Id, JsonOption.Json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var engine = await Engine.OpenAsync(cancellationToken);
                var id = parsed.GetValue(Id);
                var found = await engine.WithAsync((BookingReader bookings) => bookings.FindAsync(id, cancellationToken));
                return await Engine.ReportAsync<BookingView>(
                    found is null ? Outcome<BookingView>.NotFound.Of("no_booking", id) : new Outcome<BookingView>.Done(found),
                    done => JsonSerializer.Serialize(done.Value, Printing.Json)
                );
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(
        IRequest<Outcome<BookingView>> request,
        CancellationToken cancellationToken,
        string? owner = null
    )
    {
        await using var engine = await Engine.OpenAsync(cancellationToken);
        return await Engine.ReportAsync(
            await engine.SendAsync(request, cancellationToken, owner),
            done => JsonSerializer.Serialize(done.Value, Printing.Json)
        );
    }

    /// <summary>One person of a booking as options.</summary>
    private sealed class PersonOptions(string role)
    {
        private readonly Option<string> _name = new($"--{role}") { Description = $"The {role}'s name.", Required = true };
        private readonly Option<string?> _locale = new($"--{role}-locale") { Description = "A language tag such as ru. Default en." };
        private readonly Option<string?> _zone = new($"--{role}-zone") { Description = "An IANA zone such as Europe/Moscow. Default UTC." };
        private readonly Option<long?> _chat = new($"--{role}-chat") { Description = "The Telegram chat, when it is known." };
        private readonly Option<string?> _reference = new($"--{role}-reference") { Description = "Your own id of the person." };

        public IEnumerable<Option> All => [_name, _locale, _zone, _chat, _reference];

        public PersonDraft Read(ParseResult parsed) =>
            new(
                parsed.GetValue(_name),
                parsed.GetValue(_locale),
                parsed.GetValue(_zone),
                parsed.GetValue(_chat),
                parsed.GetValue(_reference)
            );
    }
}
