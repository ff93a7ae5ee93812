using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Reminders.Channels;
using Reminders.Ledger;
using Reminders.Nodes;

namespace Reminders.Outbox;

/// <summary>
/// Claims one channel's messages ahead of the window that starts them, and sees to what a take from the ledger left open. Where nothing is
/// due it waits for what is next, and asks a channel that rests whether it is well.
/// </summary>
/// <param name="most">How many are claimed at a time.</param>
internal sealed partial class ClaimAhead(
    ISender sender,
    int most,
    ChannelWriter<Claim> claimed,
    DueTaker taker,
    Signal window,
    OutboxStore store,
    ChannelRest rest,
    Firing firing,
    DispatchLife life,
    OutboxOptions options,
    Signals signals,
    TimeProvider time,
    DispatcherMetrics metrics,
    ILogger logger
)
{
    // A claim that finds nothing while something is due has met a row that another node has locked, or that is left alone: it
    // comes again soon, and then less soon, but never in a spin.
    private static readonly TimeSpan ShortestIdle = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestIdle = TimeSpan.FromMilliseconds(500);

    private readonly Signal _wake = signals.Outbox[sender.Channel];
    private TimeSpan _shortIdle = ShortestIdle;

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Whatever woke this loop: the other looks into the ledger meanwhile.
                taker.Wake();
                window.Set();
                if (await SeeToTheLedgerAsync(stoppingToken))
                {
                    continue;
                }

                var any = await ClaimAsync(stoppingToken);
                failures = 0;
                if (!any)
                {
                    await IdleAsync(stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (Exception exception)
            {
                await life.RestAsync(exception, ++failures, stoppingToken);
            }
        }
        window.Set();
    }

    /// <summary>What a take left open: occurrences that firing has to judge, and messages whose start nobody here heard of.</summary>
    /// <returns>Whether there was any.</returns>
    private async Task<bool> SeeToTheLedgerAsync(CancellationToken stoppingToken)
    {
        if (taker.UnheardTokens() is { Length: > 0 } tokens)
        {
            await store.TakeBackAsync(tokens, stoppingToken);
        }

        if (!taker.TryJudge(out var occurrences))
        {
            return false;
        }

        if (await firing.FireAsync(occurrences, stoppingToken) == occurrences.Length)
        {
            taker.Judged(occurrences);
        }

        return true;
    }

    /// <returns>Whether there was anything to claim.</returns>
    private async Task<bool> ClaimAsync(CancellationToken stoppingToken)
    {
        var claims = await store.ClaimAsync(sender.Channel, most, stoppingToken);
        metrics.Claimed(claims.Count);
        foreach (var claim in claims)
        {
            await claimed.WriteAsync(claim, stoppingToken);
            window.Set();
        }

        if (claims.Count == 0)
        {
            return false;
        }

        _shortIdle = ShortestIdle;
        return true;
    }

    /// <summary>Until something may be due, or somebody says so.</summary>
    private async Task IdleAsync(CancellationToken stoppingToken)
    {
        await AskWhetherItIsWellAsync(stoppingToken);
        var next = await store.NextDueAsync(sender.Channel, taker.Kinds, stoppingToken);
        taker.PassOver(next.Paused);
        if (!next.IsShut)
        {
            taker.FoundNothing();
        }
        // Firing puts what is due where operators look for it.
        else if (taker.Leaves())
        {
            signals.Due.Set();
        }

        life.Idles();
        var idle = next.Soonest ?? options.PollInterval;
        if (idle <= TimeSpan.Zero)
        {
            idle = _shortIdle;
            _shortIdle = _shortIdle * 2 < LongestIdle ? _shortIdle * 2 : LongestIdle;
        }
        else
        {
            _shortIdle = ShortestIdle;
        }

        await _wake.WaitAsync(idle < options.PollInterval ? idle : options.PollInterval, time, stoppingToken);
    }

    private async Task AskWhetherItIsWellAsync(CancellationToken stoppingToken)
    {
        if (await rest.ProbeAsync(sender, stoppingToken) is not { } found)
        {
            return;
        }

        if (found.IsWell)
        {
            LogAnswers(sender.Channel);
        }
        else
        {
            LogStillRests(sender.Channel, found.Detail);
        }
    }

    [LoggerMessage(3010, LogLevel.Information, "{Channel} answers again: one message goes first, the others after it")]
    private partial void LogAnswers(string channel);

    [LoggerMessage(3011, LogLevel.Warning, "{Channel} still rests: {Reason}")]
    private partial void LogStillRests(string channel, string reason);
}
