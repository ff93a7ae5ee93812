using System.CommandLine;
using System.Text.Json;
using Reminders.Lists;
using Reminders.Words;

namespace Reminders.Cli.Commands;

/// <summary>
/// <c>list</c>, with the filters that the API's list has. They are handed on as they are given: the list itself says what is
/// wrong with one.
/// </summary>
internal sealed class ListCommand
{
    private readonly Option<string?> _state = new("--state");
    private readonly Option<string?> _kind = new("--kind") { Description = "Only this kind." };
    private readonly Option<string?> _channel = new("--channel") { Description = "Only this channel: telegram, whatsapp or email." };
    private readonly Option<string?> _person = new("--person") { Description = "Only those that concern the person of this reference." };
    private readonly Option<string?> _since = new("--since") { Description = "Then or later: 2027-03-01T15:00:00+03:00." };
    private readonly Option<string?> _until = new("--until") { Description = "Before then." };
    private readonly Option<string?> _after = new("--after") { Description = "The next page: what the former one named." };
    private readonly Option<string?> _size = new("--size") { Description = "How many: 1 to 200. Default 50." };
    private readonly Option<string?> _owner = new("--owner")
    {
        Description = "Only this owner's; \"\" for the installation's own. Default: everybody's.",
    };
    private readonly Option<bool> _json = new("--json") { Description = "As the API's list answers." };
    private readonly SearchOptions _search = new();

    public static Command Bookings() =>
        new ListCommand().Create<BookingList, FoundBooking, ListedBooking>(
            "Bookings in the order they begin.",
            "proposed, approved, confirmed, declined or cancelled.",
            all => [all._person],
            ["booking", "starts", "status", "title", "candidate", "recruiter"],
            booking =>
                [
                    $"{booking.Id}",
                    PlainTable.Show(booking.StartsAt),
                    booking.Status,
                    booking.Title,
                    Name(booking.Candidate),
                    Name(booking.Recruiter),
                ]
        );

    public static Command People() =>
        new ListCommand().Create<PeopleList, FoundPerson, ListedRecipient>(
            "People, the newest first. Addresses are masked.",
            "Of an address: reachable, unreachable or opted_out.",
            all => [all._channel, all._person],
            ["reference", "name", "owner", "zone", "since", "addresses"],
            known =>
                [
                    known.Reference,
                    known.Name,
                    known.Owner,
                    known.Zone,
                    PlainTable.Show(known.CreatedAt),
                    string.Join(", ", known.Addresses.Select(address => $"{address.Channel} {address.Address} {address.State}")),
                ],
            (known, words) => known.In(words)
        );

    public static Command Messages() =>
        new ListCommand().Create<MessageList, ListedMessage, ListedMessage>(
            "Messages in whatever state, the newest first.",
            "pending, sending, retry, sent, uncertain, dead or cancelled.",
            all => [all._kind, all._channel, all._person, .. all._search.All],
            ["message", "written", "state", "kind", "channel", "to", "about", "why"],
            message =>
                [
                    $"{message.Id}",
                    PlainTable.Show(message.CreatedAt),
                    message.State,
                    message.Kind,
                    message.Channel,
                    message.Recipient.Name,
                    $"{message.SubjectType} {message.SubjectKey}",
                    message.Reason ?? "",
                ],
            (message, words) => message.In(words)
        );

    public static Command Suppressions() =>
        new ListCommand().Create<SuppressionList, ListedSuppression, ListedSuppression>(
            "What was asked for again and not obeyed, the newest first.",
            "Of the row in the way: planned, waiting, fired, skipped or cancelled.",
            all => [all._kind, all._person],
            ["first", "last", "times", "rule", "kind", "to", "about", "row", "row is"],
            one =>
                [
                    PlainTable.Show(one.FirstAt),
                    PlainTable.Show(one.LastAt),
                    $"{one.Count}",
                    one.Rule,
                    one.Kind,
                    one.Recipient.Name,
                    $"{one.SubjectType} {one.SubjectKey}",
                    $"{one.OccurrenceId}",
                    one.State,
                ],
            (one, words) => one.In(words)
        );

    private Command Create<TList, TRow, TItem>(
        string description,
        string states,
        Func<ListCommand, Option[]> filters,
        string[] header,
        Func<TItem, string[]> row,
        Func<TItem, Wording, TItem>? word = null
    )
        where TList : KeysetList<TRow, TItem>
    {
        _state.Description = states;
        var command = new Command("list", description);
        foreach (var option in (Option[])[_state, .. filters(this), _since, _until, _owner, _after, _size, _json])
        {
            command.Options.Add(option);
        }

        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var asked = new ListRequest(
                    parsed.GetValue(_state),
                    Given(_kind),
                    Given(_channel),
                    Given(_person),
                    parsed.GetValue(_since),
                    parsed.GetValue(_until),
                    parsed.GetValue(_after),
                    parsed.GetValue(_size)
                );
                if (command.Options.Contains(_search.All[0]))
                {
                    asked = _search.Add(asked, parsed);
                }

                await using var engine = await Engine.OpenAsync(cancellationToken);
                var read = await engine.WithAsync((TList list) => list.ReadAsync(asked, cancellationToken), parsed.GetValue(_owner));
                return await Engine.ReportAsync(
                    read,
                    done =>
                    {
                        var page = word is null ? done.Value : done.Value.In(item => word(item, parsed.Words()));
                        return parsed.GetValue(_json) ? JsonSerializer.Serialize(page, Printing.Json) : Table(page, header, row);
                    }
                );

                string? Given(Option<string?> option) => command.Options.Contains(option) ? parsed.GetValue(option) : null;
            }
        );
        return command;
    }

    private static string Table<TItem>(ListPage<TItem> page, string[] header, Func<TItem, string[]> row)
    {
        var more = page.Next is { } next ? $"\n{Printing.Say("cli.more", page.LookedTo, next)}" : "";
        if (page.Items.Count == 0)
        {
            return Printing.Say(page.LookedTo is null ? "cli.none" : "cli.none_so_far") + more;
        }

        var table = new PlainTable(header);
        foreach (var item in page.Items)
        {
            table.Add(row(item));
        }

        return table.ToString().TrimEnd() + more;
    }

    private static string Name(ListedPerson? person) => person?.Name ?? "";
}
