using System.CommandLine;
using MediatR;
using Reminders.Commands;
using Reminders.Outbox.Operators;

namespace Reminders.Cli.Commands;

/// <summary>Many messages in doubt by what they have in common, in place of one by its id.</summary>
internal sealed class HeldOptions
{
    private readonly Option<string?> _channel = new("--channel") { Description = "All in doubt on this channel." };
    private readonly Option<string?> _kind = new("--kind") { Description = "All in doubt of this kind." };
    private readonly Option<DateTimeOffset?> _since = new("--since") { Description = "Begun then or later: 2026-11-25T14:03:10Z." };
    private readonly Option<DateTimeOffset?> _until = new("--until") { Description = "Begun then or before." };
    private readonly Option<long?> _incident = new("--incident") { Description = "Begun in this outage, as channels list numbers them." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only count them." };

    public void AddTo(Command command, Argument<long?> id)
    {
        Option[] filters = [_channel, _kind, _since, _until, _incident];
        foreach (var option in (Option[])[.. filters, _dryRun])
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            var filtered = filters.Any(option => result.GetResult(option) is not null);
            if (result.GetValue(id) is null == !filtered)
            {
                result.AddError("Give one message's id, or say which by --channel, --kind, --since, --until or --incident.");
            }
            else if (!filtered && result.GetValue(_dryRun))
            {
                result.AddError("--dry-run goes with --channel, --kind, --since, --until or --incident.");
            }
        });
    }

    public HeldFilter Filter(ParseResult parsed) =>
        new(
            parsed.GetValue(_channel),
            parsed.GetValue(_kind),
            parsed.GetValue(_since),
            parsed.GetValue(_until),
            parsed.GetValue(_incident)
        );

    public bool IsDryRun(ParseResult parsed) => parsed.GetValue(_dryRun);

    /// <summary>Batch by batch, each a transaction of its own, until nothing more can be done.</summary>
    public static async Task<int> RunAsync(
        IRequest<Outcome<HandledMessages>> request,
        string done,
        string notDone,
        CancellationToken cancellationToken
    )
    {
        await using var engine = await Engine.OpenAsync(cancellationToken);
        var count = 0;
        while (true)
        {
            var outcome = await engine.SendAsync(request, cancellationToken);
            if (outcome is not Outcome<HandledMessages>.Done { Value: var batch })
            {
                return await Engine.ReportAsync(outcome, _ => "");
            }

            if (batch.DryRun)
            {
                return await Engine.ReportAsync(outcome, _ => Printing.Say("cli.doubts_match", batch.Matching));
            }

            count += batch.Done.Count;
            if (batch.More)
            {
                continue;
            }

            foreach (var refused in batch.Refused)
            {
                await Console.Out.WriteLineAsync(Printing.Say(notDone, refused.Reason));
            }

            return await Engine.ReportAsync(outcome, _ => Printing.Say(done, count, batch.Refused.Count));
        }
    }
}
