using Reminders.Commands;
using Reminders.Storage;
using Reminders.Tallies;

namespace Reminders.Web.Console.Reads;

/// <summary>How far back numbers go.</summary>
internal enum NumbersSpan
{
    Hour,
    Day,
    Month,
}

/// <param name="Half">What half of what was sent took at most, from when it was due.</param>
/// <param name="NearlyAll">The same of 99 in a hundred.</param>
internal sealed record NumbersLine(
    string Kind,
    string Channel,
    long Sent,
    long Dead,
    long InDoubt,
    long Cancelled,
    TimeSpan? Half,
    TimeSpan? NearlyAll
);

internal readonly record struct NumbersBar(DateTimeOffset At, long Sent, long Dead, long InDoubt);

/// <param name="Bar">How long a bar is.</param>
/// <param name="Suppressed">What was asked for again and held back, by kind.</param>
internal sealed record NumbersShown(
    NumbersSpan Span,
    TimeSpan Bar,
    IReadOnlyList<NumbersLine> Lines,
    IReadOnlyList<NumbersBar> Bars,
    IReadOnlyList<(string Kind, long Count)> Suppressed
);

/// <summary>What became of messages, from what was counted: the rows themselves may be gone.</summary>
internal sealed class NumbersReader(CommandTransaction db)
{
    private const double Half = 0.5;
    private const double NearlyAll = 0.99;

    public async Task<NumbersShown> ReadAsync(NumbersSpan span, CancellationToken cancellationToken)
    {
        var (length, bar) = span switch
        {
            NumbersSpan.Hour => (TimeSpan.FromHours(1), TimeSpan.FromMinutes(5)),
            NumbersSpan.Month => (TimeSpan.FromDays(30), TimeSpan.FromDays(1)),
            _ => (TimeSpan.FromDays(1), TimeSpan.FromHours(1)),
        };
        var counts = await CountsAsync(length, cancellationToken);
        return new(
            span,
            bar,
            [
                .. counts
                    .Where(one => one.Outcome != "suppressed")
                    .GroupBy(one => (one.Kind, one.Channel))
                    .OrderByDescending(line => line.Sum(one => one.Count))
                    .Select(line => Line(line.Key.Kind, line.Key.Channel, [.. line])),
            ],
            await BarsAsync(length, bar, cancellationToken),
            [.. counts.Where(one => one.Outcome == "suppressed").OrderByDescending(one => one.Count).Select(one => (one.Kind, one.Count))]
        );
    }

    private static NumbersLine Line(string kind, string channel, Counted[] counts)
    {
        var late = counts.Where(one => one.Outcome == "sent").ToDictionary(one => one.Bucket, one => one.Count);
        return new(
            kind,
            channel,
            Of("sent"),
            Of("dead"),
            Of("uncertain"),
            Of("cancelled"),
            Latency.Percentile(late, Half),
            Latency.Percentile(late, NearlyAll)
        );

        long Of(string outcome) => counts.Where(one => one.Outcome == outcome).Sum(one => one.Count);
    }

    private async Task<List<Counted>> CountsAsync(TimeSpan span, CancellationToken cancellationToken)
    {
        await using var read = db.Command(WebStatement.Named("Console/Reads/Sql/numbers.sql")).With(span);
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var counts = new List<Counted>();
        while (await reader.ReadAsync(cancellationToken))
        {
            counts.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt16(3), reader.GetInt64(4)));
        }

        return counts;
    }

    private async Task<IReadOnlyList<NumbersBar>> BarsAsync(TimeSpan span, TimeSpan bar, CancellationToken cancellationToken)
    {
        await using var read = db.Command(WebStatement.Named("Console/Reads/Sql/numbers-in-time.sql")).With(span, bar);
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var bars = new List<NumbersBar>();
        while (await reader.ReadAsync(cancellationToken))
        {
            bars.Add(new(reader.GetFieldValue<DateTimeOffset>(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)));
        }

        return bars;
    }

    private readonly record struct Counted(string Kind, string Channel, string Outcome, int Bucket, long Count);
}
